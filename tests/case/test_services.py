"""One claim through chain, exchange and bank: joined by a finding and by nothing else, in both currencies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.case.chain_worlds import out, written
from tests.case.ransom_world import DEPOSIT, HOT, IBAN, PAID, bank_row, joined, joined_directly, ransom_case
from tests.cluster.explorer import answer

from trover.case.case import Case
from trover.case.chain_trace import backward
from trover.case.finding import Claimed, ThroughService
from trover.case.verified import verify_case
from trover.errors import InputErrors

DEALER = "EXT:Car dealer"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return ransom_case(tmp_path)


def held(case: Case, rule: str) -> dict[str, int]:
    (answer,) = case.trace(rule)
    return {place: row["VICTIM"] for place, row in answer.table.items() if row.get("VICTIM")}


def test_nothing_is_joined_without_a_finding(case: Case) -> None:
    reached = held(case, "fifo")
    assert HOT in reached
    assert not {IBAN, DEALER, "C-7781 EUR"} & reached.keys()


def test_with_the_finding_one_claim_runs_through_both_ledgers(case: Case) -> None:
    joined(case)
    assert held(case, "fifo")[DEALER] == 490_000
    assert held(case, "fifo")[IBAN] == 409_000
    haircut = held(case, "haircut")
    assert haircut[DEALER] == 412_083
    assert haircut[DEALER] + haircut[IBAN] == pytest.approx(899_000 * 5 / 6, abs=1)


def test_what_the_exchange_does_with_the_coin_is_no_longer_followed(case: Case) -> None:
    joined(case)
    assert HOT not in held(case, "haircut")
    assert verify_case(case).holds


def test_the_conversion_states_its_cost_in_satoshi_and_its_amount_in_cents(case: Case) -> None:
    joined_directly(case)
    ledger = case.traced()
    event = next(event for event in ledger if event.id == bank_row(case, 899_000))
    (given,), (got,) = event.inputs, event.outputs
    account = ledger.account_by_id[given.account]
    assert (account.currency, account.holder) == ("BTC", "C-7781 at Exchange Ltd")
    assert (given.amount, got.account, got.cost, got.amount) == (30_000_000, IBAN, 30_000_000, 899_000)
    assert held(case, "fifo")[DEALER] == 490_000
    assert verify_case(case).holds


def test_a_row_without_time_stands_after_a_deposit_of_its_day(case: Case) -> None:
    """The bank prints days. Its row of the 15th sorts before the block of that afternoon, and is not before it."""
    joined_directly(case)
    ids = [event.id for event in case.traced()]
    assert ids.index(f"{DEPOSIT}:given") < ids.index(bank_row(case, 899_000)) < ids.index(bank_row(case, 500_000))


def test_withdrawn_it_joins_nothing(case: Case) -> None:
    before = case.derived().hash
    finding = joined(case)
    assert case.derived().hash != before
    case.withdraw(finding.id, reason="The exchange corrected its answer")
    assert case.derived().hash == before


def test_back_from_the_car_to_the_ransom(case: Case) -> None:
    joined(case)
    found = backward(case, bank_row(case, 500_000), ["fifo", "haircut"])
    by_name: dict[str, dict[str, Any]] = {each["origin"]: each["rules"] for each in found["origins"]}
    assert by_name[PAID]["fifo"]["amount"] == 490_000
    assert by_name[IBAN]["fifo"]["amount"] == 10_000
    assert by_name[PAID]["haircut"]["amount"] == 412_083
    assert sum(each["haircut"]["amount"] for each in by_name.values()) == pytest.approx(500_000, abs=1)


def through(**more: Any) -> dict[str, Any]:
    return {"service": "Exchange Ltd", "given": (DEPOSIT,), "received": ("x1",), "customer": "C-7781"} | more


@pytest.mark.parametrize(
    ("stated", "evidence", "message"),
    [
        (through(), "", "'evidence' is missing: a match of amounts and times is a guess"),
        (through(withdrawn="x3"), "answer", "without `credited`"),
        (through(credited="x1"), "answer", "'withdrawn' is missing"),
        (through(given=("nothing",)), "answer", "names nothing, which is no output and no transfer"),
        (through(given=(DEPOSIT, "x3")), "answer", "has given BTC and EUR"),
        (through(received=("x2",)), "answer", "does not come in from outside"),
        (through(amount=30_000_001), "answer", "takes 30000001 of 30000000 that was given"),
        (through(amount=29_000_000), "answer", "pays out 30000000 for 29000000 of the same currency"),
    ],
)
def test_a_joint_that_cannot_be_is_refused(case: Case, stated: dict[str, Any], evidence: str, message: str) -> None:
    with pytest.raises(InputErrors, match=message):
        case.record(ThroughService(**stated), reason="Supposed", evidence=evidence)


def test_one_thing_is_joined_once(case: Case) -> None:
    joined_directly(case)
    with pytest.raises(InputErrors, match="which another finding of this kind names"):
        case.record(ThroughService(**through()), reason="Supposed", evidence="answer")


def test_what_was_not_paid_out_stays_with_the_customer_at_the_service(case: Case) -> None:
    body = ThroughService("Exchange Ltd", (DEPOSIT,), (bank_row(case, 899_000),), "C-7781", amount=20_000_000)
    finding = case.record(body, reason="A third is still there", evidence="Answer of 4 December")
    reached = held(case, "fifo")
    assert reached[f"UNDERWAY:through_service {finding.id}"] == 10_000_000
    assert reached[DEALER] == 490_000


def test_a_service_that_says_nothing_ends_the_trail_and_holds_what_it_got(case: Case) -> None:
    finding = case.record(ThroughService("Mixer", (DEPOSIT,)), reason="Its address is published", evidence="Indictment")
    reached = held(case, "fifo")
    assert reached[f"UNDERWAY:through_service {finding.id}"] == 30_000_000
    assert HOT not in reached


def test_on_the_way_in_a_payment_to_an_exchange_goes_on_in_the_coin_it_bought(tmp_path: Path) -> None:
    """Money leaves the bank, coin comes out of the exchange's wallet. What others have in that coin stays behind."""
    case = ransom_case(tmp_path)
    bought = answer(380, [("hot wallet", 49_990_000)], [("mule", 12_000_000), ("hot wallet", 37_980_000)],
                    [(HOT.partition(":")[0], 0)])  # fmt: skip
    case.add(written(tmp_path, "bought.json", [bought]), unproved="From a public explorer")
    case.record(Claimed("BANK CUSTOMER", 899_000, "EUR", bank_row(case, 899_000)), reason="Complaint")
    sent = bank_row(case, 500_000)
    case.record(ThroughService("Exchange Ltd", (sent,), (out(bought),), "M-1"), reason="Bought", evidence="Answer")
    (answered,) = case.trace("fifo")
    assert answered.table[out(bought)] == {"VICTIM": 0, "BANK CUSTOMER": 11_760_000, "OWN": 240_000}
    assert answered.table["EXT:SERVICE:Exchange Ltd in BTC"]["VICTIM"] == 12_000_000
    assert verify_case(case).holds


def test_the_clock_of_a_block_may_run_ahead_of_the_exchanges(case: Case) -> None:
    """The exchange saw the deposit at 15:20; its block says 15:43."""
    joined(case)
    ids = [event.id for event in case.traced()]
    assert ids.index(f"{DEPOSIT}:given") < ids.index("x1") < ids.index("x2")


def test_what_is_given_is_paid_by_an_account_of_the_case(case: Case) -> None:
    for amount, message in (
        (899_000, "which is paid by no account of this case"),
        (500_000, "names x1, which is received before all that was given"),
    ):
        with pytest.raises(InputErrors, match=message):
            case.record(ThroughService("E", (bank_row(case, amount),), ("x1",)), reason="Supposed", evidence="answer")
