"""Evidence records that findings cite: what documents say of value that left no transfer."""

from __future__ import annotations

from trover.report.document import Column, Line, Table
from trover.report.material import NOT_STATED, CitedRecord
from trover.report.reading import Reading


def cited_records(reading: Reading) -> Table:
    return Table(
        "records",
        "Evidence records that findings cite",
        (
            Column("Id", "text", 1),
            Column("Kind", "text", 2),
            Column("Date or period, place", "text", 2),
            Column("Parties", "text", 3),
            Column("Value, as the document states it", "text", 2),
            Column("Text", "text", 4),
            Column("Document", "text", 4),
            Column("Cited by finding", "text", 2),
        ),
        tuple(_line(record) for record in reading.material.records),
        note="No record is a transfer. What a finding makes of it is shown with the finding and without it in part 10.",
    )


def _line(record: CitedRecord) -> Line:
    text = f"{record.text} [translated: {record.translation}]" if record.translation else record.text
    return Line(
        (
            record.id,
            record.kind,
            ", ".join(filter(None, (record.days, record.place))),
            record.parties,
            record.value or NOT_STATED,
            text,
            record.document,
            ", ".join(record.findings),
        ),
        anchor=f"record-{record.id}",
    )
