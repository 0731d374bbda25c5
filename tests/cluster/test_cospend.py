"""Which addresses are joined, and which are kept apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cluster.chains import chain, coinjoin

from trover.cluster import union
from trover.cluster.clustering import Choice, cluster
from trover.cluster.view import ViewBuilder
from trover.errors import InputErrors

THREE = """
t1:  -> A 50, B 50, C 50, D 50
t2: A 50, B 50 -> X 99
t3: B 50, C 50 -> Y 99
t4: D 50 -> Z 49
"""


def test_addresses_spent_together_are_one_cluster() -> None:
    found = cluster(chain(THREE))
    assert found.addresses("A") == found.addresses("C") == ("A", "B", "C")
    assert found.addresses("D") == ("D",)
    assert found.addresses("X") == ("X",)
    assert [len(members) for members in found.several()] == [3]
    assert len(found) == 5


def test_outputs_of_one_transaction_are_not_joined() -> None:
    found = cluster(chain("t1: A 9 -> B 4, C 4"))
    assert found.addresses("B") == ("B",)


def test_a_transaction_left_out_joins_nothing() -> None:
    assert cluster(chain(THREE), Choice(without=frozenset({"t3"}))).addresses("A") == ("A", "B")


def test_an_input_takes_address_and_value_from_the_output_it_spends() -> None:
    view = chain("t1:  -> A 50\nt2:  -> B 60\n")
    builder = ViewBuilder()
    from trover.cluster.view import Coin

    builder.add("t1", [], [Coin("A", 50, "p2pkh")], coinbase=True)
    builder.add("t2", [Coin("", outpoint="t1:0")], [Coin("C", 49, "p2pkh")])
    built = builder.view()
    assert built.in_value.tolist() == [50]
    assert built.addresses[built.in_address[0]] == "A"
    assert built.spent_by.tolist() == [1, -1]
    assert view.spent_by.tolist() == [-1, -1]


def test_a_coinjoin_is_kept_out_and_said() -> None:
    view = chain(coinjoin("mix", "A B C D E", "V W X Y Z", 5_000_000, premium=10_000))
    found = cluster(view)
    assert found.addresses("A") == ("A",)
    assert [(view.txids[tx], shape.kind, shape.parties) for tx, shape in found.kept_out.items()] == [
        ("mix", "whirlpool", 5)
    ]


def test_a_form_that_is_let_joins_again() -> None:
    view = chain(coinjoin("mix", "A B C D E", "V W X Y Z", 5_000_000, premium=10_000))
    found = cluster(view, Choice(let=frozenset({"whirlpool"})))
    assert found.addresses("A") == ("A", "B", "C", "D", "E")
    assert found.kept_out == {}


def test_evidence_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputErrors, match=r"'gut_feeling' is no evidence that is known here\. There are: reuse, "):
        Choice(change=("gut_feeling",))
    with pytest.raises(InputErrors, match=r"'whirlpool_tx0' is no evidence .* There are: whirlpool, "):
        Choice(let=frozenset({"whirlpool_tx0"}))


def test_a_transaction_that_is_not_held_cannot_be_left_out() -> None:
    with pytest.raises(InputErrors, match="'t9' is no transaction of this case"):
        cluster(chain(THREE), Choice(without=frozenset({"t9"})))


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=5), max_size=40))
def test_roots_are_the_components_and_the_compiled_kernels_agree(groups: list[list[int]]) -> None:
    lines = [f"g{n}: {', '.join(f'a{a} 1' for a in group)} -> z{n} 1" for n, group in enumerate(groups)]
    view = chain("\n".join(lines)) if lines else ViewBuilder().view()
    everything = np.ones(len(view), np.bool_)
    plain = union.roots(view, everything)
    expected: list[set[int]] = []
    for group in groups:
        numbers = {view.address_number[f"a{a}"] for a in group}
        merged = [other for other in expected if other & numbers]
        expected = [other for other in expected if not other & numbers]
        expected.append(numbers.union(*merged))
    for component in expected:
        assert {int(plain[number]) for number in component} == {min(component)}
    assert int((plain == np.arange(len(plain))).sum()) == len(plain) - sum(len(c) - 1 for c in expected)


@pytest.mark.slow
def test_compiled_and_plain_give_the_same_roots(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    lines = [
        f"g{n}: {', '.join(f'a{a} 1' for a in random.integers(0, 800, random.integers(1, 4)))} -> z{n} 1"
        for n in range(500)
    ]
    view = chain("\n".join(lines))
    linking = random.random(len(view)) < 0.8
    left, right = random.integers(0, len(view.addresses), (2, 30))
    plain = union.roots(view, linking, left, right)
    monkeypatch.setattr(union, "LARGE", 0)
    np.testing.assert_array_equal(union.roots(view, linking, left, right), plain)
