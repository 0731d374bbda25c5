"""The case format: one JSON file with accounts, transfers, claims and findings (rules section 8).

Strict about what it reads, silent about keys it does not know. Amounts are integers in minor units of
the file's own `minor_unit`, which also serves currencies outside ISO 4217 (old pence).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trover.errors import (
    DuplicateId,
    FieldWrong,
    InputErrors,
    Place,
    Problem,
    UnknownCurrency,
    UnknownFamily,
    UnknownTransfer,
)
from trover.sources.case_utxo import utxo_claims, utxo_records
from trover.sources.currency import MINOR_UNITS
from trover.sources.custody import SourceFile, read_source
from trover.sources.dates import moment_of
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, ClaimRecord, EventRecord, Flags, LegRecord, Pointer, Record
from trover.sources.strict_json import load_json
from trover.sources.times import Moment, ZoneWatch

FAMILIES = ("account", "asset", "distribution", "utxo")


@dataclass(frozen=True)
class CaseFile:
    """One case as its file states it. `inputs` is plain data for the families asset and distribution.

    `owners` are the claimants in the order of the claims (utxo: as params.owners lists them);
    `residual` is the name the file uses for what is nobody's claim: OWN, on chain CLEAN.
    """

    source: SourceFile
    id: str
    title: str
    family: str
    currency: str
    minor_unit: int
    params: Mapping[str, Any]
    records: tuple[Record, ...]
    claims: tuple[ClaimRecord, ...]
    flags: Flags
    inputs: Mapping[str, Any]
    owners: tuple[str, ...]
    residual: str
    broken: frozenset[str]
    """Ids of transfers that were left out because something is wrong with their row."""

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 -> name, so that later checks can name the file of a record."""
        return {self.source.sha256: self.source.name}


def read_case(path: str | Path | SourceFile, problems: list[Problem] | None = None) -> CaseFile:
    """Read a case file.

    Raises `InputErrors` with all that is wrong; given a list, what is wrong inside a readable JSON
    object is added to it instead, so that the checks of the ledger can be reported with it.
    """
    source = path if isinstance(path, SourceFile) else read_source(path)
    found: list[Problem] = [] if problems is None else problems
    case = _case(source, Fields(load_json(source), found, source.name))
    if problems is None and found:
        raise InputErrors(found)
    return case


class CaseReader:
    """The case format as one of the formats that `read_records` knows."""

    name = "case"

    def sniff(self, source: SourceFile) -> bool:
        return source.media == "application/json"

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        found: list[Problem] = []
        case = read_case(source, found)
        return Reading(source, self.name, case.records, tuple(found), case.broken, case.claims, flags=case.flags)


def _case(source: SourceFile, top: Fields) -> CaseFile:
    family = top.text("family")
    if family and family not in FAMILIES:
        top.add(UnknownFamily(family, top.place("family")))
    currency = top.id("currency")
    minor_unit = top.integer("minor_unit")
    if not 0 <= minor_unit <= 38:
        top.add(FieldWrong(minor_unit, top.place("minor_unit"), says="is not a number of decimals from 0 to 38"))
    params = top.mapping("params")
    reader = _Reader(source, currency, top)
    if family == "utxo":
        records, lots = utxo_records(top, source, currency)
        owners, residual, claims = utxo_claims(lots, params)
        flags = Flags()
    else:
        records, flags = (*reader.accounts(), *reader.transfers()), reader.flags()
        claims = reader.claims()
        owners, residual = tuple(dict.fromkeys(claim.claimant for claim in claims)), "OWN"
    return CaseFile(
        source=source,
        id=top.text("id", ""),
        title=top.text("title", ""),
        family=family,
        currency=currency,
        minor_unit=minor_unit,
        params=params,
        records=records,
        claims=claims,
        flags=flags,
        inputs=top.mapping("inputs"),
        owners=owners,
        residual=residual,
        broken=frozenset(reader.broken),
    )


def _declared(accounts: Any) -> frozenset[str]:
    """Ids of accounts, as far as they are ids of accounts."""
    rows = accounts if isinstance(accounts, list) else ()
    ids = (row.get("id") for row in rows if isinstance(row, dict))
    return frozenset(id for id in ids if isinstance(id, str))


