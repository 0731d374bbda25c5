"""What a verdict says in words: for those who decide on it, and for a court."""

from __future__ import annotations

from collections.abc import Sequence

from trover.errors import BalanceContradictsRows, Problem, UnknownCurrency
from trover.ledger.check import PlaceOf
from trover.ledger.currency import minor_units
from trover.ledger.gate.count import Columns, Walk
from trover.ledger.gate.gather import Sheet
from trover.ledger.gate.verdict import Order, Proof
from trover.ledger.money import money
from trover.sources.record import EventRecord, StatementRecord

ANNOUNCED = "The rows are announced and not booked; only a statement of booked rows can prove them."
FAILED_TOTALS = "Opening balance and movements do not give the closing balance."
_NOTHING = "No balance is printed, so nothing shows whether a row is missing."
_ONE = "Only one balance is stated, and one balance proves no row."
_CLOSES = "The opening balance is what the closing one and the rows leave for it."
BLOCKS = (
    "Each block is hashed below its target, and its Merkle root is that of its transactions: none is missing, added or "
    "altered. Whether the blocks are those of the chain is shown by comparing the hash of the last with another source."
)
IDS = (
    "Each id is what the fields of its transaction give, so no output is altered. Nothing shows that it stands in a "
    "block, and what its inputs held is only stated."
)
TABLES = (
    "What is spent was made, once and by no more than it held, and no block pays more than it may. No id can be "
    "computed again, because the tables hold no scripts, and nothing shows that they are those of the chain."
)
VALUES = (
    "The transactions are proved by their block, but what their inputs held is only stated by another file: neither "
    "block nor id binds it."
)
_ANSWERS = (
    "The rows are what a node or an explorer answers about a chain: nothing in the file binds them to a block, and "
    "nothing shows whether any is missing."
)
ON_CHAIN = {
    "ids": IDS,
    "values": VALUES,
    "tables": TABLES,
    "answers": _ANSWERS,
    "valued flows": "The rows are transfers that somebody selected, with values in dollars that somebody estimated; "
    "what goes into an address need not come out of it, and nothing shows whether any is missing.",
    "answers without fees": f"{_ANSWERS} What the senders paid for gas is not stated.",
    "answers without receipts": f"{_ANSWERS} The file does not state whether these transactions succeeded, or what "
    "they paid for gas; files of receipts or traces that the case has when they are added complete them.",
}
"""What data of a chain that do not prove themselves show all the same."""
_NO_ACCOUNT = "The rows stand on the statement of no account of this file, so nothing shows whether a row is missing."
_PROVED = {
    Proof.TOTALS: "Opening balance and movements give the closing balance.",
    Proof.RUNNING: "Every printed running balance is what the rows give.",
    Proof.BOTH: "Opening balance and movements give the closing balance, and so does every balance between.",
    Proof.DAILY: "The balance printed for each day is what the rows give.",
}
_ORDERS = {
    Order.REVERSED: "The rows are listed backwards.",
    Order.FOUND: "The order of the rows was found: only this one reproduces the balances.",
    Order.SEVERAL: "Several orders of the rows reproduce the balances; that nearest to the printed one is kept.",
}


def proved(proof: Proof, statement: StatementRecord, walked: Walk, columns: Columns) -> str:
    said = [_PROVED[proof]]
    if statement.opening is None and walked.start is not None:
        unproved = next((n for n, row in enumerate(walked.rows, 1) if columns.balances[row] is not None), 0)
        if walked.daily:
            whose = "the amounts of its day are"
        else:
            whose = (
                "the amount of the first row is" if unproved == 1 else f"the amounts of the first {unproved} rows are"
            )
        said.append(f"The opening balance is implied by the first printed balance, so {whose} not proved.")
    if walked.daily:
        said.append("Their order within a day is not proved.")
    if walked.order in _ORDERS:
        said.append(_ORDERS[walked.order])
    if not walked.daily and not columns.rises(walked.rows):
        said.append("It does not keep to the days printed, which may be value dates.")
    return " ".join(said)


def unproved(sheet: Sheet, columns: Columns) -> str:
    if not sheet.statement.account:
        return _NO_ACCOUNT
    printed = [columns.opening, sheet.statement.closing, *columns.balances]
    if all(balance is None for balance in printed):
        return _NOTHING
    closes = sheet.statement.closing is not None and columns.opening is None and printed[2:] == [None] * len(sheet.rows)
    return f"{_ONE} {_CLOSES}" if closes else _ONE


def loose(count: int) -> str:
    rows = "The last row has" if count == 1 else f"The last {count} rows have"
    return f"{rows} no balance printed at or after, so nothing proves what stands there."


