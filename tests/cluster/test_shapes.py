"""Forms of transactions: each is recognised, and what only resembles it is not."""

from __future__ import annotations

import pytest
from tests.cluster.chains import chain, coinjoin

from trover.cluster.shapes import KINDS, SEVERAL, recognise
from trover.cluster.shapes.joinmarket import shared_out
from trover.cluster.shapes.wasabi import STANDARD_VALUES
from trover.cluster.view import ChainView, Coin, ViewBuilder

LATE, EARLY = 1_700_000_000, 1_400_000_000


def made(
    ins: list[int],
    outs: list[int],
    script: str = "p2wpkh",
    *,
    one_sender: bool = False,
    time: int = LATE,
    data: int = 0,
) -> ChainView:
    """A view of one transaction; every input has an address of its own unless `one_sender`."""
    builder = ViewBuilder()
    inputs = [Coin("a" if one_sender else f"a{n}", value, script) for n, value in enumerate(ins)]
    outputs = [Coin("", 0, "data", script_size=data)] if data else []
    outputs += [Coin(f"z{n}", value, script) for n, value in enumerate(outs)]
    builder.add("t", inputs, outputs, time=time)
    return builder.view()


def form(view: ChainView) -> str:
    return next((shape.kind for shape in recognise(view).values()), "")


WHIRLPOOL = [1_000_000] * 3 + [1_000_400, 1_000_400], [1_000_000] * 5
WASABI_1 = [30_000_000] * 12, [10_400_000] * 12 + [19_500_000 + n for n in range(11)] + [200_000]
WASABI_2 = sorted((2**k for k in range(17, 25)), reverse=True), [4_194_304] * 3 + [1_594_323] * 3 + [531_441] * 5
PAYJOIN = [5_000_000, 2_000_000], [3_900_000, 3_099_000]


def joinmarket() -> tuple[list[int], list[int]]:
    """Four makers and takers give what they have, get half a bitcoin and their change, makers 1,000 sat more."""
    half = 50_000_000
    ins = [90_000_000, 30_000_000, 40_000_000, 65_000_000, 120_000_000]
    changes = [90_000_000 - half + 1_000, 70_000_000 - half + 1_000, 65_000_000 - half + 1_000]
    return ins, [half] * 4 + changes + [120_000_000 - half - 3_000 - 5_000]


@pytest.mark.parametrize(
    ("ins", "outs", "kind"),
    [
        (*WHIRLPOOL, "whirlpool"),
        (*WASABI_1, "wasabi1"),
        (*WASABI_2, "wasabi2"),
        (*joinmarket(), "joinmarket"),
        (joinmarket()[0], joinmarket()[1][:-1], "joinmarket"),
        ([70_000_000, 60_000_000], [50_000_000, 50_000_000, 20_000_000, 9_990_000], "equal_pair"),
        (*PAYJOIN, "payjoin"),
    ],
)
def test_a_transaction_of_several_parties_is_recognised(ins: list[int], outs: list[int], kind: str) -> None:
    assert form(made(ins, outs)) == kind
    assert kind in SEVERAL
    assert form(made(ins, outs, one_sender=True)) == ""


@pytest.mark.parametrize(
    ("what", "view"),
    [
        ("no pool has this value", made([1_100_000] * 3 + [1_100_400] * 2, [1_100_000] * 5)),
        ("nobody enters", made([1_000_000] * 5, [1_000_000] * 5)),
        ("one enters with far more", made([1_000_000] * 4 + [9_000_000], [1_000_000] * 5)),
        ("old scripts", made(*WHIRLPOOL, script="p2pkh")),
    ],
)
def test_what_resembles_a_whirlpool_mix(what: str, view: ChainView) -> None:
    assert form(view) != "whirlpool", what


def test_a_payout_of_equal_amounts_by_one_wallet_is_no_coinjoin() -> None:
    """The inputs cannot be shared out: two small ones pay for nobody's part."""
    assert form(made([200_000_000, 30_000, 20_000, 10_000], [50_000_000] * 3 + [49_000_000])) == ""


