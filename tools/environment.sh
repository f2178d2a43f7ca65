# shellcheck shell=bash
# What the scripts of this folder share: where the tree is, how many jobs to run, how the compiler cache is used,
# and a way to keep commands quiet unless they fail. Sourced by bash, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
JOBS=${JOBS:-$(nproc)}

# The cache lies where ccache puts it, outside the tree; these settings let several checkouts share it.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$ROOT}
export CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
export CCACHE_COMPRESS=${CCACHE_COMPRESS:-1}
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# quietly COMMAND…: shows what it printed only if it fails.
quietly() {
    local out code=0
    out=$(mktemp)
    "$@" >"$out" 2>&1 || code=$?
    if [[ $code -ne 0 ]]; then cat "$out" >&2; fi
    rm -f "$out"
    return "$code"
}

# configure PRESET: cheap when nothing has changed.
configure() {
    quietly cmake -S "$ROOT" --preset "$1" || die "configuring preset $1 failed"
}

# build PRESET [TARGET...]: says nothing when all is up to date; shows progress on a terminal.
build() {
    local preset=$1
    shift
    local ninja=(ninja -C "$ROOT/build/$preset" -j "$JOBS" "$@")
    if [[ -t 2 ]] && ! "${ninja[@]}" -n | grep -q '^ninja: no work to do'; then
        "${ninja[@]}" >&2 || die "building preset $preset failed"
    else
        quietly "${ninja[@]}" || die "building preset $preset failed"
    fi
}
