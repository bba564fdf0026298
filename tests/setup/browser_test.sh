#!/usr/bin/env bash
# Starts the real demo on ports and data of its own and runs the browser's tests on it.
set -euo pipefail
bin=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
data=$(mktemp -d)
"$bin/ubugoe-ward" demo --data "$data" --web 127.0.0.1:0 --bridges 127.0.0.1:0 >"$data/demo.out" 2>&1 &
demo=$!
finish() {
  kill -INT "$demo" 2>/dev/null || true
  wait "$demo" || true
  rm -rf "$data"
}
trap finish EXIT
for _ in $(seq 150); do
  grep -q 'strips are moving' "$data/demo.out" && break
  kill -0 "$demo" 2>/dev/null || { cat "$data/demo.out"; exit 1; }
  sleep 0.2
done
grep -q 'strips are moving' "$data/demo.out" || { cat "$data/demo.out"; exit 1; }
UBUGOE_URL=$(grep -o 'http://[0-9.:]*' "$data/demo.out" | head -n 1)
UBUGOE_USER=demo
UBUGOE_PASSWORD=$(cat "$data/login.txt")
UBUGOE_SERVER_LOG="$data/server/server.log"
# One test kills the analysis; the strips must not notice.
UBUGOE_WATCH_PID=$(pgrep -P "$demo" -x ubugoe-watch)
# Another stops the server for some seconds, as a frozen machine would, and lets it go on.
UBUGOE_SERVER_PID=$(pgrep -P "$demo" -x ubugoe-server)
export UBUGOE_URL UBUGOE_USER UBUGOE_PASSWORD UBUGOE_SERVER_LOG UBUGOE_WATCH_PID UBUGOE_SERVER_PID
cd "$here/monitor-ui"
npm run --silent e2e
