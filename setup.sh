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

# The tests of the viewer drive a browser, and those of the web API read it with GDAL. Where these cannot be installed,
# those tests say so and are skipped.
install_test_programs() {
    missing=""
    command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
    command -v ogrinfo >/dev/null || missing="$missing gdal-bin"
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "Not found, so some tests will be skipped:$missing"
        return 0
    fi
    echo "Installing$missing for the tests"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # these are several names
    if ! { as_root apt-get update -qq && as_root apt-get install -qq -y --no-install-recommends $missing; } >/dev/null; then
        echo "They could not be installed, so some tests will be skipped"
    fi
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
    echo "Installing Morgen itself, and building its viewer"
    if [ "$kind" = dev ]; then
        .venv/bin/python tools/viewer_build.py
        install --no-deps --no-build-isolation --editable .
    else
        install --no-deps --no-build-isolation --force-reinstall .
    fi
}

is_morgen_outdated() {
    viewer="web tools/viewer_build.py"
    if [ "$kind" = dev ]; then changing="pyproject.toml $viewer"; else changing="pyproject.toml src $viewer"; fi
    # shellcheck disable=SC2086 # these are several names
    [ -n "$(find $changing -name node_modules -prune -o -newer $stamp -print | head -n 1)" ]
}

make_environment
[ "$kind" != dev ] || install_test_programs
install_libraries
if is_morgen_outdated; then
    install_morgen
    touch $stamp
fi
echo "Ready: .venv/bin/morgen --help"
