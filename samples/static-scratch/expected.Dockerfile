FROM gcc:12 AS builder

COPY . /usr/src/uptimed
WORKDIR /usr/src/uptimed
RUN gcc -static -Os -o /uptimed uptimed.c

FROM scratch
WORKDIR /usr/src/uptimed
# Built in the builder stage
COPY --from=builder /uptimed /uptimed

EXPOSE 7010
ENTRYPOINT ["/uptimed"]
CMD ["7010"]
