"""The statements of a case put together account by account, and the gaps between them (rules 1.10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from trover.case.admission import Judged, judged_statements
from trover.case.finding import Finding, GapBridged
from trover.case.state import Source
from trover.errors import Place, Problem, UnknownGap
from trover.ledger.gap import Examined, Gap, Held, Span, examine
from trover.ledger.gap.apply import put_together
from trover.ledger.gap.stand import Stand
from trover.ledger.gate import Standing
from trover.ledger.ledger import Ledger

_BLACKENED = re.compile(r"redacted|[\u2588\u2593\u25a0\u25ae]{2,}", re.IGNORECASE)
_HELD = {Standing.UNPROVED: Held.UNPROVED, Standing.FAILED: Held.FAILED}


def examined(ledger: Ledger, sources: Iterable[Source], findings: Iterable[Finding]) -> Examined:
    """How the admitted statements of `sources` join; `ledger` has their rows. What is only announced joins nothing."""
    stand = Stand(ledger)
    days = stand.days()
    judged = [each for each in judged_statements(sources, findings) if each.statement.booked]
    spans = [_span(each, stand, days) for each in judged]
    return examine((span for span in spans if span is not None), stand.movements)


def joined(ledger: Ledger, sources: Mapping[str, Source], findings: Sequence[Finding]) -> tuple[Ledger, Examined]:
    """`ledger` with rows that repeat counted once, statements in order and gaps as events; and what was found."""
    found = examined(ledger, sources.values(), findings)
    bridged = {gap.sink for gap in found.gaps if bridge(gap, findings)}
    return put_together(_opened(ledger, found), found, bridged), found


def open_gaps(ledger: Ledger, sources: Iterable[Source], findings: Sequence[Finding]) -> dict[str, Gap]:
    """The gaps at which tracing stops, by the sink each is booked under; those that a finding bridges are not."""
    gaps = examined(ledger, sources, findings).gaps
    return {gap.sink: gap for gap in gaps if gap.stops and bridge(gap, findings) is None}


def gap_notes(found: Examined, findings: Sequence[Finding]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a reader must know, in words, and the ids of the rows it is about."""
    for gap in found.gaps:
        days = f"from {gap.start} to {gap.end}" if gap.start < gap.end else f"on {gap.start}"
        finding = bridge(gap, findings)
        over = f"bridged by finding {finding.id} of {finding.author}" if finding else "tracing stops there"
        if gap.stops:
            yield f"{gap.account} has a gap {days}: {gap.why.value}; {over}", gap.rows_out
    silent = {gap.account for gap in found.gaps if not gap.stops}
    if silent:
        yield (
            f"no balance joins the statements of {', '.join(sorted(silent))}: nothing shows whether any is missing",
            (),
        )
    for again in found.duplicates:
        count = f"{_rows(again.rows)} counted once"
        yield f"a statement of {again.account} is there twice ({again.again[1]}): {count}", tuple(again.rows)
    for over_days in found.overlaps:
        what = f"{over_days.again[1]} of {over_days.account} repeats {_rows(over_days.rows)}"
        yield f"statement {what} from {over_days.start} to {over_days.end}, counted once", tuple(over_days.rows)
    sinks = {(gap.account, gap.start, gap.end) for gap in found.gaps if gap.stops}
    for finding in findings:
        body = finding.body
        if isinstance(body, GapBridged) and (body.account, body.start, body.end) not in sinks:
            yield (
                f"finding {finding.id} bridges {body.account} from {body.start} to {body.end}: there is no such gap",
                (),
            )


def _rows(ids: Mapping[str, str]) -> str:
    return "1 row" if len(ids) == 1 else f"{len(ids):,} rows"


def bridge_problems(
    new: Iterable[Finding],
    ledger: Ledger,
    sources: Iterable[Source],
    findings: Sequence[Finding],
    places: Mapping[str, Place],
) -> list[Problem]:
    """New findings that bridge what is no gap of this case."""
    bridges = [(finding, finding.body) for finding in new if isinstance(finding.body, GapBridged)]
    if not bridges:
        return []
    gaps = [gap for gap in examined(ledger, sources, findings).gaps if gap.stops]
    known = {(gap.account, gap.start, gap.end) for gap in gaps}
    problems: list[Problem] = []
    for finding, body in bridges:
        if (body.account, body.start, body.end) not in known:
            own = [f"{gap.start} to {gap.end}" for gap in gaps if gap.account == body.account]
            remedy = f"Gaps of {body.account}: {', '.join(own) or 'none'}."
            value = f"{body.account} from {body.start} to {body.end}"
            problems.append(UnknownGap(value, places.get(finding.id, Place()), remedy=remedy))
    return problems


def bridge(gap: Gap, findings: Iterable[Finding]) -> Finding | None:
    for finding in findings:
        body = finding.body
        if isinstance(body, GapBridged) and (body.account, body.start, body.end) == (gap.account, gap.start, gap.end):
            return finding
    return None


def _span(each: Judged, stand: Stand, days: np.ndarray) -> Span | None:
    """The statement as gaps look at it; None where nothing says on which days it is."""
    statement = each.statement
    name = each.source.sha256, statement.id
    own = days[stand.rows(name)]
    printed = [day for day in (statement.start, statement.end) if day]
    seen = [date.fromordinal(int(day)) for day in (own.min(), own.max())] if len(own) else []
    every = [*printed, *seen]
    if not every:
        return None
    return Span(
        *name,
        account=statement.account,
        currency=statement.currency,
        start=min(every),
        end=max(every),
        opening=statement.opening,
        count=statement.rows,
        change=statement.credits - statement.debits,
        debits=statement.debits,
        first=seen[0] if seen else None,
        number=statement.number,
        held=Held.NO if each.is_admitted else _held(each),
    )


def _held(each: Judged) -> Held:
    if not each.statement.unreadable:
        return _HELD[each.statement.standing]
    value = str((each.statement.first_bad or {}).get("value", ""))
    return Held.REDACTED if _BLACKENED.search(value) else Held.BROKEN


def _opened(ledger: Ledger, found: Examined) -> Ledger:
    """Each account opens with the balance at the start of the first of its statements, as they follow each other."""
    accounts = [
        replace(account, opening=opening)
        if (opening := found.openings.get((account.id, account.currency))) is not None
        else account
        for account in ledger.account_list
    ]
    if tuple(accounts) == ledger.account_list:
        return ledger
    return ledger.with_accounts(accounts, np.arange(len(accounts), dtype=np.int32))
