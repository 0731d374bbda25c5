"""Small statements for tests, put together of rows, so that each test shows only what it is about."""

from __future__ import annotations

from tests.sources.readings import events

from trover.errors import Problem
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord

OWN = "12345678/1020304050"


def statement(
    *rows: str,
    account: str = OWN,
    number: str = "7/1",
    opening: str = "60F:C210401EUR100,00",
    closing: str = "62F:C210430EUR100,00",
    end: str = "-",
) -> str:
    """One MT940 without envelope; `rows` are whole fields, `opening` and `closing` fields without the first colon."""
    fields = [":20:STARTUMS", f":25:{account}", f":28C:{number}", *([f":{opening}"] if opening else []), *rows]
    fields += [f":{closing}"] if closing else []
    return "\n".join([*fields, end, ""])


def enveloped(text: str, kind: str = "940", trailer: str = "{5:{CHK:123456789ABC}}") -> str:
    header = f"{{1:F01BANKDEFFAXXX0000000000}}{{2:O{kind}0000210401BANKDEFFAXXX00000000002104010000N}}"
    return f"{header}{{4:\n{text.rstrip().removesuffix('-')}-}}{trailer}\n"


def read(text: str, encoding: str = "utf-8") -> Reading:
    return read_records(source_of("statement.sta", text.encode(encoding)))


def sound(text: str) -> Reading:
    """Read `text`, of which every row is sound."""
    reading = read(text)
    assert (reading.problems, reading.broken_rows) == ((), ())
    return reading


def event(*fields: str) -> EventRecord:
    """The event of a statement with one row."""
    (only,) = events(sound(statement(*fields)))
    return only


def other(record: EventRecord) -> str:
    """The counterparty of an event, without its prefix."""
    legs = [leg.account for leg in (*record.inputs, *record.outputs) if leg.account.startswith("EXT:")]
    (only,) = legs
    return only.removeprefix("EXT:")


def moved(record: EventRecord, account: str = OWN) -> int:
    came = sum(leg.amount for leg in record.outputs if leg.account == account)
    return came - sum(leg.amount for leg in record.inputs if leg.account == account)


def problems(reading: Reading) -> list[Problem]:
    return [*reading.problems, *(problem for row in reading.broken_rows for problem in row.problems)]
