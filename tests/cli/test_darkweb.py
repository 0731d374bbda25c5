"""`trover darkweb` and `trover chain tag` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trover.cli import run

SAMPLES = Path(__file__).parents[1] / "fuzz" / "samples"
LATER = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, capsys: Output) -> str:
    made = str(tmp_path / "case")
    assert run(["new", made, "--name", "R v Example", "--author", "A. Analyst"]) == 0
    capsys.readouterr()
    return made


def said(capsys: Output, *words: str, status: int = 0) -> str:
    assert run(list(words)) == status
    return capsys.readouterr().out


def test_labels_are_added_and_shown(folder: str, capsys: Output) -> None:
    packs = [option for name in ("tagpack.yaml", "actorpack.yaml") for option in ("--add", str(SAMPLES / name))]
    assert "Asserted, not booked: 4 labels" in said(capsys, "chain", "tag", folder, *packs)
    shown = said(capsys, "chain", "tag", folder, LATER)
    assert shown.splitlines() == [
        f"{LATER}: exchange (category exchange, concept exchange, actor example exchange)",
        "  Example Exchange, exchange: web_crawl 20 of 100, 2021-06-30, https://example.org/labels"
        " (tagpack.yaml row 14)",
    ]
    assert "tagpack.yaml: 4 labels" in said(capsys, "chain", "tag", folder)


def test_a_list_needs_who_says_so_since_when(folder: str, capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LATER, encoding="ascii")
    assert run(["chain", "tag", folder, "--add", str(path), "--label", "A list"]) == 2
    assert "'source' is missing" in capsys.readouterr().err
    words = ("--label", "A list", "--source", "S", "--date", "2024-09-27", "--confidence", "authority_data")
    assert "1 label" in said(capsys, "chain", "tag", folder, "--add", str(path), *words)
    (found,) = json.loads(said(capsys, "chain", "tag", folder, LATER, "--json"))
    assert [(each["label"], each["date"], each["level"]) for each in found["labels"]] == [("A list", "2024-09-27", 60)]


def test_packs_are_exported_into_a_new_folder_only(folder: str, capsys: Output, tmp_path: Path) -> None:
    said(capsys, "chain", "tag", folder, "--add", str(SAMPLES / "tagpack.yaml"))
    assert said(capsys, "chain", "tag", folder, "--export", str(tmp_path / "packs")).startswith("1 pack written")
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["tagpack.yaml"]
    assert run(["chain", "tag", folder, "--export", str(tmp_path / "packs")]) == 2


def test_vendors_are_listed_and_followed(folder: str, capsys: Output) -> None:
    assert "2 listings" in said(capsys, "darkweb", "add", folder, str(SAMPLES / "listings.csv"))
    words = ("--market", "Old Market", "--vendor", "Dealer")
    assert "6 mentions" in said(capsys, "darkweb", "add", folder, str(SAMPLES / "page.html"), *words)
    shown = said(capsys, "darkweb", "vendors", folder)
    assert "Dealer@Old Market" in shown
    assert "37.50 to 37.50 USD" in shown
    assert "10 points: Dealer@Old Market and D3aler@Old Market" in shown
    followed = said(capsys, "darkweb", "follow", folder, "Dealer")
    assert "page.html line 4, column 16, html/body/ul[1]/li[1]" in followed
    assert "is in the ledger: add those of its chain. The way ends here." in followed
    assert "QUJDRA" not in shown + followed


def test_a_vendor_nobody_knows_is_an_error(folder: str, capsys: Output) -> None:
    said(capsys, "darkweb", "add", folder, str(SAMPLES / "listings.csv"))
    assert run(["darkweb", "follow", folder, "Nobody"]) == 2
    assert "is no vendor of this case" in capsys.readouterr().err
    assert "No address of D3aler@Old Market is known" in said(capsys, "darkweb", "follow", folder, "D3aler")
