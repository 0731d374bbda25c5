"""`python -m tools.pages` writes the computed parts of the documentation anew; `--check` only says what is stale."""

from __future__ import annotations

import sys

from tools.pages.build import stale, write

if __name__ == "__main__":
    changed = stale()
    if "--check" not in sys.argv[1:]:
        write(changed)
    for path in changed:
        print(f"{'stale' if '--check' in sys.argv[1:] else 'written'}: {path}")
    sys.exit(1 if changed and "--check" in sys.argv[1:] else 0)
