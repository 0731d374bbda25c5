"""Results and steps as the bundle states them, and the comparison with what the replay finds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from trover.report.verifier.findings import Report
from trover.report.verifier.lots import NANO, whole_units
from trover.report.verifier.replay import Replay, Step
from trover.report.verifier.strict import Unreadable, integer, member, read_csv, read_json, typed

STEPS = ("event", "side", "leg", "account", "amount", "carried", "balance_before", "balance_after", "before", "after",
         "given", "repaid", "protected")  # fmt: skip
CONTENTS = ("carried", "before", "after", "given", "repaid", "protected")


class Row:
    """One row of steps/: a leg. Contents are owner -> nano units."""

    def __init__(self, line: int, cells: Sequence[str], file: str) -> None:
        self.line, self.event, self.side, self.account = line, cells[0], cells[1], cells[3]
        self.leg = integer(cells[2], file, line, "leg")
        self.amount = integer(cells[4], file, line, "amount")
        self.balance_before = integer(cells[6], file, line, "balance_before")
        self.balance_after = integer(cells[7], file, line, "balance_after")
        self.carried = read_content(cells[5], file, line)
        self.before, self.after = read_content(cells[8], file, line), read_content(cells[9], file, line)
        self.given, self.repaid = read_content(cells[10], file, line), read_content(cells[11], file, line)
        self.protected = read_content(cells[12], file, line)


@lru_cache(maxsize=10_000)
def owner_named(name: str) -> str:
    """The owner behind a percent-encoded name; empty where it is not encoded as it must be."""
    owner = unquote(name)
    return owner if quote(owner, safe="") == name else ""


def read_content(cell: str, file: str, line: int) -> dict[str, int]:
    """`B=600 OWN=400`: owners with what they hold; names are percent-encoded, nobody holds 0."""
    found: dict[str, int] = {}
    for entry in cell.split(" ") if cell else []:
        name, _, quantity = entry.rpartition("=")
        owner = owner_named(name)
        if not owner or owner in found:
            raise Unreadable(file, f"{entry[:60]!r} is not an owner and a quantity", line)
        found[owner] = integer(quantity, file, line, owner)
        if not found[owner]:
            raise Unreadable(file, f"{owner} is listed with nothing", line)
    return found


def read_steps(data: bytes, file: str) -> list[Row]:
    return [Row(line, cells, file) for line, cells in read_csv(data, file, STEPS)]


class Result:
    """results/<key>.json. `accounts`: account -> total, balance (None for sinks), nano and minor by owner."""

    def __init__(self, data: bytes, file: str) -> None:
        content = read_json(data, file)
        self.file = file
        self.key: str = member(content, "key", str, file)
        self.rule: str = member(content, "rule", str, file)
        self.variant: str = member(content, "variant", str, file)
        self.engine: str = member(content, "engine", str, file)
        self.id: str = member(content, "id", str, file)
        self.skipped: str = member(content, "skipped", str, file)
        self.recoverable: bool = member(content, "recoverable", bool, file)
        self.on_lots: bool = member(content, "on_lots", bool, file)
        self.total: dict[str, int] = {}
        self.balance: dict[str, int | None] = {}
        self.nano: dict[str, dict[str, int]] = {}
        self.minor: dict[str, dict[str, int]] = {}
        for account, held in member(content, "accounts", dict, file).items():
            self._account(account, held)

    def _account(self, account: str, held: Any) -> None:
        self.minor[account] = self._owners(member(held, "minor", dict, self.file), account)
        if self.on_lots:
            self.total[account] = member(held, "total", int, self.file)
            balance = held.get("balance")
            self.balance[account] = None if balance is None else typed(balance, int, self.file, "balance")
            self.nano[account] = self._owners(member(held, "nano", dict, self.file), account)

    def _owners(self, held: dict[str, Any], account: str) -> dict[str, int]:
        return {owner: typed(q, int, self.file, f"{account}, {owner}") for owner, q in held.items()}


def compare_steps(report: Report, key: str, rows: list[Row], replay: Replay) -> None:
    """Every leg, in the order in which it ran, to the nano unit."""
    file = f"steps/{key}.csv"
    for number, step in enumerate(replay.steps):
        if number >= len(rows):
            report.fail("a step is missing", file, rule=key, event=step.event.id, account=step.account)
            return
        row = rows[number]
        stated = (row.event, row.side, row.leg, row.account)
        derived = (step.event.id, step.side, step.leg, step.account)
        if stated != derived:
            expected, found = " ".join(map(str, derived)), " ".join(map(str, stated))
            report.fail("another step belongs here", file, row.line, rule=key, event=step.event.id, expected=expected,
                        found=found)  # fmt: skip
            return
        _compare_step(report, key, file, row, step, replay.owners)
    if len(rows) > len(replay.steps):
        row = rows[len(replay.steps)]
        report.fail("a step too many", file, row.line, rule=key, event=row.event, account=row.account)


def _compare_step(report: Report, key: str, file: str, row: Row, step: Step, owners: list[str]) -> None:
    where: dict[str, Any] = {"rule": key, "event": row.event, "account": row.account}
    for name in ("amount", "balance_before", "balance_after"):
        stated, derived = getattr(row, name), getattr(step, name)
        if stated != derived:
            report.fail(f"{name} is wrong", file, row.line, expected=derived, found=stated, **where)
    for name in CONTENTS:
        stated, derived = getattr(row, name), getattr(step, name)
        if stated == {owner: quantity for owner, quantity in zip(owners, derived) if quantity}:  # noqa: B905
            continue
        for owner in [*owners, *(set(stated) - set(owners))]:
            expected = derived[owners.index(owner)] if owner in owners and derived else 0
            if stated.get(owner, 0) != expected:
                says = f"{name} (nano units) does not follow from the rows above and the rule"
                report.fail(says, file, row.line, owner=owner, expected=expected, found=stated.get(owner, 0), **where)


def compare_result(report: Report, result: Result, replay: Replay) -> None:
    expected: dict[str, tuple[int, int | None, list[int]]] = {}
    for id, held in replay.held.items():
        parts = [0] * replay.size
        for lot in held.lots:
            parts = [parts[owner] + lot.parts[owner] for owner in range(replay.size)]
        expected[id] = max(held.balance, 0), held.balance, parts
    for sink, parts in replay.sinks.items():
        expected[sink] = sum(parts) // NANO, None, parts
    where: dict[str, Any] = {"rule": result.key}
    for id in [*expected, *(set(result.nano) - set(expected))]:
        if id not in expected or id not in result.nano:
            says = "is missing in the result" if id in expected else "is in the result but the rows do not lead there"
            report.fail(f"account {id} {says}", result.file, account=id, **where)
            continue
        total, balance, parts = expected[id]
        for name, derived, stated in (("total", total, result.total[id]), ("balance", balance, result.balance[id])):
            if derived != stated:
                report.fail(f"{name} is wrong", result.file, account=id, expected=derived, found=stated, **where)
        for number, owner in enumerate(replay.printed):
            found = result.nano[id].get(owner, 0)
            if found != parts[number]:
                report.fail("nano units differ", result.file, account=id, owner=owner, expected=parts[number],
                            found=found, **where)  # fmt: skip


def check_rounding(report: Report, result: Result, owners: list[str]) -> None:
    """Printed minor units are the nano units rounded by largest remainder, and sum to the total."""
    for id, nano in result.nano.items():
        total, stated = result.total[id], result.minor[id]
        where: dict[str, Any] = {"rule": result.key, "account": id}
        parts = [nano.get(owner, 0) for owner in owners]
        missing = total - sum(part // NANO for part in parts)
        if set(nano) - set(owners) or set(stated) - set(owners) or not 0 <= missing <= len(parts) or min(parts) < 0:
            report.fail("owners or nano units do not fit the total", result.file, expected=total, **where)
            continue
        if sum(parts) != total * NANO:
            says = "nano units do not sum to the total"
            report.fail(says, result.file, expected=total * NANO, found=sum(parts), **where)
        rounded = whole_units(parts, total)
        for number, owner in enumerate(owners):
            if stated.get(owner, 0) != rounded[number]:
                report.fail("is not the rounded amount", result.file, owner=owner, expected=rounded[number],
                            found=stated.get(owner, 0), **where)  # fmt: skip
