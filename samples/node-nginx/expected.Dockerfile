FROM node:20 AS builder

RUN apt-get update && \
    apt-get install -y nginx gettext-base

WORKDIR /app
COPY package.json package-lock.json /app/
RUN npm install --no-audit

COPY . /app
ARG TITLE=Dashboard
ENV SITE_TITLE=$TITLE
RUN npm run build
RUN rm -rf /var/www/html && mv dist /var/www/html

FROM debian:bookworm-slim

RUN apt-get update && \
    apt-get install -y nginx gettext-base && \
    apt-get clean && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ARG TITLE=Dashboard
ENV SITE_TITLE=$TITLE
RUN rm -rf /var/www/html
# Built in the builder stage
COPY --from=builder /var/www/html /var/www/html

# nginx
RUN rm /etc/nginx/sites-enabled/default
COPY nginx/site.conf.template /etc/nginx/site.conf.template
COPY docker-entrypoint.sh /docker-entrypoint.sh
RUN chmod +x /docker-entrypoint.sh

ENV BACKEND=http://localhost:9999
EXPOSE 80
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["nginx", "-g", "daemon off;"]
