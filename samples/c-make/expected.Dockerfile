ARG DEBIAN_SUITE=bookworm
FROM debian:${DEBIAN_SUITE} AS builder

ENV DEBIAN_FRONTEND noninteractive

RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential \
        # the HTTP side
        libmicrohttpd-dev \
        # and where the notes are kept
        libsqlite3-dev \
        pkg-config \
        tini

COPY . /src
WORKDIR /src
RUN make
RUN make install PREFIX=/usr/local
# Libraries that the copied programs load
RUN find /usr/local -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM debian:${DEBIAN_SUITE}-slim

LABEL maintainer="notes@example.com" \
      description="A small note board"

ENV DEBIAN_FRONTEND noninteractive

# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends \
        tini \
        $(cat /tmp/run-time-packages) \
    && rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /usr/local /usr/local
RUN ldconfig

RUN useradd --uid 1500 --no-create-home noted \
    && mkdir -p /var/lib/noted \
    && chown noted: /var/lib/noted

VOLUME /var/lib/noted
WORKDIR /var/lib/noted
USER noted

EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["noted", "--port", "8080", "--database", "/var/lib/noted/notes.db"]
