# Sourced: the settings file as shell variables.
NAME=$(jq -r .name /etc/bot/settings.json)
SPOOL=$(jq -r .spool /etc/bot/settings.json)
export NAME SPOOL
