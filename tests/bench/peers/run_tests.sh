#!/usr/bin/env bash
# Each script against a private Mosquitto and muster-sim: run_tests.sh BUILD_DIRECTORY [FILE...] takes muster-sim from
# BUILD_DIRECTORY/bin (or MUSTER_BIN).
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift
export MUSTER_BIN=${MUSTER_BIN:-$build/bin}
export PATH=$PATH:/usr/sbin # Debian has Mosquitto there
MUSTER_PEERS=$("$sources/install.sh" "$build")
export MUSTER_PEERS

cd "$sources"
(($# > 0)) || set -- test/*.test.mjs
node --test --test-concurrency=2 --test-reporter=spec "$@"
