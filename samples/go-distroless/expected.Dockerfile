FROM golang:1.27 AS builder
ARG VERSION=dev
WORKDIR /go/src/clock
COPY . .
RUN CGO_ENABLED=0 GOOS=linux go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /clock .

FROM gcr.io/distroless/static-debian12
ENV GOPATH /go
# Shared data of the system
COPY --from=builder /etc/mime.types /etc/mime.types
WORKDIR /go/src/clock
# Built in the builder stage
COPY --from=builder /clock /clock
ENV CLOCK_ZONE=Europe/Lisbon
EXPOSE 8081
USER 65532:65532
ENTRYPOINT ["/clock"]
