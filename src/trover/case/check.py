"""Findings against the ledger: what they name must be there and must be able to be what they say.

Every problem is reported, each with the place of the finding it is in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trover.case import finding as kinds
from trover.case.admission import NEEDS
from trover.case.finding import Finding
from trover.case.state import Source
from trover.errors import (
    AmountNotPositive,
    ClaimOnReturn,
    CurrencyMismatch,
    FindingTwice,
    LinkImpossible,
    MixedCurrencies,
    Place,
    Problem,
    UnknownAccount,
    UnknownEvidence,
    UnknownRule,
    UnknownStatement,
    UnknownTransfer,
)
from trover.ledger.check import claim_problems
from trover.ledger.event import Account, Event, is_underway
from trover.ledger.ledger import Ledger
from trover.sources.record import Pointer
from trover.trace.compare import parse_key

ALONE = (kinds.Fund, kinds.InterestChoice, kinds.ActionDate)
"""Kinds of which a trace can take only one as given."""


def finding_problems(
    findings: Sequence[Finding], ledger: Ledger, sources: Mapping[str, Source], places: Mapping[str, Place]
) -> list[Problem]:
    """All that is wrong with these findings (those in force) on this ledger.

    sources: the sources of the case by their SHA-256. places: finding id -> where it is stated, if anywhere.
    """
    check = _Check(ledger, findings, sources, places)
    check.claims()
    check.once()
    for finding in findings:
        check.one(finding)
    check.shortfalls()
    return check.found


@dataclass(frozen=True, slots=True)
class _PlacedClaim:
    """A claim as the check of entries wants it; the pointer leads back to the finding."""

    claimant: str
    amount: int
    transfer: str
    account: str
    pointer: Pointer


@dataclass
class _Check:
    ledger: Ledger
    findings: Sequence[Finding]
    sources: Mapping[str, Source]
    places: Mapping[str, Place]
    found: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts: dict[str, Account] = self.ledger.account_by_id
        named = {t for f in self.findings for t in transfers_of(f.body)}
        self.rows = rows_of(self.ledger, named)
        self.events = events_of(self.ledger, named)
        self.returned = {event.id: event.reverses for event in self.events.values() if event.reverses}

    def add(self, problem: Problem, finding: Finding) -> None:
        self.found.append(problem.at(self.places.get(finding.id, Place())))

    def claims(self) -> None:
        claims = [f for f in self.findings if isinstance(f.body, kinds.Claimed)]
        placed = [
            _PlacedClaim(f.body.claimant, f.body.amount, f.body.transfer, f.body.account, Pointer(f.id))
            for f in claims
            if isinstance(f.body, kinds.Claimed) and bool(f.body.transfer) != bool(f.body.account)
        ]
        self.found += claim_problems(placed, self.accounts, self.events.values(), place=self._place)

    def _place(self, pointer: Pointer, column: str = "") -> Place:
        return self.places.get(pointer.sha256, Place())

    def once(self) -> None:
        """No two findings in force say the same thing or contradict each other."""
        seen: dict[tuple[object, ...], Finding] = {}
        for finding in self.findings:
            for subject in _subjects(finding.body):
                first = seen.setdefault(subject, finding)
                if first is not finding:
                    self.add(FindingTwice(str(subject[-1]), says=f"is also the subject of finding {first.id}"), finding)

    def one(self, finding: Finding) -> None:
        for transfer in transfers_of(finding.body):
            if transfer not in self.events and not isinstance(finding.body, kinds.Claimed):
                self.add(UnknownTransfer(transfer), finding)
                return
        check = _CHECKS.get(type(finding.body))
        if check is not None:
            for problem in check(self, finding.body):
                self.add(problem, finding)

    def claim(self, claim: kinds.Claimed) -> Iterable[Problem]:
        if bool(claim.transfer) == bool(claim.account):
            yield UnknownTransfer(
                claim.transfer, says="does not name one transfer or one account, where the claim enters"
            )
        if claim.repaid < 0:
            yield AmountNotPositive(claim.repaid, says="is repaid, an amount below zero")
        if claim.transfer in self.events:
            if claim.transfer in self.returns():
                yield ClaimOnReturn(claim.transfer)
            yield from self._currency(claim, self.events[claim.transfer].inputs[0].account)
        elif claim.account in self.accounts:
            yield from self._currency(claim, claim.account)

    def _currency(self, claim: kinds.Claimed, account: str) -> Iterable[Problem]:
        held = self.accounts[account].currency
        if claim.currency and claim.currency != held:
            yield CurrencyMismatch(claim.currency, says=f"is claimed, where {held} came in")

    def returns(self) -> set[str]:
        """Credits that only bring back what was paid before."""
        linked = (kinds.Reversal, kinds.CashLink, kinds.Settlement)
        return {f.body.transfer for f in self.findings if isinstance(f.body, linked)} | set(self.returned)

    def reversal(self, body: kinds.Reversal) -> Iterable[Problem]:
        yield from self._return(body.transfer, body.returned, "returned")

    def cash(self, body: kinds.CashLink) -> Iterable[Problem]:
        yield from self._return(body.transfer, body.withdrawal, "withdrawn")

    def settlement(self, body: kinds.Settlement) -> Iterable[Problem]:
        """A broker's payment against an earlier one, in one currency, shown by records that the case has."""
        yield from self._return(body.transfer, body.payment, "settled")
        known = {id for source in self.sources.values() for id in source.evidence}
        yield from (UnknownEvidence(id) for id in body.records if id not in known)
        paid = {self.accounts[leg.account].currency for leg in self.events[body.payment].outputs}
        received = {self.accounts[leg.account].currency for leg in self.events[body.transfer].inputs}
        if len(paid | received) > 1:
            says = f"is in {' and '.join(sorted(received))}, and {body.payment} in {' and '.join(sorted(paid))}"
            remedy = "A settlement links amounts of one currency; no rate is assumed. Record a note instead."
            yield LinkImpossible(body.transfer, says=says, remedy=remedy)

    def _return(self, credit: str, payment: str, done: str) -> Iterable[Problem]:
        """A return comes in from outside, after a payment that went out of the ledger."""
        if not all(self.accounts[leg.account].is_external for leg in self.events[payment].outputs):
            yield LinkImpossible(payment, says=f"is to be {done}, but did not leave the ledger")
        if not any(self.accounts[leg.account].is_external for leg in self.events[credit].inputs):
            yield LinkImpossible(credit, says="is to bring money back, but does not come from outside the ledger")
        if self.rows[credit] <= self.rows[payment]:
            yield LinkImpossible(credit, says=f"does not come after {payment}, which it is to bring back")

    def backward(self, body: kinds.BackwardLink) -> Iterable[Problem]:
        if self.rows[body.transfer] <= self.rows[body.debit]:
            says = f"does not come after {body.debit}: only a later credit is linked backward"
            yield LinkImpossible(body.transfer, says=says)

    def shortfalls(self) -> None:
        """Credits linked backward to one debit may not exceed what it overdrew (rules 2.8)."""
        funded: defaultdict[str, int] = defaultdict(int)
        for finding in self.findings:
            body = finding.body
            if isinstance(body, kinds.BackwardLink) and {body.transfer, body.debit} <= set(self.events):
                funded[body.debit] += sum(leg.amount for leg in self.events[body.transfer].outputs)
                missing = self._shortfall(body.debit)
                if funded[body.debit] > missing:
                    says = f"is linked backward to {body.debit}, which overdrew only {missing}"
                    self.add(LinkImpossible(funded[body.debit], says=says), finding)

    def _shortfall(self, debit: str) -> int:
        paid = self.events[debit].inputs[0]
        before = balance_before(self.ledger, paid.account, self.rows[debit])
        return max(0, paid.amount - max(0, before))

    def pool(self, body: kinds.Pool) -> Iterable[Problem]:
        yield from self.known_accounts(body)
        currencies = sorted({self.accounts[a].currency for a in body.accounts if a in self.accounts})
        if len(currencies) > 1:
            says = f"consolidates accounts in {' and '.join(currencies)}"
            yield MixedCurrencies(body.pool, says=says, remedy="Consolidate accounts of one currency only.")
        if body.pool in self.accounts and body.pool not in body.accounts:
            yield FindingTwice(body.pool, says="is the name of a pool, but also of an account that is not in it")

    def known_accounts(self, body: kinds.Pool | kinds.Fund) -> Iterable[Problem]:
        for account in body.accounts:
            known = self.accounts.get(account)
            if known is None:
                yield UnknownAccount(account)
            elif known.is_external:
                yield UnknownAccount(account, says="is outside the ledger and holds nothing")

    def fate(self, body: kinds.Preserved | kinds.Dissipated) -> Iterable[Problem]:
        known = self.accounts.get(body.asset)
        if known is None or not known.is_asset:
            yield UnknownAccount(body.asset, says="is not an asset of this ledger")

    def admission(self, body: kinds.Admission) -> Iterable[Problem]:
        source = self.sources.get(body.source)
        if source is None:
            yield Problem(body.source, says="is not the SHA-256 of a source of this case")
            return
        named = [s for s in source.statements if body.statement in ("", s.id)]
        if not named:
            yield UnknownStatement(body.statement or source.name)
        elif not any(NEEDS.get(s.standing) is type(body) for s in named):
            standings = " and ".join(sorted({str(s.standing) for s in named}))
            yield Problem(
                body.statement or source.name, says=f"is {standings}: a finding {body.kind} admits none of it"
            )

    def same(self, body: kinds.SameTransfer) -> Iterable[Problem]:
        """A finding that two rows are one payment must have made them one."""
        payer, payee = self.events[body.payer_row], self.events[body.payee_row]
        through = {leg.account for leg in payer.outputs if is_underway(leg.account)}
        one = self.rows[body.payer_row] == self.rows[body.payee_row] and body.payer_row != body.payee_row
        if not one and not through & {leg.account for leg in payee.inputs}:
            yield LinkImpossible(body.payee_row, says=f"cannot be the other side of {body.payer_row}", remedy=_SIDES)

    def rule(self, body: kinds.RuleChoice) -> Iterable[Problem]:
        try:
            parse_key(body.rule)
        except UnknownRule as problem:
            yield problem


