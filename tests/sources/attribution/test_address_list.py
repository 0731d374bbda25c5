"""Lists of addresses: what a person says of the whole list stands in each label."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trover.errors import InputErrors
from trover.sources.custody import read_source, source_of
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records

GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
SAID = {"format": "addresses", "source": "A list", "date": "2024-09-27", "confidence": "authority_data"}


def listed(text: str, **said: str) -> Reading:
    return read_records(source_of("list.txt", text.encode()), mapping_of({**SAID, **said}))


def test_each_address_of_a_list_is_a_label_with_source_day_and_confidence() -> None:
    (label,) = listed(f"{GENESIS}\n\n", label="OFAC SDN", category="sanction").labels
    assert (label.subject, label.label, label.source, label.day) == (GENESIS, "OFAC SDN", "A list", date(2024, 9, 27))
    assert (label.level, label.category, label.pointer.row) == (60, "sanction", 1)


def test_a_list_with_names_labels_each_address_by_its_name() -> None:
    reading = listed(f'address,name\n{GENESIS},"DOE, John"\n')
    assert [(label.label, label.pointer.row) for label in reading.labels] == [("DOE, John", 2)]


def test_what_is_no_address_is_named_and_the_rest_goes_on() -> None:
    reading = listed(f"{GENESIS}\n{GENESIS[:-1]}b\nwhat\na,b\n", label="L")
    assert len(reading.labels) == 1
    assert [remark.place.row for remark in reading.remarks] == [2, 3, 4]


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(InputErrors):
        listed("what\n", label="L")
    with pytest.raises(InputErrors):
        listed(f"{GENESIS}\n")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"date": "September"}, "is not a day"),
        ({"confidence": "sure"}, "is not one of override"),
        ({"source": ""}, "is empty"),
        ({"sauce": "x"}, "Known: label, source"),
    ],
)
def test_what_is_said_of_a_list_is_checked(said: dict[str, Any], says: str) -> None:
    with pytest.raises(InputErrors, match=says):
        mapping_of({**SAID, **said})


@pytest.mark.realdata
def test_the_sanctions_lists_are_read_and_what_is_wrong_in_them_is_named(data_root: Path) -> None:
    folder = data_root / "crypto" / "sanctions-ofac"
    labels, wrong = 0, []
    for path in sorted(folder.glob("sanctioned_addresses_*.txt")):
        said = {**SAID, "label": "OFAC SDN", "currency": path.stem.rpartition("_")[2]}
        reading = read_records(read_source(path), mapping_of(said))
        labels += len(reading.labels)
        wrong += [str(remark) for remark in reading.remarks]
    assert labels == 653
    assert [text.split(":")[0] for text in wrong] == [
        "sanctioned_addresses_XBT.txt, row 355",
        "sanctioned_addresses_XMR.txt, row 2",
    ]
    assert "is an address of tron" in wrong[0]
    later = read_records(read_source(folder / "ofac_ethereum_2026.csv"), mapping_of(SAID)).labels
    assert (len(later), later[0].label) == (97, "LAZARUS GROUP")
