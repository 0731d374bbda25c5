"""Claims, returns, good-faith purchases and interest as rows the kernels read, and what they cannot carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim, InterestMode
from trover.trace.compiled.arena import NONE
from trover.trace.compiled.books import EXTERNAL, INTEREST, KIND, REVERSAL, Findings, Legs
from trover.trace.compiled.columns import where
from trover.trace.compiled.jit import Table, Vector
from trover.trace.rules import LotRule

WORD = 1 << 64


class NotCarriedError(Exception):
    """The compiled engine does not carry this; the reference does."""


@dataclass
class Gathered:
    """`facts` and `opening` for the kernels; `good_faith`: the events behind the sinks BFP:<event>.

    `slots`: for each leg to remember, the end of the legs of its event."""

    facts: Findings
    opening: Table
    good_faith: list[str]
    slots: Vector


@dataclass
class _Claims:
    """Claims summed by owner, as rows (owner, 0, low, high)."""

    owners: Mapping[str, int]
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)

    def enter(self, claims: Iterable[Claim], most: int) -> tuple[int, int]:
        """The rows of these claims. Raises `NotCarriedError` where they exceed what entered."""
        sums: defaultdict[int, int] = defaultdict(int)
        for claim in claims:
            sums[self.owners[claim.claimant]] += claim.amount
        if sum(sums.values()) > most or min(sums.values(), default=1) <= 0:
            raise NotCarriedError("claims beyond what entered")
        first = len(self.rows)
        self.rows += [(owner, 0, _signed(amount % WORD), amount // WORD) for owner, amount in sorted(sums.items())]
        return first, len(self.rows)


def _signed(word: int) -> int:
    return word - WORD if word >= WORD // 2 else word


def gather(ledger: Ledger, facts: Assumptions, rule: LotRule, legs: Legs, accounts: Table) -> Gathered:
    """The findings by event row. Raises `NotCarriedError`."""
    names = facts.owners[:-1]
    owners = dict.fromkeys(names, 0) if rule.contaminates else {name: number for number, name in enumerate(names)}
    claims = _Claims(owners)
    by_event: defaultdict[str, list[Claim]] = defaultdict(list)
    by_account: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        (by_event[claim.transfer] if claim.transfer else by_account[claim.account]).append(claim)
    opening = _openings(ledger, by_account, claims)
    returns = {**facts.linked_to, **{id: earlier for id, earlier in facts.reverses.items() if earlier}}
    good_faith = sorted(facts.bfp)
    faith = {id: slot for slot, id in enumerate(good_faith)}
    events, ids, bears = _events(ledger, {*by_event, *returns, *returns.values(), *faith}, facts.interest)
    remembered, slots = _slots(events, ids, set(returns.values()), legs)
    rows = []
    for event, id, fruit in zip(events, ids, bears, strict=True):
        first, last = _claims_at(event, by_event.get(id, []), claims, legs, accounts)
        flags = INTEREST * fruit + REVERSAL * bool(facts.reverses.get(id))
        back = remembered.get(returns.get(id, ""), NONE)
        rows.append((event, flags, back, remembered.get(id, NONE), faith.get(id, NONE), first, last))
    table = np.array(rows, np.int64).reshape(-1, 7)
    return Gathered(Findings(table, np.array(claims.rows, np.int64).reshape(-1, 4)), opening, good_faith, slots)


def _slots(events: list[int], ids: list[str], returned: set[str], legs: Legs) -> tuple[dict[str, int], Vector]:
    """The first slot of each event that something returns, and for each slot the end of those of its event."""
    first: dict[str, int] = {}
    ends: list[int] = []
    for event, id in zip(events, ids, strict=True):
        if id in returned and id not in first:
            first[id] = len(ends)
            count = int(np.diff(legs.out_first[event : event + 2])[0]) if len(legs.out_first) else 1
            ends += [len(ends) + count] * count
    return first, np.array(ends, np.int64)


def _openings(ledger: Ledger, by_account: Mapping[str, list[Claim]], claims: _Claims) -> Table:
    if not by_account:
        return np.zeros((0, 3), np.int64)
    found = np.flatnonzero(_is_in(ledger.accounts["id"], by_account))
    rows = []
    for row in found.tolist():
        account = {name: ledger.accounts[name][row].as_py() for name in ("id", "kind", "opening")}
        if account["opening"] > 0 and account["kind"] != "external":
            rows.append((row, *claims.enter(by_account[account["id"]], int(account["opening"]))))
    return np.array(rows, np.int64).reshape(-1, 3)


def _claims_at(event: int, entered: list[Claim], claims: _Claims, legs: Legs, accounts: Table) -> tuple[int, int]:
    """Rows of the claims entered at an event from outside."""
    if not entered:
        return 0, 0
    start, end = (event, event + 1) if not len(legs.in_first) else legs.in_first[event : event + 2]
    outside = [leg for leg in range(start, end) if accounts[legs.in_account[leg], KIND] & EXTERNAL]
    return claims.enter(entered, sum(whole(legs.in_amount, leg) for leg in outside)) if outside else (0, 0)


def whole(table: Table, row: int) -> int:
    """An amount of one or two words."""
    low, *high = (int(word) for word in table[row])
    return (high[0] << 64) + low % WORD if high else low


def _events(ledger: Ledger, named: set[str], mode: InterestMode) -> tuple[list[int], list[str], list[bool]]:
    """Rows, ids and whether interest, of events that are named or bear interest."""
    count = len(ledger)
    chosen = _is_in(ledger.events["id"], named) if named else np.zeros(count, np.bool_)
    bears: npt.NDArray[np.bool_] = np.zeros(count, np.bool_)
    if mode is not InterestMode.OWN:
        bears = where(ledger.events["kind"], "interest")
    rows = np.flatnonzero(chosen | bears)
    ids = ledger.events["id"].take(pa.array(rows)).to_pylist()
    return rows.tolist(), ids, bears[rows].tolist()


def _is_in(ids: pa.ChunkedArray, names: Iterable[str]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.is_in(ids, value_set=pa.array(list(names), pa.string())).to_numpy(
        zero_copy_only=False
    )
    return found
