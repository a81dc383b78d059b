#!/bin/sh
# Renew requirements.txt and requirements-dev.txt: the exact versions, with hashes, that setup.sh installs.
# Needs a development environment (`sh setup.sh dev`) and uv (`.venv/bin/pip install uv`). Without arguments versions
# stay where they can; `sh tools/lock.sh --upgrade` takes the newest ones.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
build=$("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')

lock() {
    # What builds the project is locked too, so that setup.sh can install it without fetching anything else;
    # `editables` is what hatchling needs for an editable installation.
    printf '%s\n' "$build" editables | "$python" -m uv pip compile --quiet --universal --generate-hashes \
        --no-emit-index-url --no-header "$@" pyproject.toml -
}

lock --output-file requirements.txt "$@"
lock --extra dev --constraints requirements.txt --output-file requirements-dev.txt "$@"