class _Reader:
    """Accounts, transfers and claims of one file, in the order of the file."""

    def __init__(self, source: SourceFile, currency: str, top: Fields) -> None:
        self.source, self.currency, self.top = source, currency, top
        self.broken: set[str] = set()
        self.ids: dict[str, int] = {}
        self.declared = _declared(top.data.get("accounts"))
        self.zones = ZoneWatch()
        self.bfp: list[str] = []
        self.links: dict[str, dict[str, str]] = {"reverses": {}, "linked_to": {}, "backward_for": {}}
        self.link_places: list[tuple[str, Place]] = []

    def pointer(self, row: Fields) -> Pointer:
        return Pointer(self.source.sha256, row.section, row.row or 0)

    def accounts(self) -> list[AccountRecord]:
        closing = Fields(self.top.mapping("closing_balances"), self.top.problems, self.source.name, "closing_balances")
        result = []
        for row in self.top.rows("accounts"):
            account, currency = row.id("id"), row.id("currency", self.currency)
            if currency != self.currency and currency not in MINOR_UNITS:
                row.add(UnknownCurrency(currency, row.place("currency")))
            record = AccountRecord(
                pointer=self.pointer(row),
                id=account,
                currency=currency,
                kind=row.text("type", ""),
                holder=row.text("holder", ""),
                opening=row.integer("opening", 0),
                closing=closing.integer(account) if account in closing.data else None,
            )
            if account:
                result.append(record)
        return result

    def transfers(self) -> list[EventRecord]:
        found = (self._transfer(row, position) for position, row in enumerate(self.top.rows("transfers"), 1))
        result = [record for record in found if record is not None]
        self.top.problems += self.zones.problems()
        return result

    def _transfer(self, row: Fields, position: int) -> EventRecord | None:
        transfer, sender, receiver = row.id("id"), row.id("from"), row.id("to")
        if transfer in self.ids:
            row.add(DuplicateId(transfer, row.place("id"), says=f"is also the id of row {self.ids[transfer]}"))
        elif transfer:
            self.ids[transfer] = position
        moment, text = self._moment(row)
        amount = row.integer("amount")
        converts = row.data.get("amount_to") is not None
        arrives = row.integer("amount_to") if converts else amount
        seq = row.integer("seq", position, 2**63)
        note, kind = row.text("note", ""), row.text("kind", "")
        self._links(row, transfer)
        if moment is None or not row.clean:
            self.broken.add(transfer)
            return None
        return EventRecord(
            pointer=self.pointer(row),
            id=transfer,
            time=moment.time,
            time_text=text,
            seq=seq,
            inputs=(LegRecord(sender, amount, currency=self._stated(sender, converts)),),
            outputs=(
                LegRecord(receiver, arrives, amount if converts else None, currency=self._stated(receiver, converts)),
            ),
            kind=kind,
            note=note,
        )

    def _stated(self, account: str, converts: bool) -> str:
        """An external party to a conversion is in the currency of the case unless it is declared."""
        outside = converts and account.startswith("EXT:") and account not in self.declared
        return self.currency if outside else ""

    def _moment(self, row: Fields) -> tuple[Moment | None, str]:
        text = row.id("ts")
        if not text:
            return None, ""
        try:
            moment = moment_of(text, (), None)
        except Problem as problem:
            remedy = "Write it as 2020-01-31 or 2020-01-31T12:00:00Z."
            row.add(type(problem)(problem.value, row.place("ts"), remedy=remedy))
            return None, text
        self.zones.note(moment, text, row.place("ts"))
        return moment, text

    def _links(self, row: Fields, transfer: str) -> None:
        if row.truth("bfp"):
            self.bfp.append(transfer)
        for name, links in self.links.items():
            if row.data.get(name) is not None and (other := row.id(name)):
                links[transfer] = other
                self.link_places.append((other, row.place(name)))

    def flags(self) -> Flags:
        for other, place in self.link_places:
            if other not in self.ids:
                self.top.add(UnknownTransfer(other, place))
        return Flags(frozenset(self.bfp), **self.links)

    def claims(self) -> tuple[ClaimRecord, ...]:
        result = []
        for row in self.top.rows("claims"):
            claimant, amount, repaid = row.id("claimant"), row.integer("amount"), row.integer("repaid", 0)
            entered = Fields(row.mapping("entered"), self.top.problems, row.file, row.section, row.row)
            transfer, account = entered.id("transfer", ""), entered.id("account", "")
            if bool(transfer) == bool(account):
                row.add(FieldWrong("", row.place("entered"), says="does not name one transfer or one account"))
            elif row.clean:
                offence = row.text("offence", "") or row.text("offence_date", "")
                result.append(ClaimRecord(self.pointer(row), claimant, amount, transfer, account, repaid, offence))
        return tuple(result)
