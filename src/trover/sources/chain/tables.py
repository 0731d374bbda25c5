"""Tables of Bitcoin transactions: three that belong together, and one of what inputs held. Found by their headers.

`transactions` (index, height, id), `outputs` and `inputs` name transactions by their index, so a table alone says
little: what each holds crosses as rows under names that begin with #, and `tables_joined` makes transactions of the
three. `prevouts` states what the inputs of a block held. docs/formats/bitcoin.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from trover.errors import AddressContradicted, DuplicateId, FieldWrong, Place, Problem, RowShape, ValueImpossible
from trover.sources.chain.address import Network, address_of_script, check_address
from trover.sources.chain.transaction import CURRENCY, KIND, PLACES, SUPPLY
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.record import AccountRecord, EventRecord, LegRecord, Pointer, Record, StatementRecord
from trover.sources.text import decode, shortened

TRANSACTIONS = ("tx_index", "height", "txid", "txid_repaired")
OUTPUTS = ("tx_index", "vout", "address", "value_sat", "spent_by_tx_index")
INPUTS = ("tx_index", "prev_tx_index", "prev_vout", "address", "value_sat")
PREVOUTS = ("spending_txid", "prev_txid", "prev_vout", "value_sat", "address", "script_hex")
REPAIRED = "its id was repaired by who made the table"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a source gives heights and no times, one second later for each block; `time_text` is then empty."""
_WHOLE = re.compile(r"\d{1,16}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class TablesReader:
    """CSV with one of four headers."""

    name = "bitcoin tables"

    def sniff(self, source: SourceFile) -> bool:
        return _header(source) in _READ

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        table = _Table(source)
        _READ[_header(source)](table)
        records: tuple[Record, ...] = (*table.accounts.values(), *table.statements, *table.events.values())
        return Reading(source, self.name, () if table.problems else records, tuple(table.problems))


def _header(source: SourceFile) -> tuple[str, ...]:
    line = source.data[:500].removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    return tuple(line.decode("ascii", "replace").strip().split(","))


class _Table:
    """The rows of one file, taken one by one, and what is wrong with them."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.accounts: dict[str, AccountRecord] = {}
        self.events: dict[str, EventRecord] = {}
        self.legs: dict[str, list[LegRecord]] = {}
        self.notes: dict[str, list[str]] = {}
        self.first: dict[str, Pointer] = {}
        self.statements: list[StatementRecord] = []
        self.row = 1
        self.cells: dict[str, str] = {}

    def rows(self) -> Iterator[Pointer]:
        """Each row in turn, its values in `cells`."""
        header = _header(self.source)
        for row, line in enumerate(decode(self.source.data, self.source.name).split("\n"), 1):
            self.row = row
            values = line.strip("\r").split(",")
            if self.row == 1 or values == [""]:
                continue
            if len(values) != len(header):
                says = f"has {len(values)} values, and the header has {len(header)}"
                self.problems.append(RowShape(shortened(line), Place(self.source.name, row=self.row), says=says))
                continue
            self.cells = dict(zip(header, values, strict=True))
            yield Pointer(self.source.sha256, "", self.row)

    def place(self, column: str) -> Place:
        return Place(self.source.name, "", self.row, column)

    def whole(self, column: str) -> int:
        text = self.cells[column]
        if _WHOLE.fullmatch(text):
            return int(text)
        says = "is not a whole number of at most 16 digits"
        self.problems.append(FieldWrong(shortened(text), self.place(column), says=says))
        return 0

    def value(self) -> int:
        value = self.whole("value_sat")
        if value > SUPPLY:
            self.problems.append(ValueImpossible(value, self.place("value_sat")))
        return value

    def hash(self, column: str) -> str:
        text = self.cells[column]
        if not _HASH.fullmatch(text):
            says = "is not a hash of 64 hexadecimal digits"
            self.problems.append(FieldWrong(shortened(text), self.place(column), says=says))
        return text

    def address(self) -> str:
        text = self.cells["address"]
        if not text:
            return ""
        try:
            return check_address(text, Network.MAIN, self.place("address")).text
        except Problem as problem:
            self.problems.append(problem)
            return ""

    def declare(self, pointer: Pointer, id: str, opening: int | None, address: str) -> None:
        known = self.accounts.get(id)
        if known is not None and (known.opening, known.address) != (opening, address):
            self.problems.append(DuplicateId(id, self.place(""), says="is stated in two ways"))
        self.accounts.setdefault(id, AccountRecord(pointer, id, CURRENCY, "output", opening=opening, address=address))

    def leg(self, pointer: Pointer, id: str, leg: LegRecord) -> None:
        """One more input or output of the transaction `id`."""
        self.first.setdefault(id, pointer)
        self.legs.setdefault(id, []).append(leg)

    def gather(self, are_outputs: bool) -> None:
        """Events of the legs, in the order in which the transactions first occur."""
        for id, legs in self.legs.items():
            given: tuple[LegRecord, ...] = () if are_outputs else tuple(legs)
            made: tuple[LegRecord, ...] = tuple(legs) if are_outputs else ()
            notes = tuple(self.notes.get(id, ()))
            self.events[id] = EventRecord(self.first[id], id, UNDATED, "", 0, given, made, KIND, references=notes)


def _transactions(table: _Table) -> None:
    statement = f"{table.source.sha256[:12]}:transactions"
    table.statements.append(StatementRecord(Pointer(table.source.sha256), statement, "", CURRENCY))
    positions: dict[int, int] = {}
    indexes: set[int] = set()
    for pointer in table.rows():
        index, height, txid = table.whole("tx_index"), table.whole("height"), table.hash("txid")
        position = positions[height] = positions.get(height, -1) + 1
        if index in indexes or txid in table.events:
            table.problems.append(DuplicateId(txid if index not in indexes else index, table.place("tx_index")))
        indexes.add(index)
        note = REPAIRED if table.cells["txid_repaired"] == "1" else ""
        table.events[txid] = EventRecord(
            pointer, txid, UNDATED, "", min(height, 10**9) * PLACES + position, (), (), KIND, note,
            statement=statement, references=(f"#{index}",),
        )  # fmt: skip


def _outputs(table: _Table) -> None:
    for pointer in table.rows():
        id, number, value = f"#{table.whole('tx_index')}", table.whole("vout"), table.value()
        wanted = len(table.legs.get(id, ()))
        if number != wanted:
            says = f"is not the next output of {id}, which is {wanted}"
            table.problems.append(FieldWrong(number, table.place("vout"), says=says))
        account = f"{id}:{number}"
        table.declare(pointer, account, value, table.address())
        table.leg(pointer, id, LegRecord(account, value))
        if table.cells["spent_by_tx_index"]:
            table.notes.setdefault(id, []).append(f"{number} spent by #{table.whole('spent_by_tx_index')}")
    table.gather(are_outputs=True)


def _inputs(table: _Table) -> None:
    for pointer in table.rows():
        id, value = f"#{table.whole('tx_index')}", table.value()
        account = f"#{table.whole('prev_tx_index')}:{table.whole('prev_vout')}"
        table.declare(pointer, account, value, table.address())
        table.leg(pointer, id, LegRecord(account, value))
    table.gather(are_outputs=False)


def _prevouts(table: _Table) -> None:
    for pointer in table.rows():
        table.hash("spending_txid")
        id, script = f"{table.hash('prev_txid')}:{table.whole('prev_vout')}", table.cells["script_hex"]
        if not _HEX.fullmatch(script):
            says = "is not a script in hexadecimal digits"
            table.problems.append(FieldWrong(shortened(script), table.place("script_hex"), says=says))
            continue
        stated, computed = table.address(), address_of_script(bytes.fromhex(script))
        if stated and script and stated != computed:
            says = f"is not the address of its script, which is {computed or 'none'}"
            table.problems.append(AddressContradicted(stated, table.place("address"), says=says))
        table.declare(pointer, id, table.value(), computed or stated)


_READ: dict[tuple[str, ...], Callable[[_Table], None]] = {
    TRANSACTIONS: _transactions,
    OUTPUTS: _outputs,
    INPUTS: _inputs,
    PREVOUTS: _prevouts,
}


def role_of(source: SourceFile) -> str:
    """Which of the three tables that belong together `source` is; empty for any other file."""
    names = {TRANSACTIONS: "transactions", OUTPUTS: "outputs", INPUTS: "inputs"}
    return names.get(_header(source), "")


def plain_records(reading: Reading) -> tuple[dict[str, AccountRecord], list[EventRecord]]:
    """Accounts by id and events of a table."""
    records: tuple[Record, ...] = reading.records
    accounts = {record.id: record for record in records if isinstance(record, AccountRecord)}
    return accounts, [record for record in records if isinstance(record, EventRecord)]
