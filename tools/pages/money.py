"""Amounts for readers: exact, without float, in major units of a currency with `minor_unit` decimals."""

from __future__ import annotations

from trover.trace.arithmetic import NANO


def minor(amount: int, minor_unit: int) -> str:
    """Minor units as major ones: 123456 with two decimals is 1,234.56."""
    return nano(amount * NANO, minor_unit)


def nano(quantity: int, minor_unit: int) -> str:
    """Nano units as major units; decimals finer than the minor unit only where they are not zero."""
    sign, digits = ("-" if quantity < 0 else ""), str(abs(quantity)).rjust(minor_unit + 10, "0")
    whole, fine = digits[: -minor_unit - 9], digits[-minor_unit - 9 :]
    shown = fine.rstrip("0").ljust(minor_unit, "0")
    return f"{sign}{int(whole):,}" + (f".{shown}" if shown else "")


def table(head: list[str], rows: list[list[str]], right: frozenset[int] = frozenset()) -> str:
    """A Markdown table; columns in `right` are set to the right."""
    rule = ["---:" if number in right else "---" for number in range(len(head))]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [head, rule, *rows])
