"""Findings: what a person found, with author, date, reason and evidence. Never changed, only superseded.

What a finding says is its body, one small class a kind. The id is a hash of everything else in the
finding, so nobody can change one unseen. The software sets none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from trover.case.canonical import digest
from trover.case.marking import Handling, tlp
from trover.trace.claim import InterestMode

ID_DIGITS = 12


class Body:
    """What a finding says. Amounts are integers of minor units."""

    kind: ClassVar[str]
    traced: ClassVar[bool] = True
    """Whether a trace takes it as given, so that results rest on it."""
    shapes: ClassVar[bool] = False
    """Whether it decides what the ledger is that is traced, not what is assumed about it."""
    holds: ClassVar[bool] = False
    """Whether the rows it names are made one with others by a person only."""


@dataclass(frozen=True, slots=True)
class Claimed(Body):
    """Money that came in by `transfer`, or stood in the opening balance of `account`, is claimed."""

    kind: ClassVar[str] = "claim"
    holds: ClassVar[bool] = True
    claimant: str
    amount: int
    currency: str = ""
    transfer: str = ""
    account: str = ""
    repaid: int = 0
    offence: str = ""
    iccs: str = ""
    offence_date: date | None = None


@dataclass(frozen=True, slots=True)
class GoodFaith(Body):
    """The payee of `transfer` gave value in good faith and without notice."""

    kind: ClassVar[str] = "bfp"
    transfer: str


@dataclass(frozen=True, slots=True)
class Reversal(Body):
    """`transfer` returns what `returned` paid."""

    kind: ClassVar[str] = "reverses"
    holds: ClassVar[bool] = True
    transfer: str
    returned: str


@dataclass(frozen=True, slots=True)
class CashLink(Body):
    """The deposit `transfer` is the cash that `withdrawal` took out."""

    kind: ClassVar[str] = "linked_to"
    holds: ClassVar[bool] = True
    transfer: str
    withdrawal: str


@dataclass(frozen=True, slots=True)
class Settlement(Body):
    """The credit `transfer` was paid out by `broker` against the earlier `payment`: offset, with no transfer between.

    `records` are the ids of evidence records that show it. No amount comes of them.
    """

    kind: ClassVar[str] = "settlement"
    transfer: str
    payment: str
    broker: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackwardLink(Body):
    """The credit `transfer` funded the earlier `debit`."""

    kind: ClassVar[str] = "backward_for"
    holds: ClassVar[bool] = True
    transfer: str
    debit: str


@dataclass(frozen=True, slots=True)
class Pool(Body):
    """`accounts` are to be read as one, under the name `pool`."""

    kind: ClassVar[str] = "consolidate"
    pool: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fund(Body):
    """`accounts` form the fund of a distribution."""

    kind: ClassVar[str] = "fund"
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterestChoice(Body):
    """Who bears interest."""

    kind: ClassVar[str] = "interest_mode"
    mode: InterestMode


@dataclass(frozen=True, slots=True)
class ActionDate(Body):
    """The action was commenced on `day` (18 USC 984)."""

    kind: ClassVar[str] = "action_date"
    day: date


@dataclass(frozen=True, slots=True)
class Preserved(Body):
    """The `asset` is still there."""

    kind: ClassVar[str] = "preserved"
    traced: ClassVar[bool] = False
    asset: str


@dataclass(frozen=True, slots=True)
class Dissipated(Body):
    """The `asset` is gone: buying it preserved nothing."""

    kind: ClassVar[str] = "dissipated"
    asset: str


@dataclass(frozen=True, slots=True)
class Admission(Body):
    """Statements of the source with this SHA-256 enter the ledger although the gate did not let them through.

    `statement` is the id of one statement; empty means every one of the source that has the standing in question.
    """

    shapes: ClassVar[bool] = True
    source: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class UnprovedAdmission(Admission):
    """Statements that print nothing which proves them complete."""

    kind: ClassVar[str] = "unproved_admission"


@dataclass(frozen=True, slots=True)
class QuarantineAdmission(Admission):
    """Statements whose printed balances are not what their rows give."""

    kind: ClassVar[str] = "quarantine_admission"


@dataclass(frozen=True, slots=True)
class SameTransfer(Body):
    """The rows `payer_row` and `payee_row`, on two statements, are the two sides of one payment."""

    kind: ClassVar[str] = "same_transfer"
    shapes: ClassVar[bool] = True
    payer_row: str
    payee_row: str


@dataclass(frozen=True, slots=True)
class NotSameTransfer(Body):
    """The rows `payer_row` and `payee_row` are two payments, whatever they have in common."""

    kind: ClassVar[str] = "not_same_transfer"
    shapes: ClassVar[bool] = True
    payer_row: str
    payee_row: str


@dataclass(frozen=True, slots=True)
class GapBridged(Body):
    """What `account` held goes on over a gap: in its statements, from day `start` to day `end`, or in a chain, where
    `amount` of an output goes on in the output `to`.

    In statements only the net difference of the balances is booked, and composition carries on. In a chain the rest
    stays in the gap, `amount` is in minor units, and evidence must be cited.
    """

    kind: ClassVar[str] = "gap_bridged"
    shapes: ClassVar[bool] = True
    account: str
    start: date | None = None
    end: date | None = None
    to: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class ThroughService(Body):
    """`service` (an exchange, a bridge, a swap) received `given` for its `customer` and paid out `received` for it.

    `given` and `received` are outputs of a chain, or transfers; where nothing received is named the trail stops there.
    Where the customer's account at the service is in the case, `credited` is its row that shows what was given,
    `withdrawn` the one that shows what was paid out. `amount`: how much of what was given went into what was received,
    in minor units, where it was not all.
    """

    kind: ClassVar[str] = "through_service"
    shapes: ClassVar[bool] = True
    holds: ClassVar[bool] = True
    service: str
    given: tuple[str, ...]
    received: tuple[str, ...] = ()
    customer: str = ""
    credited: str = ""
    withdrawn: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class RuleChoice(Body):
    """The rule to be put first, and by whose choice."""

    kind: ClassVar[str] = "rule_choice"
    traced: ClassVar[bool] = False
    rule: str


@dataclass(frozen=True, slots=True)
class Note(Body):
    """Something to keep, about a thing named in `about`."""

    kind: ClassVar[str] = "note"
    traced: ClassVar[bool] = False
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal(Body):
    """The finding that this one supersedes no longer holds; nothing takes its place."""

    kind: ClassVar[str] = "withdrawal"
    traced: ClassVar[bool] = False


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        Claimed, GoodFaith, Reversal, CashLink, Settlement, BackwardLink, Pool, Fund, InterestChoice, ActionDate,
        Preserved, Dissipated, UnprovedAdmission, QuarantineAdmission, SameTransfer, NotSameTransfer,
        GapBridged, ThroughService, RuleChoice, Note, Withdrawal,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `date` is UTC, to the second. `evidence`: ids, row pointers or addresses of documents."""

    body: Body
    author: str
    date: datetime
    reason: str
    evidence: tuple[str, ...] = ()
    supersedes: str = ""
    handling: Handling = field(default_factory=Handling)
    id: str = ""

    @property
    def kind(self) -> str:
        return self.body.kind

    def sealed(self) -> Finding:
        """The same finding with the id its content gives."""
        plain = plain_finding(self)
        plain.pop("id", None)
        return replace(self, id=digest(plain)[:ID_DIGITS])

    @property
    def is_intact(self) -> bool:
        return self.id == self.sealed().id


