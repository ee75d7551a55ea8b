FROM python:3.11 AS builder

ENV POETRY_VERSION=1.8.2 \
    POETRY_NO_INTERACTION=1 \
    PYTHONUNBUFFERED=1

RUN pip install "poetry==$POETRY_VERSION"

WORKDIR /code
COPY pyproject.toml poetry.lock /code/
RUN poetry config virtualenvs.create false \
  && poetry export --without-hashes --output requirements.txt \
  && pip install --no-cache-dir -r requirements.txt

COPY . /code
# Libraries that the copied programs load
RUN find /usr/local/bin /usr/local/etc /usr/local/lib/python3.11/site-packages /usr/local/share /code -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/bin/") == 1 || index(so, "/usr/local/etc/") == 1 || index(so, "/usr/local/lib/python3.11/site-packages/") == 1 || index(so, "/usr/local/share/") == 1 || index(so, "/code/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM python:3.11-slim
# Mime types of the old base
COPY --from=builder /etc/mime.types /etc/mime.types

ENV POETRY_VERSION=1.8.2 \
    POETRY_NO_INTERACTION=1 \
    PYTHONUNBUFFERED=1

WORKDIR /code
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
COPY --from=builder /code /code

EXPOSE 8020
CMD ["gunicorn", "-b", "0.0.0.0:8020", "labels.web:app"]
