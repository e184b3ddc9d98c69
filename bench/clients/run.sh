#!/usr/bin/env bash
# Clients made by openapi-typescript 7 with openapi-fetch and by openapi-python-client use every operation of a service.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment=${XDG_CACHE_HOME:-$HOME/.cache}/tastematch-bench/openapi-python-client-0.29.1
work=$(mktemp -d)
trap 'kill "${service:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
[ -d "$here/node_modules" ] || npm ci --silent --prefix "$here"
if [ ! -e "$environment/complete" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" --quiet install openapi-python-client==0.29.1
  touch "$environment/complete"
fi
cd "$work"
PORT=0 DATABASE_PATH=$work/clients.db API_KEY=secret EMBED_WAIT_MS=20000 \
  node "$root/dist/src/main.js" serve --sample-data >service.log &
service=$!
for _ in $(seq 300); do
  url=$(sed -n 's/.*"address":"\([^"]*\)".*/\1/p' service.log | head -n 1)
  [ -n "$url" ] && break
  sleep 0.1
done
cp "$here/every-operation.ts" . && echo '{"type":"module"}' >package.json
ln -s "$here/node_modules" node_modules
node_modules/.bin/openapi-typescript "$root/openapi.json" --output api.ts >/dev/null
mkdir types && ln -s "$root/node_modules/@types/node" types/node
node_modules/.bin/tsc --strict --module nodenext --target es2023 --skipLibCheck --rewriteRelativeImportExtensions \
  --typeRoots types --types node every-operation.ts
node every-operation.js "$url"
echo 'openapi-fetch: every operation works'
"$environment/bin/openapi-python-client" generate --path "$root/openapi.json" --output-path python >/dev/null 2>&1
PYTHONPATH=python "$environment/bin/python" "$here/every_operation.py" "$url"
echo 'openapi-python-client: every operation works'
