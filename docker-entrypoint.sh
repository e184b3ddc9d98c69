#!/bin/sh
# Makes the database folder writable for the user `node`, restores a backup if one waits there, and starts the service.
set -e
folder=$(dirname "$DATABASE_PATH")
if [ "$(id -u)" = 0 ]; then
  # A fresh volume belongs to root, and so do files copied to it over ssh.
  mkdir -p "$folder"
  case $(cd "$folder" && pwd -P) in
    / | /app | /bin | /dev | /etc | /home | /lib | /proc | /root | /sbin | /sys | /tmp | /usr | /var)
      echo "DATABASE_PATH=$DATABASE_PATH: put the database into a folder of its own, for example /data/tastematch.db" >&2
      exit 1
      ;;
  esac
  chown -R node:node "$folder"
  exec setpriv --reuid=node --regid=node --init-groups "$0" "$@"
fi
# No service is running yet, so a backup can replace the database. The service starts in any case; a file that restore
# rejects leaves the database as it was.
for command in "$@"; do :; done
if [ "$command" = serve ] && [ -f "$folder/restore.db" ]; then
  if node dist/src/main.js restore "$folder/restore.db"; then
    mv "$folder/restore.db" "$folder/restored.db"
  else
    mv "$folder/restore.db" "$folder/restore-refused.db"
  fi
fi
exec "$@"
