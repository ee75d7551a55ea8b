FROM debian:bookworm AS builder

RUN apt-get -qq update && \
    apt-get -qq install -y autoconf automake libtool make gcc libevent-dev curl

ADD . /tmp/echod
RUN cd /tmp/echod && \
    sh autogen.sh && \
    ./configure --prefix=/usr --sysconfdir=/etc && \
    make -j4
RUN touch /before
RUN cd /tmp/echod && \
    make install
# What the steps above add
RUN mkdir -p /install/etc /install/usr \
	&& find /etc /usr -cnewer /before -print0 | tar -c --no-recursion --null -T - | tar -x -C /install \
	&& rm -f /install/etc/hostname /install/etc/hosts /install/etc/ld.so.cache /install/etc/mtab /install/etc/resolv.conf

FROM debian:bookworm-slim

RUN apt-get -qq update && \
    apt-get -qq install -y curl libevent-2.1-7 libevent-core-2.1-7 libevent-extra-2.1-7 libevent-pthreads-2.1-7 libevent-openssl-2.1-7 && \
    apt-get clean && \
    rm -rf /var/lib/apt/lists/*
# Built in the builder stage
COPY --from=builder /install/etc /etc
COPY --from=builder /install/usr /usr
RUN ldconfig

EXPOSE 7007
HEALTHCHECK --interval=30s --timeout=3s CMD echod --ping 127.0.0.1:7007 || exit 1
CMD ["/usr/sbin/echod", "--config", "/etc/echod.conf"]