def test_a_batch_of_payments_with_some_of_one_value_is_no_wasabi_1() -> None:
    ins, outs = [30_000_000] * 12, [10_000_000] * 6 + [17_000_000 + 31 * n for n in range(15)]
    assert form(made(ins, outs)) == ""


def test_a_tx0_is_recognised_and_its_inputs_stay_together() -> None:
    view = made([6_000_000, 500_000], [50_000, 400_000] + [1_000_400] * 6, data=66)
    assert form(view) == "whirlpool_tx0"
    assert not KINDS["whirlpool_tx0"].several
    assert form(made([6_000_000, 500_000], [50_000, 400_000] + [1_000_400] * 6, data=20)) != "whirlpool_tx0"


def test_wasabi_2_needs_sorted_values() -> None:
    ins, outs = WASABI_2
    assert form(made(ins[::-1], outs)) != "wasabi2"
    assert form(made(ins, [*outs[:5], *[value + 7 for value in outs[5:]]])) != "wasabi2"


def test_standard_values_are_those_of_the_protocol() -> None:
    assert len(STANDARD_VALUES) == 79
    assert {5_000, 6_561, 8_192, 118_098, 20_000_000, 137_438_953_472} <= STANDARD_VALUES
    assert not {4_096, 4_999, 30_000} & STANDARD_VALUES


@pytest.mark.parametrize(
    ("what", "view"),
    [
        ("before anybody proposed it", made(*PAYJOIN, time=EARLY)),
        ("no input to spare", made([5_000_000, 4_000_000], [7_900_000, 1_099_000])),
        ("three outputs", made(PAYJOIN[0], [3_000_000, 2_000_000, 1_999_000])),
        ("many inputs", made([5_000_000, 2_000_000, 1, 1, 1], PAYJOIN[1])),
    ],
)
def test_what_is_not_taken_for_a_payjoin(what: str, view: ChainView) -> None:
    assert form(view) == "", what


def test_a_payjoin_has_one_type_of_script_and_no_address_on_both_sides() -> None:
    assert form(chain("t: A 50, B 20 -> C 39, D 30")) == "payjoin"
    assert form(chain("t: A 50, B 20 -> A 39, D 30")) == ""
    builder = ViewBuilder()
    outs = [Coin("C", 39, "p2wpkh"), Coin("D", 30, "p2pkh")]
    builder.add("t", [Coin("A", 50, "p2wpkh"), Coin("B", 20, "p2wpkh")], outs)
    assert form(builder.view()) == ""


def test_a_coinbase_has_no_form() -> None:
    assert form(chain("t: -> A 5, B 5, C 5")) == ""


def test_inputs_are_shared_out_or_not_or_it_is_open() -> None:
    assert shared_out([70, 60], 50, [20, 9], 2) is True
    assert shared_out([35_000, 15_000, 10_500], 20_000, [5_000, 14_000], 2) is True
    assert shared_out([90_000, 100], 20_000, [40_000, 29_000], 2) is False
    assert shared_out([1_000_003 + 7 * n for n in range(60)], 7_777_777, [91_234 + n for n in range(20)], 20) is None


@pytest.mark.parametrize("inputs", [400, 4_000])
def test_the_search_ends_for_any_transaction(inputs: int) -> None:
    """Bounded by steps: a hostile transaction is answered, whatever the answer."""
    view = made([100_003 + 7 * n for n in range(inputs)], [3_333_333] * 100 + [91_234 + n for n in range(100)])
    assert form(view) in ("joinmarket", "")


def test_reasons_name_the_values_that_were_seen() -> None:
    mix = chain(coinjoin("mix", "A B C D E", "V W X Y Z", 100_000, premium=90))
    ((_, shape),) = recognise(mix).items()
    assert shape.reasons == ("5 inputs and 5 outputs", "every output 100000 sat, a pool of Whirlpool", "1 enter")
