"""A claim through transactions: where its data stop, forward and back, and on whose word it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.case.chain_worlds import CASH, FOUND, LATER, LOST, ONWARD, RANSOM, START, chain_case, out, totals, written
from tests.cluster.explorer import address, answer

from trover.case.case import Case
from trover.case.chain_trace import backward, forward
from trover.case.claiming import claims_at
from trover.case.finding import Claimed, GapBridged
from trover.case.verified import verify_case
from trover.errors import InputErrors

RULES = ["fifo", "haircut", "poison"]
DOCUMENT = "Publication, page 3"


def claimed(case: Case, output: str = START) -> Case:
    case.record_all(claims_at(case, "VICTIM", (), output, None), reason="Ransom")
    return case


def at(found: dict[str, Any], place: str, part: str = "places") -> dict[str, Any]:
    return next(each for each in found[part] if each["place"] == place)


def exact(row: dict[str, Any], rule: str) -> str:
    (cell,) = row["rules"][rule].values()
    return str(cell["exact"])


def test_a_claim_begins_at_the_output_that_was_paid_and_not_at_the_payers_change(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD]))
    found = forward(case, RULES)
    assert [(claim["account"], claim["amount"]) for claim in found["claims"]] == [(START, 700)]
    assert {each["place"] for each in found["places"]} == {LOST, out(ONWARD, 1), f"FEE:{ONWARD['txid']}"}
    assert [exact(at(found, LOST), rule) for rule in RULES] == ["650", "650", "650"]


def test_a_claim_at_an_output_is_at_most_what_was_paid_into_it(tmp_path: Path) -> None:
    case = chain_case(tmp_path, [RANSOM, ONWARD])
    with pytest.raises(InputErrors, match="701 is claimed together at the opening"):
        case.record(Claimed("VICTIM", 701, "BTC", "", START), reason="Ransom")


def test_what_a_second_victim_paid_in_stays_visible_where_another_claim_begins(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD]))
    given = f"{RANSOM['vin'][0]['txid']}:0"
    case.record(Claimed("EARLIER", 1000, "BTC", "", given), reason="Stolen before")
    conflict = at(forward(case, ["fifo"]), f"EXT:PAID:{START}")
    assert (exact(conflict, "fifo"), "conflict" in conflict["says"]) == ("700", True)


def test_forward_stops_at_the_last_output_and_says_what_is_missing(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    stop = at(forward(case, ["fifo"]), LOST)
    assert (stop["address"], stop["holds"], exact(stop, "fifo")) == (address("hop"), 650, "650")
    assert stop["stops"] == "unspent_unknown"
    assert stop["missing"] == f"the transaction that spends {LOST}, if there is one"
    assert CASH not in {each["place"] for each in forward(case, ["fifo"])["places"]}


def test_backward_stops_at_what_nothing_shows_the_making_of(tmp_path: Path) -> None:
    case = chain_case(tmp_path, [RANSOM, ONWARD, LATER])
    found = backward(case, CASH, ["fifo", "haircut", "poison"])
    origin = next(each for each in found["origins"] if each["origin"] == FOUND)
    assert {rule: cell["exact"] for rule, cell in origin["rules"].items()} == {"fifo": "500", "haircut": "300"}
    assert origin["missing"] == f"transaction {FOUND.partition(':')[0]}, which made it"
    assert origin["stops"] == "unmade"
    assert sum(each["rules"]["haircut"]["amount"] for each in found["origins"]) == 600


def test_backward_by_address_and_through_what_the_case_has(tmp_path: Path) -> None:
    case = chain_case(tmp_path, [RANSOM, ONWARD])
    (origin,) = backward(case, address("hop"), ["fifo"])["origins"]
    assert (origin["address"], origin["rules"]["fifo"]["amount"]) == (address("victim"), 650)
    with pytest.raises(InputErrors, match="has 2 outputs in this case"):
        backward(case, address("gang"), ["fifo"])
    with pytest.raises(Exception, match="is no account, output or transfer"):
        backward(case, "nowhere", ["fifo"])


BRIDGE = GapBridged(LOST, to=FOUND, amount=480)


def test_only_a_cited_finding_carries_on_and_only_what_it_says(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    case.record(BRIDGE, reason="Two hops that were published", evidence=DOCUMENT)
    found = forward(case, RULES)
    assert exact(at(found, CASH), "fifo") == "480"
    assert exact(at(found, CASH), "haircut") == "288"
    gap = at(found, f"EXT:GAP:{LOST}")
    assert (exact(gap, "fifo"), gap["stops"]) == ("170", "gap")
    assert exact(at(found, FOUND, "path"), "fifo") == "480"
    assert any("480 minor units" in note["text"] and "alone" in note["text"] for note in found["notes"])
    origins = {each["origin"] for each in backward(case, CASH, ["fifo"])["origins"]}
    assert origins == {START, FOUND, f"{LATER['vin'][1]['txid']}:1"}


def test_a_bridge_withdrawn_leaves_nothing(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    before = case.derived().hash
    finding = case.record(BRIDGE, reason="Published", evidence=DOCUMENT)
    case.withdraw(finding.id, reason="The publication was withdrawn")
    assert case.derived().hash == before


def test_two_findings_share_what_one_output_held(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    other = f"{LATER['vin'][1]['txid']}:1"
    bodies = [GapBridged(LOST, to=FOUND, amount=480), GapBridged(LOST, to=other, amount=170)]
    case.record_all(bodies, reason="Published", evidence=DOCUMENT)
    assert exact(at(forward(case, ["haircut"]), CASH), "haircut") == "390"
    with pytest.raises(InputErrors, match="carries 651, all findings together"):
        case.record(GapBridged(LOST, to=FOUND, amount=1), reason="Published", evidence=DOCUMENT)


def test_the_missing_transactions_take_the_place_of_the_finding(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    case.record(BRIDGE, reason="Published", evidence=DOCUMENT)
    spender = answer(105, [("hop", 650)], [("mule", 640)], [(ONWARD["txid"], 0)])
    case.add(written(tmp_path, "more.json", [spender]), unproved="From a second explorer")
    found = forward(case, ["fifo"])
    assert exact(at(found, out(spender)), "fifo") == "640"
    assert any("bridges nothing: it begins at" in note["text"] for note in found["notes"])


@pytest.mark.parametrize(
    ("body", "evidence", "message"),
    [
        (BRIDGE, "", "'evidence' is missing"),
        (GapBridged(LOST, to=FOUND), DOCUMENT, "does not say what amount goes on"),
        (GapBridged(LOST, to=FOUND, amount=501), DOCUMENT, "carries 501, all findings together"),
        (GapBridged(START, to=FOUND, amount=5), DOCUMENT, "which a transaction of this case spends"),
        (GapBridged(LOST, to=out(ONWARD, 1), amount=5), DOCUMENT, "which a transaction of this case makes"),
        (GapBridged(LOST, to="nothing", amount=5), DOCUMENT, "names nothing, which is no output"),
        (GapBridged(out(LATER), to=FOUND, amount=5), DOCUMENT, "which is spent before"),
        (GapBridged(LOST), DOCUMENT, "'start' is missing"),
    ],
)
def test_a_bridge_that_cannot_be_is_refused(tmp_path: Path, body: GapBridged, evidence: str, message: str) -> None:
    case = chain_case(tmp_path, [RANSOM, ONWARD, LATER])
    with pytest.raises(InputErrors, match=message):
        case.record(body, reason="Supposed", evidence=evidence)


@pytest.mark.parametrize(
    ("counted", "stops", "says"),
    [
        (totals("hop", (1, 650), (0, 0)), "", "unspent: hop.json counts 0 spent up to block 900"),
        (totals("hop", (1, 650), (1, 650)), "spent", "spent: hop.json counts every output of the address as spent"),
        (totals("hop", (3, 900), (1, 100)), "unspent_unknown", "counts 1 spent outputs of the address"),
        (totals("hop", (0, 0), (0, 0)), "unspent_unknown", "hop.json is older than the transactions"),
        (totals("mule", (0, 0), (0, 0)), "unspent_unknown", "the case has no totals of"),
    ],
)
def test_whether_an_output_is_unspent_is_said_where_it_is_known(
    tmp_path: Path, counted: dict[str, Any], stops: str, says: str
) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD], ("hop.json", counted), ("tip.txt", 900)))
    found = forward(case, ["fifo"])
    place = at(found, LOST)
    assert (place["stops"], says in place["says"]) == (stops, True)
    assert (LOST in {each["place"] for each in found["stops"]}) == bool(stops)


def test_a_case_whose_results_are_by_rules_of_chains_verifies(tmp_path: Path) -> None:
    case = claimed(chain_case(tmp_path, [RANSOM, ONWARD, LATER]))
    case.record(BRIDGE, reason="Published", evidence=DOCUMENT)
    forward(case)
    report = verify_case(case)
    assert report.holds
    assert set(report.recomputed) == {"fifo", "haircut", "lifo", "poison", "tiho"}


RANSOM_COLONIAL = "6a798026d44af27dbacd28ea21462808df8deca51794cec80c1b59e07ef924a2:3"
HOP_COLONIAL = "915fb4f0a030937f2c1d2210996e8eb32b5a41b331965c7ec78961923775bd62:1"
SEIZED_COLONIAL = "943f2d576ed8d9f388ba75eb82fe35cce29479b84121827ac368a5a94f44cf7a:1"


@pytest.mark.realdata
def test_colonial_stops_at_both_ends_of_its_gap(tmp_path: Path, data_root: Path) -> None:
    folder = data_root / "crypto" / "case-colonial-darkside-btc"
    case = Case.create(tmp_path / "case", "Colonial", "A. Analyst", currency="BTC")
    case.add([*sorted(folder.glob("colonial_*.json")), folder / "colonial_tip.txt"], unproved="From an explorer")
    claimed(case, RANSOM_COLONIAL)
    stop = at(forward(case, ["fifo"]), HOP_COLONIAL)
    assert (stop["address"], stop["holds"]) == ("1DToN8Q6y31TGAz75Df729Bnujk6Xg7q5X", 7_500_034_246)
    assert stop["stops"] == "unspent_unknown"
    found = backward(case, SEIZED_COLONIAL, ["fifo", "haircut"])
    origin = found["origins"][0]
    assert (origin["address"], origin["entered"]) == ("3EYkxQSUv2KcuRTnHQA8tNuG7S2pKcdNxB", 6_370_000_000)
    assert origin["missing"].startswith("transaction 9436dbf0")
    assert origin["rules"]["fifo"]["amount"] == 6_146_816_619
    assert round(float(origin["rules"]["haircut"]["exact"]), 2) == 5_828_829_110.86
    assert len(found["origins"]) == 24