_SIDES = (
    "The payer's row must go out of one account of the case, the payee's come into another from outside, on the same "
    "day or later, with no more than was sent; neither may be joined with another row, and no claim may enter at them."
)

_CHECKS: dict[type, Callable[..., Iterable[Problem]]] = {
    kinds.Claimed: _Check.claim,
    kinds.Reversal: _Check.reversal,
    kinds.CashLink: _Check.cash,
    kinds.Settlement: _Check.settlement,
    kinds.BackwardLink: _Check.backward,
    kinds.Pool: _Check.pool,
    kinds.Fund: _Check.known_accounts,
    kinds.Preserved: _Check.fate,
    kinds.Dissipated: _Check.fate,
    kinds.UnprovedAdmission: _Check.admission,
    kinds.QuarantineAdmission: _Check.admission,
    kinds.SameTransfer: _Check.same,
    kinds.RuleChoice: _Check.rule,
}


def transfers_of(body: kinds.Body) -> list[str]:
    """Ids of the transfers a finding names."""
    names = ("transfer", "returned", "withdrawal", "payment", "debit", "payer_row", "payee_row")
    return [value for name in names if (value := getattr(body, name, ""))]


def about(body: kinds.Body) -> list[str]:
    """Ids of the rows and outputs that a finding is about; an output stands for the transaction that made it."""
    if not isinstance(body, kinds.ThroughService):
        return transfers_of(body)
    named = [*body.given, *body.received, body.credited, body.withdrawn]
    return [id for each in filter(None, named) for id in (each, each.rpartition(":")[0]) if id]


