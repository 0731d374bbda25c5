"""Rates are printed as counts, with what they were measured on."""

from __future__ import annotations

import pytest

from trover.cluster.change import HEURISTICS
from trover.cluster.clustering import COSPEND
from trover.cluster.rates import Rate, measured, rates_of
from trover.cluster.shapes import KINDS


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Rate("a", "right in", 2, 3, "payments"), "a: right in 2 of 3 = 66.7 %; payments"),
        (Rate("a", "right in", 1, 1, "payments", "one"), "a: right in 1 of 1 = 100.0 %; payments (one)"),
        (Rate("a", "right in", 1, 2_000, "payments"), "a: right in 1 of 2,000 = 0.1 %; payments"),
        (Rate("a", "right in", 0, 9, "payments"), "a: right in 0 of 9 = 0.0 %; payments"),
    ],
)
def test_a_rate_is_a_count_and_a_share_half_up(rate: Rate, text: str) -> None:
    assert str(rate) == text


def test_what_was_not_measured_says_so() -> None:
    assert [str(rate) for rate in rates_of(["locktime", "reuse"])] == [
        "locktime: not measured, for want of labelled data",
        "reuse: needs no measure, it is the same address",
    ]


def test_every_rate_is_of_evidence_that_exists() -> None:
    known = {COSPEND, "coinjoin", *KINDS, *HEURISTICS}
    assert {rate.evidence for rate in measured()} <= known
    assert all(0 <= rate.count <= rate.of and rate.of for rate in measured())
    several = {key for key, kind in KINDS.items() if kind.several} - {"equal_pair"}
    assert several <= {rate.evidence for rate in measured()}
