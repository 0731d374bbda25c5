"""The fields of a mapping file, each checked; everything wrong is collected with the field's name."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from trover.errors import FieldMissing, FieldWrong, Problem
from trover.sources import mapping as m
from trover.sources.amounts import AmountStyle
from trover.sources.calendars import CALENDARS
from trover.sources.dates import ISO, DateStyle, pattern_of
from trover.sources.fields import Fields
from trover.sources.months import LANGUAGES

FIELDS = frozenset(
    "format sheet layout shape columns encoding delimiter quote header_row header head footer decimal thousands dates "
    "timezone calendar years_from language currency account account_in_name account_per_currency bank order sign "
    "balance_sign minus positive balance_positive rows status accounts".split()
)
HEAD = frozenset({"account", "currency", "number", "opening", "closing"})


class MappingFields:
    """One mapping as plain data; `found` holds what is wrong with it."""

    def __init__(self, data: Any, name: str) -> None:
        self.found: list[Problem] = []
        self.name = name
        self.top = Fields(data, self.found, name)

    def mapping(self) -> m.Mapping:
        top = self.top
        top.only(sorted(FIELDS))
        shape = _choice(top, "shape", (m.TRANSFER, m.STATEMENT), "")
        form = _choice(top, "format", (m.CSV, m.XLSX, m.PDF), m.CSV)
        columns, several = _columns(top, shape)
        result = m.Mapping(
            name=self.name,
            shape=shape,
            columns=columns,
            several=several,
            format=form,
            sheets=_texts(top, "sheet"),
            layout=_layout(top),
            encoding=_encoding(top),
            delimiter=_sign(top, "delimiter", ","),
            quote=_sign(top, "quote", '"'),
            header_row=_header_row(top),
            header=_texts(top, "header"),
            head=_head(top),
            footer=_texts(top, "footer"),
            dates=_dates(top, form),
            currency=top.text("currency", ""),
            account=top.text("account", ""),
            account_in_name=_account_in_name(top),
            account_per_currency=_choice(top, "account_per_currency", ("no", "yes"), "no") == "yes",
            banks=frozenset(_texts(top, "bank")),
            order=_choice(top, "order", ("oldest_first", m.NEWEST_FIRST), "oldest_first"),
            amounts=_style(top),
            sign=_marks(top, "sign"),
            balance_sign=_marks(top, "balance_sign"),
            minus=_choice(top, "minus", ("", m.AGREES, m.REVERSES), ""),
            amounts_are_debits=_choice(top, "positive", ("credit", "debit"), "credit") == "debit",
            balance_is_owed=_choice(top, "balance_positive", ("held", "owed"), "held") == "owed",
            rows=tuple(_row_rule(row) for row in top.rows("rows")),
            status=_status(top),
            accounts=tuple(_account(row) for row in top.rows("accounts")),
        )
        _check_needs(top, result)
        return result


def _choice(top: Fields, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = top.text(name, default if default in allowed else None)
    if value not in allowed and name in top.data:
        top.add(FieldWrong(value, top.place(name), says=f"is not {' or '.join(filter(None, allowed))}"))
    return value if value in allowed else allowed[0]


def _texts(top: Fields, name: str) -> tuple[str, ...]:
    """One text or a list of texts; none may be empty."""
    value = top.data.get(name, [])
    listed = [value] if isinstance(value, str) else top.array(name)
    for text in listed:
        if not isinstance(text, str) or not text:
            top.add(FieldWrong(str(text), top.place(name), says="is not a text or a list of texts"))
    return tuple(text for text in listed if isinstance(text, str) and text)


def _columns(top: Fields, shape: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    columns = Fields(top.mapping("columns"), top.problems, top.file, "columns")
    columns.only(sorted(m.COLUMNS[shape]))
    several = {name: _texts(columns, name) for name in columns.data if name in m.SEVERAL}
    single = {name: names[0] for name, names in several.items() if names}
    single |= {name: columns.id(name) for name in columns.data if name not in m.SEVERAL}
    return {name: single[name] for name in columns.data if name in single}, several


def _layout(top: Fields) -> m.Layout | None:
    """Where the columns of a printed table stand, in whole points from the left edge of the page."""
    if "layout" not in top.data:
        return None
    part = Fields(top.mapping("layout"), top.problems, top.file, "layout")
    part.only(("columns", "right", "skip"))
    ranges = Fields(part.mapping("columns"), top.problems, top.file, "layout columns")
    columns: dict[str, tuple[int, int]] = {}
    for name in ranges.data:
        edges = [text for text in ranges.array(name) if isinstance(text, str) and text.isascii() and text.isdigit()]
        if len(edges) != 2 or len(ranges.array(name)) != 2 or not int(edges[0][:9]) < int(edges[1][:9]):
            says = "is not a left and a right edge in whole points, as [40, 100]"
            ranges.add(FieldWrong(name, ranges.place(name), says=says))
            continue
        columns[name] = int(edges[0][:9]), int(edges[1][:9])
    ordered = sorted(columns.values())
    if any(one[1] > two[0] for one, two in pairwise(ordered)):
        part.add(FieldWrong("columns", part.place("columns"), says="has columns that overlap"))
    return m.Layout(columns, _texts(part, "right"), _texts(part, "skip"))


def _encoding(top: Fields) -> str:
    name = top.text("encoding", "utf-8")
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        codec = None
    if codec is None or not codec._is_text_encoding:
        says = "is not a known text encoding"
        if name.casefold() in ("auto", "detect", "guess"):
            says = "would be a guess: state the encoding, or let trover mapping propose one with its reasons"
        top.add(FieldWrong(name, top.place("encoding"), says=says))
        return "utf-8"
    return name


def _sign(top: Fields, name: str, default: str) -> str:
    value = top.text(name, default).replace("\\t", "\t")
    if len(value) != 1:
        top.add(FieldWrong(value, top.place(name), says="is not one character"))
        return default
    return value


def _whole(top: Fields, name: str, says: str, low: int, high: int) -> int | None:
    value = top.text(name)
    if value.isascii() and value.isdigit() and low <= int(value[:9]) <= high:
        return int(value[:9])
    top.add(FieldWrong(value, top.place(name), says=says))
    return None


def _header_row(top: Fields) -> int:
    if "header_row" not in top.data:
        return 1
    if top.data["header_row"] == "find":
        return m.FIND
    return _whole(top, "header_row", "is not a row number", 1, 10**6) or 1


def _account_in_name(top: Fields) -> str:
    pattern = top.text("account_in_name", "")
    if pattern and pattern.count("*") != 1:
        top.add(
            FieldWrong(pattern, top.place("account_in_name"), says="is not a name with one * where the account stands")
        )
    return pattern


def _head(top: Fields) -> dict[str, str]:
    head = Fields(top.mapping("head"), top.problems, top.file, "head")
    head.only(sorted(HEAD))
    return {name: head.id(name) for name in head.data if name in HEAD}


def _dates(top: Fields, form: str) -> DateStyle:
    formats = _texts(top, "dates")
    languages = _texts(top, "language")
    years_from = _whole(top, "years_from", "is not a year", 1000, 3000) if "years_from" in top.data else None
    for text in formats:
        try:
            short = text != ISO and "y" in pattern_of(text).groupindex
        except ValueError as reason:
            says = f"is not iso or a format such as '%d/%m/%Y': it {reason}"
            top.add(FieldWrong(text, top.place("dates"), says=says))
            continue
        if short and years_from is None:
            says = "is missing, and a year of two digits says no century"
            remedy = "State the first of the hundred years the dates lie in, for example years_from: 1950."
            top.add(FieldMissing("years_from", top.place("dates"), says=says, remedy=remedy))
    for language in languages:
        if language not in LANGUAGES:
            says = f"is not one of {' '.join(LANGUAGES)}"
            top.add(FieldWrong(language, top.place("language"), says=says))
    if form == m.XLSX and formats and ISO not in formats:
        formats += (ISO,)  # cells that are dates to the workbook say their day themselves
    calendar = _choice(top, "calendar", CALENDARS, CALENDARS[0])
    return DateStyle(formats, _timezone(top), calendar, years_from, languages or ("en",))


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


def folded(text: str) -> str:
    """A word of a table as it is compared with the mapping's: without case and doubled spaces."""
    return " ".join(text.split()).casefold()


