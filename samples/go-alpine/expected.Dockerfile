FROM golang:1.22-alpine3.19 AS builder

RUN apk add --no-cache git ca-certificates tzdata

WORKDIR /src
COPY go.mod ./
RUN go mod download

COPY . .
RUN CGO_ENABLED=0 go build -o /usr/local/bin/pinger ./cmd/pinger

FROM alpine:3.19

RUN apk add --no-cache ca-certificates tzdata

WORKDIR /src
# Built in the builder stage
COPY --from=builder /usr/local/bin/pinger /usr/local/bin/pinger

RUN adduser -D -u 1000 pinger
USER pinger

ENV TZ=UTC
ENTRYPOINT ["pinger"]
CMD ["-every", "30s"]
