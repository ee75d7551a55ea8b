FROM debian:bookworm AS builder

RUN apt-get update \
 && apt-get install -y python3 python3-venv python3-dev \
        gcc \
        libcurl4-openssl-dev libssl-dev

RUN python3 -m venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH"

COPY requirements.txt .
RUN pip install wheel && pip install -r requirements.txt

FROM debian:bookworm-slim

RUN apt-get update \
 && apt-get install -y python3 python3-distutils libpython3.11 libcurl4 libssl3 \
 && rm -rf /var/lib/apt/lists/*
ENV PATH="/opt/venv/bin:$PATH"

COPY requirements.txt .
# Built in the builder stage
COPY --from=builder /opt/venv /opt/venv

COPY fetcher /opt/fetcher/fetcher
ENV PYTHONPATH=/opt/fetcher

VOLUME /var/spool/fetcher
WORKDIR /var/spool/fetcher
ENTRYPOINT ["python", "-m", "fetcher"]
CMD ["--port", "8010"]
