"""From a vendor to where the money leaves: every step with its evidence, and an end that says why it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.chain.test_ethereum import ALICE, BOB, transaction

from trover.case.case import Case
from trover.case.follow import follow
from trover.case.vendors import vendors
from trover.errors import InputErrors

CHAIN = Path(__file__).parents[1] / "fuzz" / "samples" / "esplora.json"
SENDER, RECIPIENT = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"
FIRST = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
"""The first payment: 10 bitcoin from the one to the other."""
LISTINGS = "vendor,title,price_usd,qty_sold\nDealer,A thing,10.00,2\nOther,Another thing,5.00,1\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="BTC")
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    made.add(tmp_path / "listings.csv", {"format": "text", "market": "Old Market"})
    return made


def page(case: Case, folder: Path, text: str, name: str = "page.html", vendor: str = "Dealer") -> None:
    (folder / name).write_text(f"<html><body><p>{text}</p></body></html>", encoding="utf-8")
    case.add(folder / name, {"format": "text", "market": "Old Market", "vendor": vendor})


def labels(case: Case, folder: Path, address: str, label: str, category: str) -> None:
    path = folder / f"{category}.yaml"
    path.write_text(
        f"title: T\ncreator: C\nlabel: {label}\ncategory: {category}\ncurrency: BTC\ntags:\n- address: {address}\n",
        encoding="utf-8",
    )
    case.add(path)


def test_where_no_address_is_known_it_says_so(case: Case, tmp_path: Path) -> None:
    labels(case, tmp_path, SENDER, "Old Market", "market")
    found = follow(case, "Dealer")
    assert found["ways"] == []
    assert found["ends"] == (
        "No address of Dealer@Old Market is known in this case: no page of it is in the case, and listings hold none."
        " 1 label gives an address to the market itself; what is paid to a market is not paid to its vendor."
        " The way ends here."
    )
    assert [each["subject"] for each in found["market_addresses"]] == [SENDER]


def test_an_address_without_transactions_ends_the_way(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {SENDER}")
    (way,) = follow(case, "Dealer")["ways"]
    assert (way["cluster"], way["cash_out"]) == (None, [])
    assert way["ends"] == f"No transaction of {SENDER} is in the ledger: add those of its chain. The way ends here."


def test_from_vendor_to_address_cluster_label_and_cash_out(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {SENDER}")
    labels(case, tmp_path, RECIPIENT, "Example Exchange", "exchange")
    case.add(CHAIN, unproved="From a public explorer")
    found = follow(case, "dealer")
    (named,) = found["addresses"]["named"]
    assert (named["value"], named["checksum"]) == (SENDER, True)
    assert [(each["file"], each["line"], each["element"]) for each in named["places"]] == [
        ("page.html", 1, "html/body/p[1]")
    ]
    (way,) = found["ways"]
    assert way["cluster"]["rests_on"] == "fact"
    (paid,) = way["cash_out"]
    assert (paid["transaction"], paid["output"], paid["address"], paid["amount"]) == (FIRST, 0, RECIPIENT, 10 * 10**8)
    assert (paid["shown"], paid["inputs_of_own"], paid["inputs"]) == ("10.00000000 BTC", 1, 1)
    assert (paid["rests_on"], paid["to"]["kinds"]) == ("assertion", {"exchange": ["category exchange"]})


def test_a_page_that_names_its_vendor_needs_nobody_to_say_so(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Vendor: Dealer</p><p>Price: 0.5000 BTC</p><p>Pay {SENDER}", vendor="")
    found = follow(case, "Dealer")
    assert [each["value"] for each in found["addresses"]["named"]] == [SENDER]
    assert found["vendor"]["listings"] == 2


def test_an_address_of_ethereum_is_followed_too(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {ALICE}")
    head = "title: T\ncreator: C\nlabel: Example Bridge\ncategory: defi_bridge\ncurrency: ETH"
    (tmp_path / "bob.yaml").write_text(f"{head}\ntags:\n- address: '{BOB}'\n", encoding="utf-8")
    (tmp_path / "eth.json").write_text(json.dumps(transaction()) + "\n", encoding="utf-8")
    case.add([tmp_path / "bob.yaml", tmp_path / "eth.json"], unproved="From a public explorer")
    (way,) = follow(case, "Dealer")["ways"]
    (paid,) = way["cash_out"]
    assert way["cluster"] is None
    assert (paid["currency"], paid["to"]["kinds"]) == ("ETH", {"bridge": ["category defi_bridge"]})
    assert "only where the counterpart on the other chain is identified" in paid["warning"]


def test_a_mixer_stops_the_way(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {SENDER}")
    labels(case, tmp_path, RECIPIENT, "Example Mixer", "mixing_service")
    case.add(CHAIN, unproved="From a public explorer")
    (paid,) = follow(case, "Dealer")["ways"][0]["cash_out"]
    assert paid["to"]["stops"]
    assert "the way stops here" in paid["warning"]


def test_payments_to_nobody_known_are_counted_and_not_followed(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {SENDER}")
    case.add(CHAIN, unproved="From a public explorer")
    (way,) = follow(case, "Dealer")["ways"]
    assert way["cash_out"] == []
    assert "none to an address of which a label is known" in way["ends"]


def test_a_vendor_is_named_exactly(case: Case, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text(LISTINGS, encoding="utf-8")
    with pytest.raises(InputErrors, match="is no vendor"):
        follow(case, "Nobody")
    (tmp_path / "more.csv").write_text(LISTINGS + "x,y,1.00,1\n", encoding="utf-8")
    case.add(tmp_path / "more.csv", {"format": "text", "market": "New Market"})
    with pytest.raises(InputErrors, match="is the name of 2 vendors"):
        follow(case, "Dealer")
    assert follow(case, "Dealer@New Market")["vendor"]["market"] == "New Market"


def test_vendors_are_listed_with_what_nobody_has_said_to_be_theirs(case: Case, tmp_path: Path) -> None:
    page(case, tmp_path, f"Pay {RECIPIENT} <img src=x.png>", "other.html", vendor="")
    found: dict[str, Any] = vendors(case)
    assert [each["id"] for each in found["vendors"]] == ["Dealer@Old Market", "Other@Old Market"]
    assert [(each["low"], each["high"]) for each in found["vendors"][0]["sales"]] == [(2000, 2000)]
    (elsewhere,) = found["not_a_vendors"]
    assert (elsewhere["file"], elsewhere["vendor"], elsewhere["media"]) == ("other.html", "", 1)
    assert [each["value"] for each in elsewhere["named"]] == [RECIPIENT]
