# syntax=docker/dockerfile:1
FROM debian:bookworm AS builder

RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends gcc libc6-dev tini
EOF

COPY <<"EOF" /usr/src/hello.c
#include <stdio.h>

int main(void) {
	puts("hello from $HOME");
	return 0;
}
EOF

RUN gcc -O2 -o /usr/local/bin/hello /usr/src/hello.c

FROM debian:bookworm-slim

RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends tini
rm -rf /var/lib/apt/lists/*
EOF

# Built in the builder stage
COPY --from=builder /usr/local/bin/hello /usr/local/bin/hello

COPY --chmod=0755 <<'EOF' /usr/local/bin/start
#!/bin/sh
set -e
. /etc/hello.conf
[ "$LOUD" = no ] || echo "starting"
exec hello "$@"
EOF

COPY <<EOF /etc/hello.conf
LOUD=yes
EOF

ENTRYPOINT ["tini", "--", "start"]
