#!/bin/sh
set -e
envsubst '$BACKEND' </etc/nginx/site.conf.template >/etc/nginx/conf.d/site.conf
exec "$@"
