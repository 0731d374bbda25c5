"""What readers of statements row by row do alike: problems that fail one row, and plain movements."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from trover.errors import InputErrors, TooLong, WrongEncoding
from trover.sources.currency import MINOR_UNITS
from trover.sources.custody import SourceFile
from trover.sources.file_at_hand import FileAtHand
from trover.sources.legs import two_sides
from trover.sources.parties import Outside, Party
from trover.sources.reader import Reading
from trover.sources.record import (
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    StatementRecord,
    Unbooked,
)
from trover.sources.statements import account_of
from trover.sources.text import ID_LIMIT, decode, shortened


@dataclass(frozen=True, slots=True)
class Own:
    """The statement on which a row stands: its id, its account, that account's number, and the currency."""

    statement: str
    account: str
    number: str
    currency: str

    @property
    def decimals(self) -> int:
        return MINOR_UNITS[self.currency]


@dataclass(frozen=True, slots=True)
class Movement:
    """A booked row before it is an event: `signed` minor units come in (above zero) or go out."""

    id: str
    row: int
    time: datetime
    time_text: str
    signed: int
    party: Party
    note: str
    kind: str = ""
    references: tuple[str, ...] = ()
    foreign: tuple[int, str] | None = None
    """What the other side gave or got in another currency: minor units and currency."""


@dataclass
class RowBook(FileAtHand):
    """The rows of one file. What is wrong is added to `found`; `break_row` makes it a matter of one row."""

    unbooked: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    statements: list[StatementRecord] = field(default_factory=list)
    events: list[EventRecord] = field(default_factory=list)
    outside: Outside = field(init=False)
    seq: int = 0

    def __post_init__(self) -> None:
        self.outside = Outside(self.found)

    def leave(self, where: Any, id: str, own: Own, amount: str, reason: str) -> None:
        """A row that moves nothing; `amount` is its text."""
        shown = f"{amount} {own.currency}".strip() if amount else ""
        self.unbooked.append(Unbooked(self.pointer(where), id, own.statement, own.account, shown, reason))

    def break_row(self, where: Any, id: str, own: Own, before: int) -> bool:
        """Whether anything was found wrong since `before`; then it is this row's, and the row is left out."""
        if len(self.found) == before:
            return False
        problems = tuple(self.found[before:])
        del self.found[before:]
        self.broken.append(BrokenRow(self.pointer(where), id, own.account, own.statement, problems))
        return True

    def usable(self, id: str, where: Any, column: str = "") -> bool:
        """Whether an account's number is no longer than any is."""
        if len(id) > ID_LIMIT:
            self.report(TooLong(shortened(id)), where, column)
        return len(id) <= ID_LIMIT

    def own(self, statement: str, number: str, currency: str, main: str = "") -> Own:
        """The pocket of the account `number` in `currency`.

        The account itself is in the currency it first came in: `main`, where its first statement has several.
        """
        known = self.accounts.get(number)
        first = known.currency if known else main or currency
        return Own(statement, number if currency == first else f"{number} in {currency}", number, currency)

    def declare(self, statement: StatementRecord, holder: str = "") -> None:
        self.statements.append(statement)
        self.accounts[statement.account] = account_of(self.accounts.get(statement.account), statement, holder)

    def book(self, movement: Movement, own: Own, column: str) -> EventRecord | None:
        """The event of a movement, added to `events`; None after a problem, which is the row's."""
        before = len(self.found)
        pointer, amount = self.pointer(movement.row), abs(movement.signed)
        given, currency = movement.foreign or (amount, own.currency)
        other = self.outside.id(movement.party, currency, pointer, self.place(movement.row, column), movement.id)
        if self.break_row(movement.row, movement.id, own, before):
            return None
        self.seq += 1
        leg = LegRecord(own.account, amount, None, own.currency)
        foreign = LegRecord(other, given, None, currency) if currency != own.currency else None
        inputs, outputs = two_sides(leg, other, credit=movement.signed > 0, foreign=foreign)
        event = EventRecord(
            pointer=pointer,
            id=movement.id,
            time=movement.time,
            time_text=movement.time_text,
            seq=self.seq,
            inputs=inputs,
            outputs=outputs,
            kind=movement.kind,
            note=movement.note,
            statement=own.statement,
            references=movement.references,
        )
        self.events.append(event)
        return event

    def reading(self, format: str) -> Reading:
        """All of it as what one file says. One that is refused says at once what is wrong with its rows too."""
        if self.found:
            self.found += [problem for row in self.broken for problem in row.problems]
        return Reading(
            self.source,
            format,
            (*self.accounts.values(), *self.outside.accounts.values(), *self.statements, *self.events),
            tuple(self.found),
            frozenset(row.id for row in self.broken),
            unbooked=tuple(self.unbooked),
            broken_rows=tuple(self.broken),
            remarks=tuple(self.remarks),
        )


def with_balance(event: EventRecord, balance: int, text: str, own: Own) -> EventRecord:
    """`event` with the balance printed beside its row."""
    return replace(event, balance=balance, balance_account=own.account, balance_text=text)


def text_of(source: SourceFile, code_page: str) -> str:
    """The text of a file in UTF-8, or else in the code page that its format has. Raises `InputErrors`."""
    try:
        return decode(source.data, source.name)
    except InputErrors as errors:
        if not any(isinstance(problem, WrongEncoding) for problem in errors.problems):
            raise
    remedy = "The copy is damaged or in an encoding that this format does not have: obtain the file again."
    return decode(source.data, source.name, code_page, remedy)
