#!/usr/bin/env bash
# Says in one line what is missing before npm says it in a hundred.
set -euo pipefail
command -v npm >/dev/null || {
  echo "npm is missing: install Node.js 20.19 or newer (Debian: apt-get install nodejs npm)" >&2
  exit 1
}
node -e 'const [a, b] = process.versions.node.split(".").map(Number);
if (a < 20 || (a === 20 && b < 19)) {
  console.error(`Node.js ${process.versions.node} is too old for the page builder: 20.19 or newer is needed`);
  process.exit(1);
}'