def is_one_of(text: str, words: Iterable[str]) -> bool:
    """Whether a text of a table is one of the folded `words`, or begins with one that ends in `*`."""
    plain = folded(text)
    return any(plain.startswith(word[:-1]) if word.endswith("*") else plain == word for word in words)


def _words(part: Fields, name: str) -> frozenset[str]:
    value = part.data.get(name, [])
    listed = [value] if isinstance(value, str) else part.array(name)
    for text in listed:
        if not isinstance(text, str):
            part.add(FieldWrong(str(text), part.place(name), says="is not a text or a list of texts"))
    return frozenset(folded(text) for text in listed if isinstance(text, str))


def _marks(top: Fields, name: str) -> m.Marks | None:
    if name not in top.data:
        return None
    part = Fields(top.mapping(name), top.problems, top.file, name)
    part.only(("column", "credit", "debit"))
    credit, debit = _words(part, "credit"), _words(part, "debit")
    if not (credit or debit) or credit & debit:
        says = "needs words for credit and for debit, none of them for both"
        top.add(FieldWrong(name, top.place(name), says=says))
    return m.Marks(part.text("column", ""), credit, debit)


def _row_rule(row: Fields) -> m.RowRule:
    row.only(("column", "is", "means", "reason"))
    texts = _texts(row, "is")
    if not texts:
        row.add(FieldMissing("is", row.place("is")))
    means = _choice(row, "means", m.MEANINGS, "")
    return m.RowRule(row.id("column"), tuple(map(folded, texts)), means, row.text("reason", ""))


