FROM centos:7 AS builder

RUN yum -y update
RUN yum install -y gcc make pcre-devel zlib-devel

COPY . /usr/local/src/gatekeeper
WORKDIR /usr/local/src/gatekeeper
RUN ./configure --prefix=/opt/gatekeeper && make && make install

FROM centos:7
MAINTAINER ops@example.com

RUN yum -y update && yum clean all
RUN yum install -y pcre zlib && yum clean all

COPY gatekeeper.conf /usr/local/src/gatekeeper/
WORKDIR /usr/local/src/gatekeeper
# Built in the builder stage
COPY --from=builder /opt/gatekeeper /opt/gatekeeper

RUN groupadd -g 990 gate && useradd -u 990 -g gate -s /sbin/nologin -d /opt/gatekeeper gate
RUN mkdir -p /var/log/gatekeeper && chown gate:gate /var/log/gatekeeper

EXPOSE 7060
CMD ["/opt/gatekeeper/bin/gatekeeper", "-f", "/opt/gatekeeper/etc/gatekeeper.conf"]
