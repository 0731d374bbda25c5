"""Every statement of the records judged: proved, unproved, or failed at a named row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from trover.errors import Problem
from trover.ledger.check import PlaceOf
from trover.ledger.event import UNKNOWN
from trover.ledger.gate import words
from trover.ledger.gate.count import Columns, Walk, walk
from trover.ledger.gate.gather import Sheet, day_of, sheets_of
from trover.ledger.gate.verdict import Order, Proof, Standing, Verdict
from trover.sources.record import BrokenRow, EventRecord, Record


def judge(records: Iterable[Record], place: PlaceOf, broken_rows: Sequence[BrokenRow] = ()) -> tuple[Verdict, ...]:
    """One verdict for each statement of `records`, in the order the statements first occur.

    Every row is in the verdict of each statement it stands on, and on at least one. `place` turns a pointer into
    the place that a message names. `broken_rows` fail their statement.
    """
    return tuple(_verdict(sheet, place) for sheet in sheets_of(records, broken_rows))


def _verdict(sheet: Sheet, place: PlaceOf) -> Verdict:
    statement = sheet.statement
    balances = [sheet.balance(row) for row in sheet.rows]
    days = [day_of(row).toordinal() for row in sheet.rows]
    columns = Columns(sheet.changes, balances, days, statement.opening)
    if any(balance is not None for balance in balances):
        walked = walk(columns, lambda row: _effect(sheet.rows[row]))
    else:
        walked = Walk(list(range(len(sheet.rows))), Order.NONE, _start(sheet))
    closing = None if walked.start is None else walked.start + sum(sheet.changes)
    standing, proof, reason, bad = _standing(sheet, columns, walked, closing, place)
    proved = standing is Standing.PROVED
    rows = [sheet.rows[i] for i in walked.rows]
    times = [row.time for row in rows]
    return Verdict(
        statement=statement,
        implied=sheet.implied,
        standing=standing,
        proof=proof,
        reason=reason,
        order=walked.order if proved else Order.NONE,
        rows=tuple(row.id for row in (rows if proved else sheet.rows)),
        credits=sum(change for change in sheet.changes if change > 0),
        debits=-sum(change for change in sheet.changes if change < 0),
        opening=walked.start,
        opening_implied=statement.opening is None and walked.start is not None,
        closing=closing,
        first=date.fromordinal(min(days)) if days else None,
        last=date.fromordinal(max(days)) if days else None,
        failures=_failures(walked, statement.closing, closing),
        first_bad=bad,
        several_days=_dates(walked.several) if proved else (),
        found_days=_dates(walked.moved) if proved else (),
        against_time=proved and walked.order is not Order.NONE and any(a > b for a, b in pairwise(times)),
        replaced=tuple(sheet.replaced),
        broken=tuple(row.id for row in sheet.broken),
    )


def _start(sheet: Sheet) -> int | None:
    """The opening balance where no row prints one: as printed, or what the closing balance leaves for it."""
    opening, closing = sheet.statement.opening, sheet.statement.closing
    return closing - sum(sheet.changes) if opening is None and closing is not None else opening


def _effect(row: EventRecord) -> Hashable:
    """What makes two rows of one amount and balance different: who paid, and who was paid."""
    legs = (*row.inputs, *row.outputs)
    return tuple(UNKNOWN if leg.account.startswith(UNKNOWN) else leg.account for leg in legs)


def _dates(days: set[int]) -> tuple[date, ...]:
    return tuple(date.fromordinal(day) for day in sorted(days))


def _failures(walked: Walk, stated: int | None, closing: int | None) -> int:
    wrong = stated is not None and closing is not None and stated != closing
    return len(walked.failures) or int(wrong)


def _standing(
    sheet: Sheet, columns: Columns, walked: Walk, closing: int | None, place: PlaceOf
) -> tuple[Standing, Proof, str, Problem | None]:
    statement = sheet.statement
    if sheet.broken:
        first = sheet.broken[0]
        bad = first.problems[0] if first.problems else Problem(first.id, place(first.pointer))
        return Standing.FAILED, Proof.NOTHING, words.broken(len(sheet.broken)), bad
    if statement.chain == "blocks":
        return Standing.PROVED, Proof.BLOCKS, words.BLOCKS, None
    if statement.chain:
        return Standing.UNPROVED, Proof.NOTHING, words.ON_CHAIN[statement.chain], None
    if not statement.booked:
        return Standing.UNPROVED, Proof.NOTHING, words.ANNOUNCED, None
    proof = _proof(columns, walked, statement.closing, closing)
    if walked.failures:
        bad = words.contradicted(sheet, columns, walked, place)
        return Standing.FAILED, proof, words.failed(len(walked.failures)), bad
    if statement.closing is not None and closing is not None and statement.closing != closing:
        return Standing.FAILED, proof, words.FAILED_TOTALS, words.closing_wrong(sheet, columns, closing, place)
    if proof is Proof.NOTHING:
        return Standing.UNPROVED, proof, words.unproved(sheet, columns), None
    if statement.closing is None and (loose := _loose(columns, walked)):
        return Standing.UNPROVED, proof, words.loose(loose), None
    return Standing.PROVED, proof, words.proved(proof, statement, walked, columns), None


def _loose(columns: Columns, walked: Walk) -> int:
    """Rows after the last printed balance: nothing proves them but a closing balance."""
    if walked.daily:
        printed = {columns.days[row] for row in walked.rows if columns.balances[row] is not None}
        last = max(printed)
        return sum(columns.days[row] > last for row in walked.rows)
    loose = 0
    for row in reversed(walked.rows):
        if columns.balances[row] is not None:
            break
        loose += 1
    return loose


def _proof(columns: Columns, walked: Walk, stated: int | None, closing: int | None) -> Proof:
    """What is compared: only what a wrong row would contradict counts."""
    totals = columns.opening is not None and stated is not None
    printed = sum(balance is not None for balance in columns.balances)
    if walked.daily:
        printed = len({day for day, balance in zip(columns.days, columns.balances, strict=True) if balance is not None})
    ending = stated is not None and closing is not None and _loose(columns, walked) > 0 if printed else False
    running = printed if columns.opening is not None else printed - 1 + ending
    if running <= 0:
        return Proof.TOTALS if totals else Proof.NOTHING
    if totals:
        return Proof.BOTH
    return Proof.DAILY if walked.daily else Proof.RUNNING
