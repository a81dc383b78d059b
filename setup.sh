#!/bin/sh
# Installs Morgen into .venv beside this file.
#
#   sh setup.sh        to use it:     .venv/bin/morgen
#   sh setup.sh dev    to work on it: .venv/bin/pytest, ruff, mypy ...
#
# Run it again at any time: it does only what is needed. PYTHON=/path/to/python chooses another Python.
set -eu
cd "$(dirname "$0")"

kind=${1:-use}
case $kind in
    use) lock=requirements.txt ;;
    dev) lock=requirements-dev.txt ;;
    *) echo "setup.sh: '$kind' is not known; run 'sh setup.sh' or 'sh setup.sh dev'" >&2; exit 2 ;;
esac
stamp=.venv/morgen-setup

fail() {
    echo "setup.sh: $1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found; install it, or name one with PYTHON=/path/to/python"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_venv_module() {
    echo "Installing python3-venv, which Debian keeps apart from Python"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get install -qq -y python3-venv >/dev/null 2>&1 && return
    as_root apt-get update -qq && as_root apt-get install -qq -y python3-venv >/dev/null
}

require_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    missing="this Python ($1) lacks the modules venv and ensurepip; install them (Debian: apt-get install python3-venv)"
    command -v apt-get >/dev/null || fail "$missing"
    install_venv_module || fail "$missing"
    "$1" -c 'import ensurepip, venv' 2>/dev/null || fail "$missing"
}

make_environment() {
    if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    python=$(find_python)
    require_venv_module "$python"
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

install() {
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input "$@"
}

install_libraries() {
    wanted="$kind $(cksum <"$lock")"
    if [ "$(cat $stamp 2>/dev/null || true)" = "$wanted" ]; then
        return
    fi
    rm -f $stamp
    echo "Installing the libraries of $lock (some minutes the first time)"
    # No wheel of reuse, which only checks licences, exists; it is packed from its hashed source.
    install --only-binary :all: --no-binary reuse --require-hashes --requirement "$lock"
    install_morgen
    echo "$wanted" >$stamp
}

install_morgen() {
    echo "Installing Morgen itself"
    if [ "$kind" = dev ]; then
        install --no-deps --no-build-isolation --editable .
    else
        install --no-deps --no-build-isolation --force-reinstall .
    fi
}

is_morgen_outdated() {
    if [ "$kind" = dev ]; then
        [ -n "$(find pyproject.toml -newer $stamp)" ]
    else
        [ -n "$(find pyproject.toml src -newer $stamp | head -n 1)" ]
    fi
}

make_environment
install_libraries
if is_morgen_outdated; then
    install_morgen
    touch $stamp
fi
echo "Ready: .venv/bin/morgen --help"
