"""The statements of a case put together account by account, and the gaps between them (rules 1.10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeGuard

import numpy as np

from trover.case.admission import Judged
from trover.case.finding import Body, Finding, GapBridged
from trover.case.statement import Statement
from trover.errors import Place, Problem, UnknownGap, plural
from trover.ledger.gap import Examined, Gap, Held, Span, examine
from trover.ledger.gap.apply import put_together
from trover.ledger.gap.span import sink_of
from trover.ledger.gap.stand import Stand
from trover.ledger.gate import Standing
from trover.ledger.ledger import Ledger

_BLACKENED = re.compile(r"redacted|[\u2588\u2593\u25a0\u25ae]{2,}", re.IGNORECASE)
_HELD = {Standing.UNPROVED: Held.UNPROVED, Standing.FAILED: Held.FAILED}


def examined(ledger: Ledger, judged: Iterable[Judged]) -> Examined:
    """How the admitted statements of `judged` join; `ledger` has their rows. What is only announced joins nothing."""
    stand = Stand(ledger)
    days = stand.days()
    spans = [_span(each, stand, days) for each in judged if each.statement.booked]
    return examine((span for span in spans if span is not None), stand.movements)


def openings_of(ledger: Ledger, found: Examined, judged: Iterable[Judged]) -> tuple[dict[str, int], list[str]]:
    """Opening balance by account, and the accounts of which none is known and zero is taken.

    It is the balance at the start of the first of the account's statements as they follow each other; where none of
    them says on which days it is, that of the first there is.
    """
    first: dict[tuple[str, str], Statement] = {}
    for each in judged:
        if each.is_admitted and each.statement.booked:
            first.setdefault((each.statement.account, each.statement.currency), each.statement)
    openings: dict[str, int] = {}
    unknown = []
    for account in ledger.account_list:
        key = account.id, account.currency
        known = found.openings.get(key)
        if key not in first or (account.is_external and known is None):
            continue
        if key not in found.order:
            known = first[key].opening
        openings[account.id] = known or 0
        if known is None:
            unknown.append(account.id)
    return openings, unknown


def joined(ledger: Ledger, found: Examined, findings: Iterable[Finding]) -> Ledger:
    """`ledger` with rows that repeat counted once, statements in order and gaps as events."""
    return put_together(ledger, found, {gap.sink for gap in found.gaps} & bridges(findings).keys())


def open_gaps(gaps: Iterable[Gap], findings: Iterable[Finding]) -> dict[str, Gap]:
    """The gaps at which tracing stops, by the sink each is booked under; those that a finding bridges are not."""
    bridged = bridges(findings)
    return {gap.sink: gap for gap in gaps if gap.stops and gap.sink not in bridged}


def bridges(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The findings that bridge gaps, by the sinks of these."""
    found: dict[str, Finding] = {}
    for finding in findings:
        if _is_of_days(finding.body):
            found.setdefault(_bridged(finding.body), finding)
    return found


def gap_notes(found: Examined, findings: Iterable[Finding]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a reader must know, in words, and the ids of the rows it is about."""
    bridged = bridges(findings)
    stops = [gap for gap in found.gaps if gap.stops]
    for gap in stops:
        days = f"from {gap.start} to {gap.end}" if gap.start < gap.end else f"on {gap.start}"
        finding = bridged.get(gap.sink)
        over = f"bridged by finding {finding.id} of {finding.author}" if finding else "tracing stops there"
        yield f"{gap.account} has a gap {days}: {gap.why.value}; {over}", gap.rows_out
    silent = {gap.account for gap in found.gaps if not gap.stops}
    if silent:
        yield (
            f"no balance joins the statements of {', '.join(sorted(silent))}: nothing shows whether any is missing",
            (),
        )
    for again in found.duplicates:
        count = f"{plural(len(again.rows), 'row')} counted once"
        yield f"a statement of {again.account} is there twice ({again.again[1]}): {count}", tuple(again.rows)
    for over_days in found.overlaps:
        what = f"{over_days.again[1]} of {over_days.account} repeats {plural(len(over_days.rows), 'row')}"
        yield f"statement {what} from {over_days.start} to {over_days.end}, counted once", tuple(over_days.rows)
    sinks = {gap.sink for gap in stops}
    for finding in findings:
        body = finding.body
        if _is_of_days(body) and _bridged(body) not in sinks:
            yield (
                f"finding {finding.id} bridges {body.account} from {body.start} to {body.end}: there is no such gap",
                (),
            )


def bridge_problems(new: Iterable[Finding], gaps: Iterable[Gap], places: Mapping[str, Place]) -> list[Problem]:
    """New findings that bridge what is none of the `gaps` of this case."""
    stops = [gap for gap in gaps if gap.stops]
    sinks = {gap.sink for gap in stops}
    problems: list[Problem] = []
    for finding in new:
        body = finding.body
        if _is_of_days(body) and _bridged(body) not in sinks:
            own = [f"{gap.start} to {gap.end}" for gap in stops if gap.account == body.account]
            remedy = f"Gaps of {body.account}: {', '.join(own) or 'none'}."
            value = f"{body.account} from {body.start} to {body.end}"
            problems.append(UnknownGap(value, places.get(finding.id, Place()), remedy=remedy))
    return problems


def _is_of_days(body: Body) -> TypeGuard[GapBridged]:
    """Whether it bridges a gap in statements, not one in a chain."""
    return isinstance(body, GapBridged) and not body.to and bool(body.start and body.end)


def _bridged(body: GapBridged) -> str:
    assert body.start is not None
    assert body.end is not None
    return sink_of(body.account, body.start, body.end)


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
