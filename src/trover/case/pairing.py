"""Both sides of the payments of a case: what people found of them, and the lists a person works through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow.compute as pc

from trover.case import finding as kinds
from trover.case.finding import Finding
from trover.ledger.ledger import Ledger
from trover.ledger.pair import Joined, Pairing, Ruling, find_pairs, join_pairs

BARRED = "not joined: their order does not allow it"


def pairing_of(ledger: Ledger, findings: Iterable[Finding]) -> Pairing:
    """The pairs of `ledger`, the rows in force, under these findings (those in force)."""
    bodies = [finding.body for finding in findings]
    return find_pairs(ledger, rulings_of(bodies), held_rows(ledger, bodies))


def rulings_of(bodies: Iterable[kinds.Body]) -> list[Ruling]:
    """What people found of two rows."""
    ruled = (kinds.SameTransfer, kinds.NotSameTransfer)
    return [
        Ruling(body.payer_row, body.payee_row, isinstance(body, kinds.SameTransfer))
        for body in bodies
        if isinstance(body, ruled)
    ]


def held_rows(ledger: Ledger, bodies: Iterable[kinds.Body]) -> set[str]:
    """Rows that only a person pairs: claims enter there, or they are a payment and its return.

    A claim enters from outside; were its row joined with the payer's, it would enter nowhere. A return restores what
    its payment had; as payments between two accounts they would be moves of whatever the accounts held.
    """
    held: set[str] = set()
    for body in bodies:
        if isinstance(body, kinds.Claimed):
            held.add(body.transfer)
        elif isinstance(body, kinds.Reversal):
            held |= {body.transfer, body.returned}
        elif isinstance(body, kinds.CashLink):
            held |= {body.transfer, body.withdrawal}
        elif isinstance(body, kinds.BackwardLink):
            held |= {body.transfer, body.debit}
    returns = ledger.events.select(["id", "reverses"]).filter(pc.not_equal(ledger.events["reverses"], ""))
    for row in returns.to_pylist():
        held |= {row["id"], row["reverses"]}
    return held - {""}


def notes_on(pairing: Pairing, joined: Joined) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was made of the pairs, in words, and the rows a reader must know of."""
    if len(joined.one):
        yield f"{_payments(len(joined.one))} with rows on both statements of one day, each made one transfer", ()
    if len(joined.underway):
        yield f"{_payments(len(joined.underway))} with rows on both statements of two days, under way between them", ()
    if len(joined.barred):
        made = list(pairing.pairs())
        rows = tuple(row for place in joined.barred.tolist() for row in (made[place].payer, made[place].payee))
        yield f"{_payments(len(joined.barred))} not joined: the rows of the two accounts stand in another order", rows
    waiting = {row for group in pairing.waiting for each in group.candidates for row in (each.payer, each.payee)}
    if waiting:
        yield f"{len(waiting):,} rows may be sides of payments and wait for a person", tuple(sorted(waiting))


def plain_pairing(ledger: Ledger, findings: Sequence[Finding]) -> dict[str, Any]:
    """The lists as plain data: `pairs` made, each with what `became` of it, `waiting`, and `unmatched` rows.

    ledger: the rows in force before pairs are made.
    """
    pairing = pairing_of(ledger, findings)
    joined = join_pairs(pairing)
    plain = pairing.plain()
    became = dict.fromkeys(joined.one.tolist(), "one transfer")
    became |= dict.fromkeys(joined.underway.tolist(), "two, the money under way between them")
    became |= dict.fromkeys(joined.barred.tolist(), BARRED)
    for place, pair in enumerate(plain["pairs"]):
        pair["became"] = became[place]
    return plain


def _payments(count: int) -> str:
    return "1 payment" if count == 1 else f"{count:,} payments"
