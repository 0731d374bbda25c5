"""Ledgers as readable tables: one line a transfer, `payer -> payee amount [=> arrives] [| mark, ...]`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from trover.ledger.event import FEE, Account, Event, Input, Output, kind_of, transfer
from trover.ledger.ledger import Ledger
from trover.trace import reference
from trover.trace.arithmetic import NANO
from trover.trace.claim import OWN, Assumptions, Claim
from trover.trace.result import Trace
from trover.trace.rules import LotRule, rule
from trover.trace.variant import Variant, apply

START = datetime(2020, 1, 1, tzinfo=UTC)
_LINE = re.compile(r"(?P<payer>\S+) -> (?P<payee>\S+) (?P<amount>\d+)(?: => (?P<arrives>\d+))?(?: \| (?P<marks>.*))?$")


def table(text: str, *, opening: dict[str, int] | None = None, **more: object) -> tuple[Ledger, Assumptions]:
    """Transfers t1, t2, ... a day apart, and the findings their marks state.

    Marks: `A 60` a claim of A for 60 entered there; `interest`; `bfp`; `same day`; `reverses t1`;
    `linked t1`; `backward t1`. opening: account -> balance. Claims at an opening and other findings
    are keywords of `Assumptions`; `claims` come before those of the lines.
    """
    claims: list[Claim] = list(more.pop("claims", ()))  # type: ignore[call-overload]
    links: dict[str, dict[str, str]] = {"reverses": {}, "linked": {}, "backward": {}}
    bfp: list[str] = []
    accounts = {id: Account(id, "EUR", kind_of(id), "", amount) for id, amount in (opening or {}).items()}
    events, day = [], 0
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        found = _LINE.fullmatch(line)
        assert found, line
        id, marks = f"t{number}", [mark.strip() for mark in (found["marks"] or "").split(",") if mark]
        kind = ""
        day += "same day" not in marks
        for mark in marks:
            word, _, rest = mark.partition(" ")
            if word in links:
                links[word][id] = rest
            elif mark == "bfp":
                bfp.append(id)
            elif mark == "interest":
                kind = mark
            elif mark != "same day":
                claims.append(Claim(word, int(rest), transfer=id))
        amount, arrives = int(found["amount"]), int(found["arrives"] or found["amount"])
        for party in (found["payer"], found["payee"]):
            accounts.setdefault(party, Account(party, "EUR", kind_of(party)))
        when = START + timedelta(days=day)
        events.append(transfer(id, when, number, found["payer"], found["payee"], amount, arrives, kind=kind))
    findings = Assumptions(
        tuple(claims),
        frozenset(bfp),
        links["reverses"],
        links["linked"],
        links["backward"],
        **more,  # type: ignore[arg-type]
    )
    return Ledger.of(accounts.values(), events), findings


def event(id: str, day: int, inputs: dict[str, int], outputs: dict[str, int], kind: str = "") -> Event:
    """An event of several legs, amounts equal to costs."""
    legs = tuple(Output(account, amount, amount) for account, amount in outputs.items())
    given = tuple(Input(account, amount) for account, amount in inputs.items())
    return Event(id, START + timedelta(days=day), day, given, legs, kind=kind)


def ledger_of(events: list[Event], opening: dict[str, int] | None = None) -> Ledger:
    ids = dict.fromkeys([*(opening or {}), *(leg.account for e in events for leg in (*e.inputs, *e.outputs))])
    return Ledger.of((Account(id, "EUR", kind_of(id), "", (opening or {}).get(id, 0)) for id in ids), events)


def lot_rule(id: str) -> LotRule:
    found = rule(id)
    assert isinstance(found, LotRule)
    return found


def run(ledger: Ledger, findings: Assumptions, rule_id: str, variant: str = "", steps: bool = True) -> Trace:
    """The reference engine's trace under a rule on lots and a variant."""
    view = apply(ledger, findings, Variant(variant))
    return reference.trace(*view, lot_rule(rule_id), rule_id, steps=steps)


def shown(trace: Trace, account: str) -> str:
    """`A 60, OWN 40`: what is in an account, rounded; owners with nothing left out."""
    if account not in trace.content:
        return ""
    return ", ".join(f"{owner} {amount}" for owner, amount in trace.row(account).items() if amount)


def exact(trace: Trace, account: str) -> dict[str, int]:
    """Content in whole minor units; fails where a quantity is not whole."""
    content = {owner: divmod(quantity, NANO) for owner, quantity in trace.content.get(account, {}).items()}
    assert not any(rest for _, rest in content.values()), content
    return {owner: whole for owner, (whole, _) in content.items()}


__all__ = ["FEE", "NANO", "OWN", "Account", "event", "exact", "ledger_of", "lot_rule", "run", "shown", "table"]
