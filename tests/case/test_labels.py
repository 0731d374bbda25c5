"""Labels in a case: kept as files, asked for when needed, compared, written again; none of them is in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from trover.case import labels
from trover.case.case import Case
from trover.errors import InputErrors
from trover.sources.attribution.tagpack import read_pack
from trover.sources.custody import read_source, source_of

SAMPLES = Path(__file__).parents[1] / "fuzz" / "samples"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
LATER = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
SAID = {"format": "addresses", "label": "A list", "source": "S", "confidence": "authority_data", "category": "sanction"}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="BTC")


def test_labels_are_counted_and_kept_beside_the_ledger(case: Case, tmp_path: Path) -> None:
    report = case.add([SAMPLES / "tagpack.yaml", SAMPLES / "actorpack.yaml", SAMPLES / "taxonomy.yaml"])
    assert [dict(source.asserted) for source in report.added] == [{"labels": 4}, {"actors": 1}, {"concepts": 1}]
    assert len(case.traced()) == 0
    again = Case.open(tmp_path / "case")
    assert [dict(source.asserted) for source in again.sources()] == [{"labels": 4}, {"actors": 1}, {"concepts": 1}]
    assert case.problems() == []


def test_what_is_said_of_an_address_has_source_date_confidence_and_place(case: Case) -> None:
    case.add([SAMPLES / "tagpack.yaml", SAMPLES / "actorpack.yaml"])
    exchange, nothing = labels.said_of(case, [LATER, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"])
    assert exchange["kinds"] == {"exchange": ["category exchange", "concept exchange", "actor example exchange"]}
    (label,) = exchange["labels"]
    assert (label["source"], label["date"], label["confidence"], label["level"]) == (
        "https://example.org/labels",
        "2021-06-30",
        "web_crawl",
        20,
    )
    assert (label["file"], label["row"]) == ("tagpack.yaml", 14)
    assert nothing["kinds"] == {"unknown": ["no label is known"]}


def test_words_of_labels_have_the_meaning_a_taxonomy_gives_them(case: Case) -> None:
    case.add([SAMPLES / "tagpack.yaml", SAMPLES / "taxonomy.yaml"])
    (market,) = labels.said_of(case, [GENESIS])
    assert market["words"] == {"market": ["A place where things are sold. (Example words)"]}


def test_two_states_of_a_list_are_compared(case: Case, tmp_path: Path) -> None:
    for name, day, text in (("old.txt", "2020-01-01", GENESIS), ("new.txt", "2021-01-01", f"{GENESIS}\n{LATER}")):
        (tmp_path / name).write_text(text, encoding="ascii")
        case.add(tmp_path / name, {**SAID, "date": day})
    found = labels.compared(case, "old.txt", "new.txt")
    assert (found["both"], found["only_left"]) == (1, [])
    assert found["only_right"] == [{"address": LATER, "label": "A list", "coin": "bitcoin"}]
    assert (found["left"]["dates"], found["right"]["dates"]) == (["2020-01-01"], ["2021-01-01"])
    with pytest.raises(InputErrors, match="no source of labels"):
        labels.compared(case, "old.txt", "other.txt")


def test_packs_are_written_again_as_they_were(case: Case) -> None:
    case.add([SAMPLES / "tagpack.yaml", SAMPLES / "actorpack.yaml"])
    written = labels.packs(case)
    assert set(written) == {"tagpack.yaml", "actorpack.yaml"}
    for name, text in written.items():
        assert read_pack(source_of(name, text.encode())) == read_pack(read_source(SAMPLES / name))


@pytest.mark.realdata
def test_the_known_answers_of_public_packs(case: Case, data_root: Path) -> None:
    folder = data_root / "crypto" / "tags-graphsense" / "packs"
    names = ("hydra.yaml", "ofac.yaml", "lazarus.yaml", "ronin_bridge.yaml", "ransomwhere.yaml.gz")
    case.add([folder / name for name in names])
    asked = (
        "16ZSAEfYpPCj3D94fsNt2okYj9Ue8mxy6T",
        "0x098B716B8Aaf21512996dC57EB0615e2383E2f96",
        "bc1q7eqww9dmm9p48hx5yz5gcvmncu65w43wfytpsf",
        "1CGA4srJKvw8CZtuHQvzPGfJGe2gbxJnh4",
    )
    files = [{label["file"] for label in each["labels"]} for each in labels.said_of(case, asked)]
    assert files == [
        {"hydra.yaml", "ofac.yaml"},
        {"ofac.yaml", "lazarus.yaml", "ronin_bridge.yaml"},
        {"ransomwhere.yaml"},
        set(),
    ]


@pytest.mark.realdata
def test_the_sanctions_lists_of_two_days_differ(case: Case, data_root: Path) -> None:
    folder = data_root / "crypto" / "sanctions-ofac"
    for name, day in (("sanctioned_addresses_ETH.txt", "2024-09-27"), ("ofac_ethereum_2026.csv", "2026-06-25")):
        case.add(folder / name, {**SAID, "date": day})
    found = labels.compared(case, "sanctioned_addresses_ETH.txt", "ofac_ethereum_2026.csv")
    assert (found["both"], len(found["only_left"]), len(found["only_right"])) == (62, 90, 35)
    router = "0xd90e2f925da726b50c4ed8d0fb90ad053324f31b"
    assert router in {each["address"] for each in found["only_left"]}
