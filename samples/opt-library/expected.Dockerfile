FROM debian:bookworm AS builder
RUN apt-get update && apt-get install -y g++ make

# the library lives in /opt, next to nothing else
COPY libgeo /usr/src/libgeo
RUN cd /usr/src/libgeo && make && make install PREFIX=/opt/geo

# the tool is linked against it
COPY distance.cpp /usr/src/distance/
RUN g++ -O2 -I/opt/geo/include -L/opt/geo/lib -o /usr/local/bin/distance /usr/src/distance/distance.cpp -lgeo

FROM debian:bookworm-slim
# Built in the builder stage
COPY --from=builder /opt/geo /opt/geo
COPY --from=builder /usr/local/bin/distance /usr/local/bin/distance

ENV LD_LIBRARY_PATH=/opt/geo/lib
ENV GEO_DATA=/opt/geo/share/cities.txt

ENTRYPOINT ["distance"]
CMD ["Berlin", "Paris"]
