FROM alpine:3.19 AS builder

ENV BEACON_HOME /opt/beacon

RUN apk add --no-cache --virtual .build-deps \
		gcc \
		make \
		musl-dev \
		openssl-dev \
		linux-headers
COPY src /usr/src/beacon
RUN set -ex \
	&& cd /usr/src/beacon \
	&& make \
	&& make install DESTDIR=$BEACON_HOME \
	&& runDeps="$( \
		scanelf --needed --nobanner --recursive $BEACON_HOME \
			| awk '{ gsub(/,/, "\nso:", $2); print "so:" $2 }' \
			| sort -u \
			| xargs -r apk info --installed \
			| sort -u \
	)" \
	&& echo $runDeps > /run-time-packages

FROM alpine:3.19

RUN addgroup -S beacon && adduser -S -G beacon beacon

ENV BEACON_HOME /opt/beacon
# Built in the builder stage
COPY --from=builder /opt/beacon/bin/beacon /opt/beacon/bin/beacon
# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN set -ex \
	&& apk add --no-cache --virtual .beacon-rundeps $(cat /tmp/run-time-packages) \
	&& rm /tmp/run-time-packages

USER beacon
EXPOSE 7050
CMD ["/opt/beacon/bin/beacon"]
