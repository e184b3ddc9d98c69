#!/usr/bin/env bash
# Schemathesis against the running service, all checks, at least 20,000 requests in one run: no violation of the
# contract, no 5xx but 503. It leaves nothing but its Python environment in the user's cache folder.
# EXAMPLES (for each operation and phase) and LEAST_REQUESTS shorten it; it is ended after LIMIT_SECONDS.
set -euo pipefail
version=4.32.5
examples=${EXAMPLES:-4000}
least_requests=${LEAST_REQUESTS:-20000}
root=$(cd "$(dirname "$0")/.." && pwd)
environment=${XDG_CACHE_HOME:-$HOME/.cache}/tastematch-bench/schemathesis-$version
work=$(mktemp -d)
trap 'kill "${service:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work" # It leaves files where it runs.

if [ ! -e "$environment/complete" ]; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" --quiet install "schemathesis==$version"
  touch "$environment/complete"
fi

cp "$root/bench/torture_contract_hooks.py" .
(
  export PORT=0 DATABASE_PATH=$work/contract.db API_KEY=secret EMBED_WAIT_MS=300 TOP_UP_MS=20
  export MODEL_DIR=$root/models/all-MiniLM-L6-v2
  exec node "$root/dist/src/main.js" serve --sample-data >service.log 2>&1
) &
service=$!
address() { sed -n 's/.*"address":"\([^"]*\)".*/\1/p' service.log | head -n 1; }
for _ in $(seq 300); do
  url=$(address)
  [ -n "$url" ] && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.1
done
[ -n "$url" ] || { cat service.log; echo 'the service did not start'; exit 1; }

outcome=0
export SCHEMATHESIS_HOOKS=torture_contract_hooks PYTHONPATH=$work
timeout "${LIMIT_SECONDS:-3300}" "$environment/bin/schemathesis" --config-file "$root/bench/schemathesis.toml" run "$url/openapi.json" --checks all \
  -H 'Authorization: Bearer secret' --max-examples "$examples" --workers 2 --exclude-path /events \
  --request-timeout 20 --generation-database :memory: --report json --report-json-path report.json || outcome=$?
kill -0 "$service" || { echo 'the service is gone'; exit 1; }
curl -sf -H 'Authorization: Bearer secret' "$url/metrics" >metrics.txt
"$environment/bin/python" "$root/bench/torture-contract.py" report.json metrics.txt "$least_requests" || outcome=1
exit "$outcome"
