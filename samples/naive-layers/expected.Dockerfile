FROM debian:bookworm AS builder

RUN apt-get update
RUN apt-get install -y gcc make
RUN apt-get install -y libc6-dev

# the store itself
RUN mkdir -p /usr/src/linekv
COPY linekv.c Makefile /usr/src/linekv/
RUN make -C /usr/src/linekv
RUN make -C /usr/src/linekv install

FROM debian:bookworm-slim
MAINTAINER Platform Team <platform@example.com>
# Built in the builder stage
COPY --from=builder /usr/local/bin/linekv /usr/local/bin/linekv

RUN useradd --system --create-home --home-dir /var/lib/linekv linekv
VOLUME /var/lib/linekv
WORKDIR /var/lib/linekv

USER linekv
EXPOSE 7001
CMD ["linekv", "7001"]
