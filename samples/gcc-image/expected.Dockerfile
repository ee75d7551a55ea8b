FROM gcc:12-bookworm AS builder
WORKDIR /usr/src/app
COPY wordcount.cpp stopwords.txt ./
RUN g++ -std=c++17 -O2 -o wordcount wordcount.cpp -pthread
# Libraries that the copied programs load
RUN ldd /usr/src/app/wordcount 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM debian:bookworm-slim
WORKDIR /usr/src/app
COPY stopwords.txt ./
# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates $(cat /tmp/run-time-packages) \
	&& rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /usr/src/app/wordcount /usr/src/app/wordcount
CMD ["./wordcount", "stopwords.txt"]
