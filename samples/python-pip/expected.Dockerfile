FROM python:3.11 AS builder

ENV PYTHONDONTWRITEBYTECODE 1
ENV PYTHONUNBUFFERED 1

# needed by mysqlclient
RUN apt-get update \
    && apt-get install -y default-libmysqlclient-dev build-essential pkg-config

COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir -r /tmp/requirements.txt
# Libraries that the copied programs load
RUN find /usr/local/bin /usr/local/etc /usr/local/lib/python3.11/site-packages /usr/local/share -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/bin/") == 1 || index(so, "/usr/local/etc/") == 1 || index(so, "/usr/local/lib/python3.11/site-packages/") == 1 || index(so, "/usr/local/share/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM python:3.11-slim
# Mime types of the old base
COPY --from=builder /etc/mime.types /etc/mime.types

ENV PYTHONDONTWRITEBYTECODE 1
ENV PYTHONUNBUFFERED 1
# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN apt-get update \
	&& apt-get install -y --no-install-recommends $(cat /tmp/run-time-packages) \
	&& rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /usr/local/bin /usr/local/bin
COPY --from=builder /usr/local/etc /usr/local/etc
COPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=builder /usr/local/share /usr/local/share

RUN adduser --disabled-password --gecos '' --uid 2000 web
COPY . /srv/inventory
WORKDIR /srv/inventory
RUN chown -R web:web /srv/inventory

USER web
EXPOSE 8000
CMD gunicorn --bind 0.0.0.0:8000 --workers 1 inventory:application
