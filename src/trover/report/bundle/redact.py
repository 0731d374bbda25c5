"""The redacted edition: masks people who are not involved, keeps amounts, order and structure, and still verifies.

Not involved is a party with no traced amount under any rule that tells owners apart, with no claim, and with
no part in a finding. Its accounts, its name and the notes of what it did get neutral labels; each masked
value is committed to with a salt that only the author has.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trover.ledger.event import ASSET, CASH, EXTERNAL, FEE, UNDERWAY, Account, Event, OtherRow, party_id
from trover.ledger.ledger import Ledger
from trover.report.verifier.redaction import commitment
from trover.trace.claim import OWN, Assumptions
from trover.trace.compare import Answer
from trover.trace.lot import Content
from trover.trace.result import Movement, Trace

MASK = "[masked]"
PLAIN_KINDS = frozenset({"", "interest", "reversal", "fee", "charge", "transfer", "cash", "conversion", "payment"})
SHORTEST = 3
"""Names shorter than this are not looked for inside texts."""


@dataclass(frozen=True)
class Redaction:
    """How to redact. `secret`: 32 bytes that only the author has (`keys.redaction_secret`); salts come from it.

    `keep`: accounts to leave as they are. `full_manifest_sha256`: of the full edition this one is made from.
    It too is committed to with a salt: plain, it would let anybody try names until the hash fits.
    """

    secret: bytes
    full_manifest_sha256: str = ""
    keep: frozenset[str] = frozenset()

    def salt(self, place: str) -> bytes:
        return hmac.new(self.secret, place.encode(), hashlib.sha256).digest()

    def reveal(self, place: str, value: str) -> dict[str, str]:
        """What to hand out so that `value` can be checked against the redacted edition."""
        return {"place": place, "salt": self.salt(place).hex(), "value": value}


@dataclass
class Masked:
    """A redacted ledger with what belongs to it. `masked`: place, label and original of every masked value."""

    ledger: Ledger
    answers: list[Answer]
    masked: list[tuple[str, str, str]]
    names: dict[str, str] = field(default_factory=dict)
    """Original -> label, for texts in which a name may occur."""

    def plain(self, value: Any) -> Any:
        """Plain data with masked names replaced wherever they occur in a text."""
        if isinstance(value, str):
            for name in sorted(self.names, key=len, reverse=True):
                value = value.replace(name, self.names[name])
            return value
        if isinstance(value, Mapping):
            return {self.plain(key): self.plain(entry) for key, entry in value.items()}
        return [self.plain(entry) for entry in value] if isinstance(value, list | tuple) else value

    def listed(self, redaction: Redaction) -> list[dict[str, str]]:
        return [
            {"place": place, "label": label, "commitment": commitment(place, redaction.salt(place), value)}
            for place, label, value in self.masked
        ]


def mask(ledger: Ledger, assumptions: Assumptions, answers: Sequence[Answer], keep: Collection[str] = ()) -> Masked:
    """The ledger and answers with everyone masked who is not involved; findings name nobody who is masked."""
    hidden = _hidden(ledger, _involved(ledger, assumptions, answers) | set(keep))
    labels = _labels(hidden, {account.id for account in ledger.account_list})
    masked: list[tuple[str, str, str]] = []
    names: dict[str, str] = {}
    accounts = []
    for account in ledger.account_list:
        label = labels.get(account.id)
        if label is None:
            accounts.append(account)
            continue
        masked.append((f"account {label}, id", label, account.id))
        names |= {account.id: label, account.id.removeprefix(EXTERNAL).removeprefix(ASSET): _bare(label)}
        holder = _bare(label).partition("-")[0] if account.holder else ""
        if holder:
            masked.append((f"account {label}, holder", holder, account.holder))
            names[account.holder] = holder
        accounts.append(replace(account, id=label, holder=holder))
    names = {name: label for name, label in names.items() if len(name) >= SHORTEST}
    quiet = _quiet(ledger, answers)
    events = [_event(event, labels, quiet, names, masked) for event in ledger]
    return Masked(Ledger.of(accounts, events), [_answer(answer, labels) for answer in answers], masked, names)


def _bare(label: str) -> str:
    return label.removeprefix(EXTERNAL).removeprefix(ASSET).partition(" in ")[0]


def _telling(answers: Iterable[Answer]) -> list[Trace]:
    return [answer.trace for answer in answers if answer.trace is not None and answer.rule.recoverable]


def _claimed(content: Content) -> bool:
    return any(quantity and owner != OWN for owner, quantity in content.items())


def _involved(ledger: Ledger, facts: Assumptions, answers: Sequence[Answer]) -> set[str]:
    found: set[str] = set()
    for trace in _telling(answers):
        found |= {id.removeprefix("OD:") for id, content in trace.content.items() if _claimed(content)}
        for movement in trace.movements:
            if any(map(_claimed, (movement.content, movement.before, movement.after, movement.parts.protected))):
                found.add(movement.account)
    named = {claim.transfer for claim in facts.claims} | facts.bfp
    for links in (facts.reverses, facts.linked_to, facts.backward_for):
        named |= {*links, *links.values()}
    for event in ledger:
        if event.id in named:
            found |= _accounts(event)
    found |= {claim.account for claim in facts.claims} | set(facts.fund) | facts.dissipated
    return found.union(*facts.consolidate.values(), facts.consolidate)


def _accounts(event: Event) -> set[str]:
    return {leg.account for leg in event.inputs} | {leg.account for leg in event.outputs}


def _party(account: Account) -> str:
    """Who is behind an account: its holder, else the outside party itself, whatever the currency."""
    return account.holder or party_id(account.id)


def _hidden(ledger: Ledger, involved: set[str]) -> list[Account]:
    known = {_party(account) for account in ledger.account_list if account.id in involved}
    return [
        account
        for account in ledger.account_list
        if _party(account) not in known and not account.id.startswith((FEE, UNDERWAY)) and party_id(account.id) != CASH
    ]


def _labels(hidden: Sequence[Account], taken: set[str]) -> dict[str, str]:
    """Neutral names, numbered as the parties appear: the kind of account and the currency stay readable."""
    word = "PARTY"
    while any(word in id for id in taken):
        word += "X"
    numbers: dict[str, int] = {}
    members: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for account in hidden:
        party, base = _party(account), party_id(account.id)
        number = numbers.setdefault(party, len(numbers) + 1)
        same = members.setdefault(party, [])
        if base not in same:
            same.append(base)
        place = same.index(base) + 1
        prefix = EXTERNAL if base.startswith(EXTERNAL) else ASSET if base.startswith(ASSET) else ""
        label = f"{prefix}{word} {number:03}" + (f"-{place}" if place > 1 else "")
        labels[account.id] = label if base == account.id else f"{label} in {account.currency}"
    doubled = len(labels) != len(set(labels.values()))
    return {id: f"{label} {n}" for n, (id, label) in enumerate(labels.items(), 1)} if doubled else labels


def _quiet(ledger: Ledger, answers: Sequence[Answer]) -> set[str]:
    """Events that carry nothing of any claimant under any rule that tells owners apart."""
    moved = {m.event for t in _telling(answers) for m in t.movements if _claimed(m.content) or _claimed(m.parts.given)}
    return set(ledger.events["id"].to_pylist()) - moved


def _event(
    event: Event, labels: dict[str, str], quiet: set[str], names: dict[str, str], masked: list[tuple[str, str, str]]
) -> Event:
    unseen = event.id in quiet or not _accounts(event).isdisjoint(labels)
    changed = replace(
        event,
        inputs=tuple(replace(leg, account=labels.get(leg.account, leg.account)) for leg in event.inputs),
        outputs=tuple(replace(leg, account=labels.get(leg.account, leg.account)) for leg in event.outputs),
    )
    for name, value in (("kind", event.kind), ("note", event.note)):
        told = unseen or any(known in value for known in names)
        if told and value and not (name == "kind" and value in PLAIN_KINDS):
            masked.append((f"event {event.id}, {name}", MASK, value))
            changed = replace(changed, kind=MASK) if name == "kind" else replace(changed, note=MASK)
    return replace(changed, also=tuple(_other_row(other, unseen, names, masked) for other in event.also))


def _other_row(other: OtherRow, unseen: bool, names: dict[str, str], masked: list[tuple[str, str, str]]) -> OtherRow:
    if not other.note or not (unseen or any(known in other.note for known in names)):
        return other
    masked.append((f"row {other.id}, note", MASK, other.note))
    return replace(other, note=MASK)


def _answer(answer: Answer, labels: dict[str, str]) -> Answer:
    table = {_renamed(id, labels): row for id, row in answer.table.items()}
    trace = answer.trace
    if trace is not None:
        trace = replace(
            trace,
            content={_renamed(id, labels): held for id, held in trace.content.items()},
            totals={_renamed(id, labels): total for id, total in trace.totals.items()},
            balances={_renamed(id, labels): balance for id, balance in trace.balances.items()},
            movements=[_movement(movement, labels) for movement in trace.movements],
        )
    return replace(answer, table=table, trace=trace)


def _movement(movement: Movement, labels: dict[str, str]) -> Movement:
    return replace(movement, account=_renamed(movement.account, labels))


def _renamed(id: str, labels: dict[str, str]) -> str:
    if id.startswith("OD:"):
        return "OD:" + labels.get(id[3:], id[3:])
    return labels.get(id, id)
