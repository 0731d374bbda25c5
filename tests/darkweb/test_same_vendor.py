"""Vendors that may be one: a reason for each point, nothing common to many, nothing merged."""

from __future__ import annotations

from datetime import date

from trover.darkweb.profile import Profile, profiles
from trover.darkweb.same_vendor import Proposal, proposals
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import Mention
from trover.sources.record import Pointer

POINTER = Pointer("ab" * 32, "", 1)


def listing(market: str, vendor: str, title: str, seen: date | None = None, since: date | None = None) -> Listing:
    return Listing(POINTER, market, vendor, title, "", "", 100, "USD", None, 1, None, seen, since)


def mention(kind: str, value: str, system: str = "openpgp") -> Mention:
    return Mention(POINTER, 1, "", "", kind, system, value, value, True)


def proposed(*held: Profile) -> list[Proposal]:
    return proposals(held)


def reasons(proposal: Proposal) -> dict[str, int]:
    return {reason.kind: reason.points for reason in proposal.reasons}


def test_a_shared_key_is_proposed_and_both_stay() -> None:
    held = profiles(
        [],
        [("A", "x", [mention("pgp_key", "F" * 40)]), ("B", "other", [mention("pgp_fingerprint", "F" * 40)])],
    )
    (found,) = proposed(*held.values())
    assert (found.left, found.right, reasons(found)) == ("x@A", "other@B", {"key": 60})
    assert len(held) == 2


def test_one_name_or_key_on_many_markets_is_proposed_for_each_two() -> None:
    shared = [mention("pgp_key", "F" * 40)]
    held = profiles([], [(market, "dealer", shared) for market in "ABCDEF"])
    assert [reasons(found) for found in proposed(*held.values())] == [{"key": 60, "name": 25}] * 15


def test_shared_handle_and_address_add_up_and_say_what_is_shared() -> None:
    shared = [mention("handle", "bigdealer", "telegram"), mention("address", "1A1z", "bitcoin")]
    (found,) = proposed(*profiles([], [("A", "x", shared), ("B", "other", shared)]).values())
    assert (found.points, reasons(found)) == (80, {"handle": 40, "address": 40})
    assert {reason.what for reason in found.reasons} == {
        "both name telegram bigdealer",
        "both name the address 1A1z",
    }


def test_one_name_on_two_markets_weighs_more_than_one_that_is_written_otherwise() -> None:
    (same,) = proposed(Profile("A", "Big_Dealer"), Profile("B", "bigdealer"))
    (like,) = proposed(Profile("A", "Big_Dealer"), Profile("B", "B1gDe4ler"))
    assert reasons(like) == {"like_name": 10}
    assert reasons(same) == {"name": 25}


def test_titles_that_few_use_are_a_reason_and_those_of_many_are_none() -> None:
    rare, common = "a very particular title", "a guide that everybody sells"
    rows = [listing("A", name, common) for name in ("one", "two", "three", "four", "five")]
    rows += [listing("A", "one", rare), listing("A", "two", f"{rare} "), listing("A", "one", "x" * 15)]
    rows += [listing("A", "two", "x" * 15)]
    (found,) = proposed(*profiles(rows).values())
    assert {found.left, found.right} == {"one@A", "two@A"}
    assert found.points == 16


def test_titles_alone_reach_no_more_than_a_limit() -> None:
    rows = [listing("A", name, f"the same long title {number}") for name in ("one", "two") for number in range(9)]
    (found,) = proposed(*profiles(rows).values())
    assert found.points == 32
    assert found.reasons[-1].what == "and 5 more titles that both use"


def test_one_that_begins_when_the_other_ends_is_a_reason_beside_another() -> None:
    before = listing("A", "dealer", "t", seen=date(2017, 7, 1))
    after = listing("B", "dealer", "u", since=date(2017, 7, 20))
    later = listing("A", "somebody", "x", seen=date(2017, 7, 9))
    (found,) = proposed(*profiles([before, after, later]).values())
    assert reasons(found) == {"name": 25, "timing": 5}
    assert found.reasons[1].what == "dealer@B begins 19 days after dealer@A was last seen"
    assert not proposed(Profile("A", "one", [before]), Profile("B", "two", [after]), Profile("A", "x", [later]))


def test_who_was_there_when_anybody_last_looked_has_not_ended() -> None:
    before = listing("A", "dealer", "t", seen=date(2017, 7, 1))
    after = listing("B", "dealer", "u", since=date(2017, 7, 20))
    (found,) = proposed(*profiles([before, after]).values())
    assert reasons(found) == {"name": 25}
