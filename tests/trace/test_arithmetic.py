"""The arithmetic of compositions: exact sums, each part within one unit, a stated order for what is left over."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.trace.arithmetic import NANO, TIE, apportion, half_even, largest_remainder
from trover.trace.lot import Lot, content_of, scale, share
from trover.trace.shares import by_weight, rounded

OWNERS = ("A", "B", "C", "OWN")
quantities = st.integers(0, 10**24)
some_parts = st.lists(quantities, min_size=1, max_size=8).filter(sum)


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
def test_half_even_rounds_as_fractions_do(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(some_parts, quantities)
def test_parts_sum_to_the_target_each_within_one_unit(parts: list[int], target: int) -> None:
    shared = apportion(parts, target)
    assert sum(shared) == target
    for part, got in zip(parts, shared, strict=True):
        assert abs(got - Fraction(part * target, sum(parts))) < 1


@given(some_parts, st.data())
def test_no_part_exceeds_what_it_is_taken_from(parts: list[int], data: st.DataObject) -> None:
    target = data.draw(st.integers(0, sum(parts)))
    shared = apportion(parts, target)
    assert all(0 <= got <= part for part, got in zip(parts, shared, strict=True))


@pytest.mark.parametrize(
    ("parts", "target", "shared"),
    [
        ([1, 1, 1], 1, [1, 0, 0]),
        ([1, 1, 1], 2, [0, 1, 1]),  # 2/3 each: all round to 1, the first gives one back
        ([1, 1], 1, [1, 0]),
        ([3, 3], 3, [1, 2]),  # 1.5 each: both round to 2, the first gives one back
        ([1, 1, 1, 1], 2, [1, 1, 0, 0]),
        ([0, 1, 1], 1, [0, 1, 0]),
        ([5, 0, 0], 7, [7, 0, 0]),
        ([2, 1], 10**9, [666_666_667, 333_333_333]),
    ],
)
def test_what_rounding_leaves_goes_to_owners_in_order(parts: list[int], target: int, shared: list[int]) -> None:
    assert apportion(parts, target) == shared


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=8))
def test_printed_figures_sum_to_the_balance_each_within_one_unit(parts: list[int]) -> None:
    parts[-1] += -sum(parts) % NANO
    printed = largest_remainder(parts, sum(parts) // NANO)
    assert sum(printed) * NANO == sum(parts)
    for part, got in zip(parts, printed, strict=True):
        assert part // NANO <= got <= part // NANO + 1
        assert got == part // NANO or part % NANO


def test_a_larger_remainder_is_rounded_up_first_and_near_ties_go_in_order() -> None:
    assert largest_remainder([NANO // 3 - 1, NANO // 3 - 1, NANO // 3 + 3], 1) == [1, 0, 0]
    assert largest_remainder([300_000_000, 300_000_000 + TIE, 400_000_000 - TIE], 1) == [0, 0, 1]
    assert largest_remainder([300_000_000, 300_000_000 + TIE + 1, 399_999_999 - TIE], 1) == [0, 0, 1]
    assert largest_remainder([500_000_000 - TIE, 500_000_000 + TIE - TIE], 1) == [1, 0]
    assert largest_remainder([500_000_000 - TIE - 1, 500_000_000 + TIE + 1], 1) == [0, 1]


def test_more_units_than_parts_are_no_rounding() -> None:
    with pytest.raises(ValueError, match="3 units to give to 2 parts"):
        largest_remainder([0, 0], 3)
    with pytest.raises(ValueError, match="-1 units"):
        largest_remainder([NANO, NANO], 1)


lots = st.lists(st.dictionaries(st.sampled_from(OWNERS), st.integers(1, 10**15), min_size=1), min_size=1, max_size=5)


@given(lots, st.integers(1, 10**15))
def test_scaled_lots_keep_places_and_proportions(contents: list[dict[str, int]], target: int) -> None:
    before = [Lot(seq, content) for seq, content in enumerate(contents, 1)]
    after = scale(before, target, OWNERS)
    assert [lot.seq for lot in after] == [lot.seq for lot in before]
    assert sum(lot.total for lot in after) == target
    total = sum(lot.total for lot in before)
    for old, new in zip(before, after, strict=True):
        for owner in OWNERS:
            exact = Fraction(old.content.get(owner, 0) * target, total)
            assert abs(new.content.get(owner, 0) - exact) < 1
    assert all(quantity for lot in after for quantity in lot.content.values())


@given(lots)
def test_scaling_to_the_same_sum_changes_nothing(contents: list[dict[str, int]]) -> None:
    before = [Lot(seq, content) for seq, content in enumerate(contents, 1)]
    assert scale(before, sum(lot.total for lot in before), OWNERS) == before


def test_what_scaling_leaves_goes_by_owner_and_then_by_lot() -> None:
    before = [Lot(1, {"OWN": 1, "A": 1}), Lot(2, {"A": 1})]
    assert [lot.content for lot in scale(before, 2, OWNERS)] == [{"OWN": 1}, {"A": 1}]
    assert [lot.content for lot in scale(before, 4, OWNERS)] == [{"A": 2, "OWN": 1}, {"A": 1}]


@given(st.dictionaries(st.sampled_from(OWNERS), st.integers(1, 10**12), min_size=1), st.integers(1, 10**12))
def test_a_share_has_the_composition_of_the_whole(content: dict[str, int], target: int) -> None:
    got = share(content, target, OWNERS)
    assert sum(got.values()) == target
    assert list(got) == [owner for owner in OWNERS if owner in got]
    for owner, quantity in content.items():
        assert abs(got.get(owner, 0) - Fraction(quantity * target, sum(content.values()))) < 1


def test_content_is_listed_in_the_order_of_owners() -> None:
    assert list(content_of([Lot(1, {"OWN": 2}), Lot(2, {"B": 1, "A": 3})], OWNERS)) == ["A", "B", "OWN"]


@given(st.integers(0, 10**12), st.dictionaries(st.text(max_size=3), st.integers(0, 10**12), min_size=1))
def test_a_pool_is_shared_by_weight_to_the_last_unit(pool: int, weights: dict[str, int]) -> None:
    shares = by_weight(pool, weights)
    assert list(shares) == list(weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == (pool if whole else 0)
    for name, weight in weights.items():
        assert abs(shares[name] - (Fraction(pool * weight, whole) if whole else 0)) < 1


def test_thirds_of_a_unit_go_in_order() -> None:
    assert rounded({name: Fraction(10, 3) for name in "abc"}, 10) == {"a": 4, "b": 3, "c": 3}
