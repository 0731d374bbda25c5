"""Where labels say that coin enters a service which mixes it with that of others: a trace stops there and says so.

A label is an assertion and no fact of the ledger. So it stops what is shown with it, and nothing that is stored: the
stop becomes part of every trace and of the exhibit by a person's finding (`through_service`), which also says how the
claim goes on, if that is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trover.case.address_ends import address_of
from trover.case.asserted import LABELS
from trover.case.case import Case
from trover.case.finding import Claimed, GapBridged, ThroughService
from trover.case.labels import book_of, source_names
from trover.ledger.event import EXTERNAL, Account, AccountKind
from trover.ledger.ledger import Ledger, moved
from trover.sources.attribution.book import LabelBook, Sink
from trover.sources.attribution.subject import searched

STOPPING = {
    Sink.MIXER: "what comes out of a mixer is not what went in",
    Sink.BRIDGE: "a bridge pays out on another chain; the payment there is not identified",
    Sink.EXCHANGE: "an exchange owes its customer; what it does with the coin is not the customer's",
    Sink.MARKET: "a market holds the coin of many; whom it pays for it is not identified",
}
"""Kinds of service at which a trace stops, and why; an address that is only sanctioned does not stop it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An account whose address is labelled: its kind, why a trace stops there, and on whose word."""

    account: str
    address: str
    kind: Sink
    says: str


def stops_of(case: Case) -> dict[str, Stop]:
    """Accounts of the traced ledger at which labels stop a trace; none that a person's finding speaks of."""
    if not any(LABELS in source.asserted for source in case.sources()):
        return {}
    decided = set(_decided(case))
    places = {
        account.id: account.address or address_of(account.id)
        for account in case.traced().account_list
        if account.kind in (AccountKind.OUTPUT, AccountKind.WALLET) and account.id not in decided
    }
    book, names = book_of(case, {address for address in places.values() if address}), source_names(case)
    found = {}
    for id, address in places.items():
        stop = _stop(book, names, id, address) if address else None
        if stop is not None:
            found[id] = stop
    return found


def _decided(case: Case) -> list[str]:
    """Accounts that findings speak of: what a person found goes before what a label says."""
    found: list[str] = []
    for finding in case.findings():
        body = finding.body
        if isinstance(body, ThroughService):
            found += [*body.given, *body.received]
        elif isinstance(body, GapBridged):
            found += [body.account, body.to]
        elif isinstance(body, Claimed):
            found.append(body.account)
    return found


def _stop(book: LabelBook, names: dict[str, str], id: str, address: str) -> Stop | None:
    labels = book.labels.get(searched(address), ())
    for kind, why in STOPPING.items():
        for label in labels:
            words = [word for said, word in book.kinds_of(label) if said is kind]
            if words:
                where = f"{names.get(label.pointer.sha256, '')} row {label.pointer.row}"
                sure = f", confidence {label.confidence}" if label.confidence else ""
                return Stop(id, address, kind, f"{kind}, says {where} ({label.label}, {words[0]}{sure}): {why}")
    return None


def sink_of(stop: Stop) -> str:
    """The account outside under which what reached a labelled address is told."""
    return f"{EXTERNAL}{stop.kind.upper()}:{stop.account}"


def with_stops(ledger: Ledger, stops: dict[str, Stop]) -> Ledger:
    """`ledger` as it looks where nothing is followed past `stops`: what is paid there is paid outside."""
    if not stops:
        return ledger
    number = {account.id: row for row, account in enumerate(ledger.account_list)}
    sinks = [
        Account(sink_of(stop), ledger.account_by_id[id].currency, AccountKind.EXTERNAL, f"{stop.kind} {stop.address}")
        for id, stop in stops.items()
    ]
    remap = np.arange(len(number), dtype=np.int32)
    for place, id in enumerate(stops):
        remap[number[id]] = len(number) + place
    accounts = Ledger.of([*ledger.account_list, *sinks], ()).accounts
    return Ledger(accounts, ledger.events, ledger.inputs, moved(ledger.outputs, remap))
