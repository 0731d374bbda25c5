"""How much of a long test is run: all of it by `make test-full`, a part of it by `make test`, which must stay short."""

from __future__ import annotations

_PART = 3
_all = False


def run_all() -> None:
    """Every example from now on; called before the tests are collected."""
    global _all
    _all = True


def some(examples: int) -> int:
    """How many of `examples` random ones to try."""
    return examples if _all else -(-examples // _PART)
