"""What the columns of a table mean, as a person declares it in a YAML file. Nothing is guessed.

docs/mapping.md lists the fields. An unknown field is refused: a misspelt one would be ignored in silence.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, fields
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from trover.errors import FieldMissing, FieldWrong, InputErrors, Problem, UnknownField
from trover.sources.amounts import AmountStyle
from trover.sources.custody import SourceFile, read_source
from trover.sources.fields import Fields
from trover.sources.strict_yaml import load_yaml

TRANSFER = "transfer"
STATEMENT = "statement"
NEWEST_FIRST = "newest_first"
_COMMON = frozenset(
    {"id", "date", "time", "seq", "amount", "currency", "note", "kind", "reverses", "replaces", "balance"}
)
COLUMNS = {
    TRANSFER: _COMMON | {"from", "to", "from_holder", "to_holder", "amount_to", "currency_to", "fee"},
    STATEMENT: _COMMON | {"account", "counterparty", "counterparty_account", "debit", "credit"},
}


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """An account of the ledger as the mapping declares it; `opening` is text in the style of the file."""

    id: str
    holder: str = ""
    currency: str = ""
    kind: str = ""
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A table's columns and conventions.

    `columns` maps our names to the header's. `dates` are strptime formats or "iso"; none means ISO
    only. `timezone` places times that state no zone. `account` is the own account of a statement that
    has no column for it. `order` says whether rows run oldest_first or newest_first.
    """

    name: str
    shape: str
    columns: Dict[str, str]
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header_row: int = 1
    dates: tuple[str, ...] = ()
    timezone: tzinfo | None = None
    currency: str = ""
    account: str = ""
    order: str = "oldest_first"
    amounts: AmountStyle = field(default_factory=AmountStyle)
    accounts: tuple[AccountMapping, ...] = ()


FIELDS = frozenset(
    "format shape columns encoding delimiter quote header_row decimal thousands dates timezone currency account order "
    "accounts".split()
)


def read_mapping(path: str | Path | SourceFile) -> Mapping:
    """Read a mapping file. Raises `InputErrors` with everything that is wrong in it."""
    source = path if isinstance(path, SourceFile) else read_source(path)
    return mapping_of(load_yaml(source), source.name)


def mapping_of(data: Any, name: str = "mapping") -> Mapping:
    """A mapping from plain data. Raises `InputErrors`."""
    found: list[Problem] = []
    top = Fields(data, found, name)
    if top.void:
        raise InputErrors(found)
    _refuse_unknown(top, FIELDS)
    shape = _choice(top, "shape", (TRANSFER, STATEMENT), "")
    _choice(top, "format", ("csv",), "csv")
    mapping = Mapping(
        name=name,
        shape=shape,
        columns=_columns(top, shape),
        encoding=_encoding(top),
        delimiter=_sign(top, "delimiter", ","),
        quote=_sign(top, "quote", '"'),
        header_row=_whole(top, "header_row", 1),
        dates=_dates(top),
        timezone=_timezone(top),
        currency=top.text("currency", ""),
        account=top.text("account", ""),
        order=_choice(top, "order", ("oldest_first", NEWEST_FIRST), "oldest_first"),
        amounts=_style(top),
        accounts=tuple(_account(row) for row in top.rows("accounts")),
    )
    _check_needs(top, mapping)
    if found:
        raise InputErrors(found)
    return mapping


def _refuse_unknown(fields: Fields, known: frozenset[str]) -> None:
    for key in fields.data:
        if key not in known:
            fields.add(UnknownField(key, fields.place(key), remedy=f"Known: {', '.join(sorted(known))}."))


def _choice(top: Fields, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = top.text(name, default or None)
    if value not in allowed and name in top.data:
        top.add(FieldWrong(value, top.place(name), says=f"is not {' or '.join(allowed)}"))
    return value if value in allowed else allowed[0]


def _columns(top: Fields, shape: str) -> dict[str, str]:
    columns = Fields(top.mapping("columns"), top.problems, top.file, "columns")
    _refuse_unknown(columns, COLUMNS[shape])
    return {name: columns.id(name) for name in columns.data}


def _encoding(top: Fields) -> str:
    name = top.text("encoding", "utf-8")
    try:
        codec = codecs.lookup(name)
    except LookupError:
        codec = None
    if codec is None or not codec._is_text_encoding:
        top.add(FieldWrong(name, top.place("encoding"), says="is not a known text encoding"))
        return "utf-8"
    return name


def _sign(top: Fields, name: str, default: str) -> str:
    value = top.text(name, default).replace("\\t", "\t")
    if len(value) != 1:
        top.add(FieldWrong(value, top.place(name), says="is not one character"))
        return default
    return value


def _whole(top: Fields, name: str, default: int) -> int:
    value = top.text(name, str(default))
    if value.isascii() and value.isdigit() and 1 <= int(value[:9]) < 10**6:
        return int(value[:9])
    top.add(FieldWrong(value, top.place(name), says="is not a row number"))
    return default


def _dates(top: Fields) -> tuple[str, ...]:
    value = top.data.get("dates", [])
    formats = [value] if isinstance(value, str) else top.array("dates")
    for text in formats:
        if not isinstance(text, str) or (text != "iso" and "%" not in text):
            top.add(FieldWrong(str(text), top.place("dates"), says="is not iso or a format such as '%d/%m/%Y'"))
    return tuple(str(text) for text in formats)


def _timezone(top: Fields) -> tzinfo | None:
    name = top.text("timezone", "")
    if not name:
        return None
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        top.add(FieldWrong(name, top.place("timezone"), says="is not a known time zone, for example Europe/Tallinn"))
        return None


def _style(top: Fields) -> AmountStyle:
    decimal, thousands = _sign(top, "decimal", "."), top.text("thousands", "")
    if len(thousands) > 1 or thousands == decimal or (thousands + decimal).strip("0123456789+-") != thousands + decimal:
        top.add(
            FieldWrong(thousands, top.place("thousands"), says="is not a sign that can stand beside the decimal sign")
        )
        return AmountStyle()
    return AmountStyle(decimal, thousands)


def _account(row: Fields) -> AccountMapping:
    known = [f.name for f in fields(AccountMapping)]
    _refuse_unknown(row, frozenset(known))
    return AccountMapping(row.id("id"), *(row.text(name, "") for name in known[1:]))


def _check_needs(top: Fields, mapping: Mapping) -> None:
    def need(present: object, name: str, says: str) -> None:
        if not present:
            top.add(FieldMissing(name, top.place("columns"), says=says))

    columns = mapping.columns
    need("date" in columns, "date", "is not mapped: name the column of the date")
    need("currency" in columns or mapping.currency, "currency", "is neither a column nor stated for the whole file")
    if mapping.shape == TRANSFER:
        need("amount" in columns, "amount", "is not mapped: name the column of the amount")
        for side in ("from", "to"):
            holder = f"{side}_holder"
            need(
                {side, holder} & set(columns),
                side,
                f"is not mapped: name the column of account ({side}) or name ({holder})",
            )
        need("currency_to" not in columns or "amount_to" in columns, "amount_to", "is needed beside currency_to")
    else:
        need("account" in columns or mapping.account, "account", "is neither a column nor stated for the whole file")
        signed, split = "amount" in columns, {"debit", "credit"} <= set(columns)
        need(signed != split, "amount", "needs either one signed column (amount) or two (debit and credit)")
        need(
            {"counterparty", "counterparty_account"} & set(columns),
            "counterparty",
            "is not mapped: who paid or was paid",
        )
