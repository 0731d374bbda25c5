"""What the bundle states: accounts, events, claims, the findings of people, and the order of each run."""

from __future__ import annotations

import re
from typing import Any

from trover.report.verifier.strict import Unreadable, integer, member, read_csv, read_json, text_map, texts, typed

OWN, FEE, EXTERNAL, UNDERWAY, GAP = "OWN", "FEE:", "EXT:", "UNDERWAY:", "EXT:GAP:"
ACCOUNTS = ("id", "currency", "kind", "holder", "opening")
EVENTS = ("id", "time", "time_text", "seq", "kind", "note", "reverses", "replaces", "source", "page", "row")
ALSO = ("event", "id", "source", "page", "row", "note")
LEGS = ("event", "side", "leg", "account", "amount", "cost")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
KINDS = ("bank", "asset", "wallet", "cash", "output", "external")
INTEREST = ("accrue", "accrue_daily", "own")


class Account:
    def __init__(self, id: str, currency: str, kind: str, holder: str, opening: int) -> None:
        self.id, self.currency, self.kind, self.holder, self.opening = id, currency, kind, holder, opening
        self.is_external, self.is_asset = kind == "external", kind == "asset"


class Event:
    """`inputs`: (account, amount) in order; `outputs`: (account, amount, cost) in order; minor units."""

    def __init__(self, id: str, line: int, time: str, seq: int, kind: str, replaces: str) -> None:
        self.id, self.line, self.time, self.seq, self.kind, self.replaces = id, line, time, seq, kind, replaces
        self.inputs: list[tuple[str, int]] = []
        self.outputs: list[tuple[str, int, int]] = []


class Claim:
    def __init__(self, claimant: str, amount: int, transfer: str, account: str, repaid: int, offence: str) -> None:
        self.claimant, self.amount, self.transfer, self.account = claimant, amount, transfer, account
        self.repaid, self.offence = repaid, offence


