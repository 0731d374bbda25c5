"""What readers of statements row by row do alike: places, problems that fail one row, and plain movements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from trover.errors import InputErrors, Place, Problem, TooLong, WrongEncoding
from trover.sources.custody import SourceFile
from trover.sources.parties import Outside, Party
from trover.sources.reader import Reading
from trover.sources.record import (
    AccountRecord,
    BrokenRow,
    EventRecord,
    LegRecord,
    Pointer,
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
class RowBook:
    """One file being read. What is wrong is added to `found`; `break_row` makes it a matter of one row."""

    source: SourceFile
    remedies: Mapping[type[Problem], str] = field(default_factory=dict)
    """What helps in a file of a bank, where the general remedy speaks of a table."""
    found: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    unbooked: list[Unbooked] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    statements: list[StatementRecord] = field(default_factory=list)
    events: list[EventRecord] = field(default_factory=list)
    outside: Outside = field(init=False)
    seq: int = 0

    def __post_init__(self) -> None:
        self.outside = Outside(self.found)

    def place(self, row: int, column: str = "") -> Place:
        return Place(self.source.name, "", row, column)

    def pointer(self, row: int) -> Pointer:
        return Pointer(self.source.sha256, "", row)

    def report(self, problem: Problem, row: int, column: str = "") -> None:
        self.found.append(self.located(problem, row, column))

    def remark(self, problem: Problem, row: int, column: str = "") -> None:
        self.remarks.append(self.located(problem, row, column))

    def located(self, problem: Problem, row: int, column: str) -> Problem:
        """`problem` at its place, with the remedy that helps here."""
        remedy = self.remedies.get(type(problem), problem.remedy)
        return type(problem)(problem.value, self.place(row, column), says=problem.says, remedy=remedy)

    def leave(self, row: int, id: str, own: Own, amount: str, reason: str) -> None:
        """A row that moves nothing; `amount` is its text."""
        shown = f"{amount} {own.currency}".strip() if amount else ""
        self.unbooked.append(Unbooked(self.pointer(row), id, own.statement, own.account, shown, reason))

    def break_row(self, row: int, id: str, own: Own, before: int) -> bool:
        """Whether anything was found wrong since `before`; then it is this row's, and the row is left out."""
        if len(self.found) == before:
            return False
        problems = tuple(self.found[before:])
        del self.found[before:]
        self.broken.append(BrokenRow(self.pointer(row), id, own.account, own.statement, problems))
        return True

    def usable(self, id: str, row: int, column: str) -> bool:
        """Whether an account's number is no longer than any is."""
        if len(id) > ID_LIMIT:
            self.report(TooLong(shortened(id)), row, column)
        return len(id) <= ID_LIMIT

    def own(self, statement: str, number: str, currency: str) -> Own:
        """The pocket of the account `number` in `currency`; the account itself is in the currency it first came in."""
        known = self.accounts.get(number)
        pocket = number if known is None or known.currency == currency else f"{number} in {currency}"
        return Own(statement, pocket, number, currency)

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
        inputs, outputs = _legs(other, given, currency, own, amount, movement.signed > 0)
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


_Legs = tuple[tuple[LegRecord, ...], tuple[LegRecord, ...]]


def _legs(other: str, given: int, currency: str, own: Own, amount: int, comes: bool) -> _Legs:
    """The own side, and the other side in its currency; the cost of what arrives in another one is what was given."""
    converts = currency != own.currency
    if comes:
        mine = LegRecord(own.account, amount, given if converts else None, own.currency)
        return (LegRecord(other, given, None, currency),), (mine,)
    far = LegRecord(other, given, amount if converts else None, currency)
    return (LegRecord(own.account, amount, None, own.currency),), (far,)


def joined(parts: Iterable[str]) -> str:
    """The parts of a note, each once, joined by `; `."""
    return "; ".join(dict.fromkeys(filter(None, parts)))


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
    try:
        return decode(source.data, source.name, code_page)
    except InputErrors as errors:
        raise InputErrors([type(p)(p.value, p.place, says=p.says, remedy=remedy) for p in errors.problems]) from None
