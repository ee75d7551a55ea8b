FROM node:20-bookworm AS builder

RUN apt-get update && apt-get install -y --no-install-recommends \
      python3 \
      python3-flask \
      python3-gunicorn gunicorn

WORKDIR /site

# assets
COPY assets/package.json assets/package-lock.json assets/
RUN cd assets && npm ci
COPY assets assets
RUN cd assets && npm run build

# application
COPY website.py .
COPY templates templates

FROM debian:bookworm-slim

RUN apt-get update && apt-get install -y --no-install-recommends \
      python3 \
      python3-flask \
      python3-gunicorn gunicorn \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /site
# Built in the builder stage
COPY --from=builder /site /site

EXPOSE 8040
ENTRYPOINT []
CMD ["gunicorn", "-b", "0.0.0.0:8040", "website:app"]
