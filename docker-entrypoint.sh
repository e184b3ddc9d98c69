#!/bin/sh
# A volume is mounted as root's, and files put on it over ssh are root's: hand them over, then run as an ordinary user.
set -e
folder=$(dirname "$DATABASE_PATH")
if [ "$(id -u)" = 0 ]; then
  chown -R node:node "$folder"
  exec setpriv --reuid=node --regid=node --init-groups "$0" "$@"
fi
# No service runs yet: this is the moment to put a backup in the place of the database. The service starts in any
# case; a file that is refused leaves the database as it was.
for command in "$@"; do :; done
if [ "$command" = serve ] && [ -f "$folder/restore.db" ]; then
  if node dist/src/main.js restore "$folder/restore.db"; then
    mv "$folder/restore.db" "$folder/restored.db"
  else
    mv "$folder/restore.db" "$folder/restore-refused.db"
  fi
fi
exec "$@"
