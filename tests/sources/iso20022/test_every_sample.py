"""Every sample of ISO 20022 gives the figures of samples.tsv, or the problem named there.

The figures are counted a second time here by a walk over the elements that shares no code with the reader.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from trover.errors import InputErrors
from trover.sources.custody import read_source
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord, StatementRecord

pytestmark = pytest.mark.realdata
SAMPLES = Path(__file__).with_name("samples.tsv")
COLUMNS = ("file", "currency", "rows", "not_booked", "credits", "debits", "opening", "closing", "gate")
Line = tuple[str, ...]


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "bank" / "iso20022"


def expected() -> dict[str, list[Line]]:
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    with SAMPLES.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            lines[row["file"]].append(tuple(row[name] for name in COLUMNS[1:]))
    return dict(lines)


def gate(opening: int | None, closing: int | None, moved: int) -> str:
    if opening is None or closing is None:
        return "open"
    return "proved" if closing - opening == moved else f"fails by {closing - opening - moved}"


def shown(value: int | None) -> str:
    return "" if value is None else str(value)


def read(path: Path) -> list[Line]:
    try:
        reading = read_records(read_source(path))
    except InputErrors as errors:
        return [refused(type(errors.problems[0]).__name__)]
    if reading.problems:
        return [refused(type(reading.problems[0]).__name__)]
    return list(lines_of(reading))


def refused(name: str) -> Line:
    return ("", "", "", "", "", "", "", name)


def lines_of(reading: Reading) -> Iterator[Line]:
    events = [record for record in reading.records if isinstance(record, EventRecord)]
    statements = [record for record in reading.records if isinstance(record, StatementRecord)]
    assert len(events) == sum(1 for e in events for s in statements if e.statement == s.id)
    for statement in statements:
        own = [event for event in events if event.statement == statement.id]
        credits = sum(leg.amount for e in own for leg in e.outputs if leg.account == statement.account)
        debits = sum(leg.amount for e in own for leg in e.inputs if leg.account == statement.account)
        yield (
            statement.currency,
            str(len(own)),
            str(sum(1 for row in reading.unbooked if row.statement == statement.id)),
            str(credits),
            str(debits),
            shown(statement.opening),
            shown(statement.closing),
            gate(statement.opening, statement.closing, credits - debits),
        )


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
    """One line a payer and currency, in the order in which they come."""
    found: dict[tuple[str, str], list[int]] = {}
    for order in [*root.iter("PmtInf"), *root.iter("FIToFICstmrCdtTrf"), *root.iter("FICdtTrf")]:
        for payment in [*order.findall("CdtTrfTxInf"), *order.findall("DrctDbtTxInf")]:
            paths = ("IntrBkSttlmAmt", "Amt/InstdAmt", "Amt/EqvtAmt/Amt", "InstdAmt")
            amount = next(e for path in paths if (e := payment.find(path)) is not None)
            payer, payee = (side(payment, role) or side(order, role) for role in ("Dbtr", "Cdtr"))
            if payer != payee:
                counts = found.setdefault((payer, amount.get("Ccy", "")), [0, 0])
                counts[0] += 1
                counts[1] += minor(amount)
    for (_, currency), (rows, debits) in found.items():
        yield (currency, str(rows), "0", "0", str(debits), "", "", "open")


def side(element: ET.Element, role: str) -> str:
    account = element.find(f"{role}Acct/Id")
    name = element.find(role)
    texts = [*(account.itertext() if account is not None else ()), *(name.itertext() if name is not None else ())]
    return next(filter(None, (text.strip() for text in texts)), "")


# The tests --------------------------------------------------------------------------------------------------------


def test_every_sample_is_in_the_table(folder: Path) -> None:
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.xml")} == set(expected())


@pytest.mark.parametrize("name", sorted(expected()))
def test_a_sample_gives_its_figures(folder: Path, name: str) -> None:
    assert read(folder / name) == expected()[name]


@pytest.mark.parametrize("name", sorted(name for name, lines in expected().items() if lines[0][0]))
def test_the_figures_are_those_of_a_second_count(folder: Path, name: str) -> None:
    assert counted(folder / name) == expected()[name]
