"""Packs of labels: what a head says holds for its tags, nothing is lost on the way out, and no bomb goes off."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import InputErrors
from trover.sources.attribution.tagpack import Pack, read_pack
from trover.sources.attribution.tagpack_text import pack_text
from trover.sources.custody import SourceFile, read_source, source_of
from trover.sources.reader import Reading, read_records

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def sample(name: str) -> SourceFile:
    return read_source(SAMPLES / name)


def pack(tags: str, head: str = "currency: BTC") -> Reading:
    return read_records(source_of("pack.yaml", f"title: T\ncreator: C\nlabel: L\n{head}\ntags:\n{tags}\n".encode()))


def test_a_tag_has_what_the_head_says_and_overrides_it() -> None:
    market, exchange, ether, payment = read_records(sample("tagpack.yaml")).labels
    assert (market.label, market.category, market.confidence, market.level) == (
        "Example Market",
        "market",
        "web_crawl",
        20,
    )
    assert (market.day, market.is_definer, market.pointer.row) == (date(2021, 6, 30), True, 12)
    assert (exchange.label, exchange.actor, exchange.concepts) == (
        "Example Exchange",
        "example",
        ("exchange", "hosted_wallet"),
    )
    assert (ether.system, ether.subject, ether.is_definer) == (
        "ethereum",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        False,
    )
    assert ether.checked
    assert payment.is_transaction


def test_actors_and_concepts_are_read() -> None:
    (actor,) = read_records(sample("actorpack.yaml")).actors
    assert (actor.id, actor.categories, actor.jurisdictions) == ("example", ("exchange",), ("AT",))
    assert actor.context == '{"twitter_handle": "example"}'
    (concept,) = read_records(sample("taxonomy.yaml")).concepts
    assert (concept.id, concept.broader, concept.taxonomy) == ("market", "service", "Example words")
    assert concept.description == "A place where things are sold."


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        (f"- address: {GENESIS[:-1]}b", "fails its checksum"),
        ("- address: tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "test network"),
        ("- currency: BTC", "is missing"),
        ("- tx_hash: abc", "is not the id of a transaction"),
        (f"- address: {GENESIS}\n  lastmod: yesterday", "is not a day"),
        (f"- address: {GENESIS}\n  is_cluster_definer: perhaps", "is not true or false"),
    ],
)
def test_a_wrong_tag_is_named_with_its_line_and_the_rest_goes_on(tag: str, says: str) -> None:
    reading = pack(f"- address: bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\n{tag}")
    assert len(reading.labels) == 1
    (remark,) = reading.remarks
    assert says in str(remark)
    assert "pack.yaml, row 7" in str(remark)


def test_an_address_whose_checksum_is_of_another_coin_is_kept_as_that_and_named() -> None:
    reading = pack("- address: TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    assert [label.system for label in reading.labels] == ["tron"]
    assert "is an address of tron, not of bitcoin" in str(reading.remarks[0])


def test_an_address_that_cannot_be_checked_is_kept_as_printed_and_called_unchecked() -> None:
    (label,) = pack("- address: whatever-it-is", "currency: EOS").labels
    assert (label.subject, label.system, label.checked) == ("whatever-it-is", "", False)


BOMBS = {
    "aliases": "a: &a [x, x]\nb: [*a, *a]\ntags:\n- address: 1\n",
    "deep": "tags: " + "[" * 1000 + "]" * 1000 + "\n",
    "tag": "x: !!python/object/apply:os.system [ls]\ntags:\n- address: 1\n",
    "merge": "a: &a {label: x}\ntags:\n- <<: *a\n  address: 1\n",
    "twice": "tags:\n- address: a\n  address: b\n",
    "no tags": "tags:\n",
    "texts": "tags:\n- a\n- b\n",
}


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_of_yaml_is_refused(bomb: str) -> None:
    with pytest.raises(InputErrors):
        read_records(source_of("pack.yaml", f"title: T\ncreator: C\n{BOMBS[bomb]}".encode()))


@pytest.mark.parametrize("name", ["tagpack.yaml", "actorpack.yaml"])
def test_out_and_in_again_loses_nothing_for_us_nor_for_another_reader(name: str) -> None:
    source = sample(name)
    assert_same_again(source)


def assert_same_again(source: SourceFile) -> None:
    read = read_pack(source)
    text = pack_text(read)
    assert read_pack(source_of(source.name, text.encode())) == read
    assert _plain(yaml.load(text, yaml.CSafeLoader)) == _plain(yaml.load(source.data, yaml.CSafeLoader))


def _plain(data: Any) -> Any:
    """Data as another reader has them; a day in quotes and one without are one day."""
    if isinstance(data, dict):
        return {key: str(value) if key == "lastmod" else _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list) else data


TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\ufeff"), max_size=12)
VALUES = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
OBJECTS = st.dictionaries(TEXTS.filter(lambda name: name not in ("tags", "actors", "")), VALUES, max_size=4)


@given(OBJECTS, st.lists(OBJECTS, min_size=1, max_size=3))
def test_any_pack_comes_back_as_it_was(head: dict[str, Any], items: list[dict[str, Any]]) -> None:
    written = Pack("tags", head, tuple(items))
    assert read_pack(source_of("pack.yaml", pack_text(written).encode())) == written


@pytest.mark.realdata
def test_the_public_packs_are_read_whole_and_lose_nothing(data_root: Path) -> None:
    import gzip

    folder = data_root / "crypto" / "tags-graphsense"
    files = [path for path in sorted((folder / "packs").rglob("*")) if path.is_file()]
    labels, wrong = 0, 0
    for path in files:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        source = source_of(path.name.removesuffix(".gz"), data)
        reading = read_records(source)
        labels, wrong = labels + len(reading.labels), wrong + len(reading.remarks)
        if len(data) < 200_000:
            assert_same_again(source)
        else:
            read = read_pack(source)
            assert read_pack(source_of(source.name, pack_text(read).encode())) == read
    assert (len(files), labels, wrong) == (80, 237_948, 15)
    actors = gzip.decompress((folder / "actors" / "graphsense.actorpack.yaml.gz").read_bytes())
    assert len(read_records(source_of("actors.yaml", actors)).actors) == 3813


@pytest.mark.realdata
def test_the_taxonomy_of_interpol_is_read(data_root: Path) -> None:
    folder = data_root / "crypto" / "taxonomy-interpol-dwva"
    counts = {name: len(read_records(read_source(folder / f"{name}.yaml")).concepts) for name in ("entities", "abuses")}
    assert counts == {"entities": 99, "abuses": 6}
