FROM ruby:3.1 AS builder

# our own extension
COPY fastsum /tmp/fastsum
RUN cd /tmp/fastsum && gem build fastsum.gemspec && gem install --local fastsum-0.1.0.gem
# Libraries that the copied programs load
RUN find /usr/local/bundle -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/bundle/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM ruby:3.1-slim
# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN xargs -r dpkg --status < /tmp/run-time-packages > /dev/null 2>&1 \
	|| { apt-get update \
	&& apt-get install -y --no-install-recommends $(cat /tmp/run-time-packages); } \
	&& rm -rf /var/lib/apt/lists/* /tmp/run-time-packages
# Built in the builder stage
COPY --from=builder /usr/local/bundle /usr/local/bundle

COPY server.rb /app/server.rb
WORKDIR /app
EXPOSE 7040
CMD ["ruby", "server.rb"]
