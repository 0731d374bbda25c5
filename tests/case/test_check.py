"""Findings are checked against the ledger: everything wrong is said at once, and nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from worlds import AUTHOR, bank, memory_case, on, outside, simple_ledger

from trover import Claim
from trover.case.case import Case
from trover.case.finding import (
    ActionDate,
    BackwardLink,
    Body,
    CashLink,
    Claimed,
    Dissipated,
    Fund,
    GoodFaith,
    InterestChoice,
    Note,
    Pool,
    Preserved,
    Reversal,
    RuleChoice,
    UnprovedAdmission,
)
from trover.errors import (
    AmountNotPositive,
    ClaimExceedsTransfer,
    ClaimNotExternal,
    ClaimOnReturn,
    CurrencyMismatch,
    FieldMissing,
    FieldWrong,
    FindingReplaced,
    FindingTwice,
    InputErrors,
    LinkImpossible,
    MissingChoice,
    MixedCurrencies,
    OffenceUnknown,
    Problem,
    UnknownAccount,
    UnknownFinding,
    UnknownMarking,
    UnknownRule,
    UnknownTransfer,
)
from trover.ledger.event import Account, AccountKind, transfer
from trover.ledger.ledger import Ledger
from trover.trace.claim import InterestMode


@pytest.fixture
def case() -> Case:
    return memory_case()


def refused(case: Case, *bodies: Body | Claim) -> Sequence[Problem]:
    before = case.store.log()
    with pytest.raises(InputErrors) as caught:
        case.record_all(bodies, reason="because")
    assert case.store.log() == before
    return caught.value.problems


GOOD: list[Body] = [
    Claimed("V", 100_00, "EUR", transfer="t1", offence="fraud", iccs="0701", offence_date=date(2019, 12, 31)),
    Claimed("V", 5_00, account="W", repaid=1_00),
    GoodFaith("t3"),
    Reversal("t4", "t3"),
    CashLink("t4", "t3"),
    BackwardLink("t6", "t5"),
    Pool("POOL:1", ("T", "W")),
    Fund(("T", "W")),
    InterestChoice(InterestMode.OWN),
    ActionDate(date(2020, 6, 1)),
    RuleChoice("libr@credits_first"),
    Note("anything", about="t3"),
]


@pytest.mark.parametrize("body", GOOD, ids=lambda body: body.kind)
def test_a_finding_that_can_be_so_is_recorded(case: Case, body: Body) -> None:
    finding = case.record(body, reason="because", evidence="exhibit 3")
    assert case.findings() == [finding]
    assert (finding.body, finding.author, finding.evidence) == (body, AUTHOR, ("exhibit 3",))


BAD: list[tuple[list[Body], list[type[Problem]]]] = [
    ([Claimed("V", 1, transfer="t9")], [UnknownTransfer]),
    ([Claimed("V", 1, account="X")], [UnknownAccount]),
    ([Claimed("V", 1)], [UnknownTransfer]),
    ([Claimed("V", 1, transfer="t1", account="W")], [UnknownTransfer]),
    ([Claimed("V", 100_01, transfer="t1")], [ClaimExceedsTransfer]),
    ([Claimed("V", 60_00, transfer="t1"), Claimed("W", 40_01, transfer="t1")], [ClaimExceedsTransfer]),
    ([Claimed("V", 5_01, account="W")], [ClaimExceedsTransfer]),
    ([Claimed("V", 1, transfer="t5")], [ClaimNotExternal]),
    ([Claimed("V", 0, transfer="t1")], [AmountNotPositive]),
    ([Claimed("V", -1, transfer="t1")], [AmountNotPositive]),
    ([Claimed("V", 1, transfer="t1", repaid=-1)], [AmountNotPositive]),
    ([Claimed("V", 1, "USD", transfer="t1")], [CurrencyMismatch]),
    ([Claimed("V", 1, "EUR", account="U")], [ClaimExceedsTransfer, CurrencyMismatch]),
    ([Claimed("V", 1, transfer="t4"), Reversal("t4", "t3")], [ClaimOnReturn]),
    ([Claimed("V", 1, transfer="t4"), CashLink("t4", "t3")], [ClaimOnReturn]),
    ([Claimed("V", 1, transfer="t1", offence="theft")], [OffenceUnknown]),
    ([Claimed("V", 1, transfer="t1", iccs="99")], [OffenceUnknown]),
    ([Claimed("", 1, transfer="t1")], [FieldMissing]),
    ([Claimed("V", 1.5, transfer="t1")], [FieldWrong]),  # type: ignore[arg-type]
    ([GoodFaith("t9")], [UnknownTransfer]),
    ([GoodFaith("t3"), GoodFaith("t3")], [FindingTwice]),
    ([Reversal("t4", "t9")], [UnknownTransfer]),
    ([Reversal("t6", "t5")], [LinkImpossible]),
    ([Reversal("t3", "t1")], [LinkImpossible, LinkImpossible]),
    ([Reversal("t1", "t3")], [LinkImpossible]),
    ([Reversal("t4", "t3"), CashLink("t4", "t3")], [FindingTwice]),
    ([BackwardLink("t1", "t3")], [LinkImpossible, LinkImpossible]),
    ([BackwardLink("t4", "t3")], [LinkImpossible]),
    ([BackwardLink("t6", "t5"), BackwardLink("t7", "t5")], [LinkImpossible]),
    ([Pool("P", ("T", "U"))], [MixedCurrencies]),
    ([Pool("P", ("T", "X"))], [UnknownAccount]),
    ([Pool("P", ("T", "EXT:V"))], [UnknownAccount]),
    ([Pool("P", ("T", "T"))], [FieldWrong]),
    ([Pool("W", ("T",))], [FindingTwice]),
    ([Pool("P", ("T",)), Pool("Q", ("T", "W"))], [FindingTwice]),
    ([Fund(())], [FieldMissing]),
    ([Fund(("T",)), Fund(("W",))], [FindingTwice]),
    ([InterestChoice(InterestMode.OWN), InterestChoice(InterestMode.ACCRUE)], [FindingTwice]),
    ([Preserved("W")], [UnknownAccount]),
    ([RuleChoice("best")], [UnknownRule]),
    ([UnprovedAdmission("0" * 64)], [Problem]),
    ([Note("")], [FieldMissing]),
]


@pytest.mark.parametrize(("bodies", "kinds"), BAD, ids=lambda value: "-".join(getattr(b, "kind", "") for b in value))
def test_a_finding_that_cannot_be_so_is_refused(case: Case, bodies: list[Body], kinds: list[type[Problem]]) -> None:
    assert [type(problem) for problem in refused(case, *bodies)] == kinds


def test_all_that_is_wrong_is_said_together(case: Case) -> None:
    found = refused(case, Claimed("V", 100_01, transfer="t1"), GoodFaith("t9"), Pool("P", ("T", "U")))
    assert [type(problem) for problem in found] == [ClaimExceedsTransfer, UnknownTransfer, MixedCurrencies]


def test_findings_already_recorded_count(case: Case) -> None:
    case.record(Claimed("V", 60_00, transfer="t1"), reason="first")
    assert [type(problem) for problem in refused(case, Claimed("W", 40_01, transfer="t1"))] == [ClaimExceedsTransfer]


def test_a_claim_of_the_tracing_interface_can_be_recorded(case: Case) -> None:
    finding = case.record(Claim("V", 10_00, transfer="t1", repaid=1), reason="order")
    assert case.assumptions().claims == (Claim("V", 10_00, transfer="t1", repaid=1, id=finding.id),)


def test_an_asset_can_be_found_gone() -> None:
    accounts = [bank("T"), Account("ASSET:CAR", "EUR", AccountKind.ASSET), outside("EXT:V")]
    events = [transfer("t1", on(1), 1, "EXT:V", "T", 10), transfer("t2", on(2), 2, "T", "ASSET:CAR", 10)]
    case = memory_case(Ledger.of(accounts, events))
    case.record(Dissipated("ASSET:CAR"), reason="burnt")
    assert case.assumptions().dissipated == {"ASSET:CAR"}
    assert [type(problem) for problem in refused(case, Preserved("ASSET:CAR"))] == [FindingTwice]


def test_what_a_finding_supersedes_must_be_in_force(case: Case) -> None:
    first = case.record(GoodFaith("t3"), reason="price paid")
    second = case.record(GoodFaith("t5"), reason="wrong row", supersedes=first.id)
    assert case.findings() == [second]
    for old, kind in ((first.id, FindingReplaced), ("0" * 12, UnknownFinding)):
        with pytest.raises(InputErrors) as caught:
            case.record(Note("x"), reason="y", supersedes=old)
        assert [type(problem) for problem in caught.value.problems] == [kind]
    with pytest.raises(InputErrors, match="is not a finding of this case"):
        case.withdraw("0" * 12, reason="gone")


def test_a_finding_needs_author_and_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TROVER_AUTHOR", raising=False)
    case = Case(memory_case().store)
    with pytest.raises(InputErrors) as caught:
        case.record(GoodFaith("t3"), reason="price paid")
    assert [type(problem) for problem in caught.value.problems] == [MissingChoice]
    with pytest.raises(InputErrors) as caught:
        case.record(GoodFaith("t3"), AUTHOR, "  ")
    assert [type(problem) for problem in caught.value.problems] == [FieldMissing]


def test_an_unknown_marking_is_refused(case: Case) -> None:
    with pytest.raises(InputErrors) as caught:
        case.record(GoodFaith("t3"), reason="price paid", marking="PINK", retention="soon")
    assert [type(problem).__name__ for problem in caught.value.problems] == [UnknownMarking.__name__, "DateUnreadable"]


def test_no_rule_is_run_where_nothing_is_claimed(case: Case) -> None:
    with pytest.raises(InputErrors, match="nothing is claimed in this case"):
        case.trace("all")


def test_a_row_that_a_correction_replaced_is_no_row_to_claim_at() -> None:
    ledger = simple_ledger()
    corrected = [*ledger, transfer("t1b", on(1), 8, "EXT:V", "T", 90_00, replaces="t1")]
    case = memory_case(Ledger.of(ledger.account_list, corrected))
    assert [type(problem) for problem in refused(case, Claimed("V", 1, transfer="t1"))] == [UnknownTransfer]
    case.record(Claimed("V", 90_00, transfer="t1b"), reason="corrected statement")
