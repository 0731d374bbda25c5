"""Labels stop what is shown of a trace at a mixer and the like, nothing that is stored; findings go before them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.case.chain_worlds import ONWARD, RANSOM, START, chain_case, out
from tests.cluster.explorer import address, answer

from trover.case.case import Case
from trover.case.chain_trace import forward
from trover.case.claiming import claims_at
from trover.case.finding import ThroughService

MIXED = answer(106, [("hop", 650)], [("somebody", 640)], [(ONWARD["txid"], 0)])
ENTERED, LEFT = out(ONWARD), out(MIXED)


def labelled(folder: Path, category: str, name: str = "hop") -> Case:
    case = chain_case(folder, [RANSOM, ONWARD, MIXED])
    pack = (
        "title: Example pack\ncreator: Example\ndescription: Made for tests\nlabel: Example\ncurrency: BTC\n"
        "source: https://example.org/labels\nconfidence: web_crawl\nlastmod: 2021-06-30\n"
        f"tags:\n- address: {address(name)}\n  category: {category}\n"
    )
    (folder / "pack.yaml").write_text(pack, encoding="utf-8")
    assert not case.add(folder / "pack.yaml").problems
    case.record_all(claims_at(case, "VICTIM", (), START, None), reason="Ransom")
    return case


def places(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["place"]: each for each in found["places"]}


@pytest.mark.parametrize(
    ("category", "kind"),
    [("mixing_service", "mixer"), ("exchange", "exchange"), ("bridge", "bridge"), ("market", "market")],
)
def test_a_trace_stops_at_a_labelled_service_and_says_on_whose_word(tmp_path: Path, category: str, kind: str) -> None:
    case = labelled(tmp_path, category)
    reached = places(forward(case, ["fifo", "haircut"]))
    stop = reached[f"EXT:{kind.upper()}:{ENTERED}"]
    assert (stop["stops"], stop["address"], stop["rules"]["fifo"]["VICTIM"]["amount"]) == (kind, address("hop"), 650)
    assert stop["says"].startswith(f"{kind}, says pack.yaml row 10 (Example, category {category}, confidence web_crawl")
    assert LEFT not in reached


def test_labels_change_nothing_that_is_stored(tmp_path: Path) -> None:
    case = labelled(tmp_path, "mixing_service")
    before = case.derived().hash
    forward(case, ["fifo"])
    assert (case.derived().hash, case.results()) == (before, [])
    assert LEFT in places(forward(case, ["fifo"], labels=False))
    (answered,) = case.trace("fifo")
    assert answered.table[LEFT]["VICTIM"] == 640


def test_an_address_that_is_only_sanctioned_does_not_stop_the_trail(tmp_path: Path) -> None:
    assert LEFT in places(forward(labelled(tmp_path, "sanction"), ["fifo"]))


def test_what_a_person_found_goes_before_the_label(tmp_path: Path) -> None:
    case = labelled(tmp_path, "bridge")
    case.record(ThroughService("Bridge", (ENTERED,), (LEFT,)), reason="Its record of the swap", evidence="Record 7")
    reached = places(forward(case, ["fifo"]))
    assert reached[LEFT]["rules"]["fifo"]["VICTIM"]["amount"] == 640
    assert not any(place.startswith("EXT:BRIDGE") for place in reached)


def test_a_claim_that_begins_at_a_labelled_address_is_followed(tmp_path: Path) -> None:
    assert LEFT in places(forward(labelled(tmp_path, "exchange", "gang"), ["fifo"]))
