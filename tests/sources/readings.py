"""What tests ask of a reading: its parts, and that a file is read or refused with problems, whatever it holds."""

from __future__ import annotations

from trover.errors import InputErrors, Problem
from trover.ledger.build import build_ledger
from trover.ledger.digest import ledger_hash
from trover.sources.custody import SourceFile, source_of
from trover.sources.mapping import Mapping
from trover.sources.reader import Reading, read_records
from trover.sources.record import AccountRecord, EventRecord, StatementRecord

BALANCES = ("LEDGERBAL", "60F", "60M", "62F", "62M", "OPBD", "PRCD", "CLBD", "FrToDt")
"""How the ids of balances and periods end."""


def events(reading: Reading) -> list[EventRecord]:
    return [record for record in reading.records if isinstance(record, EventRecord)]


def statements(reading: Reading) -> list[StatementRecord]:
    return [record for record in reading.records if isinstance(record, StatementRecord)]


def accounts(reading: Reading) -> dict[str, AccountRecord]:
    return {record.id: record for record in reading.records if isinstance(record, AccountRecord)}


def sides(event: EventRecord) -> tuple[str, str, int]:
    """Who gives, who gets, and how much arrives."""
    return event.inputs[0].account, event.outputs[0].account, event.outputs[0].amount


def read_or_problems(source: SourceFile, mapping: Mapping | None = None) -> Reading | tuple[Problem, ...]:
    try:
        return read_records(source, mapping)
    except InputErrors as errors:
        return errors.problems


def assert_read_or_refused(data: bytes, mapping: Mapping | None = None) -> Reading | None:
    """Read and build: a ledger comes of it, or problems that say what to do. None where the file is refused."""
    read = read_or_problems(source_of("any", data), mapping)
    if not isinstance(read, Reading):
        assert_refused_with_words(read)
        return None
    inside = (problem for row in read.broken_rows for problem in row.problems)
    assert_with_words((*read.problems, *read.remarks, *inside))
    try:
        ledger = build_ledger(
            read.records,
            files=read.files,
            columns=read.columns,
            claims=read.claims,
            problems=read.problems,
            broken=read.broken,
        )
    except InputErrors as errors:
        assert_refused_with_words(errors.problems)
    else:
        assert len(ledger_hash(ledger)) == 64
    return read


def assert_refused_with_words(problems: tuple[Problem, ...]) -> None:
    assert problems, "refused without a reason"
    assert_with_words(problems)


def assert_with_words(problems: tuple[Problem, ...]) -> None:
    """Each says what is wrong and what to do."""
    assert all(str(problem) and problem.remedy for problem in problems)


def rows_accounted_for(reading: Reading) -> int:
    """Rows that are booked, left out with a reason, or broken; a balance or a period that is broken is no row."""
    broken = {row.id for row in reading.broken_rows if row.id.rpartition(":")[2] not in BALANCES}
    return len(events(reading)) + len(reading.unbooked) + len(broken)
