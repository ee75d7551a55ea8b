FROM ruby:3.2 AS builder

RUN apt-get update -qq && apt-get install -y build-essential libpq-dev nodejs

RUN mkdir /myapp
WORKDIR /myapp

ADD Gemfile /myapp/Gemfile
ADD Gemfile.lock /myapp/Gemfile.lock
RUN gem install bundler -v 2.4.22 && bundle install --jobs 4 --without development test
# Libraries that the copied programs load
RUN find /usr/local/bundle -type f \( -perm /111 -o -name '*.so*' -o -name '*.node' \) -exec ldd '{}' ';' 2>/dev/null \
	| awk '/=> \// { so = $(NF-1); if (index(so, "/usr/local/bundle/") == 1) next; print so }' | sort -u | xargs -r -n 1 readlink -f \
	| sed 's,^/\(usr/\)*,*,' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u > /run-time-packages

FROM ruby:3.2-slim

# Libraries that the copied programs load
COPY --from=builder /run-time-packages /tmp/
RUN apt-get update -qq && apt-get install -y nodejs $(cat /tmp/run-time-packages) && rm -rf /var/lib/apt/lists/* /tmp/run-time-packages

RUN mkdir /myapp
WORKDIR /myapp

ADD Gemfile /myapp/Gemfile
ADD Gemfile.lock /myapp/Gemfile.lock
# Built in the builder stage
COPY --from=builder /usr/local/bundle /usr/local/bundle

ADD . /myapp

ENV RACK_ENV production
EXPOSE 9292
CMD ["bundle", "exec", "puma", "-b", "tcp://0.0.0.0:9292"]