class Facts:
    """Claims and the findings of people. `owners`: claimants as they first appear, OWN last."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.bfp: set[str] = set()
        self.reverses: dict[str, str] = {}
        self.linked_to: dict[str, str] = {}
        self.backward_for: dict[str, str] = {}
        self.consolidate: dict[str, list[str]] = {}
        self.fund: list[str] = []
        self.interest = "accrue"
        self.dissipated: set[str] = set()
        self.action_date = ""

    @property
    def owners(self) -> list[str]:
        return [*dict.fromkeys(claim.claimant for claim in self.claims), OWN]

    def returns(self, event: str) -> str:
        """The payment that `event` returns or deposits again, or empty."""
        return self.reverses.get(event) or self.linked_to.get(event) or ""

    def copy(self) -> Facts:
        twin = Facts()
        twin.__dict__.update(self.__dict__)
        return twin


def party(account: str) -> str:
    """The outside party itself, whatever currency it is booked in."""
    return account.partition(" in ")[0] if account.startswith(EXTERNAL) else account


def read_accounts(data: bytes) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    for line, (id, currency, kind, holder, opening) in read_csv(data, "accounts.csv", ACCOUNTS):
        if not id or id in accounts or kind not in KINDS:
            raise Unreadable("accounts.csv", f"account {id!r} is double, without id or of unknown kind {kind!r}", line)
        accounts[id] = Account(id, currency, kind, holder, integer(opening, "accounts.csv", line, "opening"))
    return accounts


def read_events(data: bytes) -> list[Event]:
    """Events in ledger order, still without legs."""
    events: list[Event] = []
    seen: set[str] = set()
    for line, (id, time, _, seq, kind, _, _, replaces, _, _, row) in read_csv(data, "events.csv", EVENTS):
        if not id or id in seen:
            raise Unreadable("events.csv", f"event {id!r} is double or without id", line)
        if not TIME.fullmatch(time):
            raise Unreadable("events.csv", f"event {id}: {time!r} is not a time in UTC", line)
        if row:
            integer(row, "events.csv", line, "row")
        seen.add(id)
        events.append(Event(id, line, time, integer(seq, "events.csv", line, "seq"), kind, replaces))
    return events


def read_also(data: bytes, events: list[Event]) -> None:
    """Other rows of evidence for an event: in the order of the events, each row counted for one event only."""
    place = {event.id: index for index, event in enumerate(events)}
    last, seen = 0, set(place)
    for line, (event, id, _, _, row, _) in read_csv(data, "also.csv", ALSO):
        if place.get(event, -1) < last or not id or id in seen:
            raise Unreadable("also.csv", f"row {id!r} of event {event}: counted twice, or out of the order", line)
        if row:
            integer(row, "also.csv", line, "row")
        last = place[event]
        seen.add(id)


def read_legs(data: bytes, events: list[Event], accounts: dict[str, Account]) -> None:
    """Give each event its legs: in the order of the events, inputs first, numbered from 1."""
    place = {event.id: index for index, event in enumerate(events)}
    last = 0
    for line, (id, side, leg, account, amount, cost) in read_csv(data, "legs.csv", LEGS):
        if place.get(id, -1) < last or account not in accounts:
            raise Unreadable("legs.csv", f"event {id}, account {account}: unknown, or out of the order of events", line)
        last = place[id]
        event = events[last]
        quantity = integer(amount, "legs.csv", line, "amount")
        given = quantity if side == "in" and not cost else integer(cost, "legs.csv", line, "cost")
        legs = event.inputs if side == "in" else event.outputs
        if side not in ("in", "out") or (side == "in" and (cost or event.outputs)) or leg != str(len(legs) + 1):
            raise Unreadable("legs.csv", f"event {id}: leg {side} {leg} does not belong here", line)
        if quantity <= 0 or given <= 0:
            raise Unreadable("legs.csv", f"event {id}: an amount is not above zero", line)
        if side == "in":
            event.inputs.append((account, quantity))
        else:
            event.outputs.append((account, quantity, given))
    for event in events:
        went_in, taken = sum(leg[1] for leg in event.inputs), sum(leg[2] for leg in event.outputs)
        if not event.inputs or not event.outputs or went_in != taken:
            raise Unreadable("legs.csv", f"event {event.id}: {went_in} goes in, {taken} is taken out")


def read_facts(claims: bytes, assumptions: bytes) -> Facts:
    facts, file = Facts(), "assumptions.json"
    for claim in typed(read_json(claims, "claims.json"), list, "claims.json", "the content"):
        facts.claims.append(_claim(claim))
    data = read_json(assumptions, file)
    facts.bfp = set(texts(member(data, "bfp", list, file), file, "bfp"))
    facts.reverses = text_map(member(data, "reverses", dict, file), file, "reverses")
    facts.linked_to = text_map(member(data, "linked_to", dict, file), file, "linked_to")
    facts.backward_for = text_map(member(data, "backward_for", dict, file), file, "backward_for")
    for pool, members in member(data, "consolidate", dict, file).items():
        facts.consolidate[pool] = texts(members, file, f"consolidate {pool}")
    facts.fund = texts(member(data, "fund", list, file), file, "fund")
    facts.interest = member(data, "interest", str, file)
    if facts.interest not in INTEREST:
        raise Unreadable(file, f"interest is {facts.interest!r}, not one of {', '.join(INTEREST)}")
    facts.action_date = _date(data, "action_date", file)
    facts.dissipated = set(texts(member(data, "dissipated", list, file), file, "dissipated"))
    return facts


def _claim(data: Any) -> Claim:
    file = "claims.json"
    amount, repaid = member(data, "amount", int, file), member(data, "repaid", int, file)
    claim = Claim(member(data, "claimant", str, file), amount, member(data, "transfer", str, file),
                  member(data, "account", str, file), repaid, _date(data, "offence", file))  # fmt: skip
    if claim.claimant in ("", OWN) or amount <= 0 or repaid < 0 or bool(claim.transfer) == bool(claim.account):
        raise Unreadable(file, f"the claim of {claim.claimant!r} is not above zero, or does not enter at one place")
    return claim


def _date(data: Any, key: str, file: str) -> str:
    """A date, or empty where none is stated."""
    value = data.get(key)
    if value is None:
        return ""
    if not DATE.fullmatch(typed(value, str, file, key)):
        raise Unreadable(file, f"{key} is {value[:40]!r}, not a date")
    return str(value)
