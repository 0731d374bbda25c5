"""Minor units of currencies and tokens, where the ledger's users look for them."""

from trover.sources.currency import MINOR_UNITS, minor_units

__all__ = ["MINOR_UNITS", "minor_units"]
