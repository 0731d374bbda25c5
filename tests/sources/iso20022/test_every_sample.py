"""Every sample of ISO 20022 gives the figures of samples.tsv, or the problem named there.

The figures are counted a second time here by a walk over the elements that shares no code with the reader.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.sources.sample_figures import Line, figures, gate, listed, shown

pytestmark = pytest.mark.realdata
EXPECTED = listed(Path(__file__).with_name("samples.tsv"))
READ = sorted(name for name, lines in EXPECTED.items() if all(line[-1].islower() for line in lines))
"""Samples without a problem, which would stand, by the name of its class, in place of the gate."""


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "bank" / "iso20022"


# The second count -------------------------------------------------------------------------------------------------


def counted(path: Path) -> list[Line]:
    root = ET.parse(path).getroot()
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    accounts = [element for tag in ("Stmt", "Rpt", "Ntfctn") for element in root.iter(tag)]
    if accounts:
        return [line for account in accounts for line in counted_account(account)]
    return list(counted_payments(root))


def minor(amount: ET.Element) -> int:
    scaled = Decimal((amount.text or "").strip()) * (1 if amount.get("Ccy") == "JPY" else 100)
    assert scaled == scaled.to_integral_value()
    return int(scaled)


def counted_account(account: ET.Element) -> Iterator[Line]:
    balances: dict[str, dict[str, int]] = {}
    for balance in account.findall("Bal"):
        code = balance.findtext("Tp/CdOrPrtry/Cd", "")
        amount = balance.find("Amt")
        if code in ("OPBD", "PRCD", "CLBD") and amount is not None:
            sign = 1 if balance.findtext("CdtDbtInd") == "CRDT" else -1
            balances.setdefault(amount.get("Ccy", ""), {})[code] = sign * minor(amount)
    found: dict[str, list[int]] = {currency: [0, 0, 0, 0] for currency in balances}
    for entry in account.findall("Ntry"):
        amount = entry.find("Amt")
        assert amount is not None
        counts = found.setdefault(amount.get("Ccy", ""), [0, 0, 0, 0])
        booked = "BOOK" in (entry.findtext("Sts", "").strip(), entry.findtext("Sts/Cd"))
        counts[0 if booked else 1] += 1
        counts[2 if entry.findtext("CdtDbtInd") == "CRDT" else 3] += minor(amount) if booked else 0
    found = found or {account.findtext("Acct/Ccy", ""): [0, 0, 0, 0]}
    for currency, (rows, left, credits, debits) in found.items():
        own = balances.get(currency, {})
        opening, closing = own.get("OPBD", own.get("PRCD")), own.get("CLBD")
        figures = (str(rows), str(left), str(credits), str(debits), shown(opening), shown(closing))
        yield (currency, *figures, gate(opening, closing, credits - debits))


def counted_payments(root: ET.Element) -> Iterator[Line]:
    """One line a payer and currency, in the order in which they come; last, what goes from one account to itself."""
    found: dict[tuple[str, str], list[int]] = {}
    circular = 0
    for order in [*root.iter("PmtInf"), *root.iter("FIToFICstmrCdtTrf"), *root.iter("FICdtTrf")]:
        for payment in [*order.findall("CdtTrfTxInf"), *order.findall("DrctDbtTxInf")]:
            paths = ("IntrBkSttlmAmt", "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "InstdAmt")
            amount = next(e for path in paths if (e := payment.find(path)) is not None)
            payer, payee = (side(payment, role) or side(order, role) for role in ("Dbtr", "Cdtr"))
            if payer == payee:
                circular += 1
            else:
                counts = found.setdefault((payer, amount.get("Ccy", "")), [0, 0])
                counts[0] += 1
                counts[1] += minor(amount)
    for (_, currency), (rows, debits) in found.items():
        yield (currency, str(rows), "0", "0", str(debits), "", "", "open")
    if circular:
        yield ("", "0", str(circular), "", "", "", "", "open")


def side(element: ET.Element, role: str) -> str:
    account = element.find(f"{role}Acct/Id")
    name = element.find(role)
    texts = [*(account.itertext() if account is not None else ()), *(name.itertext() if name is not None else ())]
    return next(filter(None, (text.strip() for text in texts)), "")


# The tests --------------------------------------------------------------------------------------------------------


def test_every_sample_is_in_the_table(folder: Path) -> None:
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.xml")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_gives_its_figures(folder: Path, name: str) -> None:
    assert figures(folder / name) == EXPECTED[name]


@pytest.mark.parametrize("name", READ)
def test_the_figures_are_those_of_a_second_count(folder: Path, name: str) -> None:
    assert counted(folder / name) == EXPECTED[name]