def _subjects(body: kinds.Body) -> list[tuple[object, ...]]:
    """What may be the subject of one finding only."""
    if isinstance(body, ALONE):
        return [(body.kind,)]
    if isinstance(body, kinds.Pool):
        return [*(("account in a pool", account) for account in body.accounts), ("pool", body.pool)]
    if isinstance(body, kinds.Preserved | kinds.Dissipated):
        return [("fate", body.asset)]
    if isinstance(body, kinds.Reversal | kinds.CashLink | kinds.Settlement):
        return [("return", body.transfer)]
    if isinstance(body, kinds.Admission):
        return [(body.kind, body.source, body.statement)]
    if isinstance(body, kinds.SameTransfer | kinds.NotSameTransfer):
        return [("two sides", f"{body.payer_row} and {body.payee_row}")]
    if isinstance(body, kinds.GoodFaith | kinds.BackwardLink):
        return [(body.kind, body.transfer)]
    return []


def rows_of(ledger: Ledger, ids: Iterable[str]) -> dict[str, int]:
    """Row of each of these events that is in the ledger, by its own id or that of another row that states it."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    names = pa.array([ledger.stated_by.get(id, id) for id in wanted], pa.string())
    found = pc.index_in(names, value_set=ledger.events["id"]).to_pylist()
    return {id: row for id, row in zip(wanted, found, strict=True) if row is not None}


def events_of(ledger: Ledger, ids: Iterable[str]) -> dict[str, Event]:
    """Each of these events that is in the ledger, under the id by which it is named, without reading the others."""
    named = rows_of(ledger, ids)
    if not named:
        return {}
    rows = sorted(set(named.values()))
    events = dict(zip(rows, ledger.take(np.array(rows, np.int64)), strict=True))
    return {id: replace(events[row], id=id) for id, row in named.items()}


def balance_before(ledger: Ledger, account: str, row: int) -> int:
    """Balance of `account`, in minor units, before the event in `row`."""
    index = next(i for i, known in enumerate(ledger.account_list) if known.id == account)
    balance = ledger.account_list[index].opening
    for side, sign in (("inputs", -1), ("outputs", 1)):
        legs = getattr(ledger, side).slice(0, int(ledger.first_leg(side)[row]))
        amounts = legs.filter(pc.equal(legs["account"], index))["amount"].to_pylist()
        balance += sign * sum(int(amount) for amount in amounts)
    return balance
