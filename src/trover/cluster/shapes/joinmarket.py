"""JoinMarket and other CoinJoins of equal outputs: n parties get the same value, each at most one change.

Whether the inputs can be shared out so that each party pays for what it gets is tried within bounds: where they
cannot, the transaction is none; where the search does not end, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from trover.cluster.shapes.shape import Kind, Shape, Tx

FEWEST = 3
DUST = 2_730
"""Equal values up to this are tokens and markers, not money that is mixed."""
GAIN = 50
"""A maker earns at most one part in this many of the value, and pays at most as much of the miner's fee."""
STEPS = 20_000
"""Of the search for a sharing out."""

JOINMARKET = Kind(
    "joinmarket",
    "JoinMarket form: equal outputs for three or more parties, at most one change each",
    True,
    "JoinMarket (2015); Moeser and Boehme, Join Me on a Market for Anonymity (2016)",
)
TWO_PARTIES = Kind(
    "equal_pair",
    "two equal outputs with one or two changes: a CoinJoin of two parties, or Stonewall",
    True,
    "Goldfeder, Kalodner, Reisman and Narayanan, When the cookie meets the blockchain (2018)",
)


def joinmarket(tx: Tx) -> Shape | None:
    found = equal_parties(tx)
    if found is None:
        return None
    value, parties = found
    sums = "sums not known"
    if tx.values_known:
        shared = shared_out(tx.ins, value, [other for other in tx.paid if other != value], parties)
        if shared is False:
            return None
        sums = "its inputs can be shared out among them" if shared else "whether its inputs can be shared out is open"
    kind = JOINMARKET if parties >= FEWEST else TWO_PARTIES
    return Shape(kind.key, parties, (f"{parties} outputs of {value} sat, each with at most one change", sums))


def equal_parties(tx: Tx) -> tuple[int, int] | None:
    """The equal value and the number of parties, or nothing: every party gets one equal output, all or all but one a
    change, and there are as many input addresses."""
    value, equal = tx.most_equal
    if equal < 2 or len(tx.paid) not in (2 * equal - 1, 2 * equal) or value <= DUST:
        return None
    return (value, equal) if tx.distinct_senders >= equal else None


def shared_out(ins: list[int], value: int, changes: list[int], parties: int) -> bool | None:
    """Whether each change has inputs of its own that pay for it and one equal output; None where it is not decided.

    One party, the taker, pays the fees and may have no change: what is left over is its.
    """
    slack = max(value // GAIN, 1_000)
    order = sorted(ins, reverse=True)
    steps = [STEPS]
    makers = sorted(changes, reverse=True)
    if len(makers) == parties:
        for taker in range(len(makers)):
            rest = makers[:taker] + makers[taker + 1 :]
            found = _assign(order, rest, value, slack, makers[taker] + value, steps)
            if found is not False:
                return found
        return False
    return _assign(order, makers, value, slack, value, steps)


def _assign(
    ins: list[int], changes: list[int], value: int, slack: int, left_over: int, steps: list[int]
) -> bool | None:
    """Give each change inputs of its own whose sum is its target within `slack`; the rest covers `left_over`."""
    if not changes:
        return sum(ins) >= left_over
    target = value + changes[0]
    undecided = False
    for chosen in _subsets(ins, target - slack, target + slack, steps):
        rest = list(ins)
        for given in chosen:
            rest.remove(given)
        answer = _assign(rest, changes[1:], value, slack, left_over, steps)
        if answer:
            return True
        undecided |= answer is None
    return None if undecided or steps[0] <= 0 else False


def _subsets(ins: list[int], low: int, high: int, steps: list[int]) -> Iterator[tuple[int, ...]]:
    """Subsets of `ins` (descending) whose sum lies between `low` and `high`, until the steps are used up."""
    rest = [0] * (len(ins) + 1)
    for at in range(len(ins) - 1, -1, -1):
        rest[at] = rest[at + 1] + ins[at]
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    while stack and steps[0] > 0:
        steps[0] -= 1
        at, total, chosen = stack.pop()
        if low <= total <= high and chosen:
            yield chosen
        if at == len(ins) or total + rest[at] < low:
            continue
        stack.append((at + 1, total, chosen))
        if total + ins[at] <= high:
            stack.append((at + 1, total + ins[at], (*chosen, ins[at])))
