FROM mcr.microsoft.com/dotnet/sdk:8.0 AS builder
WORKDIR /app

# restore first, so that it is cached
COPY *.csproj ./
RUN dotnet restore

COPY . ./
RUN dotnet publish -c Release -o out

FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app

COPY appsettings.json ./
# Built in the builder stage
COPY --from=builder /app/out /app/out

ENV ASPNETCORE_URLS=http://+:5000
EXPOSE 5000
ENTRYPOINT ["dotnet", "out/Catalog.dll"]
