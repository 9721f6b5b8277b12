#!/bin/sh
# install.sh STEP FOLDER: makes a Python environment there with painting in it and nothing that only installing needs.
# STEP is "requirements", then "package": two layers of an image, rebuilt when the lock and when the code change.
set -eu
step=$1 folder=$2
tools=/tmp/tools

if [ "$step" = requirements ]; then
    # The environment that runs has no pip: another one's installs into it.
    python3 -m venv "$tools"
    "$tools/bin/pip" install --no-cache-dir --require-hashes --only-binary :all: -r deploy/build.lock
    python3 -m venv --without-pip "$folder"
    "$tools/bin/pip" --python "$folder/bin/python" install --no-cache-dir --require-hashes --only-binary :all: \
        -r deploy/requirements.lock
else
    "$tools/bin/pip" wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /tmp/wheel .
    "$tools/bin/pip" --python "$folder/bin/python" install --no-cache-dir --no-deps /tmp/wheel/*.whl
fi
