"""A ransom from the chain over an exchange to a bank: three sources, each in its own format."""

from __future__ import annotations

import json
from pathlib import Path

from tests.case.worlds import AUTHOR
from tests.cluster.explorer import answer

from trover.case.case import Case
from trover.case.claiming import claims_at
from trover.case.finding import Finding, ThroughService

RANSOM = answer(100, [("victim", 80_000_000)], [("gang", 50_000_000), ("victim", 29_995_000)])
ONWARD = answer(
    105,
    [("gang", 50_000_000), ("other coin", 10_000_000)],
    [("deposit", 30_000_000), ("gang", 29_990_000)],
    [(RANSOM["txid"], 0), ("ab" * 32, 4)],
)
SWEEP = answer(
    108,
    [("deposit", 30_000_000), ("another customer", 20_000_000)],
    [("hot wallet", 49_990_000)],
    [(ONWARD["txid"], 0), ("cd" * 32, 1)],
)
"""The exchange gathers what its customers deposited. What it does with it afterwards is no longer the customer's."""
PAID, DEPOSIT, HOT = f"{RANSOM['txid']}:0", f"{ONWARD['txid']}:0", f"{SWEEP['txid']}:0"

EXPORT = f"""\
ref,when,from,to,amount,cur,fee,got,got_cur,text
x1,2023-11-15T15:20:00Z,EXT:CHAIN,C-7781 BTC,0.30000000,BTC,,,,deposit {ONWARD["txid"]}
x2,2023-11-15T17:02:11Z,C-7781 BTC,C-7781 EUR,0.30000000,BTC,,9000.00,EUR,sell
x3,2023-11-15T17:10:00Z,C-7781 EUR,EXT:BANK,8990.00,EUR,10.00,,,withdrawal SEPA
"""
MAPPING = {
    "shape": "transfer",
    "columns": {
        "id": "ref", "date": "when", "from": "from", "to": "to", "amount": "amount", "currency": "cur", "fee": "fee",
        "amount_to": "got", "currency_to": "got_cur", "note": "text",
    },
    "accounts": [
        {"id": "C-7781 BTC", "kind": "wallet", "currency": "BTC", "holder": "C-7781 at Exchange Ltd"},
        {"id": "C-7781 EUR", "kind": "wallet", "currency": "EUR", "holder": "C-7781 at Exchange Ltd"},
    ],
}  # fmt: skip
IBAN = "GB29NWBK60161331926819"


def _balance(code: str, amount: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(amount: str, sign: str, day: str, reference: str, party: str) -> str:
    role = "Dbtr" if sign == "CRDT" else "Cdtr"
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties>"
        f"<{role}><Pty><Nm>{party}</Nm></Pty></{role}></RltdPties></TxDtls></NtryDtls></Ntry>"
    )


STATEMENT = (
    "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt><Stmt><Id>S-1</Id>"
    f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>J. Doe</Nm></Ownr></Acct>"
    + _balance("OPBD", "100.00", "2023-11-15")
    + _balance("CLBD", "4090.00", "2023-11-17")
    + _entry("8990.00", "CRDT", "2023-11-15", "B1", "Exchange Ltd")
    + _entry("5000.00", "DBIT", "2023-11-17", "B2", "Car dealer")
    + "</Stmt></BkToCstmrStmt></Document>"
)


def ransom_case(folder: Path) -> Case:
    """The three sources in a case, and the ransom claimed. Nothing joins them yet."""
    case = Case.create(folder / "case", "R v Doe", AUTHOR, currency="EUR")
    (folder / "chain.json").write_text(json.dumps([RANSOM, ONWARD, SWEEP]), encoding="utf-8")
    (folder / "export.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "statement.xml").write_text(STATEMENT, encoding="utf-8")
    for name, mapping, why in (
        ("chain.json", None, "From a public explorer, compared with a second one"),
        ("export.csv", MAPPING, "Certified by the exchange, production order 4"),
        ("statement.xml", None, ""),
    ):
        report = case.add(folder / name, mapping, unproved=why)
        assert not report.problems
    case.record_all(claims_at(case, "VICTIM", (), PAID, None), reason="Ransom note and payment")
    return case


def bank_row(case: Case, amount: int) -> str:
    """The row of the bank statement with this amount, in cents."""
    events = (event for event in case.ledger() if event.balance_account == IBAN)
    return next(event.id for event in events if event.outputs[0].amount == amount)


def joined(case: Case) -> Finding:
    """The exchange's answer, as a finding: deposit, customer's account, payout."""
    body = ThroughService(
        "Exchange Ltd", (DEPOSIT,), (bank_row(case, 899_000),), "C-7781", credited="x1", withdrawn="x3"
    )
    return case.record(body, reason="The exchange names the deposit and the payout", evidence="Answer of 4 December")


def joined_directly(case: Case) -> Finding:
    """The same where the exchange's own rows are not looked at: one conversion from satoshi to cents."""
    body = ThroughService("Exchange Ltd", (DEPOSIT,), (bank_row(case, 899_000),), "C-7781")
    return case.record(body, reason="The exchange names the deposit and the payout", evidence="Answer of 4 December")
