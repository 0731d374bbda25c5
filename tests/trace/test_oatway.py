"""Re Oatway: which purchases count as preserved is a person's finding."""

from datetime import UTC, datetime

from trover.ledger.event import Account, AccountKind, transfer
from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions, Claim
from trover.trace.reference import trace
from trover.trace.rules import LotRule, rule

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def test_an_asset_found_dissipated_takes_own_money_first() -> None:
    accounts = [
        Account("T", "GBP", AccountKind.BANK, opening=400),
        Account("ASSET:CAR", "GBP", AccountKind.ASSET),
        Account("EXT:V", "GBP", AccountKind.EXTERNAL),
    ]
    events = [transfer("t1", DAY, 1, "EXT:V", "T", 300), transfer("t2", DAY, 2, "T", "ASSET:CAR", 200)]
    ledger = Ledger.of(accounts, events)
    claims = (Claim("V", 300, transfer="t1"),)
    oatway = rule("oatway")
    assert isinstance(oatway, LotRule)
    held = trace(ledger, Assumptions(claims), oatway).table()
    gone = trace(ledger, Assumptions(claims, dissipated=frozenset({"ASSET:CAR"})), oatway).table()
    assert held["ASSET:CAR"] == {"V": 200, "OWN": 0}
    assert gone["ASSET:CAR"] == {"V": 0, "OWN": 200}
