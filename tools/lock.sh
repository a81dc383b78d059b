#!/bin/sh
# Renew requirements.txt and requirements-dev.txt: the exact versions, with hashes, that setup.sh installs.
# Needs a development environment (`sh setup.sh dev`) and uv (`.venv/bin/pip install uv`). Without arguments versions
# stay where they can; `sh tools/lock.sh --upgrade` takes the newest ones.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
build=$("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')

lock() {
    # The build backend is locked too, so that setup.sh can install the project itself without fetching anything.
    printf '%s\n' "$build" | "$python" -m uv pip compile --quiet --universal --generate-hashes \
        --no-emit-index-url --no-header "$@" pyproject.toml -
}

lock --output-file requirements.txt "$@"
lock --extra dev --constraints requirements.txt --output-file requirements-dev.txt "$@"
