#!/usr/bin/env bash
# A C compiler is the only thing that building needs beside Rust and Node.
set -euo pipefail
command -v cargo >/dev/null || {
  echo "cargo is missing: install Rust 1.94 or newer (https://rustup.rs)" >&2
  exit 1
}
command -v cc >/dev/null && exit 0
if [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq gcc libc6-dev
else
  echo "a C compiler is missing: sudo apt-get install gcc libc6-dev" >&2
  exit 1
fi
