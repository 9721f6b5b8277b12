#!/bin/sh
# Compares a fresh build of the page, byte for byte, with the one in the package.
set -eu
cd "$(dirname "$0")"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
PAGE_FOLDER="$fresh" npm run --silent build -- --logLevel warn
if ! diff -r "$fresh" ../src/painting/serving/static; then
    echo "src/painting/serving/static is out of date: run 'npm run build' and commit the result." >&2
    exit 1
fi
