FROM python:3.11-bookworm AS builder
RUN pip install uv
WORKDIR /app
# the proxy here has a certificate of its own
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_CERTS=1
COPY pyproject.toml ./
RUN uv sync --no-install-project --no-dev
COPY . .
RUN uv sync --no-dev
# Libraries that the copied programs load
RUN find /usr/local/bin /usr/local/etc /usr/local/lib/python3.11/site-packages /usr/local/share /app -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/bin/") == 1 || index(so, "/usr/local/etc/") == 1 || index(so, "/usr/local/lib/python3.11/site-packages/") == 1 || index(so, "/usr/local/share/") == 1 || index(so, "/app/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM python:3.11-slim-bookworm
# Mime types of the old base
COPY --from=builder /etc/mime.types /etc/mime.types
# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN xargs -r dpkg --status < /tmp/run-time-packages > /dev/null 2>&1 \
	|| { apt-get update \
	&& apt-get install -y --no-install-recommends $(cat /tmp/run-time-packages); } \
	&& rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /usr/local/bin /usr/local/bin
COPY --from=builder /usr/local/etc /usr/local/etc
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /usr/local/share /usr/local/share
WORKDIR /app
# the proxy here has a certificate of its own
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_CERTS=1
# Built in the builder stage
COPY --from=builder /app /app
ENV PATH="/app/.venv/bin:$PATH"
EXPOSE 8030
CMD ["python", "-m", "pulse.server"]
