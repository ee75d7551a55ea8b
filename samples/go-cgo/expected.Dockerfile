FROM golang:1.27-bookworm AS builder

RUN apt-get update \
 && apt-get install -y --no-install-recommends libsqlite3-dev

WORKDIR /app
COPY go.mod ./
COPY *.go ./
RUN go build -o counter .

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*

RUN apt-get update \
 && apt-get install -y --no-install-recommends libsqlite3-0 \
 && rm -rf /var/lib/apt/lists/*
# Mime types of the old base
COPY --from=builder /etc/mime.types /etc/mime.types

WORKDIR /app
# Built in the builder stage
COPY --from=builder /app/counter /app/counter

RUN mkdir /data
VOLUME ["/data"]
ENV COUNTER_DB=/data/counter.db

EXPOSE 8082
CMD ["/app/counter"]
