#!/usr/bin/env bash
# The web console in a real browser: run.sh BUILD_DIRECTORY [FILE...] runs the tests against the programs in
# BUILD_DIRECTORY/bin (or MUSTER_BIN) and leaves what the browser showed in BUILD_DIRECTORY/screenshots.
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
shift
work=$build/browser
export MUSTER_BIN=${MUSTER_BIN:-$build/bin} MUSTER_SCREENSHOTS=$build/screenshots
export MUSTER_FLEET=$sources/../../config/example-fleet
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
export PATH=$PATH:/usr/sbin # Debian has Mosquitto there

mkdir -p "$work" "$MUSTER_SCREENSHOTS"
find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
rm -f "$MUSTER_SCREENSHOTS"/*.png
tar -C "$sources" --exclude=./node_modules -cf - . | tar -C "$work" -xf -

cd "$work"
if ! cmp -s package-lock.json node_modules/.installed-from; then
    # Not "npm ci": that insists on the optional packages of every platform, which not every registry has.
    npm install --no-save --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-from
fi
(($# > 0)) || set -- *.test.mjs
node --test --test-concurrency=2 --test-reporter=spec "$@"
