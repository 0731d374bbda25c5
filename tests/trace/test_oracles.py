"""Independent answers from the definitions: closed forms, intervals and levels instead of lots.

One account that receives credits and pays out, or a graph of unspent outputs; exact fractions throughout.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tables import NANO, lot_rule
from test_properties import single_accounts
from tests.effort import some

from strategies import World, output_worlds
from trover.trace import reference
from trover.trace.claim import OWN
from trover.trace.result import Trace

Comp = dict[str, Fraction]
Step = tuple[str, int, Comp]
"""An event of the account: its id, its amount (below zero: paid out), and the shares of what is credited."""

cases = settings(max_examples=some(50))


def steps(world: World) -> tuple[int, list[Step]]:
    """Opening balance (above zero: all OWN) and what happened to the account T."""
    claimed: dict[str, Comp] = defaultdict(lambda: defaultdict(Fraction))
    for claim in world.facts.claims:
        claimed[claim.transfer][claim.claimant] += claim.amount
    found: list[Step] = []
    for event in world.ledger:
        amount = event.inputs[0].amount
        if event.inputs[0].account == "T":
            found.append((event.id, -amount, {}))
        else:
            comp = {owner: q / amount for owner, q in claimed[event.id].items()}
            found.append((event.id, amount, comp | {OWN: 1 - sum(comp.values(), Fraction(0))}))
    return world.ledger.account_by_id["T"].opening, found


def balances(opening: int, found: list[Step]) -> list[int]:
    """Balance before the first event and after each."""
    result = [opening]
    for _, amount, _ in found:
        result.append(result[-1] + amount)
    return result


def paid_out(trace: Trace) -> dict[str, Comp]:
    """What each payment drew from T, by its movement, in minor units."""
    return {m.event: {o: Fraction(q, NANO) for o, q in m.content.items()} for m in trace.movements if m.side == "in"}


def near(found: Comp, exact: Comp, events: int) -> None:
    for owner in found | exact:
        off = found.get(owner, Fraction(0)) - exact.get(owner, Fraction(0))
        assert abs(off) * NANO <= 60 * (events + 1), (owner, float(off))


def held(trace: Trace) -> Comp:
    return {o: Fraction(q, NANO) for o, q in trace.content["T"].items()}


def run(world: World, rule: str) -> Trace:
    return reference.trace(world.ledger, world.facts, lot_rule(rule), steps=True)


@cases
@given(world=single_accounts())
def test_fifo_is_the_overlap_of_credits_and_debits_on_one_axis(world: World) -> None:
    """The k-th unit kept pays the k-th unit drawn. What repays a bank is not kept, what it advances not drawn."""
    opening, found = steps(world)
    level = balances(opening, found)
    credits: list[tuple[int, int, Comp]] = [(0, max(opening, 0), {OWN: Fraction(1)})]
    debits: list[tuple[int, int, str]] = [(0, 0, "")]
    for before, (id, amount, comp) in zip(level, found, strict=False):
        if amount > 0:
            kept = max(amount - max(-before, 0), 0)
            credits.append((credits[-1][1], credits[-1][1] + kept, comp))
        else:
            drawn = min(-amount, max(before, 0))
            debits.append((debits[-1][1], debits[-1][1] + drawn, id))
    trace = run(world, "fifo")
    drawn_by = paid_out(trace)
    for start, end, id in debits[1:]:
        near(drawn_by[id], _on_axis(credits, start, end), len(found))
    near(held(trace), _on_axis(credits, debits[-1][1], credits[-1][1]), len(found))


def _on_axis(credits: list[tuple[int, int, Comp]], start: int, end: int) -> Comp:
    comp: Comp = defaultdict(Fraction)
    for first, last, shares in credits:
        for owner, share in shares.items():
            comp[owner] += share * max(0, min(end, last) - max(start, first))
    return {owner: quantity for owner, quantity in comp.items() if quantity}


@cases
@given(world=single_accounts())
def test_lifo_is_the_levels_of_the_balance_a_deposit_occupies(world: World) -> None:
    """A deposit occupies the levels from the balance before to the one after; those never left since remain."""
    opening, found = steps(world)
    level = balances(opening, found)
    deposits = [(0, 0, max(opening, 0), {OWN: Fraction(1)})]
    deposits += [
        (at + 1, max(level[at], 0), max(level[at + 1], 0), comp)
        for at, (_, amount, comp) in enumerate(found)
        if amount > 0
    ]

    def left(until: int) -> Comp:
        comp: Comp = defaultdict(Fraction)
        for since, low, high, shares in deposits:
            if since <= until:
                lowest = min(max(b, 0) for b in level[since : until + 1])
                for owner, share in shares.items():
                    comp[owner] += share * max(0, min(high, lowest) - low)
        return comp

    trace = run(world, "lifo")
    drawn_by = paid_out(trace)
    for at, (id, amount, _) in enumerate(found):
        if amount < 0:
            before, after = left(at), left(at + 1)
            near(drawn_by[id], {owner: before[owner] - after[owner] for owner in before}, len(found))
    near(held(trace), left(len(found)), len(found))


@cases
@given(world=single_accounts())
def test_haircut_is_a_product_of_ratios(world: World) -> None:
    opening, found = steps(world)
    level = balances(opening, found)
    comp: Comp = defaultdict(Fraction)
    entries = [(0, Fraction(max(opening, 0)), {OWN: Fraction(1)})]
    for at, (_, amount, shares) in enumerate(found):
        if amount > 0:
            entries.append((at + 1, Fraction(max(amount - max(-level[at], 0), 0)), shares))
    for since, quantity, shares in entries:
        for before, after in pairwise(level[since:]):
            if after < before:
                quantity *= Fraction(max(after, 0), before) if before > 0 else 0
        for owner, share in shares.items():
            comp[owner] += quantity * share
    near(held(run(world, "haircut")), comp, len(found))


@cases
@given(world=single_accounts())
def test_under_libr_each_withdrawal_lowers_all_claimants_alike(world: World) -> None:
    """2.5: c' = c x T'/T with T' = min(T, max(b', 0)); a credit repays with own money first, then alike."""
    opening, found = steps(world)
    comp: Comp = defaultdict(Fraction)
    balance = opening
    for _, amount, shares in found:
        entering = {owner: share * max(amount, 0) for owner, share in shares.items() if owner != OWN}
        new = sum(entering.values(), Fraction(0))
        if balance < 0 and new:
            kept = min(new, Fraction(max(balance + amount, 0)))
            entering = {owner: q * kept / new for owner, q in entering.items()}
        for owner, quantity in entering.items():
            comp[owner] += quantity
        balance += amount
        total = sum(comp.values(), Fraction(0))
        limit = min(total, Fraction(max(balance, 0)))
        comp = defaultdict(Fraction, {owner: q * limit / total for owner, q in comp.items()} if total else {})
    own = max(balance, 0) - sum(comp.values(), Fraction(0))
    near(held(run(world, "libr")), {**comp, OWN: own}, len(found))


@cases
@given(world=single_accounts())
def test_hallett_fifo_keeps_the_latest_claims_within_the_libr_total(world: World) -> None:
    """Claims in order of entry on an axis of their own; the account holds its last T units, T the libr total."""
    opening, found = steps(world)
    kept: list[tuple[Comp, Fraction]] = []
    balance, total = opening, Fraction(0)
    for _, amount, shares in found:
        claims = {owner: share * amount for owner, share in shares.items() if owner != OWN and amount > 0}
        new = sum(claims.values(), Fraction(0))
        room = min(new, Fraction(max(balance + amount, 0))) if balance < 0 else new
        kept.append(({owner: q / new for owner, q in claims.items()} if new else {}, room))
        balance += amount
        total = min(total + room, Fraction(max(balance, 0)))
    left, comp = total, defaultdict(Fraction)
    for shares, quantity in reversed(kept):
        for owner, share in shares.items():
            comp[owner] += share * min(left, quantity)
        left -= min(left, quantity)
    own = max(balance, 0) - total
    near(held(run(world, "hallett_fifo")), {**comp, OWN: own}, len(found))


@cases
@given(world=single_accounts())
def test_poison_is_a_flag_that_only_an_empty_account_clears(world: World) -> None:
    opening, found = steps(world)
    flagged, balance = False, opening
    out: Comp = defaultdict(Fraction)
    for _, amount, shares in found:
        if amount < 0 and flagged:
            out["TAINTED"] += min(-amount, max(balance, 0))
        repaid = min(max(-balance, 0), max(amount, 0))
        flagged = flagged or (amount > repaid and any(share for owner, share in shares.items() if owner != OWN))
        balance += amount
        flagged = flagged and balance > 0
    trace = run(world, "poison")
    assert trace.content["T"].get("TAINTED", 0) == (balance * NANO if flagged else 0)
    assert trace.content.get("EXT:X", {}).get("TAINTED", 0) == out["TAINTED"] * NANO


# Unspent outputs


def _outputs(world: World) -> tuple[dict[str, Comp], dict[str, int]]:
    """Shares of each output known at the start or mined, by account or event, and claims as shares."""
    claimed: dict[str, Comp] = defaultdict(lambda: defaultdict(Fraction))
    for claim in world.facts.claims:
        claimed[claim.transfer or claim.account][claim.claimant] += claim.amount
    worth = {a.id: a.opening for a in world.ledger.account_list if a.opening}
    worth |= {e.id: e.inputs[0].amount for e in world.ledger if e.inputs[0].account.startswith("EXT:")}
    shares: dict[str, Comp] = {}
    for id, value in worth.items():
        shares[id] = {owner: q / value for owner, q in claimed[id].items()}
        shares[id][OWN] = 1 - sum(shares[id].values(), Fraction(0))
    return shares, worth


def _unspent(world: World, trace: Trace) -> dict[str, Comp]:
    return {a: {o: Fraction(q, NANO) for o, q in c.items()} for a, c in trace.content.items() if c}


def _compare(world: World, rule: str, exact: dict[str, Comp]) -> None:
    found = _unspent(world, run(world, rule))
    for account in found | exact:
        near(found.get(account, {}), exact.get(account, {}), len(world.ledger))


@cases
@given(world=output_worlds())
def test_haircut_on_outputs_is_a_weighted_ratio(world: World) -> None:
    shares, worth = _outputs(world)
    fees: Comp = defaultdict(Fraction)
    for event in world.ledger:
        names = [event.id if leg.account.startswith("EXT:") else leg.account for leg in event.inputs]
        value = sum(leg.amount for leg in event.inputs)
        mix: Comp = defaultdict(Fraction)
        for name, leg in zip(names, event.inputs, strict=True):
            for owner, share in shares.pop(name).items():
                mix[owner] += share * leg.amount / value
        for out in event.outputs:
            if out.account.startswith("FEE:"):
                for owner, share in mix.items():
                    fees[owner] += share * out.amount
            else:
                shares[out.account], worth[out.account] = dict(mix), out.amount
    exact = {id: {o: s * worth[id] for o, s in comp.items() if s} for id, comp in shares.items()}
    _compare(world, "haircut", exact | ({"FEE:miner": fees} if fees else {}))


def _ordered(world: World, rule: str) -> dict[str, Comp]:
    """fifo: inputs end to end, cut at the outputs, fee last; lifo: the same from the other end."""
    shares, worth = _outputs(world)
    runs: dict[str, list[tuple[Fraction, Comp]]] = {id: [(Fraction(worth[id]), comp)] for id, comp in shares.items()}
    fees: list[tuple[Fraction, Comp]] = []
    for event in world.ledger:
        line = [
            piece
            for leg in event.inputs
            for piece in runs.pop(event.id if leg.account.startswith("EXT:") else leg.account)
        ]
        if rule == "lifo":
            line.reverse()
        edges = [Fraction(0)]
        for length, _ in line:
            edges.append(edges[-1] + length)
        start = Fraction(0)
        for out in sorted(event.outputs, key=lambda out: out.account.startswith("FEE:")):
            end = start + out.amount
            cut = [
                (min(end, high) - max(start, low), comp)
                for (low, high), (_, comp) in zip(pairwise(edges), line, strict=True)
                if min(end, high) > max(start, low)
            ]
            if out.account.startswith("FEE:"):
                fees += cut
            else:
                runs[out.account] = cut
            start = end
    return {id: _sum(pieces) for id, pieces in {**runs, "FEE:miner": fees}.items() if pieces}


def _sum(pieces: list[tuple[Fraction, Comp]]) -> Comp:
    comp: Comp = defaultdict(Fraction)
    for length, shares in pieces:
        for owner, share in shares.items():
            comp[owner] += length * share
    return comp


@cases
@given(world=output_worlds(), rule=st.sampled_from(["fifo", "lifo"]))
def test_order_on_outputs_is_inputs_end_to_end_cut_at_the_outputs(world: World, rule: str) -> None:
    _compare(world, rule, _ordered(world, rule))


@cases
@given(world=output_worlds())
def test_poison_on_outputs_is_reachability(world: World) -> None:
    shares, worth = _outputs(world)
    tainted = {id for id, comp in shares.items() if any(s for owner, s in comp.items() if owner != OWN)}
    fees = Fraction(0)
    unspent = set(shares)
    for event in world.ledger:
        names = {event.id if leg.account.startswith("EXT:") else leg.account for leg in event.inputs}
        reached = bool(names & tainted)
        unspent -= names
        for out in event.outputs:
            if out.account.startswith("FEE:"):
                fees += out.amount if reached else 0
            else:
                unspent.add(out.account)
                worth[out.account] = out.amount
                tainted |= {out.account} if reached else set()
    found = run(world, "poison").content
    assert {id for id in unspent if found.get(id, {}).get("TAINTED", 0) == worth[id] * NANO} == unspent & tainted
    assert not any(found.get(id, {}).get("TAINTED") for id in unspent - tainted)
    assert found.get("FEE:miner", {}).get("TAINTED", 0) == fees * NANO


@cases
@given(world=output_worlds())
def test_tiho_fills_the_largest_output_with_taint_first(world: World) -> None:
    """By totals of taint: the highest value first, ties by place, the fee last."""
    shares, worth = _outputs(world)
    taint = {id: sum((s for o, s in comp.items() if o != OWN), Fraction(0)) * worth[id] for id, comp in shares.items()}
    fees = Fraction(0)
    for event in world.ledger:
        names = [event.id if leg.account.startswith("EXT:") else leg.account for leg in event.inputs]
        left = sum((taint.pop(name) for name in names), Fraction(0))
        outs = [out for out in event.outputs if not out.account.startswith("FEE:")]
        for out in sorted(outs, key=lambda out: -out.amount):
            taint[out.account] = min(left, Fraction(out.amount))
            left -= taint[out.account]
        fees += left
    trace = run(world, "tiho")
    for id, quantity in {**taint, "FEE:miner": fees}.items():
        found = Fraction(trace.claimed(id), NANO) if id in trace.content else Fraction(0)
        assert abs(found - quantity) * NANO <= 60 * (len(world.ledger) + 1)
