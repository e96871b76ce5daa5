#!/usr/bin/env bash
# Copies the scripts to BUILD_DIRECTORY/peers, with the npm packages that they import, and prints that folder. The
# packages are installed again only when package-lock.json has changed.
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(cd "$1" && pwd)/peers
mkdir -p "$work"
find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
tar -C "$sources" --exclude=./node_modules -cf - . | tar -C "$work" -xf -

cd "$work"
if ! cmp -s package-lock.json node_modules/.installed-from; then
    # Not "npm ci": that insists on the optional packages of every platform, which not every registry has.
    npm install --no-save --no-audit --no-fund --loglevel=error >&2
    cp package-lock.json node_modules/.installed-from
fi
echo "$work"
