#!/bin/sh
# A volume is mounted as root's: hand it over, then run as an ordinary user.
set -e
if [ "$(id -u)" = 0 ]; then
  chown node:node "$(dirname "$DATABASE_PATH")"
  exec setpriv --reuid=node --regid=node --init-groups "$@"
fi
exec "$@"
