"""Trover follows proceeds of crime through accounts to assets a court can confiscate, and shows every step.

What a notebook needs is here; each name is imported when it is first used, so `import trover` is quick.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # the name that type checkers know; importing typing would cost more than all of this
if TYPE_CHECKING:
    from trover.case.case import Case as Case
    from trover.ledger.event import Account as Account
    from trover.ledger.event import Event as Event
    from trover.ledger.event import transfer as transfer
    from trover.ledger.ledger import Ledger as Ledger
    from trover.trace.claim import Assumptions as Assumptions
    from trover.trace.claim import Claim as Claim
    from trover.trace.compare import run as run
    from trover.trace.rules import all_rules as rules

_HOMES = {
    "Case": ("trover.case.case", "Case"),
    "Ledger": ("trover.ledger.ledger", "Ledger"),
    "Account": ("trover.ledger.event", "Account"),
    "Event": ("trover.ledger.event", "Event"),
    "transfer": ("trover.ledger.event", "transfer"),
    "Claim": ("trover.trace.claim", "Claim"),
    "Assumptions": ("trover.trace.claim", "Assumptions"),
    "run": ("trover.trace.compare", "run"),
    "rules": ("trover.trace.rules", "all_rules"),
}
__all__ = ["Account", "Assumptions", "Case", "Claim", "Event", "Ledger", "rules", "run", "transfer"]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'trover' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value: object = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
