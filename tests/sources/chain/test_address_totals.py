"""What an explorer counts: read by content, checked, and no row of any ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import AddressTotals, Pointer
from trover.sources.wire import Received, reading_lines

ADDRESS = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def stats(filled: int = 2, got: int = 500, spent: int = 1, gone: int = 200, address: str = ADDRESS) -> dict[str, Any]:
    counted = {"funded_txo_count": filled, "funded_txo_sum": got, "spent_txo_count": spent, "spent_txo_sum": gone}
    return {"address": address, "chain_stats": counted}


def read(value: object) -> Reading:
    return read_records(source_of("answer.json", json.dumps(value).encode()))


def test_totals_of_an_address_are_kept_and_move_nothing() -> None:
    found = read(stats())
    assert (found.format, found.records) == ("explorer totals", ())
    assert found.totals == (AddressTotals(Pointer(found.source.sha256, "", 1), ADDRESS, 2, 500, 1, 200),)


def test_a_height_alone_is_the_height_of_the_last_block() -> None:
    for text in (b"955873", b"955873\n"):
        (told,) = read_records(source_of("tip.txt", text)).totals
        assert (told.height, told.address) == (955_873, "")


def test_totals_cross_the_border_between_processes() -> None:
    found = read(stats())
    received = Received(found.source)
    for line in reading_lines(found):
        received.take(line)
    assert received.reading == found


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (stats(spent=3), "are spent, of fewer or of less than came in"),
        (stats(gone=501), "are spent, of fewer or of less than came in"),
        (stats(filled=-1, spent=-2), "are spent, of fewer"),
        (stats(got=3 * 10**15, gone=0), "more than there can be"),
        (stats(address=ADDRESS[:-1] + "x"), "is not an address"),
        (stats(address="mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"), "of a test network"),
        ({"address": ADDRESS, "chain_stats": {}}, "funded_txo_count"),
    ],
)
def test_totals_that_cannot_be_are_refused(value: object, message: str) -> None:
    with pytest.raises(InputErrors, match=message):
        read(value)
