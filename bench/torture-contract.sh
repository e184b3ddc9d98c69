#!/usr/bin/env bash
# Schemathesis against the running service, all checks, at least 20,000 requests. Installs it into an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'kill "${service:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install schemathesis
PORT=18200 DATABASE_PATH="$work/contract.db" API_KEY=secret EMBED_WAIT_MS=300 TOP_UP_MS=20 \
  node dist/src/main.js serve --sample-data >"$work/service.log" 2>&1 &
service=$!
until curl -sf localhost:18200/readyz >/dev/null; do sleep 0.2; done
"$work/venv/bin/schemathesis" --config-file bench/schemathesis.toml run http://127.0.0.1:18200/openapi.json \
  --checks all -H 'Authorization: Bearer secret' --max-examples "${EXAMPLES:-1800}" --workers 2 \
  --exclude-path /events --request-timeout 20
