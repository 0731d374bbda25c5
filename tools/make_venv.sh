#!/bin/sh
# make_venv.sh DIR: a virtual environment in DIR, made by the first Python found that Trover supports.
set -eu

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$python" -c "$supported" 2>/dev/null; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$python has no venv or ensurepip module. On Debian or Ubuntu: apt-get install python3-venv" >&2
            exit 1
        fi
        "$python" -m venv --clear "$1"
        exit 0
    fi
done

echo "Trover needs Python 3.11, 3.12 or 3.13, found: $(python3 --version 2>/dev/null || echo 'no python3')." >&2
echo "Install one of them, or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
