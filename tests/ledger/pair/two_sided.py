"""Ledgers of statements, written as lines a person can read.

`X 3 -100 EXT:Y E2E1` is a row on the statement of X, day 3, 100.00 paid to the outside party EXT:Y, with one
reference. More words: `at=HH:MM`, `note=...`, `kind=...`, `fee=1`, `as=110/USD` (what arrives, or was given), `id=...`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trover.ledger.event import Account, AccountKind, Event, Input, Output, in_currency
from trover.ledger.ledger import Ledger
from trover.sources.record import Pointer

T0 = datetime(2021, 3, 1, tzinfo=UTC)
X, Y, Z = "DE89370400440532013000", "FR7630006000011234567890189", "GB29NWBK60161331926819"
SHORT = {"X": X, "Y": Y, "Z": Z}
HOLDERS = {X: "Alpha Trading Ltd", Y: "Beta Metals SA", Z: "Gamma Gonzalez"}


def ledger_of(*lines: str, openings: Mapping[str, int] | None = None, holders: Mapping[str, str] = HOLDERS) -> Ledger:
    """Amounts in the lines are whole units of two decimals; accounts inside are those that have lines."""
    accounts: dict[str, Account] = {}
    events = [_event(line, number, accounts, holders) for number, line in enumerate(lines, 1)]
    for id, opening in (openings or {}).items():
        full = SHORT.get(id, id)
        accounts[full] = replace(accounts[full], opening=opening)
    return Ledger.of(accounts.values(), events)


def _event(line: str, number: int, accounts: dict[str, Account], holders: Mapping[str, str]) -> Event:
    own, day, amount, other, *words = line.split()
    more = dict(word.split("=", 1) for word in words if "=" in word)
    plain = [word for word in words if "=" not in word]
    currency = plain.pop() if plain and plain[-1] == "USD" else "EUR"
    own = SHORT.get(own, own)
    accounts.setdefault(own, Account(own, currency, AccountKind.BANK, holders.get(own, "")))
    minor, fee = abs(int(amount)) * 100, int(more.get("fee", 0)) * 100
    paid = int(amount) < 0
    far, far_currency = minor - fee if paid else minor + fee, currency
    if "as" in more:
        text, far_currency = more["as"].split("/")
        far = int(text) * 100
    other = _outside(other, far_currency, accounts)
    if paid:
        inputs = (Input(own, minor),)
        outputs = [Output(other, far, minor - fee)]
    else:
        inputs = (Input(other, far),)
        outputs = [Output(own, minor, far - fee)]
    if fee:
        charge = f"FEE:r{number}"
        accounts[charge] = Account(charge, currency, AccountKind.EXTERNAL)
        outputs.append(Output(charge, fee, fee))
    clock = more.get("at", "")
    hours, minutes = map(int, clock.split(":")) if clock else (0, 0)
    time = T0 + timedelta(days=int(day), hours=hours, minutes=minutes)
    return Event(
        id=more.get("id", f"r{number}"),
        time=time,
        seq=number,
        inputs=inputs,
        outputs=tuple(outputs),
        kind=more.get("kind", ""),
        note=more.get("note", "").replace("_", " "),
        time_text=f"{time:%Y-%m-%d %H:%M}" if clock else f"{time:%Y-%m-%d}",
        source=Pointer(f"file of {own}", "", number),
        balance_account=own,
        statement=f"statement of {own}",
        booked=more.get("booked", "yes") == "yes",
        references=tuple(plain),
    )


def _outside(id: str, currency: str, accounts: dict[str, Account]) -> str:
    """The outside party `EXT:name` or `EXT:number/name`; _ stands for a space."""
    bare, _, holder = id.replace("_", " ").removeprefix("EXT:").partition("/")
    bare = SHORT.get(bare, bare)
    plain = f"EXT:{bare}"
    known = accounts.get(plain)
    if known and known.currency != currency:
        plain = in_currency(plain, currency)
    accounts.setdefault(plain, Account(plain, currency, AccountKind.EXTERNAL, holder or bare))
    return plain


def ids(pairs: Iterable[object]) -> list[tuple[str, str]]:
    return [(pair.payer, pair.payee) for pair in pairs]  # type: ignore[attr-defined]
