FROM gcc:12 AS builder

COPY . /usr/src/uptimed
WORKDIR /usr/src/uptimed
RUN gcc -static -Os -o /uptimed uptimed.c

FROM scratch
# Shared data of the system
COPY --from=builder /etc/passwd /etc/group /etc/
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=builder /etc/mime.types /etc/mime.types
WORKDIR /usr/src/uptimed
# Built in the builder stage
COPY --from=builder /uptimed /uptimed

EXPOSE 7010
ENTRYPOINT ["/uptimed"]
CMD ["7010"]
