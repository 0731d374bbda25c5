"""Payments that somebody reports and no bank proves: accounts, parties, and statements that are not booked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trover.errors import DateUnreadable, Place, Problem
from trover.sources.amounts import Money
from trover.sources.file_at_hand import FileAtHand
from trover.sources.legs import two_sides
from trover.sources.parties import Outside, Party, unusable
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, BrokenRow, EventRecord, LegRecord, Pointer, StatementRecord, Unbooked
from trover.sources.times import Moment, ZoneWatch, iso_moment


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: what `payer` gave and `payee` got; `own` is the one of them on whose statement it stands."""

    pointer: Pointer
    id: str
    seq: int
    moment: Moment
    time_text: str
    payer: str
    payee: str
    own: str
    given: Money
    got: Money
    printed: str
    note: str
    references: tuple[str, ...]


@dataclass
class Announced(FileAtHand):
    """The accounts, statements and events of one file. What is wrong is added to `found`; `fail` makes it a row's."""

    own: dict[str, AccountRecord] = field(default_factory=dict)
    statements: dict[tuple[str, str], StatementRecord] = field(default_factory=dict)
    events: list[EventRecord] = field(default_factory=list)
    unbooked: list[Unbooked] = field(default_factory=list)
    zones: ZoneWatch = field(default_factory=ZoneWatch)
    outside: Outside = field(init=False)
    _failed: list[tuple[Pointer, str, str, str, tuple[Problem, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outside = Outside(self.found)

    def moment(self, text: str, where: Any, column: str, says: str = "") -> Moment | None:
        """The time that `text` states; None after a problem, whose words may be `says`."""
        try:
            moment = iso_moment(text)
        except DateUnreadable as problem:
            self.report(DateUnreadable(problem.value, says=says), where, column)
            return None
        if self.zones.is_first(moment):
            self.zones.note(moment, text, self.place(where, column))
        return moment

    def account(self, party: Party, own: bool, currency: str, pointer: Pointer, place: Place, unknown: str) -> str:
        """The id of `party`: an account of the ledger if `own`, in the pocket of its currency, else one outside."""
        if not own or not party.account:
            return self.outside.id(party, currency, pointer, place, unknown)
        id = party.account
        if problem := unusable(id, party, place):
            self.found.append(problem)
        known = self.own.get(id)
        if known is not None and known.currency != currency and currency:
            id = f"{id} in {currency}"
        if currency:
            self.own.setdefault(id, AccountRecord(pointer, id, currency, "bank", party.name))
        return id

    def book(self, payment: Payment) -> None:
        """The event of `payment`, on the statement of its own account."""
        given, got = payment.given, payment.got
        mine = got if payment.own == payment.payee else given
        statement = self._statement(payment.own, mine.currency, payment.pointer)
        reason = "its amount is zero" if not given.minor or not got.minor else ""
        if not reason and payment.payer == payment.payee:
            reason = "payer and payee are one"
        if reason:
            left = Unbooked(payment.pointer, payment.id, statement.id, payment.own, payment.printed, reason)
            self.unbooked.append(left)
            return
        leg = LegRecord(payment.payer, given.minor, None, given.currency)
        foreign = LegRecord(payment.payee, got.minor, None, got.currency) if got.currency != given.currency else None
        inputs, outputs = two_sides(leg, payment.payee, credit=False, foreign=foreign)
        self.events.append(
            EventRecord(
                pointer=payment.pointer,
                id=payment.id,
                time=payment.moment.time,
                time_text=payment.time_text,
                seq=payment.seq,
                inputs=inputs,
                outputs=outputs,
                note=payment.note,
                statement=statement.id,
                references=payment.references,
            )
        )

    def _statement(self, account: str, currency: str, pointer: Pointer) -> StatementRecord:
        """The statement of what is announced for `account` in `currency`, one for the whole file."""
        known = self.statements.get((account, currency))
        if known is None:
            id = f"{self.source.sha256[:12]}:S{len(self.statements) + 1}"
            known = StatementRecord(pointer, id, account, currency, number=pointer.page, booked=False)
            self.statements[account, currency] = known
        return known

    def fail(self, pointer: Pointer, id: str, account: str, currency: str, before: int) -> None:
        """What was found wrong since `before`, with a payment of `account`, fails the statement it would be on."""
        self._failed.append((pointer, id, account, currency, tuple(self.found[before:])))
        del self.found[before:]

    def _broken(self) -> tuple[tuple[BrokenRow, ...], tuple[Problem, ...]]:
        """Rows that could not be read; and the problems of those whose account or currency is known nowhere."""
        rows: list[BrokenRow] = []
        loose: list[Problem] = []
        for pointer, id, account, currency, problems in self._failed:
            kept = [s for (own, code), s in self.statements.items() if own == account and currency in ("", code)]
            if account and (kept or currency):
                statement = kept[0] if kept else self._statement(account, currency, pointer)
                rows.append(BrokenRow(pointer, id, statement.account, statement.id, problems))
            else:
                loose += problems
        return tuple(rows), tuple(loose)

    def reading(self, format: str) -> Reading:
        broken, loose = self._broken()
        return Reading(
            self.source,
            format,
            (*self.own.values(), *self.outside.accounts.values(), *self.statements.values(), *self.events),
            (*self.found, *loose, *self.zones.problems()),
            frozenset(row.id for row in broken),
            unbooked=tuple(self.unbooked),
            broken_rows=broken,
            remarks=tuple(self.remarks),
        )
