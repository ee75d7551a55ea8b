FROM debian:bookworm-slim AS builder

RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends \
        cmake \
        g++ \
        ninja-build \
        libfmt-dev \
        zlib1g-dev

WORKDIR /build
COPY CMakeLists.txt ./
COPY src/ src/

RUN cmake -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/opt/crcd -S . -B out \
    && cmake --build out \
    && cmake --install out

FROM debian:bookworm-slim

RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends \
        libfmt9 \
    ; \
    rm -rf /var/lib/apt/lists/*

WORKDIR /build

# Built in the builder stage
COPY --from=builder /opt/crcd /opt/crcd

ENV PATH="/opt/crcd/bin:${PATH}"

STOPSIGNAL SIGINT
EXPOSE 7020
ENTRYPOINT ["crcd"]
CMD ["--listen", "7020"]
