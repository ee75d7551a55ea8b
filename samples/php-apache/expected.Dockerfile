FROM php:8.2-apache-bookworm AS builder

RUN apt-get update && apt-get install -y \
        libgmp-dev \
        libtidy-dev \
        unzip \
    && docker-php-ext-install -j$(nproc) gmp tidy

FROM php:8.2-apache-bookworm

RUN apt-get update && apt-get install -y \
        unzip \
        libgmp10 \
        libgmpxx4ldbl \
        libtidy5deb1 \
    && rm -rf /var/lib/apt/lists/*
# Built in the builder stage
COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d
COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions

RUN a2enmod rewrite

COPY apache.conf /etc/apache2/sites-available/000-default.conf
COPY public /srv/app/public
COPY banner.txt /srv/app/
WORKDIR /srv/app
