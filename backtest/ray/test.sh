#!/bin/sh
# Runs the Ray adapter's test: test.sh [UNISLEEVE]. Ray is installed into a temporary environment that goes away again.
# RAY_PYTHON names a Python that has Ray already. Without network the test is left out, loudly.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command=${1:-$here/../../target/debug/unisleeve}
export RAY_USAGE_STATS_ENABLED=0

if [ ! -x "$command" ]; then
    echo "ray: $command is not built: cargo build -p unisleeve" >&2
    exit 2
fi
if [ -n "${RAY_PYTHON:-}" ]; then
    exec "$RAY_PYTHON" "$here/tests/killed_worker.py" "$command"
fi
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT INT TERM
if ! python3 -m venv "$place/venv" || ! "$place/venv/bin/pip" install --quiet --disable-pip-version-check "ray==2.60.0" >"$place/pip.log" 2>&1; then
    [ -f "$place/pip.log" ] && tail -n 3 "$place/pip.log" >&2
    echo "ray: SKIPPED, NOT TESTED: pip could not install ray 2.60.0" >&2
    exit 0
fi
"$place/venv/bin/python" "$here/tests/killed_worker.py" "$command"
