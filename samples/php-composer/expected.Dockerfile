FROM php:8.2-fpm-bookworm AS builder

# dependencies
RUN apt-get update && apt-get install -y \
    git \
    curl \
    libpng-dev \
    libonig-dev \
    libzip-dev \
    zip \
    unzip

RUN docker-php-ext-install pdo_mysql mbstring exif gd zip

COPY --from=composer:2 /usr/bin/composer /usr/bin/composer

WORKDIR /var/www
COPY composer.json composer.lock ./
RUN composer install --no-dev --no-scripts --no-autoloader --prefer-dist

COPY . /var/www
RUN composer dump-autoload --optimize && chown -R www-data:www-data /var/www/storage

FROM php:8.2-fpm-bookworm

# dependencies
RUN apt-get update && apt-get install -y \
    curl \
    zip \
    libpng16-16 \
    libonig5 \
    libzip4 \
    && rm -rf /var/lib/apt/lists/*

# Built in the builder stage
COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d
COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions

COPY --from=composer:2 /usr/bin/composer /usr/bin/composer

WORKDIR /var/www
# Built in the builder stage
COPY --from=builder /var/www /var/www

USER www-data
EXPOSE 9000
CMD ["php-fpm"]