def _status(top: Fields) -> m.Status | None:
    if "status" not in top.data:
        return None
    part = Fields(top.mapping("status"), top.problems, top.file, "status")
    part.only(("booked", "column", "unbooked"))
    status = m.Status(part.id("column"), _words(part, "booked"), _words(part, "unbooked"))
    if not status.booked or status.booked & status.unbooked:
        top.add(FieldWrong("status", top.place("status"), says="needs the words for booked, none of them for unbooked"))
    return status


def _account(row: Fields) -> m.AccountMapping:
    known = [f.name for f in fields(m.AccountMapping)]
    row.only(sorted(known))
    return m.AccountMapping(row.id("id"), *(row.text(name, "") for name in known[1:]))


def _check_needs(top: Fields, mapping: m.Mapping) -> None:
    def need(present: object, name: str, says: str) -> None:
        if not present:
            top.add(FieldMissing(name, top.place("columns"), says=says))

    columns, head = mapping.columns, mapping.head
    need("date" in columns, "date", "is not mapped: name the column of the date")
    need(
        "currency" in columns or mapping.currency or "currency" in head,
        "currency",
        "is neither a column nor stated for the whole file",
    )
    if mapping.shape == m.TRANSFER:
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
        need(
            "account" in columns or mapping.account or mapping.account_in_name or "account" in head,
            "account",
            "is neither a column nor stated for the whole file",
        )
        signed, split = "amount" in columns, {"debit", "credit"} <= set(columns)
        need(signed != split, "amount", "needs either one signed column (amount) or two (debit and credit)")
    _check_fit(top, mapping)


def _check_fit(top: Fields, mapping: m.Mapping) -> None:
    """Fields that mean nothing together would be ignored in silence."""

    def refuse(wrong: object, name: str, says: str) -> None:
        if wrong:
            top.add(FieldWrong(name, top.place(name), says=says))

    statement = mapping.shape == m.STATEMENT
    for name in (
        "sign",
        "balance_sign",
        "minus",
        "positive",
        "balance_positive",
        "status",
        "rows",
        "head",
        "bank",
        "account_in_name",
    ):
        refuse(name in top.data and not statement, name, "belongs to the shape statement")
    amount = "amount" in mapping.columns
    refuse(statement and mapping.sign and not amount, "sign", "needs the column amount")
    refuse(mapping.balance_sign and "balance" not in mapping.columns, "balance_sign", "needs the column balance")
    refuse(statement and mapping.minus and amount and not mapping.sign, "minus", "needs sign, or debit and credit")
    refuse(mapping.amounts_are_debits and (mapping.sign or not amount), "positive", "needs one signed column (amount)")
    refuse(mapping.sheets and mapping.format != m.XLSX, "sheet", "belongs to the format xlsx")
    refuse(mapping.layout and mapping.format != m.PDF, "layout", "belongs to the format pdf")
    refuse(mapping.header and "header_row" in top.data, "header", "names columns in place of a header row")
    repeated = len(set(mapping.header)) < len(mapping.header)
    refuse(repeated, "header", "names one column twice")
