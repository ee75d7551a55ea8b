FROM rust:1.75 AS builder

WORKDIR /usr/src/quotes
COPY Cargo.toml Cargo.lock ./
COPY src ./src

RUN touch /before
RUN cargo install --path .
# What the steps above add
RUN mkdir -p /install/usr/local \
	&& find /usr/local -cnewer /before -print0 | tar -c --no-recursion --null -T - | tar -x -C /install
# Libraries that the copied programs load
RUN find /install/usr/local -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/install/usr/local/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM debian:bookworm-slim
ENV PATH /usr/local/cargo/bin:$PATH

WORKDIR /usr/src/quotes

# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates $(cat /tmp/run-time-packages) \
	&& rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /install/usr/local /usr/local

# quotes that the server hands out
COPY quotes.txt /etc/quotes/quotes.txt

ENV RUST_BACKTRACE=1
EXPOSE 7030
CMD ["quotes", "/etc/quotes/quotes.txt"]
