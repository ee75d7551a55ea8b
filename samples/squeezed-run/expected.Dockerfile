FROM debian:bookworm AS builder

ENV REDIS_VERSION 7.0.15
ENV REDIS_URL http://download.redis.io/releases/redis-7.0.15.tar.gz
ENV REDIS_SHA1 b5d51660215a5402d146b8ec045ae712a14783de

# one layer: install the tools, build, and remove the tools again
RUN buildDeps='gcc libc6-dev make curl ca-certificates' \
	&& apt-get update \
	&& apt-get install -y --no-install-recommends $buildDeps \
	&& mkdir -p /usr/src/redis \
	&& curl -sSL "$REDIS_URL" -o redis.tar.gz \
	&& echo "$REDIS_SHA1  redis.tar.gz" | sha1sum -c - \
	&& tar -xzf redis.tar.gz -C /usr/src/redis --strip-components=1 \
	&& make -C /usr/src/redis -j "$(nproc)" \
	&& make -C /usr/src/redis install

FROM debian:bookworm-slim

# the account comes first, so that its ids do not depend on packages
RUN groupadd -r redis && useradd -r -g redis redis

ENV REDIS_VERSION 7.0.15
ENV REDIS_URL http://download.redis.io/releases/redis-7.0.15.tar.gz
ENV REDIS_SHA1 b5d51660215a5402d146b8ec045ae712a14783de

# Built in the builder stage
COPY --from=builder /usr/local /usr/local
RUN ldconfig

RUN mkdir /data && chown redis:redis /data
VOLUME /data
WORKDIR /data

USER redis
EXPOSE 6379
CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no"]