def plain_body(body: Body) -> dict[str, Any]:
    """Field -> value of what the body states, as it is written; what it leaves at its default is left out."""
    stated = [f for f in fields(body) if getattr(body, f.name) != f.default]  # type: ignore[arg-type]
    return {f.name: _plain(getattr(body, f.name)) for f in stated}


def plain_handling(handling: Handling) -> dict[str, Any]:
    plain: dict[str, Any] = {"marking": str(handling.marking)}
    if handling.legal_basis:
        plain["legal_basis"] = list(handling.legal_basis)
    if handling.retention:
        plain["retention"] = handling.retention.isoformat()
    return plain


def plain_finding(finding: Finding) -> dict[str, Any]:
    """The finding as one flat object: what is written to the readable file and what is hashed."""
    plain: dict[str, Any] = {"id": finding.id, "kind": finding.kind, **plain_body(finding.body)}
    plain |= {"author": finding.author, "date": stamp(finding.date), "reason": finding.reason}
    if finding.evidence:
        plain["evidence"] = list(finding.evidence)
    if finding.supersedes:
        plain["supersedes"] = finding.supersedes
    return plain | plain_handling(finding.handling)


def handling_of(plain: dict[str, Any]) -> Handling:
    """The reverse of `plain_handling`. Raises `UnknownMarking`."""
    retention = plain.get("retention")
    return Handling(
        tlp(plain["marking"]),
        tuple(plain.get("legal_basis", ())),
        date.fromisoformat(retention) if retention else None,
    )


def stamp(moment: datetime) -> str:
    """UTC to the second: 2026-11-25T04:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, InterestMode) else value