def broken(count: int) -> str:
    rows = "A row" if count == 1 else f"{count} rows"
    return f"{rows} of the statement could not be read, and without every row nothing is proved."


def failed(count: int) -> str:
    return f"{'A printed balance is' if count == 1 else f'{count} printed balances are'} not what the rows give."


def contradicted(sheet: Sheet, columns: Columns, walked: Walk, place: PlaceOf) -> Problem:
    """The first printed balance that the rows do not give, and what it looks like."""
    position, at = next((p, row) for p, row in enumerate(walked.rows) if row in walked.failures)
    row = sheet.rows[at]
    statement, printed, counted = sheet.statement, columns.balances[at], walked.failures[at]
    assert printed is not None
    says = f"is the balance stated for {statement.account}, but the rows give {_money(counted, statement.currency)}"
    hint = _hint(sheet, columns, walked, position, printed - counted)
    remedy = f"{hint} {BalanceContradictsRows.remedy}".strip()
    shown = row.balance_text or _money(printed, statement.currency)
    return BalanceContradictsRows(shown, place(row.pointer, "balance"), says=says, remedy=remedy)


def closing_wrong(sheet: Sheet, columns: Columns, counted: int, place: PlaceOf) -> Problem:
    statement = sheet.statement
    assert statement.closing is not None
    says = f"is the closing balance stated for {statement.account}, but the rows give"
    says = f"{says} {_money(counted, statement.currency)}"
    off = statement.closing - counted
    alike = [row for row, change in zip(sheet.rows, columns.changes, strict=True) if -change == off]
    flipped = [row for row, change in zip(sheet.rows, columns.changes, strict=True) if -2 * change == off]
    hint = f"The difference is {_money(off, statement.currency)}."
    if len(flipped) == 1:
        hint += f" It is that of {_named(flipped[0])} with the opposite sign."
    elif len(alike) == 1:
        hint += f" It is that of {_named(alike[0])} counted once too often."
    remedy = f"{hint} {BalanceContradictsRows.remedy.replace('before this row', 'in this statement')}"
    shown = _money(statement.closing, statement.currency)
    return BalanceContradictsRows(shown, place(statement.pointer, "closing"), says=says, remedy=remedy)


def _hint(sheet: Sheet, columns: Columns, walked: Walk, position: int, off: int) -> str:
    """What a difference of `off` (printed less counted) at this row looks like; a guess, said as one."""
    rows, at = walked.rows, walked.rows[position]
    change, currency = columns.changes[at], sheet.statement.currency
    turned = Columns([-c for c in columns.changes], columns.balances, columns.days, columns.opening)
    given = range(len(rows))
    if turned.fits(given) or turned.fits(given[::-1]):
        return "Every amount seems to have the opposite sign."
    if _unsigned(columns, rows, walked.start):
        return "The balances seem to be printed without their sign."
    if off == -2 * change:
        return "The amount of this row seems to have the opposite sign."
    if off == -change and (twin := _twin(sheet, columns, rows[:position], at)):
        return f"The row seems to repeat {twin}."
    following = next((row for row in rows[position + 1 :] if columns.balances[row] is not None), None)
    if following is not None and following in walked.failures:
        printed = columns.balances[following]
        if printed is not None and printed - walked.failures[following] == -off:
            return (
                "Only this balance disagrees; the next agrees again with the rows, so it may be misprinted or misread."
            )
    after = "All later balances agree with this one." if len(walked.failures) == 1 else ""
    return f"The difference is {_money(off, currency)}. {after}".strip()


def _unsigned(columns: Columns, rows: Sequence[int], start: int | None) -> bool:
    if start is None:
        return False
    count, below = start, False
    for row in rows:
        count += columns.changes[row]
        balance = columns.balances[row]
        if balance is not None and balance != abs(count):
            return False
        below |= count < 0
    return below


def _twin(sheet: Sheet, columns: Columns, before: Sequence[int], at: int) -> str:
    """The earlier row of the same day, amount and balance."""
    mine = (columns.days[at], columns.changes[at], columns.balances[at])
    for row in reversed(before):
        if columns.days[row] != columns.days[at]:
            return ""
        if (columns.days[row], columns.changes[row], columns.balances[row]) == mine:
            return _named(sheet.rows[row])
    return ""


def _named(row: EventRecord) -> str:
    return f"row {row.pointer.row}" if row.pointer.row else row.id


def _money(minor: int, currency: str) -> str:
    try:
        return money(minor, minor_units(currency))
    except UnknownCurrency:
        return str(minor)
