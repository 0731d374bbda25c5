"""In worlds whose truth is known no false pair is made, none that is certain is missed, and no row is forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from worlds_of_payments import NOISE, PAYMENTS, Noise, Payment, world

from trover.ledger.pair import find_pairs


@given(st.lists(PAYMENTS, max_size=9), st.lists(NOISE, max_size=5))
def test_no_false_pair_is_made(payments: list[Payment], noise: list[Noise]) -> None:
    ledger, kinds = world(payments, noise)
    pairs = list(find_pairs(ledger).pairs())
    assert [(p.payer, p.payee) for p in pairs if kinds.get(p.payer) != kinds.get(p.payee, "none")] == []
    assert max(Counter(row for p in pairs for row in (p.payer, p.payee)).values(), default=1) == 1


@given(st.lists(PAYMENTS, min_size=1, max_size=9), st.lists(NOISE, max_size=5))
def test_a_payment_of_its_own_amount_is_never_missed(payments: list[Payment], noise: list[Noise]) -> None:
    told_apart = [replace(paid, amount=1000 + number, credited=True) for number, paid in enumerate(payments)]
    ledger, _ = world(told_apart, noise)
    found = find_pairs(ledger)
    assert {(p.payer, p.payee) for p in found.pairs()} == {(f"d{n}", f"c{n}") for n in range(len(payments))}
    assert not [row for row in found.unmatched if row.id[0] in "dc"]


@given(st.lists(PAYMENTS, max_size=9), st.lists(NOISE, max_size=5))
def test_every_row_is_made_or_waits_or_is_listed_or_names_no_account(
    payments: list[Payment], noise: list[Noise]
) -> None:
    ledger, _ = world(payments, noise)
    found = find_pairs(ledger)
    made = [row for pair in found.pairs() for row in (pair.payer, pair.payee)]
    waits = {row for group in found.waiting for each in group.candidates for row in (each.payer, each.payee)}
    missing = [row.id for row in found.unmatched]
    assert len(made) == len(set(made))
    assert not waits & set(made)
    assert not set(missing) & {*made, *waits}
    for id in {event.id for event in ledger} - {*made, *waits, *missing}:
        paid = payments[int(id[1:])] if id[0] in "dc" else None
        says = paid and (paid.payer_says if id[0] == "d" else paid.payee_says)
        assert says in (None, "nothing")


@given(st.lists(PAYMENTS, max_size=7), st.lists(NOISE, max_size=4), st.randoms())
def test_the_order_of_files_changes_nothing(payments: list[Payment], noise: list[Noise], chance: object) -> None:
    ledger, _ = world(payments, noise)
    accounts = list(ledger.account_list)
    chance.shuffle(accounts)  # type: ignore[attr-defined]
    turned = type(ledger).of(accounts, ledger)
    assert find_pairs(ledger).plain()["pairs"] == find_pairs(turned).plain()["pairs"]
