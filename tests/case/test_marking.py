"""Marking, legal basis and retention: what a thing inherits is the strictest of what it is made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trover.case.case import Case
from trover.case.finding import Claimed, GoodFaith, Note
from trover.case.marking import Handling, Tlp, stated, strictest, tlp
from trover.errors import InputErrors, UnknownMarking

STATEMENT = "id,date,from,to,amount\nx1,2020-02-01,EXT:V,X,10.00\nx2,2020-02-02,X,EXT:Y,4.00\n"
MAPPING = {
    "shape": "transfer",
    "currency": "EUR",
    "columns": {name: name for name in ("id", "date", "from", "to", "amount")},
    "accounts": [{"id": "X", "currency": "EUR", "opening": "0"}],
}


def test_the_levels_stand_in_their_order() -> None:
    assert [str(level) for level in sorted(Tlp)] == [
        "TLP:CLEAR",
        "TLP:GREEN",
        "TLP:AMBER",
        "TLP:AMBER+STRICT",
        "TLP:RED",
    ]
    assert tlp("amber+strict") is tlp("TLP:AMBER+STRICT") is Tlp.AMBER_STRICT


@pytest.mark.parametrize("text", ["", "WHITE", "TLP:", "AMBER STRICT", "RED!"])
def test_an_unknown_marking_is_refused(text: str) -> None:
    with pytest.raises(UnknownMarking):
        tlp(text)


def test_the_strictest_of_several() -> None:
    green = Handling(Tlp.GREEN, ("Act A",), date(2030, 1, 1))
    red = Handling(Tlp.RED, ("Act B", "Act A"))
    amber = Handling(Tlp.AMBER, (), date(2028, 1, 1))
    assert strictest(green, red, amber) == Handling(Tlp.RED, ("Act A", "Act B"), date(2028, 1, 1))
    assert strictest(green) == green
    assert strictest(green, red, amber).marking is strictest(amber, red, green).marking


def test_what_is_not_stated_is_the_default() -> None:
    default = Handling(Tlp.AMBER, ("Act A",), date(2030, 1, 1))
    assert stated(default) == default
    assert stated(default, "RED", "Act B", "2029-01-01") == Handling(Tlp.RED, ("Act B",), date(2029, 1, 1))
    with pytest.raises(InputErrors) as caught:
        stated(default, "PINK", None, "2029")
    assert len(caught.value.problems) == 2


def test_findings_and_results_are_marked_as_strictly_as_what_they_rest_on(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", "R v Example", "A", marking="GREEN", legal_basis="Act A")
    statement = tmp_path / "statement.csv"
    statement.write_text(STATEMENT)
    report = case.add(statement, MAPPING, "RED", "Order 7", "2030-01-01", unproved="no balances")
    red = Handling(Tlp.RED, ("Order 7",), date(2030, 1, 1))
    assert [source.handling for source in report.added] == [red]
    about = case.record(Claimed("V", 10_00, transfer="x1"), reason="order", marking="CLEAR", retention="2040-01-01")
    assert about.handling == Handling(Tlp.RED, ("Act A", "Order 7"), date(2030, 1, 1))
    aside = case.record(Note("nothing from the statement"), reason="to remember")
    assert aside.handling == Handling(Tlp.GREEN, ("Act A",))
    case.trace(["libr"])
    (result,) = case.results()
    assert result.handling == Handling(Tlp.RED, ("Order 7", "Act A"), date(2030, 1, 1))
    assert case.result(result.id)["marking"] == "TLP:RED"


def test_a_correction_is_not_marked_more_widely_than_what_it_corrects(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", "R v Example", "A", marking="GREEN")
    (tmp_path / "statement.csv").write_text(STATEMENT)
    case.add(tmp_path / "statement.csv", MAPPING, unproved="no balances")
    first = case.record(GoodFaith("x2"), reason="price paid", marking="RED")
    second = case.record(GoodFaith("x2"), reason="price paid in full", marking="CLEAR", supersedes=first.id)
    assert second.handling.marking is Tlp.RED
    assert case.withdraw(second.id, reason="no price").handling.marking is Tlp.RED


def test_the_case_says_how_what_states_nothing_is_handled(tmp_path: Path) -> None:
    case = Case.create(
        tmp_path / "case",
        "R v Example",
        "A",
        marking="TLP:AMBER",
        legal_basis=["Act A", "Act B"],
        retention="2031-01-01",
    )
    assert Case.open(tmp_path / "case").info == case.info
    assert case.info.handling == Handling(Tlp.AMBER, ("Act A", "Act B"), date(2031, 1, 1))
    with pytest.raises(InputErrors) as caught:
        Case.create(tmp_path / "other", "R v Other", "A", marking="WHITE", retention="never")
    assert len(caught.value.problems) == 2
    assert not (tmp_path / "other").exists()
