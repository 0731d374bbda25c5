"""Lists of transfers that somebody selected and valued in dollars: `From`, `To`, `Value_in_USD`, block and hash.

Values are estimates at the time of each transfer, so what goes into an address need not come out of it. They are kept
in accounts of their own, apart from what the chain moved. docs/formats/ethereum.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from heapq import heapify, heappop, heappush

from trover.errors import AmountTooFine, Problem
from trover.sources.chain.ethereum.book import EthereumBook
from trover.sources.chain.ethereum.row import Row
from trover.sources.chain.ethereum.table import columns_of, first_fitting, rows_of
from trover.sources.chain.ethereum.transfer import NO_TIME, VALUED, Transfer
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.times import iso_moment

_KINDS = {"flow": "timestamp block txhash from to valueinusd"}
_VALUE = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,40})?(?:[eE]-[0-9]{1,2})?", re.ASCII)
_EXACT = Context(prec=100)
_CENT = Decimal("0.01")
CURRENCY = "USD"


class FlowsReader:
    """A CSV file whose header names who paid whom how many dollars in which transaction."""

    name = "valued flows"

    def sniff(self, source: SourceFile) -> bool:
        return source.media != "application/json" and bool(first_fitting(_KINDS, columns_of(source)))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = EthereumBook(source, VALUED)
        rounded: list[Row] = []
        inside: defaultdict[str, list[Transfer]] = defaultdict(list)
        for row in rows_of(source, book.problems):
            transfer = _transfer(row, rounded)
            if row.problems:
                book.fail(row)
            else:
                inside[transfer.hash].append(transfer)
        for transfers in inside.values():
            for place, each in enumerate(received_first(transfers), 1):
                book.transfers.append(replace(each, place=str(place)))
        if rounded:
            book.remarks.append(_rounding(rounded, len(book.transfers)))
        return book.reading(self.name)


def received_first(transfers: Sequence[Transfer]) -> list[Transfer]:
    """Transfers of one transaction, whose order the list does not state: what an address receives before what it pays.

    Where they run in a circle the order of the file stays.
    """
    awaited = Counter(each.receiver for each in transfers)
    held_back: defaultdict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(transfers):
        held_back[each.sender].append(place)
    free = [place for sender, places in held_back.items() if not awaited[sender] for place in places]
    heapify(free)
    done: dict[int, Transfer] = {}
    for first in range(len(transfers)):
        if first not in done and not free:
            heappush(free, first)
        while free:
            place = heappop(free)
            if place in done:
                continue
            each = done[place] = transfers[place]
            awaited[each.receiver] -= 1
            if not awaited[each.receiver]:
                for other in held_back[each.receiver]:
                    heappush(free, other)
    return list(done.values())


def _transfer(row: Row, rounded: list[Row]) -> Transfer:
    time, text = _when(row)
    sender, receiver = row.address("from"), row.address("to")
    if not (sender and receiver) and not row.problems:
        row.lack("to" if sender else "from")
    labels = " to ".join(row.text(name)[:100] or "?" for name in ("fromlabel", "tolabel"))
    return Transfer(
        row.pointer,
        VALUED,
        row.hash("txhash"),
        row.block("block"),
        time,
        text,
        sender,
        receiver,
        _cents(row, rounded),
        CURRENCY.lower(),
        note="" if labels == "? to ?" else labels,
    )


def _when(row: Row) -> tuple[datetime, str]:
    text = row.text("timestamp")
    try:
        return iso_moment(text).time, text
    except Problem as problem:
        row.problems.append(problem.at(row.place("timestamp")))
        return NO_TIME, ""


def _cents(row: Row, rounded: list[Row]) -> int:
    text = row.text("valueinusd")
    if not _VALUE.fullmatch(text):
        row.wrong(text, ("valueinusd",), "a value in dollars")
        return 0
    value = Decimal(text)
    cents = value.quantize(_CENT, ROUND_HALF_EVEN, _EXACT)
    if cents != value:
        rounded.append(row)
    return int(cents.scaleb(2, _EXACT))


def _rounding(rounded: list[Row], count: int) -> Problem:
    first = rounded[0]
    says = (
        f"is rounded half to even to cents, as are {len(rounded)} of {count} values: they estimate what was moved, and "
        "show how far it reached, not what remains of it"
    )
    remedy = "Take amounts from data of the chain itself where a sum has to be right."
    return AmountTooFine(first.text("valueinusd"), first.place("valueinusd"), says=says, remedy=remedy)
