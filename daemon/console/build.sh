#!/usr/bin/env bash
# Builds the console outside of its sources: build.sh SOURCES BUILD leaves BUILD/dist. The packages are
# installed again only when package-lock.json has changed.
set -euo pipefail

sources=$1
build=$2/work
mkdir -p "$build"
rm -rf "$build/src" "$build/public" "$build/test" "$2/dist"
tar -C "$sources" --exclude=./node_modules --exclude=./build -cf - . | tar -C "$build" -xf -

cd "$build"
if ! cmp -s package-lock.json node_modules/.installed-from; then
    # Not "npm ci": that insists on the optional packages of every platform, which not every registry has.
    npm install --no-save --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-from
fi
npm run --silent check
MUSTER_CONSOLE_OUT=$2/dist npm run --silent build -- --logLevel warn
find "$2/dist" -type f ! -name '*.gz' -exec gzip -9 -n -k -f {} +
