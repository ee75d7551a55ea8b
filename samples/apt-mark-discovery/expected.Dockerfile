FROM debian:bookworm-slim AS builder

RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends libsasl2-modules

ENV MEMCACHED_VERSION 1.6.18
ENV MEMCACHED_SHA1 831fa76505b7e3d2b666c627c4fcba9285fa366f

RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		ca-certificates \
		gcc \
		libc6-dev \
		libevent-dev \
		libsasl2-dev \
		make \
		perl \
		wget; \
	\
	wget -O memcached.tar.gz "http://memcached.org/files/memcached-$MEMCACHED_VERSION.tar.gz"; \
	echo "$MEMCACHED_SHA1  memcached.tar.gz" | sha1sum -c -; \
	mkdir -p /usr/src/memcached; \
	tar -xzf memcached.tar.gz -C /usr/src/memcached --strip-components=1; \
	\
	cd /usr/src/memcached; \
	case "$(dpkg --print-architecture)" in \
		amd64) extra='--enable-sasl' ;; \
		*) extra='' ;; \
	esac; \
	./configure --prefix=/usr/local $extra; \
	make -j "$(nproc)"; \
	make install; \
	cd /; \
	find /usr/local -type f -executable -exec ldd '{}' ';' \
		| awk '/=>/ { so = $(NF-1); gsub("^/(usr/)?", "", so); print "*" so }' \
		| sort -u \
		| xargs -r dpkg-query --search \
		| cut -d: -f1 \
		| sort -u \
		> /run-time-packages

FROM debian:bookworm-slim

# ids first
RUN groupadd --system --gid 11211 memcache && useradd --system --gid memcache --uid 11211 memcache

# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends libsasl2-modules $(cat /tmp/run-time-packages); \
	rm -rf /var/lib/apt/lists/* /tmp/run-time-packages

ENV MEMCACHED_VERSION 1.6.18
ENV MEMCACHED_SHA1 831fa76505b7e3d2b666c627c4fcba9285fa366f

# Built in the builder stage
COPY --from=builder /usr/local /usr/local
RUN ldconfig

RUN set -eux; \
	\
	memcached -V

USER memcache
EXPOSE 11211
CMD ["memcached"]
