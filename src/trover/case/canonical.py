"""One way to write a value as bytes, so that its hash is the same everywhere and always."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON in UTF-8 with sorted keys and no spaces. Only text, integers, true, false, null, lists and objects."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_refuse).encode()


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse(value: object) -> None:
    raise TypeError(f"{type(value).__name__} has no canonical form")
