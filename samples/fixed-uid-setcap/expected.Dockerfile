FROM debian:bookworm AS builder

RUN apt-get update && apt-get install -y gcc libc6-dev libcap2-bin

RUN groupadd --gid 10001 gate && useradd --uid 10001 --gid 10001 --create-home --shell /bin/false gate

COPY gate.c /usr/src/
RUN gcc -O2 -Wall -o /usr/local/bin/gate /usr/src/gate.c

FROM debian:bookworm-slim

RUN apt-get update && apt-get install -y libcap2-bin && rm -rf /var/lib/apt/lists/*

RUN groupadd --gid 10001 gate && useradd --uid 10001 --gid 10001 --create-home --shell /bin/false gate
# Built in the builder stage
COPY --from=builder /usr/local/bin/gate /usr/local/bin/gate
RUN setcap cap_net_bind_service=+ep /usr/local/bin/gate

RUN mkdir -p /var/lib/gate/state && chown -R gate:gate /var/lib/gate && chmod 0750 /var/lib/gate

USER gate
WORKDIR /var/lib/gate
VOLUME ["/var/lib/gate/state"]
EXPOSE 81
CMD ["gate", "81"]
