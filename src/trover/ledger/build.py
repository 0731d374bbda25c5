"""Records to a ledger: accounts merged, legs balanced; all problems at once. Balances are for the gate."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain

from trover.errors import (
    AccountContradiction,
    AmountNotPositive,
    AmountTooLarge,
    DuplicateId,
    InputErrors,
    MixedCurrencies,
    Problem,
    SameAccount,
    UnbalancedEvent,
    UnknownAccount,
    UnknownKind,
    UnknownTransfer,
)
from trover.ledger.base import Base
from trover.ledger.check import ClaimLike, PlaceIn, claim_problems
from trover.ledger.event import ASSET, EXTERNAL, FEE, Account, AccountKind, Event, Input, Output, in_currency, kind_of
from trover.ledger.ledger import Ledger
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer, Record, StatementRecord

LARGEST = 10**38


def build_ledger(
    records: Iterable[Record],
    *,
    files: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    claims: Iterable[ClaimLike] = (),
    problems: Sequence[Problem] = (),
    broken: frozenset[str] = frozenset(),
    base: Base | None = None,
    statements: Mapping[str, tuple[str, ...]] | None = None,
) -> Ledger:
    """The ledger of `records`. Raises `InputErrors` with `problems` and all that is wrong here.

    files: SHA-256 -> name; columns: SHA-256 -> our name of a column -> the header's; both for messages.
    claims: checked against what enters (pass the claims of the same file, so that all its problems come
    together). problems: what the readers found. broken: ids
    of rows the readers left out; what refers to them is not reported a second time. base: the ledger
    that these records are added to: its accounts and ids count, and what is returned is the
    new part alone (`join` makes one of both). statements: id of a row -> ids of the statements it stands on.
    """
    everything = list(records)
    declared = [record for record in everything if isinstance(record, AccountRecord)]
    events = [record for record in everything if isinstance(record, EventRecord)]
    build = _Build(PlaceIn(files or {}, columns or {}), broken, base or Base())
    build.statements = {record.id: record for record in everything if isinstance(record, StatementRecord)}
    build.judged = statements or {}
    for account in declared:
        build.declare(account)
    build.number(events)
    made = [event for event in (build.event(record) for record in events) if event is not None]
    found = [*problems, *build.problems]
    stated = list(claims)
    entries = chain(made, build.base.events()) if stated else ()
    found += claim_problems(stated, build.accounts, entries, build.broken, build.place)
    if found:
        raise InputErrors(found)
    used = dict.fromkeys(record.id for record in declared)
    for event in made:
        used |= dict.fromkeys(leg.account for leg in event.inputs) | dict.fromkeys(out.account for out in event.outputs)
    return Ledger.of((build.accounts[id] for id in used), made)


class _Build:
    """What is known of accounts and ids while records are read."""

    def __init__(
        self,
        place: PlaceIn,
        broken: frozenset[str],
        base: Base,
    ) -> None:
        self.place, self.base = place, base
        self.broken = set(broken)
        self.problems: list[Problem] = []
        self.accounts: dict[str, Account] = dict(base.accounts)
        self.first: dict[str, Pointer] = {}
        self.statements: dict[str, StatementRecord] = {}
        self.judged: Mapping[str, tuple[str, ...]] = {}

    def report(self, kind: type[Problem], value: object, pointer: Pointer, column: str = "", says: str = "") -> None:
        self.problems.append(kind(value, self.place(pointer, column), says=says))

    def declare(self, record: AccountRecord) -> None:
        try:
            kind = kind_of(record.id, record.kind)
        except ValueError:
            self.report(UnknownKind, record.kind, record.pointer, "type")
            kind = AccountKind.BANK
        known = self.accounts.get(record.id)
        if record.id in self.first and self.first[record.id].sha256 == record.pointer.sha256:
            self.report(DuplicateId, record.id, record.pointer, "id")
            return
        self.first.setdefault(record.id, record.pointer)
        holder = (known.holder if known else "") or record.holder
        opening = known.opening if known else record.opening or 0
        if known and kind is AccountKind.EXTERNAL is known.kind:
            return
        if known and (known.currency, known.kind) != (record.currency, kind):
            self.report(AccountContradiction, record.id, record.pointer)
        address = (known.address if known else "") or record.address
        self.accounts[record.id] = Account(record.id, record.currency, kind, holder, opening, address)

    def number(self, records: Sequence[EventRecord]) -> None:
        """Find double ids, and returns and corrections that name no row."""
        rows: dict[str, Pointer] = {}
        for record in records:
            if record.id in rows:
                says = f"is also the id of {self.place(rows[record.id]) or 'another row'}"
                self.report(DuplicateId, record.id, record.pointer, "id", says)
            elif record.id in self.base.ids:
                self.report(DuplicateId, record.id, record.pointer, "id", "is already the id of a row of the ledger")
            rows.setdefault(record.id, record.pointer)
        known = _Known(rows, self.base.ids)
        replaces = self.base.replaces | {record.id: record.replaces for record in records if record.replaces}
        replaced_by = {target: id for id, target in self.base.replaces.items()}
        for record in records:
            if record.reverses and record.reverses not in known and record.reverses not in self.broken:
                self.report(UnknownTransfer, record.reverses, record.pointer, "reverses")
            if not record.replaces:
                continue
            if record.replaces in known:
                self._replaces(record, replaces, replaced_by)
            elif record.replaces not in self.broken:
                self.report(UnknownTransfer, record.replaces, record.pointer, "replaces")

    def _replaces(self, record: EventRecord, replaces: Mapping[str, str], replaced_by: dict[str, str]) -> None:
        other = replaced_by.setdefault(record.replaces, record.id)
        if other != record.id:
            self.report(DuplicateId, record.replaces, record.pointer, "replaces", f"is already replaced by {other}")
        seen, target = {record.id}, record.replaces
        while target and target not in seen:
            seen.add(target)
            target = replaces.get(target, "")
        if target == record.id:
            self.report(UnknownTransfer, record.replaces, record.pointer, "replaces", "is replaced by itself")

    def event(self, record: EventRecord) -> Event | None:
        before = len(self.problems)
        self._amounts(record)
        known = [self._known(leg, record, "from") for leg in record.inputs]
        known += [self._known(leg, record, "to") for leg in record.outputs]
        if len(record.inputs) == len(record.outputs) == 1 and record.inputs[0].account == record.outputs[0].account:
            self.report(SameAccount, record.inputs[0].account, record.pointer, "to")
        given = sum(leg.amount for leg in record.inputs)
        taken = sum(_cost(leg) for leg in record.outputs)
        if given != taken and len(self.problems) == before:
            says = f"does not balance: {given} goes in, {taken} comes out"
            self.report(UnbalancedEvent, record.id, record.pointer, "", says)
        legs = self._legs(record) if all(known) else None
        if legs is None or len(self.problems) > before:
            self.broken.add(record.id)
            return None
        statement = self.statements.get(record.statement)
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
            balance=record.balance,
            balance_account=record.balance_account or (statement.account if statement else ""),
            statement=record.statement,
            booked=statement is None or statement.booked,
            references=record.references,
            statements=self.judged.get(record.id, ()),
        )

    def _amounts(self, record: EventRecord) -> None:
        amounts = [leg.amount for leg in record.inputs]
        for leg in record.outputs:
            amounts += (leg.amount, _cost(leg))
        if min(amounts, default=1) > 0 and max(amounts, default=1) < LARGEST:
            return
        for amount in dict.fromkeys(amounts):
            if amount <= 0:
                self.report(AmountNotPositive, amount, record.pointer, "amount")
            elif amount >= LARGEST:
                self.report(AmountTooLarge, f"{str(amount)[:40]}...", record.pointer, "amount")

    def _known(self, leg: LegRecord, record: EventRecord, side: str) -> bool:
        """An account may be used if it is declared, outside the ledger, or a thing being bought."""
        if leg.account in self.accounts or leg.account.startswith((EXTERNAL, FEE)):
            return True
        if side == "to" and leg.account.startswith(ASSET):
            return True
        self.report(UnknownAccount, leg.account, record.pointer, side)
        return False

    def _legs(self, record: EventRecord) -> tuple[tuple[Input, ...], tuple[Output, ...]] | None:
        """Legs with the ids of accounts in the currency of each leg, external accounts made as needed."""
        for leg in (*record.inputs, *record.outputs):
            known = self.accounts.get(leg.account)
            if known and not known.is_external and leg.currency not in ("", known.currency):
                says = f"is the currency of the row, but {known.id} is in {known.currency}"
                self.report(MixedCurrencies, leg.currency, record.pointer, "currency", says)
                return None
        given = self._given(record)
        if given is None:
            self.report(MixedCurrencies, record.id, record.pointer)
            return None
        inputs = tuple(Input(self._account(leg, given), leg.amount) for leg in record.inputs)
        outputs = []
        for leg in record.outputs:
            account = self._account(leg, given if leg.cost is None else "")
            got = self.accounts[account].currency
            if leg.cost is None and got != given:
                self.report(MixedCurrencies, record.id, record.pointer, "", f"gives {given} and receives {got}")
                return None
            outputs.append(Output(account, leg.amount, _cost(leg)))
        return inputs, tuple(outputs)

    def _given(self, record: EventRecord) -> str | None:
        """The one currency of the inputs; None if there are several or none is known."""
        if len(record.inputs) == 1 and record.inputs[0].currency:
            return record.inputs[0].currency
        stated = {self._currency(leg) for leg in record.inputs} - {""}
        if not stated:
            stated = {self._currency(leg) for leg in record.outputs if leg.cost is None} - {""}
        if not stated:
            stated = {known.currency for leg in record.inputs if (known := self.accounts.get(leg.account))}
        return stated.pop() if len(stated) == 1 else None

    def _currency(self, leg: LegRecord) -> str:
        """What the leg states, or what its account holds; an external party holds nothing."""
        if leg.currency:
            return leg.currency
        known = self.accounts.get(leg.account)
        return known.currency if known and not known.is_external else ""

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


class _Known:
    """Whether an id is that of a row of any of these."""

    def __init__(self, *ids: Container[str]) -> None:
        self._ids = ids

    def __contains__(self, id: str) -> bool:
        return any(id in ids for ids in self._ids)


def _cost(leg: LegRecord) -> int:
    return leg.amount if leg.cost is None else leg.cost


def _name(account: str) -> str:
    return account.removeprefix(EXTERNAL) if account.startswith(EXTERNAL) else ""
