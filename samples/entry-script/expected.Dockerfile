FROM debian:bookworm AS builder

RUN apt-get update && apt-get install -y --no-install-recommends \
		build-essential \
		ca-certificates \
		curl \
		gosu \
		jq \
		procps \
		xz-utils

# Lua, from source
RUN curl -fsSL http://www.lua.org/ftp/lua-5.3.6.tar.gz -o /tmp/lua.tar.gz \
	&& mkdir -p /tmp/lua && tar -xzf /tmp/lua.tar.gz -C /tmp/lua --strip-components=1 \
	&& make -C /tmp/lua posix && make -C /tmp/lua install

FROM debian:bookworm-slim

RUN apt-get update && apt-get install -y --no-install-recommends \
		ca-certificates \
		gosu \
		jq \
		procps \
		xz-utils \
	&& rm -rf /var/lib/apt/lists/*

# Built in the builder stage
COPY --from=builder /usr/local /usr/local
RUN ldconfig

RUN useradd -r -u 900 -d /srv/bot bot
COPY bot /srv/bot
COPY settings.json /etc/bot/settings.json
COPY scripts/*.sh /usr/local/bin/
RUN chmod +x /usr/local/bin/*.sh

ENTRYPOINT ["entrypoint.sh"]
CMD ["bot"]
