"""One case from statements in four formats: added, checked, traced. Figures worked by hand.

VICTIM pays A 5,000.00; A pays B 4,000.00, B pays C 3,000.00, C pays D 2,500.00, D spends 1,000.00. A stands in
camt.053, B in MT940, C in a table, D in OFX. Each payment between two of them stands on two statements.

Under libr: A held 1,000.00 of its own and 5,000.00, so its payment takes 3,000.00 of the claim and leaves 2,000.00;
B held 500.00, so of 1,500.00 and 3,000.00 its payment takes 1,500.00; C held 100.00, so of 1,600.00 and 1,500.00
its payment takes 900.00; D has 1,600.00 of others, so what it spends is theirs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from trover.cli import run

A, B, C, D = "DE02120300000000202051", "NL91ABNA0417164300", "EE382200221020145685", "GB33BUKB20201555555555"

CAMT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2024-01-31T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><Acct><Id><IBAN>{A}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2024-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">2000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2024-01-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-01-02</Dt>
</BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>VICTIM</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">4000.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2024-01-03</Dt>
</BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>PAY-1</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>B</Nm></Pty></Cdtr>
<CdtrAcct><Id><IBAN>{B}</IBAN></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""
MT940 = f""":20:S1
:25:{B}
:28C:1/1
:60F:C240101EUR500,00
:61:2401030103C4000,00NTRFPAY-1
:86:/IBAN/{A}/NAME/A/REMI/advance
:61:2401040104D3000,00NTRFPAY-2
:86:/IBAN/{C}/NAME/C/REMI/loan
:62F:C240131EUR1500,00
-
"""
TABLE = f"""Date,Account,Amount,Balance,Name,Number,Text
2024-01-05,{C},3000.00,3100.00,B,{B},loan PAY-2
2024-01-06,{C},-2500.00,600.00,D,{D},shares
"""
MAPPING = """format: csv
shape: statement
currency: EUR
columns:
  date: Date
  account: Account
  amount: Amount
  balance: Balance
  counterparty: Name
  counterparty_account: Number
  note: Text
"""
OFX = f"""OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20240131<LANGUAGE>ENG</SONRS>
</SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>{D}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20240101<DTEND>20240131
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240106<TRNAMT>2500.00<FITID>1<NAME>C<BANKACCTTO><BANKID>1<ACCTID>{C}
<ACCTTYPE>CHECKING</BANKACCTTO><MEMO>shares</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240108<TRNAMT>-1000.00<FITID>2<NAME>SHOP</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1500.00<DTASOF>20240131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The four statements in a case, as a person adds them, and the claim."""
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    files = {"a.xml": CAMT, "b.sta": MT940, "c.csv": TABLE, "mapping.yml": MAPPING, "d.ofx": OFX}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    folder = str(tmp_path / "case")
    at = {name: str(tmp_path / name) for name in files}
    assert run(["new", folder, "--name", "R v Example"]) == 0
    assert run(["add", folder, at["a.xml"], at["b.sta"], at["d.ofx"]]) == 0
    assert run(["add", folder, at["c.csv"], "--mapping", at["mapping.yml"]]) == 0
    return tmp_path / "case"


def answer(capsys: pytest.CaptureFixture[str], words: list[str], status: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*words, "--json"]) == status
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def admit_and_claim(case: Path) -> None:
    assert run(["admit", str(case), "d.ofx", "--reason", "OFX prints no opening balance"]) == 0
    victim = hashlib.sha256(CAMT.encode()).hexdigest()[:12] + ":1:1"
    claim = ["claim", str(case), "--claimant", "VICTIM", "--transfer", victim, "--reason", "Complaint of 9 January"]
    assert run(claim) == 0


def test_check_says_what_proves_it(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, ["check", str(case)])
    stands = {
        file["name"]: [(each["place"], each["standing"]) for each in file["statements"]] for file in before["files"]
    }
    proved = [("admitted", "proved")]
    assert stands == {"a.xml": proved, "b.sta": proved, "c.csv": proved, "d.ofx": [("held", "unproved")]}
    admit_and_claim(case)
    after = answer(capsys, ["check", str(case)], status=1)
    assert (before["proved"], after["proved"]) == (True, False)


def test_the_claim_is_followed_across_four_formats(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    admit_and_claim(case)
    traced = answer(capsys, ["trace", str(case), "--rule", "libr", "--rule", "fifo", "--rule", "haircut"])
    held = {
        rule: {id: owners["VICTIM"] for id, owners in table["accounts"].items() if id in (A, B, C, D)}
        for rule, table in traced["rules"].items()
    }
    assert held["libr"] == held["fifo"] == {A: 200000, B: 150000, C: 60000, D: 90000}
    assert held["haircut"] == {A: 166667, B: 111111, C: 43011, D: 107527}
    assert traced["rules"]["haircut"]["recipients"]["SHOP"]["VICTIM"] == 71685
    assert [each["file"] for each in traced["rests_on"]] == ["d.ofx"]


def test_without_the_statement_that_proves_nothing(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What reached D is what left for it, as far as the proved statements go."""
    victim = hashlib.sha256(CAMT.encode()).hexdigest()[:12] + ":1:1"
    assert run(["claim", str(case), "--claimant", "VICTIM", "--transfer", victim, "--reason", "Complaint"]) == 0
    traced = answer(capsys, ["trace", str(case), "--rule", "libr"])
    assert traced["rules"]["libr"]["recipients"]["D"]["VICTIM"] == 90000
    assert traced["rests_on"] == []
