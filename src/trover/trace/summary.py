"""All rules in one table: for each place that claimed money reached, how much under each rule.

Rules that give the same figures everywhere share a column. Screening measures have no place in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import NANO, half_even
from trover.trace.claim import OWN
from trover.trace.compare import Answer
from trover.trace.recipients import recipient_accounts, recipients
from trover.trace.result import Trace


class Kind(StrEnum):
    """What sort of place a row is; the order is the order of the table."""

    RECIPIENT = "recipient"
    ASSET = "asset"
    PURCHASER = "bona fide purchaser"
    OVERDRAFT = "repaid overdraft"
    LEFT = "left in account"


@dataclass(frozen=True)
class Row:
    """A place and a claimant. `places` are the decimals of `currency`."""

    kind: Kind
    place: str
    claimant: str
    currency: str


@dataclass
class Column:
    """Rules that agree everywhere; `cells` in minor units, absent where nothing is traced.

    `total` is the sum before any rounding of cells, so that it is the claim and not a cent beside it.
    """

    keys: list[str]
    cells: dict[Row, int] = field(default_factory=dict)
    total: int = 0


@dataclass(frozen=True)
class Summary:
    rows: list[Row]
    columns: list[Column]
    screening: dict[str, int]
    """Screening rule -> number of recipients it touches. Never an amount recoverable."""

    def cell(self, row: Row, column: Column) -> int:
        return column.cells.get(row, 0)


def summarise(answers: Iterable[Answer], ledger: Ledger) -> Summary:
    """The rules on lots among `answers`, side by side. Rows in descending order of the largest figure."""
    columns: list[Column] = []
    screening: dict[str, int] = {}
    for answer in answers:
        if answer.trace is None:
            continue
        if not answer.rule.recoverable:
            touched = recipients(answer.trace, ledger).values()
            screening[answer.key] = sum(any(q for o, q in row.items() if o != "CLEAN") for row in touched)
            continue
        cells = _cells(answer, ledger)
        same = next((column for column in columns if column.cells == cells), None)
        if same:
            same.keys.append(answer.key)
        else:
            columns.append(Column([answer.key], cells, _total(answer.trace)))
    return Summary(_ordered(columns), columns, screening)


def _cells(answer: Answer, ledger: Ledger) -> dict[Row, int]:
    assert answer.trace is not None
    found: dict[Row, int] = {}
    accounts = ledger.account_by_id
    for name, row in recipients(answer.trace, ledger).items():
        _put(found, Kind.RECIPIENT, name, _currency(name, ledger), row)
    for place, row in answer.table.items():
        account = accounts.get(place)
        if account is None:
            kind = Kind.OVERDRAFT if place.startswith("OD:") else Kind.PURCHASER
            behind = accounts.get(place.removeprefix("OD:"))
            label = (behind.holder if behind else "") or place.partition(":")[2]
            _put(found, kind, label, behind.currency if behind else _only_currency(ledger), row)
        elif not account.is_external:
            kind = Kind.ASSET if account.is_asset else Kind.LEFT
            _put(found, kind, account.holder or place, account.currency, row)
    return found


def _total(trace: Trace) -> int:
    return half_even(sum(trace.claimed(place) for place in trace.content), NANO)


def _put(found: dict[Row, int], kind: Kind, place: str, currency: str, row: dict[str, int]) -> None:
    for claimant, amount in row.items():
        if claimant != OWN and amount:
            key = Row(kind, place, claimant, currency)
            found[key] = found.get(key, 0) + amount


def _currency(recipient: str, ledger: Ledger) -> str:
    return ledger.account_by_id[recipient_accounts(ledger)[recipient][0]].currency


def _only_currency(ledger: Ledger) -> str:
    return ledger.account_list[0].currency


def _ordered(columns: Sequence[Column]) -> list[Row]:
    largest: dict[Row, int] = {}
    for column in columns:
        for row, amount in column.cells.items():
            largest[row] = max(largest.get(row, 0), amount)
    order = list(Kind)
    return sorted(largest, key=lambda row: (order.index(row.kind), -largest[row], row.place, row.claimant))
