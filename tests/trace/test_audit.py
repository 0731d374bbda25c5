"""The auditor accepts what adds up and names the place of what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tables import NANO, event, ledger_of, run, table

from trover.case.solve import stated_assumptions
from trover.ledger.build import build_ledger
from trover.sources.case_json import read_case
from trover.trace import compare, reference
from trover.trace.audit import EVERYBODY, Audit, audit
from trover.trace.claim import Assumptions, Claim, InterestMode
from trover.trace.lot import Content
from trover.trace.result import Movement, Trace
from trover.trace.rules import LotRule, rules_on

LEDGERS = sorted((Path(__file__).parents[1] / "cases").glob("C*.json"))
RULES = [rule.id for rule in rules_on("account") if isinstance(rule, LotRule)]

STORY = """
    EXT:A -> T 100 | A 80
    EXT:B -> T 70 | B 70
    T -> U 60
    T -> EXT:SHOP 150
    EXT:OWN -> T 100
    EXT:SHOP -> T 75 | reverses t4
    EXT:BANK -> T 9 | interest
    T -> P 30 => 41
    U -> EXT:SELLER 45 | bfp
    EXT:SELLER -> U 20 | reverses t9
"""


def _trace(rule: str, variant: str = "") -> tuple[Audit, Trace]:
    ledger, findings = table(STORY, opening={"T": 20, "U": -25})
    trace = run(ledger, findings, rule, variant)
    return audit(ledger, findings, trace), trace


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_every_case_adds_up_under_every_rule_and_variant(path: Path) -> None:
    case = read_case(path)
    if case.family not in ("account", "utxo"):
        pytest.skip(f"a case of the family {case.family} has no ledger")
    findings = stated_assumptions(case, [])
    ledger = build_ledger(case.records, claims=case.claims)
    for key in compare.keys_for(case.family, findings):
        rule, variant = compare.parse_key(key)
        if isinstance(rule, LotRule):
            view = compare.apply(ledger, findings, variant)
            found = audit(*view, reference.trace(*view, rule, key, steps=True))
            assert (found.problems, found.events) == ((), len(view[0])), key


@pytest.mark.parametrize("rule", RULES)
def test_overdraft_return_interest_conversion_and_purchaser_add_up(rule: str) -> None:
    found, _ = _trace(rule)
    assert found.problems == ()


def test_each_owner_is_accounted_for_from_the_root() -> None:
    found, trace = _trace("haircut")
    rows = {row.owner: row for row in found.rows}
    assert list(rows) == ["A", "B", "OWN"]
    assert (rows["A"].entered, rows["B"].entered) == (80 * NANO, 70 * NANO)
    assert all(row.came_in == row.accounted for row in rows.values())
    assert sum(row.interest for row in rows.values()) == 9 * NANO
    assert sum(row.converted for row in rows.values()) == 11 * NANO
    assert sum(row.overdrafts for row in rows.values()) == (trace.totals["OD:T"] + trace.totals["OD:U"]) * NANO > 0
    assert rows["A"].purchasers == trace.content["BFP:t9"]["A"] > 0


def test_principal_and_accretion_are_apart() -> None:
    ledger, findings = table("EXT:A -> T 1000 | A 1000\n EXT:BANK -> T 20 | interest")
    (row,) = audit(ledger, findings, run(ledger, findings, "libr")).rows
    assert (row.entered, row.interest, row.held) == (1000 * NANO, 20 * NANO, 1020 * NANO)


def test_conversion_closes_one_currency_and_opens_the_other() -> None:
    ledger, findings = table("EXT:A -> T 90 | A 60\n T -> P 90 => 76")
    accounts = [replace(a, currency="GBP" if a.id == "P" else "EUR") for a in ledger.account_list]
    ledger = type(ledger).of(accounts, ledger)
    rows = audit(ledger, findings, run(ledger, findings, "libr")).rows
    found = {(row.owner, row.currency): (row.entered, row.converted, row.held) for row in rows}
    assert found["A", "EUR"] == (60 * NANO, -60 * NANO, 0)
    assert found["A", "GBP"][2] == found["A", "GBP"][1] == 50_666_666_667


def test_a_rule_that_taints_all_is_audited_by_totals() -> None:
    found, _ = _trace("poison")
    assert {row.owner for row in found.rows} == {EVERYBODY}


def test_interest_by_the_day_is_recomputed() -> None:
    text = """
        EXT:A -> T 300 | A 300
        EXT:OWN -> T 100
        T -> EXT:X 350
        EXT:BANK -> T 7 | interest
    """
    ledger, findings = table(text, interest=InterestMode.ACCRUE_DAILY)
    trace = run(ledger, findings, "libr")
    assert audit(ledger, findings, trace).problems == ()
    assert audit(ledger, replace(findings, interest=InterestMode.OWN), trace).problems


def _of(trace: Trace, event: str, side: str, change: Callable[[Movement], Movement]) -> Trace:
    moved = [change(m) if (m.event, m.side) == (event, side) else m for m in trace.movements]
    return replace(trace, movements=moved)


def _shifted(content: Content, quantity: int = 1) -> Content:
    """One nano unit from the first owner to the last."""
    first, *_, last = content
    return content | {first: content[first] - quantity, last: content[last] + quantity}


FORGERIES: dict[str, tuple[str, str, Callable[[Movement], Movement]]] = {
    "what is drawn": ("t4", "in", lambda m: replace(m, content=_shifted(m.content))),
    "what arrives": ("t4", "out", lambda m: replace(m, content=_shifted(m.content))),
    "what is given": ("t4", "out", lambda m: replace(m, parts=replace(m.parts, given=_shifted(m.parts.given)))),
    "what repays": ("t3", "out", lambda m: replace(m, parts=replace(m.parts, repaid=_shifted(m.parts.repaid)))),
    "what a purchaser keeps": (
        "t9",
        "out",
        lambda m: replace(m, parts=replace(m.parts, protected=_shifted(m.parts.protected))),
    ),
    "what is returned": ("t6", "out", lambda m: replace(m, content=_shifted(m.content, 9))),
    "what interest follows": ("t7", "out", lambda m: replace(m, content=_shifted(m.content, 9))),
    "what is converted": ("t8", "out", lambda m: replace(m, content=_shifted(m.content, 99))),
    "a claim that enters": ("t1", "out", lambda m: replace(m, content=_shifted(m.content))),
    "the content before": ("t4", "in", lambda m: replace(m, before=_shifted(m.before))),
    "the content after": ("t4", "out", lambda m: replace(m, after=_shifted(m.after))),
    "the balance before": ("t5", "out", lambda m: replace(m, balance_before=m.balance_before + 1)),
    "the balance after": ("t5", "out", lambda m: replace(m, balance_after=m.balance_after - 1)),
    "the amount": ("t5", "out", lambda m: replace(m, amount=m.amount + 1)),
    "the account": ("t5", "out", lambda m: replace(m, account="U")),
}


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_forged_step_is_named(forged: str) -> None:
    ledger, findings = table(STORY, opening={"T": 20, "U": -25})
    event, side, change = FORGERIES[forged]
    found = audit(ledger, findings, _of(run(ledger, findings, "haircut"), event, side, change))
    assert found.problems
    assert found.problems[0].event == event


def test_a_problem_says_what_was_expected_and_found() -> None:
    ledger, findings = table("EXT:A -> T 10 | A 4")
    trace = run(ledger, findings, "libr")
    forged = replace(trace, content={**trace.content, "T": {"A": 5 * NANO, "OWN": 5 * NANO}})
    problems = audit(ledger, findings, forged).problems
    assert str(problems[0]) == (
        "event (end), account T, A: is there at the end: expected 4000000000, found 5000000000 (nano units)"
    )
    assert {(p.account, p.owner, p.expected, p.found) for p in problems} == {
        ("T", "A", 4 * NANO, 5 * NANO),
        ("T", "OWN", 6 * NANO, 5 * NANO),
        ("all accounts in EUR", "A", 4 * NANO, 5 * NANO),
        ("all accounts in EUR", "OWN", 6 * NANO, 5 * NANO),
    }


@pytest.mark.parametrize("lost", ["first", "twice", "stranger"])
def test_movements_are_those_of_the_ledger(lost: str) -> None:
    ledger, findings = table(STORY)
    trace = run(ledger, findings, "libr")
    first, *rest = trace.movements
    moved = {"first": rest, "twice": [first, first, *rest], "stranger": [*trace.movements, replace(first, event="t0")]}
    problems = audit(ledger, findings, replace(trace, movements=moved[lost])).problems
    assert problems
    assert problems[0].event == ("t0" if lost == "stranger" else "t1")


def test_totals_and_balances_of_the_result_are_checked() -> None:
    ledger, findings = table(STORY)
    trace = run(ledger, findings, "libr")
    for field in ("totals", "balances"):
        forged = replace(trace, **{field: {**getattr(trace, field), "T": 1}})
        assert [p.account for p in audit(ledger, findings, forged).problems] == ["T"]


def test_the_findings_are_those_the_trace_rests_on() -> None:
    ledger, findings = table(STORY)
    trace = run(ledger, findings, "libr")
    other = replace(findings, claims=(Claim("A", 90, "t1"), *findings.claims[1:]))
    assert audit(ledger, other, trace).problems[0].event == "t1"


def test_a_trace_without_steps_is_not_audited() -> None:
    ledger, findings = table(STORY)
    with pytest.raises(ValueError, match="without steps"):
        audit(ledger, findings, run(ledger, findings, "libr", steps=False))


def test_events_of_many_legs_add_up() -> None:
    events = [
        event("t1", 1, {"EXT:A": 100}, {"T": 60, "U": 40}),
        event("t2", 2, {"T": 50, "U": 30}, {"V": 70, "EXT:X": 5, "FEE:t2": 5}),
        event("t3", 3, {"V": 80, "EXT:B": 20}, {"T": 90, "FEE:t3": 10}),
    ]
    findings = Assumptions((Claim("A", 70, "t1"),))
    for rule in RULES:
        ledger = ledger_of(events, {"T": 10})
        assert audit(ledger, findings, run(ledger, findings, rule)).problems == ()
