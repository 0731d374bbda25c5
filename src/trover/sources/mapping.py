"""What the columns of a table mean, as a person declares it in a YAML file. Nothing is guessed.

docs/mapping.md lists the fields. An unknown field is refused: a misspelt one would be ignored in silence.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trover.errors import InputErrors
from trover.sources.amounts import AmountStyle
from trover.sources.custody import SourceFile, read_source
from trover.sources.dates import DateStyle
from trover.sources.strict_yaml import load_yaml

TRANSFER = "transfer"
STATEMENT = "statement"
NEWEST_FIRST = "newest_first"
CSV, XLSX, PDF = "csv", "xlsx", "pdf"
TEXT, ADDRESSES = "text", "addresses"
"""In place of a mapping of columns, what a person says of a text to be searched, or of a list of addresses."""
FIND = 0
"""In place of a header row: the first row that holds every column the mapping names."""

_COMMON = frozenset(
    "id date time value_date seq amount currency fee note kind reverses replaces balance references".split()
)
COLUMNS = {
    TRANSFER: _COMMON | {"from", "to", "from_holder", "to_holder", "amount_to", "currency_to"},
    STATEMENT: _COMMON
    | {"account", "counterparty", "counterparty_account", "counterparty_bank"}
    | {"account_holder", "debit", "credit", "statement"},
}
SEVERAL = frozenset({"note", "references"})
"""What several columns may hold together."""

OPENING, CLOSING, TOTAL, UNBOOKED = "opening", "closing", "total", "unbooked"
MEANINGS = (OPENING, CLOSING, TOTAL, UNBOOKED)
AGREES, REVERSES = "agrees", "reverses"


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """An account of the ledger as the mapping declares it; `opening` is text in the style of the file."""

    id: str
    holder: str = ""
    currency: str = ""
    kind: str = ""
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Words that say whether an amount is a credit or a debit: in `column`, or without one beside the amount itself."""

    column: str
    credit: frozenset[str]
    debit: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowRule:
    """Rows that are no movement: those whose cell in `column` is one of `texts` (or begins with it: "Total*")."""

    column: str
    texts: tuple[str, ...]
    means: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The column that says whether a row is booked, with every word it may hold."""

    column: str
    booked: frozenset[str]
    unbooked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a printed table stand: name -> left and right edge in points; empty: by its header.

    `right` names columns that stand at their right edge beside those of figures; `skip` what lines begin with that
    are no rows.
    """

    columns: Dict[str, tuple[int, int]] = field(default_factory=dict)
    right: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A table's columns and conventions.

    `columns` maps our names to the header's; `several` those that take more than one column. `header` names the
    columns of a file that has no header row. `account` is the own account of a statement that has no column for
    it; `account_in_name` is the name of a file in which that account stands, with * in its place. `order` says
    whether rows run oldest_first or newest_first. `head` maps account, currency, number, opening and closing to
    the label beside which a line above the header prints them.
    """

    name: str
    shape: str
    columns: Dict[str, str]
    several: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    format: str = CSV
    sheets: tuple[str, ...] = ()
    layout: Layout | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header_row: int = 1
    header: tuple[str, ...] = ()
    head: Dict[str, str] = field(default_factory=dict)
    footer: tuple[str, ...] = ()
    dates: DateStyle = field(default_factory=DateStyle)
    currency: str = ""
    account: str = ""
    account_in_name: str = ""
    account_per_currency: bool = False
    banks: frozenset[str] = frozenset()
    order: str = "oldest_first"
    amounts: AmountStyle = field(default_factory=AmountStyle)
    sign: Marks | None = None
    balance_sign: Marks | None = None
    minus: str = ""
    amounts_are_debits: bool = False
    balance_is_owed: bool = False
    rows: tuple[RowRule, ...] = ()
    status: Status | None = None
    accounts: tuple[AccountMapping, ...] = ()

    @property
    def used(self) -> tuple[str, ...]:
        """Every column of the file that this mapping names, once each."""
        found = list(self.columns.values())
        for names in self.several.values():
            found += names
        found += [marks.column for marks in (self.sign, self.balance_sign) if marks and marks.column]
        found += [rule.column for rule in self.rows]
        found += [self.status.column] if self.status else []
        return tuple(dict.fromkeys(found))


def read_mapping(path: str | Path | SourceFile) -> Mapping:
    """Read a mapping file. Raises `InputErrors` with everything that is wrong in it."""
    source = path if isinstance(path, SourceFile) else read_source(path)
    return mapping_of(load_yaml(source), source.name)


def mapping_of(data: Any, name: str = "mapping") -> Mapping:
    """A mapping from plain data. Raises `InputErrors`."""
    from trover.sources.mapping_fields import MappingFields

    if isinstance(data, Dict) and data.get("format") in (TEXT, ADDRESSES):
        from trover.sources.stated import stated_mapping

        return stated_mapping(data, name)
    fields = MappingFields(data, name)
    mapping = fields.mapping() if not fields.top.void else None
    if mapping is None or fields.found:
        raise InputErrors(fields.found)
    return mapping
