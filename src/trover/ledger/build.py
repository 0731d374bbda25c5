"""Records to a ledger: accounts merged, legs balanced, printed balances checked; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trover.errors import (
    AccountContradiction,
    AmountNotPositive,
    AmountTooLarge,
    DuplicateId,
    InputErrors,
    MixedCurrencies,
    Place,
    Problem,
    SameAccount,
    UnbalancedEvent,
    UnknownAccount,
    UnknownKind,
    UnknownTransfer,
)
from trover.ledger.check import ClaimLike, balance_problems, claim_problems
from trover.ledger.event import ASSET, EXTERNAL, FEE, Account, AccountKind, Event, Input, Output, in_currency, kind_of
from trover.ledger.ledger import Ledger
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer, Record

LARGEST = 10**38


def build_ledger(
    records: Iterable[Record],
    *,
    files: Mapping[str, str] | None = None,
    claims: Iterable[ClaimLike] = (),
    problems: Sequence[Problem] = (),
    broken: frozenset[str] = frozenset(),
) -> Ledger:
    """The ledger of `records`. Raises `InputErrors` with `problems` and all that is wrong here.

    files: SHA-256 -> name, for messages. claims: checked against what enters (pass the claims of the
    same file, so that all its problems come together). problems: what the readers found. broken: ids
    of rows the readers left out; what refers to them is not reported a second time.
    """
    build = _Build(files or {}, broken)
    everything = list(records)
    for record in everything:
        if isinstance(record, AccountRecord):
            build.declare(record)
    events = [record for record in everything if isinstance(record, EventRecord)]
    build.number(events)
    made = [event for event in (build.event(record) for record in events) if event is not None]
    found = [*problems, *build.problems]
    accounts = build.accounts
    found += claim_problems(claims, accounts, made, broken | build.broken, build.place)
    if not found:
        declared = [record for record in everything if isinstance(record, AccountRecord)]
        opened, found = balance_problems(accounts, declared, events, build.place)
        accounts = opened
    if found:
        raise InputErrors(found)
    return Ledger.of(accounts.values(), made)


class _Build:
    """What is known of accounts and ids while records are read."""

    def __init__(self, files: Mapping[str, str], broken: frozenset[str]) -> None:
        self.files = files
        self.broken = set(broken)
        self.problems: list[Problem] = []
        self.accounts: dict[str, Account] = {}
        self.opening: dict[str, int] = {}
        self.first: dict[str, Pointer] = {}
        self.replaced: dict[str, str] = {}

    def place(self, pointer: Pointer, column: str = "") -> Place:
        return Place(self.files.get(pointer.sha256, ""), pointer.page, pointer.row or None, column)

    def declare(self, record: AccountRecord) -> None:
        where = self.place(record.pointer)
        try:
            kind = kind_of(record.id, record.kind)
        except ValueError:
            self.problems.append(UnknownKind(record.kind, where))
            kind = AccountKind.BANK
        known = self.accounts.get(record.id)
        if known and self.first[record.id].sha256 == record.pointer.sha256:
            self.problems.append(DuplicateId(record.id, where))
            return
        self.first.setdefault(record.id, record.pointer)
        holder = (known.holder if known else "") or record.holder
        opening = self._opening(record, where)
        if known and kind is AccountKind.EXTERNAL is known.kind:
            return
        if known and (known.currency, known.kind) != (record.currency, kind):
            self.problems.append(AccountContradiction(record.id, where))
        self.accounts[record.id] = Account(record.id, record.currency, kind, holder, opening)

    def _opening(self, record: AccountRecord, where: Place) -> int:
        if record.opening is None:
            return self.opening.get(record.id, 0)
        if self.opening.setdefault(record.id, record.opening) != record.opening:
            self.problems.append(AccountContradiction(record.id, where, says="has two opening balances"))
        return record.opening

    def number(self, records: Iterable[EventRecord]) -> None:
        """Find double ids and corrections that name no row."""
        rows: dict[str, EventRecord] = {}
        for record in records:
            where = self.place(record.pointer)
            if record.id in rows:
                first = self.place(rows[record.id].pointer)
                self.problems.append(DuplicateId(record.id, where, says=f"is also the id of {first or 'another row'}"))
            rows.setdefault(record.id, record)
        for record in rows.values():
            if record.reverses and record.reverses not in rows and record.reverses not in self.broken:
                self.problems.append(UnknownTransfer(record.reverses, self.place(record.pointer)))
            if record.replaces:
                self._replaces(record, rows)

    def _replaces(self, record: EventRecord, rows: Mapping[str, EventRecord]) -> None:
        where = self.place(record.pointer)
        if record.replaces not in rows and record.replaces not in self.broken:
            self.problems.append(UnknownTransfer(record.replaces, where))
        other = self.replaced.setdefault(record.replaces, record.id)
        if other != record.id:
            self.problems.append(DuplicateId(record.replaces, where, says=f"is already replaced by {other}"))
        seen, target = {record.id}, record.replaces
        while target in rows and rows[target].replaces:
            if target in seen:
                self.problems.append(UnknownTransfer(record.replaces, where, says="is replaced by itself"))
                return
            seen.add(target)
            target = rows[target].replaces
        if target == record.id:
            self.problems.append(UnknownTransfer(record.replaces, where, says="is replaced by itself"))

    def event(self, record: EventRecord) -> Event | None:
        before = len(self.problems)
        where = self.place(record.pointer)
        self._amounts(record, where)
        known = [self._known(leg, where, False) for leg in record.inputs]
        known += [self._known(leg, where, True) for leg in record.outputs]
        if len(record.inputs) == len(record.outputs) == 1 and record.inputs[0].account == record.outputs[0].account:
            self.problems.append(SameAccount(record.inputs[0].account, where))
        given = sum(leg.amount for leg in record.inputs)
        taken = sum(_cost(leg) for leg in record.outputs)
        if len(self.problems) == before and given != taken:
            says = f"does not balance: {given} goes in, {taken} comes out"
            self.problems.append(UnbalancedEvent(record.id, where, says=says))
        legs = self._legs(record, where) if all(known) else None
        if legs is None or len(self.problems) > before:
            self.broken.add(record.id)
            return None
        return Event(
            id=record.id,
            time=record.time,
            seq=record.seq,
            inputs=legs[0],
            outputs=legs[1],
            kind=record.kind,
            note=record.note,
            time_text=record.time_text,
            source=record.pointer,
            reverses=record.reverses,
            replaces=record.replaces,
        )

    def _amounts(self, record: EventRecord, where: Place) -> None:
        legs = (*record.inputs, *record.outputs)
        for amount in dict.fromkeys(value for leg in legs for value in (leg.amount, _cost(leg))):
            if amount <= 0:
                self.problems.append(AmountNotPositive(amount, where))
            elif amount >= LARGEST:
                self.problems.append(AmountTooLarge(f"{str(amount)[:40]}...", where))

    def _known(self, leg: LegRecord, where: Place, receives: bool) -> bool:
        """An account may be used if it is declared, outside the ledger, or a thing being bought."""
        if leg.account in self.accounts or leg.account.startswith((EXTERNAL, FEE)):
            return True
        if receives and leg.account.startswith(ASSET):
            return True
        self.problems.append(UnknownAccount(leg.account, where))
        return False

    def _legs(self, record: EventRecord, where: Place) -> tuple[tuple[Input, ...], tuple[Output, ...]] | None:
        """Legs with the ids of accounts in the currency of each leg, external accounts made as needed."""
        given = self._given(record)
        if given is None:
            self.problems.append(MixedCurrencies(record.id, where))
            return None
        inputs = tuple(Input(self._account(leg, given), leg.amount) for leg in record.inputs)
        outputs = []
        for leg in record.outputs:
            account = self._account(leg, given if leg.cost is None else "")
            got = self.accounts[account].currency
            if got != (leg.currency or got) or (leg.cost is None and got != given):
                self.problems.append(MixedCurrencies(record.id, where, says=f"gives {given} and receives {got}"))
                return None
            outputs.append(Output(account, leg.amount, _cost(leg)))
        return inputs, tuple(outputs)

    def _given(self, record: EventRecord) -> str | None:
        """The one currency of the inputs; None if there are several or none is known."""
        stated = {self._currency(leg) for leg in record.inputs} - {""}
        for leg in record.inputs:
            known = self.accounts.get(leg.account)
            if known and not known.is_external and leg.currency not in ("", known.currency):
                return None
        if not stated:
            stated = {self._currency(leg) for leg in record.outputs if leg.cost is None} - {""}
        if not stated:
            stated = {known.currency for leg in record.inputs if (known := self.accounts.get(leg.account))}
        return stated.pop() if len(stated) == 1 else None

    def _currency(self, leg: LegRecord) -> str:
        """What the leg states, or what its account holds; an external party holds nothing."""
        known = self.accounts.get(leg.account)
        return leg.currency or (known.currency if known and not known.is_external else "")

    def _account(self, leg: LegRecord, fallback: str) -> str:
        """The id to book on: an external party has one account a currency, the first under its plain id."""
        known = self.accounts.get(leg.account)
        if known and not known.is_external:
            return known.id
        currency = leg.currency or fallback or (known.currency if known else "")
        if known is None:
            self.accounts[leg.account] = Account(leg.account, currency, kind_of(leg.account), _name(leg.account))
            return leg.account
        if known.currency == currency:
            return known.id
        other = in_currency(leg.account, currency)
        self.accounts.setdefault(other, Account(other, currency, known.kind, known.holder))
        return other


def _cost(leg: LegRecord) -> int:
    return leg.amount if leg.cost is None else leg.cost


def _name(account: str) -> str:
    return account.removeprefix(EXTERNAL) if account.startswith(EXTERNAL) else ""
