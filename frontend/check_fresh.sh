#!/bin/sh
# Builds the page anew and compares it, byte for byte, with the one that travels in the package.
set -eu
cd "$(dirname "$0")"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
PAGE_FOLDER="$fresh" npm run --silent build -- --logLevel warn
if ! diff -r "$fresh" ../src/painting/serving/static; then
    echo "The page in src/painting/serving/static is not the one that frontend/ builds: run 'npm run build' and commit it." >&2
    exit 1
fi
