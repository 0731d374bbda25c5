"""Money as people read it: whole and minor units, thousands apart. Integers in, text out; no float."""

from __future__ import annotations


def money(minor: int, decimals: int, *, whole: bool = False) -> str:
    """`minor` units with thousands separators: 1234567 with 2 decimals is 12,345.67.

    `whole` leaves out the decimals and is refused (ValueError) where that would round.
    """
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(decimals + 1, "0")
    units, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if whole and rest.strip("0"):
        raise ValueError(f"{minor} is not a whole amount")
    grouped = f"{int(units):,}"
    return f"{sign}{grouped}" if whole or not decimals else f"{sign}{grouped}.{rest}"


def nano_money(nano: int, decimals: int) -> str:
    """Nano units (10^-9 minor unit) in full: 12345500000000 with 2 decimals is 123.455, 12345000000000 is 123.45."""
    text = money(nano, decimals + 9)
    units, _, rest = text.partition(".")
    kept = rest[:decimals] + rest[decimals:].rstrip("0")
    return f"{units}.{kept}" if kept else units
