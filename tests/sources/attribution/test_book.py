"""What labels make of an address: kinds of sinks with the word each rests on, and contradictions shown."""

from __future__ import annotations

from pathlib import Path

from trover.sources.attribution.book import LabelBook, Sink
from trover.sources.attribution.label import Label
from trover.sources.custody import read_source, source_of
from trover.sources.reader import read_records

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def labels(name: str, *fields: str) -> tuple[Label, ...]:
    """One pack with one label for the same address."""
    lines = "\n".join(f"  {field}" for field in fields)
    text = f"title: {name}\ncreator: {name}\nlabel: {name}\ncurrency: BTC\ntags:\n- address: {GENESIS}\n{lines}\n"
    return read_records(source_of(f"{name}.yaml", text.encode())).labels


def test_a_kind_names_the_word_it_rests_on() -> None:
    pack, actors = (read_records(read_source(SAMPLES / name)) for name in ("tagpack.yaml", "actorpack.yaml"))
    book = LabelBook.of(pack.labels, actors.actors)
    said = book.said("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")
    assert said.kinds == {Sink.EXCHANGE: ("category exchange", "concept exchange", "actor example exchange")}


def test_labels_that_differ_are_both_shown() -> None:
    book = LabelBook.of([*labels("one", "category: exchange"), *labels("two", "category: mixing_service")])
    said = book.said(GENESIS)
    assert set(said.kinds) == {Sink.EXCHANGE, Sink.MIXER}
    assert said.differ == {"label": ("one", "two"), "category": ("exchange", "mixing_service")}
    assert len(said.labels) == 2


def test_what_one_label_leaves_out_contradicts_nothing() -> None:
    book = LabelBook.of([*labels("one", "category: exchange", "abuse: scam"), *labels("one", "category: exchange")])
    assert book.said(GENESIS).differ == {}


def test_a_list_of_sanctions_is_known_by_its_source() -> None:
    book = LabelBook.of(labels("x", "category: user", "source: https://www.treasury.gov/ofac/downloads/sdnlist.txt"))
    assert set(book.said(GENESIS).kinds) == {Sink.SANCTIONED}


def test_an_address_is_found_in_any_of_its_forms() -> None:
    book = LabelBook.of(read_records(read_source(SAMPLES / "tagpack.yaml")).labels)
    for written in ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"):
        assert len(book.said(written).labels) == 1
    assert len(book.said("BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ").labels) == 1


def test_what_no_label_knows_is_unknown() -> None:
    assert LabelBook().said(GENESIS).kinds == {Sink.UNKNOWN: ("no label is known",)}
