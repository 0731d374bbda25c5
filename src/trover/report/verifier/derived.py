"""Rules computed from libr or from balances: sharing rateably, any one withdrawal, 18 USC 984."""

from __future__ import annotations

from fractions import Fraction

from trover.report.verifier.answers import Result
from trover.report.verifier.findings import Report
from trover.report.verifier.lots import NANO, content, whole_units
from trover.report.verifier.replay import Replay, Step
from trover.report.verifier.statement import GAP, OWN, UNDERWAY

Table = dict[str, dict[str, int]]


def shared(pool: int, weights: dict[str, int]) -> dict[str, int]:
    """`pool` minor units by weight, rounded by largest remainder."""
    total = sum(weights.values())
    if total <= 0:
        return dict.fromkeys(weights, 0)
    parts = [int(Fraction(pool * weight, total) * NANO) for weight in weights.values()]
    return dict(zip(weights, whole_units(parts, pool)))  # noqa: B905 - Python 3.9 has no strict=


def pari_passu(libr: Replay, traceable_only: bool) -> Table:
    """What all claimants together have in the fund under libr, shared by claims less what was repaid."""
    facts = libr.view.facts
    weights = dict.fromkeys([owner for owner in libr.owners if owner != OWN], 0)
    for claim in facts.claims:
        weights[claim.claimant] += claim.amount - claim.repaid
    traced = dict.fromkeys(weights, 0)
    for id, held in libr.held.items():
        if not facts.fund or id in facts.fund:
            rounded = whole_units(content(held.lots, libr.size), max(held.balance, 0))
            traced = {owner: traced[owner] + rounded[libr.owners.index(owner)] for owner in traced}
    weights = {o: max(w, 0) if traced[o] > 0 or not traceable_only else 0 for o, w in weights.items()}
    return {"FUND": shared(min(sum(traced.values()), sum(weights.values())), weights)}


def same_day_next_year(day: str) -> str:
    """29 February gives 1 March."""
    year, rest = int(day[:4]) + 1, day[4:]
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return f"{year:04}-03-01" if rest == "-02-29" and not leap else f"{year:04}{rest}"


def s984(libr: Replay) -> Table:
    """Balance on the day of the action, at most the offence deposits into the account within the year."""
    view, action = libr.view, libr.view.facts.action_date
    balances = {id: account.opening for id, account in view.accounts.items() if not account.is_external}
    deposits: dict[str, Fraction] = {}
    for claim in view.facts.claims:
        if claim.account and claim.offence and action <= same_day_next_year(claim.offence):
            deposits[claim.account] = deposits.get(claim.account, Fraction(0)) + claim.amount
    for event in [event for event in view.events if event.time[:10] <= action]:
        claims = [claim for claim in view.facts.claims if claim.transfer == event.id]
        timely = sum(c.amount for c in claims if action <= same_day_next_year(c.offence or event.time[:10]))
        credit = sum(amount for _, amount in event.inputs)
        for account, amount in event.inputs:
            balances[account] = balances.get(account, 0) - amount
        for account, amount, _ in event.outputs:
            balances[account] = balances.get(account, 0) + amount
            if claims:
                deposits[account] = deposits.get(account, Fraction(0)) + Fraction(timely * amount, credit)
    held = {id: int(amount) for id, amount in deposits.items() if id in libr.held}
    return {id: {"FORFEITABLE": max(0, min(balances[id], amount))} for id, amount in held.items()}


def any_one_withdrawal(libr: Replay) -> Table:
    """What any single payment reached of the claimants' content just before it, for each account the most."""
    claimants = [owner for owner in libr.owners if owner != OWN]
    facts = libr.view.facts
    back: dict[str, int] = {}
    for event in libr.view.events:
        first = facts.returns(event.id)
        back[first] = back.get(first, 0) + sum(amount for _, amount in event.inputs)
    best: Table = {}
    for id, held in libr.held.items():
        if not held.account.is_asset:
            rounded = whole_units(content(held.lots, libr.size), max(held.balance, 0))
            best[id] = {owner: rounded[number] for number, owner in enumerate(claimants)}
    sources: dict[str, list[Step]] = {}
    for step in libr.steps:
        if step.side == "in":
            if not libr.held[step.account].account.is_asset:
                sources.setdefault(step.event.id, []).append(step)
            continue
        if step.account.startswith(GAP):
            continue
        target = f"BFP:{step.event.id}" if any(step.protected) else step.account
        for source in sources.get(step.event.id, []):
            before = {owner: source.before[number] for number, owner in enumerate(claimants)}
            cost = sum(step.given) // NANO
            limit = min(cost, source.amount, sum(before.values()) // NANO) * step.amount // cost
            reached = shared(max(min(limit, step.amount - back.get(step.event.id, 0)), 0), before)
            if sum(reached.values()) > sum(best.get(target, {}).values()):
                best[target] = reached
    arrived = [id for id, held in libr.held.items() if id.startswith(UNDERWAY) and held.balance <= 0]
    return {id: row for id, row in best.items() if id not in arrived}


def derived_table(rule: str, libr: Replay) -> Table | None:
    """What a derived rule gives, or None for one whose formula is not replayed."""
    if rule in ("pari_passu", "pari_passu_traceable"):
        return pari_passu(libr, rule == "pari_passu_traceable")
    if rule == "any_one_withdrawal":
        return any_one_withdrawal(libr)
    return s984(libr) if rule == "s984" and libr.view.facts.action_date else None


def compare_table(report: Report, result: Result, expected: Table) -> None:
    for account in [*expected, *(set(result.minor) - set(expected))]:
        stated, derived = result.minor.get(account, {}), expected.get(account, {})
        for owner in [*derived, *(set(stated) - set(derived))]:
            if stated.get(owner, 0) != derived.get(owner, 0):
                report.fail("does not follow from ledger and claims", result.file, rule=result.key, account=account,
                            owner=owner, expected=derived.get(owner, 0), found=stated.get(owner, 0))  # fmt: skip
