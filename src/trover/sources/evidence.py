"""Files of evidence records, in YAML or CSV, read strictly. The format: docs/concepts/evidence-record.md."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from trover.errors import (
    AmountNotPositive,
    AmountUnreadable,
    ColumnMissing,
    DateUnreadable,
    DuplicateId,
    DuplicateKey,
    FieldMissing,
    FieldWrong,
    InputErrors,
    NotCsv,
    Place,
    Problem,
    RowShape,
)
from trover.sources.amounts import POINT
from trover.sources.currency import minor_units
from trover.sources.custody import SourceFile
from trover.sources.evidence_record import GOODS_KINDS, GOODS_NEEDED, KINDS, MONEY_KINDS, EvidenceRecord
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.strict_yaml import Lined, load_yaml
from trover.sources.text import decode, shortened
from trover.sources.times import Precision, iso_moment

FORMAT = "trover evidence records"
VERSION = "1"
FIELDS = (
    "id", "kind", "date", "until", "place", "from", "to", "broker", "amount", "currency", "quantity", "goods",
    "document", "page", "text", "language", "translation",
)  # fmt: skip
_TOP = ("format", "version", "document", "records")
_SHA256 = re.compile("[0-9a-f]{64}", re.ASCII)
_YAML = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|---[^\n]*\n)*format:\s*[\"']?" + FORMAT.encode())
_CSV = re.compile(rb"(?:\xef\xbb\xbf)?\"?" + FORMAT.encode() + rb"\"?[,;\t]")


class EvidenceReader:
    """Evidence records in our own format; no row of the ledger comes of them."""

    name = "evidence"

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:4096]
        return bool(_YAML.match(head) or _CSV.match(head))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        found: list[Problem] = []
        rows = list(_from_csv(source, found) if _CSV.match(source.data[:256]) else _from_yaml(source, found))
        records = [record for row, fields in rows if (record := _record(source, row, fields)) is not None]
        first: dict[str, int] = {}
        for row, fields in rows:
            id = fields.data.get("id")
            if isinstance(id, str) and id and first.setdefault(id, row) != row:
                fields.add(DuplicateId(shortened(id), fields.place("id"), says=f"is also the id of row {first[id]}"))
        if not rows and not found:
            found.append(FieldMissing("records", Place(source.name), says="are missing: the file holds none"))
        if found:
            raise InputErrors(found)
        return Reading(source, self.name, (), evidence=tuple(records))


def _from_yaml(source: SourceFile, found: list[Problem]) -> Iterator[tuple[int, Fields]]:
    """Each record with the line it begins on."""
    top = Fields(load_yaml(source), found, source.name)
    top.only(_TOP)
    _version(top.text("format"), top.text("version"), top.place("version"), found)
    shared = top.text("document", "")
    for number, item in enumerate(top.array("records"), 1):
        row = item.line if isinstance(item, Lined) else number
        if shared and isinstance(item, dict):
            item.setdefault("document", shared)
        yield row, Fields(item, found, source.name, row=row)


def _from_csv(source: SourceFile, found: list[Problem]) -> Iterator[tuple[int, Fields]]:
    """Each record with the line it begins on: a line with format and version, the header, then the rows."""
    text = decode(source.data, source.name)
    delimiter = re.split(rf'"?{FORMAT}"?', text, maxsplit=1)[1][0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cells):
                lines.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputErrors([NotCsv("", Place(source.name, row=start), says=f"is not CSV ({error})")]) from None
    _version(lines[0][1][0], "".join(lines[0][1][1:]), Place(source.name, row=lines[0][0]), found)
    row, header = lines[1] if len(lines) > 1 else (None, [])
    place = Place(source.name, row=row)
    for name in ("id", "kind", "date", "document", "page", "text"):
        if name not in header:
            found.append(ColumnMissing(name, place, remedy=f"The columns are: {', '.join(FIELDS)}."))
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            found.append(DuplicateKey(name, place, says="is the name of two columns", remedy="Keep one of them."))
    if found:
        return
    for row, cells in lines[2:]:
        if len(cells) != len(header):
            says = f"values, where the header has {len(header)} columns"
            found.append(RowShape(len(cells), Place(source.name, row=row), says=says))
            continue
        filled = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
        yield row, Fields(filled, found, source.name, row=row)


def _version(format: str, version: str, place: Place, found: list[Problem]) -> None:
    if format != FORMAT or version != VERSION:
        says = f"is not version {VERSION} of {FORMAT}"
        found.append(FieldWrong(shortened(f"{format} {version}".strip()), place, says=says))


def _record(source: SourceFile, row: int, fields: Fields) -> EvidenceRecord | None:
    """The record, or None after adding what is wrong with it."""
    if fields.void:
        return None
    fields.only(FIELDS)
    start, end = _days(fields)
    amount, currency = _amount(fields)
    record = EvidenceRecord(
        pointer=Pointer(source.sha256, "", row),
        id=fields.id("id"),
        kind=fields.id("kind"),
        start=start,
        end=end,
        document=_document(fields),
        page=fields.id("page"),
        text=fields.text("text"),
        place=fields.id("place", ""),
        payer=fields.id("from", ""),
        payee=fields.id("to", ""),
        broker=fields.id("broker", ""),
        amount=amount,
        currency=currency,
        quantity=fields.id("quantity", ""),
        goods=fields.text("goods", ""),
        translation=fields.text("translation", ""),
        language=fields.id("language", ""),
    )
    _needs(fields, record)
    return record if fields.clean else None


def _days(fields: Fields) -> tuple[date | None, date | None]:
    """First and last day, one and the same where no second is stated."""
    start = _day(fields, "date")
    end = _day(fields, "until") if fields.data.get("until") else start
    if start and end and end < start:
        fields.add(FieldWrong(end.isoformat(), fields.place("until"), says=f"is before {start.isoformat()}"))
    return start, end


def _day(fields: Fields, name: str) -> date | None:
    text = fields.id(name)
    if not text:
        return None
    try:
        moment = iso_moment(text)
        if moment.precision is not Precision.DAY:
            raise DateUnreadable(shortened(text), says="is not a day alone")
    except Problem as problem:
        remedy = "Write 2020-01-31; a period has its last day in 'until'."
        fields.add(problem.at(fields.place(name), remedy))
        return None
    return moment.time.date()


def _amount(fields: Fields) -> tuple[int | None, str]:
    """Minor units and currency. All decimals are written, so that 125 and 12500 cannot be the same money."""
    text, currency = fields.text("amount", ""), fields.id("currency", "")
    if not text:
        if currency:
            fields.add(FieldMissing("amount", fields.place("amount"), says="is missing beside its currency"))
        return None, currency
    if not currency:
        fields.add(FieldMissing("currency", fields.place("currency"), says="is missing beside its amount"))
        return None, ""
    try:
        decimals = minor_units(currency)
    except Problem as problem:
        fields.add(problem.at(fields.place("currency")))
        return None, currency
    try:
        minor = POINT.minor(text, decimals)
        if len(text.partition(".")[2]) != decimals:
            raise AmountUnreadable(shortened(text), says=f"does not have the {decimals} decimals of {currency}")
        if minor <= 0:
            raise AmountNotPositive(shortened(text), remedy="An amount says how much; who gave and got it say the way.")
    except Problem as problem:
        remedy = f"Write all decimals of {currency} after a point: 12500.{'0' * decimals}."
        if not decimals:
            remedy = f"Write digits only: {currency} has no decimals."
        shown = remedy if isinstance(problem, AmountUnreadable) else problem.remedy
        fields.add(problem.at(fields.place("amount"), shown))
        return None, currency
    return minor, currency


def _document(fields: Fields) -> str:
    sha256 = fields.id("document")
    if sha256 and not _SHA256.fullmatch(sha256):
        remedy = "Name the document by the SHA-256 of its file, 64 digits from 0 to f."
        fields.add(FieldWrong(shortened(sha256), fields.place("document"), says="is not a SHA-256", remedy=remedy))
    return sha256


def _needs(fields: Fields, record: EvidenceRecord) -> None:
    """What a record of its kind must and cannot state."""

    def wrong(kind: type[Problem], value: Any, name: str, says: str, remedy: str) -> None:
        fields.add(kind(value, fields.place(name), says=says, remedy=remedy))

    kind = record.kind
    if kind and kind not in KINDS:
        wrong(FieldWrong, shortened(kind), "kind", "is not a kind of evidence record", f"Use {', '.join(KINDS)}.")
    if kind in MONEY_KINDS and "amount" not in fields.data:
        wrong(FieldMissing, "amount", "amount", "is missing", f"A record of kind {kind} states an amount.")
    if kind in GOODS_NEEDED and not record.goods:
        wrong(FieldMissing, "goods", "goods", "is missing", f"A record of kind {kind} states goods.")
    if (record.goods or record.quantity) and kind in KINDS and kind not in GOODS_KINDS:
        says = f"is stated, and a record of kind {kind} has none"
        wrong(FieldWrong, "goods", "goods", says, f"Goods belong to: {', '.join(GOODS_KINDS)}.")
    if record.quantity and not record.goods:
        wrong(FieldMissing, "goods", "goods", "is missing beside its quantity", "Say of what it is the quantity.")
    if not (record.payer or record.payee or record.broker):
        wrong(FieldMissing, "from", "from", "is missing, and so are to and broker", "Name one party at least.")
    if "text" in fields.data and not record.text.strip():
        wrong(FieldMissing, "text", "text", "is empty", "Write what the document says, in its own language.")
    if record.translation and not record.language:
        says = "is missing: the text is translated"
        wrong(FieldMissing, "language", "language", says, "Name the language of the original.")
