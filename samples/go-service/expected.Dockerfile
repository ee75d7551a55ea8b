FROM golang:1.27-trixie AS builder

RUN apt-get update && apt-get install -y git vim

# Copy the source
RUN mkdir -p /app
ADD . /app
WORKDIR /app

ENV GO111MODULE=on
RUN go mod download
RUN go test ./... 
RUN go build

FROM debian:trixie-slim

RUN apt-get update && apt-get install -y vim ca-certificates curl && rm -rf /var/lib/apt/lists/*
# Mime types of the old base
COPY --from=builder /etc/mime.types /etc/mime.types

# Copy the source
RUN mkdir -p /app
ADD static /app/static
ADD templates /app/templates
WORKDIR /app

ENV GO111MODULE=on
# Built in the builder stage
COPY --from=builder /app/guestbook /app/guestbook

ENV PORT 8080
EXPOSE 8080
HEALTHCHECK --interval=10s CMD curl -fsS http://localhost:8080/healthz || exit 1

CMD ["./guestbook"]
