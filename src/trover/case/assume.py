"""From findings to what a trace takes as given, and back from a case file to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow.compute as pc

from trover.case import finding as kinds
from trover.case.check import events_of
from trover.case.finding import Body, Finding
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim, InterestMode


def assumptions_of(findings: Iterable[Finding], ledger: Ledger) -> Assumptions:
    """The assumptions that these findings (those in force) and the returns the sources themselves state make."""
    found = list(findings)
    bodies = [f.body for f in found]
    events = _Events(ledger)
    modes = [b.mode for b in bodies if isinstance(b, kinds.InterestChoice)]
    days = [b.day for b in bodies if isinstance(b, kinds.ActionDate)]
    funds = [b.accounts for b in bodies if isinstance(b, kinds.Fund)]
    reverses = stated_returns(ledger) | {
        events[b.transfer]: events[b.returned] for b in bodies if isinstance(b, kinds.Reversal)
    }
    return Assumptions(
        claims=tuple(_claim(f, events) for f in found if isinstance(f.body, kinds.Claimed)),
        bfp=frozenset(events[b.transfer] for b in bodies if isinstance(b, kinds.GoodFaith)),
        reverses=reverses,
        linked_to={events[b.transfer]: events[b.withdrawal] for b in bodies if isinstance(b, kinds.CashLink)}
        | {events[b.transfer]: events[b.payment] for b in bodies if isinstance(b, kinds.Settlement)},
        backward_for={events[b.transfer]: events[b.debit] for b in bodies if isinstance(b, kinds.BackwardLink)},
        consolidate={b.pool: b.accounts for b in bodies if isinstance(b, kinds.Pool)},
        dissipated=frozenset(b.asset for b in bodies if isinstance(b, kinds.Dissipated)),
        fund=funds[0] if funds else (),
        action_date=days[0] if days else None,
        interest=modes[0] if modes else InterestMode.ACCRUE,
    )


def stated_returns(ledger: Ledger) -> dict[str, str]:
    """Return -> returned transfer, where the source itself says so and both are in the ledger."""
    rows = ledger.events.filter(pc.is_in(ledger.events["reverses"], value_set=ledger.events["id"]))
    return dict(zip(rows["id"].to_pylist(), rows["reverses"].to_pylist(), strict=True))


def bodies_of(stated: Assumptions, params: Iterable[str], ledger: Ledger) -> Iterator[Body]:
    """The findings that a case file's own assumptions amount to; `params` are the settings it states."""
    currency = _entry_currencies(ledger, stated.claims)
    for claim in stated.claims:
        yield kinds.Claimed(
            claimant=claim.claimant,
            amount=claim.amount,
            currency=currency.get(claim.transfer or claim.account, ""),
            transfer=claim.transfer,
            account=claim.account,
            repaid=claim.repaid,
            offence_date=claim.offence,
        )
    yield from (kinds.GoodFaith(transfer) for transfer in sorted(stated.bfp))
    yield from (kinds.Reversal(*link) for link in stated.reverses.items())
    yield from (kinds.CashLink(*link) for link in stated.linked_to.items())
    yield from (kinds.BackwardLink(*link) for link in stated.backward_for.items())
    yield from (kinds.Pool(pool, tuple(accounts)) for pool, accounts in stated.consolidate.items())
    yield from (kinds.Dissipated(asset) for asset in sorted(stated.dissipated))
    if stated.fund:
        yield kinds.Fund(stated.fund)
    if stated.action_date:
        yield kinds.ActionDate(stated.action_date)
    if "interest" in params:
        yield kinds.InterestChoice(stated.interest)


def body_of(claim: Claim) -> kinds.Claimed:
    """The finding that a claim of the tracing API amounts to."""
    return kinds.Claimed(
        claim.claimant, claim.amount, transfer=claim.transfer, account=claim.account, repaid=claim.repaid,
        offence_date=claim.offence,
    )  # fmt: skip


class _Events:
    """The event that a row states, where it is not the event's own."""

    def __init__(self, ledger: Ledger) -> None:
        self.stated_by = ledger.stated_by

    def __getitem__(self, row: str) -> str:
        return self.stated_by.get(row, row)


def _claim(found: Finding, events: _Events) -> Claim:
    body = found.body
    assert isinstance(body, kinds.Claimed)
    return Claim(
        claimant=body.claimant,
        amount=body.amount,
        transfer=events[body.transfer],
        account=body.account,
        repaid=body.repaid,
        offence=body.offence_date,
        id=found.id,
    )


def _entry_currencies(ledger: Ledger, claims: Iterable[Claim]) -> dict[str, str]:
    """Currency by transfer or account at which a claim enters."""
    events = events_of(ledger, {claim.transfer for claim in claims if claim.transfer})
    known = ledger.account_by_id
    currencies = {id: known[event.inputs[0].account].currency for id, event in events.items()}
    return currencies | {c.account: known[c.account].currency for c in claims if c.account in known}
