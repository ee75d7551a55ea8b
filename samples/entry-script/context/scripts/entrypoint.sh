#!/bin/bash
# Reads the settings, prepares the spool folder and starts what was asked for as the bot's user.
set -euo pipefail
. /usr/local/bin/settings.sh

if [ "$1" = bot ]; then
	install -d -o bot -g bot "$SPOOL"
	set -- lua /srv/bot/main.lua "$NAME" "$SPOOL"
fi

if [ "$(id -u)" = 0 ]; then
	exec gosu bot "$@"
fi
exec "$@"
