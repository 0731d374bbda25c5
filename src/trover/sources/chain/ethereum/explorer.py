"""What explorers of the Etherscan kind give of an address: transactions, calls inside them, transfers of tokens.

Answers of their interface (JSON, amounts in the smallest unit) and the CSV files of their pages (amounts in ether).
docs/formats/ethereum.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from trover.errors import AddressElsewhere, AmountTooFine
from trover.sources.chain.ethereum.book import EthereumBook
from trover.sources.chain.ethereum.etl import withdrawal_of
from trover.sources.chain.ethereum.row import LARGEST, Row
from trover.sources.chain.ethereum.table import columns_of, first_fitting, rows_of
from trover.sources.chain.ethereum.transfer import CALL, ETHER, TOKEN, Transfer, transaction_kind
from trover.sources.currency import MINOR_UNITS
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading

_KINDS = {
    "withdrawal": "withdrawalindex validatorindex address amount blocknumber timestamp",
    "thing": "hash from to contractaddress tokenid timestamp blocknumber",
    "token": "hash from to contractaddress value tokensymbol timestamp blocknumber",
    "call": "from to value type iserror timestamp blocknumber",
    "transaction": "hash from to value gasprice gasused iserror timestamp blocknumber",
    "bare answer": "status message result",
    "csv token": "transactionhash|txhash blockno unixtimestamp from to tokenvalue contractaddress",
    "csv call": "transactionhash|txhash blockno unixtimestamp from txto parenttxfrom",
    "csv transaction": "transactionhash|txhash blockno unixtimestamp from to",
}
_UNIT = re.compile(r"(?:valuein|valueout|txnfee)([a-z0-9]+)", re.ASCII)
_ETHER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?", re.ASCII)
_ELSEWHERE = "Give data of Ethereum alone: an address of the same form on another chain holds something else."
_WELL = ("", "0", "ok", "success")


@lru_cache(maxsize=1000)
def kind_of(columns: frozenset[str]) -> str:
    """What rows with these columns are; empty for rows of something else."""
    kind = first_fitting(_KINDS, columns)
    if kind == "bare answer" and len(columns) > len(_KINDS[kind].split()):
        return ""
    return "" if kind == "csv transaction" and not any(map(_UNIT.fullmatch, columns)) else kind


class ExplorerReader:
    """An answer about one address, known by its keys, or a CSV file by its header."""

    name = "etherscan"

    def sniff(self, source: SourceFile) -> bool:
        return bool(kind_of(columns_of(source)))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        book = EthereumBook(source)
        for row in rows_of(source, book.problems):
            kind = kind_of(row.columns)
            if not kind and not row.problems:
                row.wrong(", ".join(sorted(row.values)), ("",), "the columns of a row of such a file")
            if row.problems:
                book.fail(row)
                continue
            transfer = _TAKERS[kind](row, book)
            if row.problems:
                book.fail(row, transfer.hash if transfer else "")
            elif transfer is not None:
                book.transfers.append(transfer)
        return book.reading(self.name)


def _when(row: Row, *names: str) -> tuple[datetime, str]:
    found = row.time(*names)
    if found is None:
        if not row.problems:
            row.lack(names[0])
        return datetime.min, ""
    return found


def _failed(row: Row) -> bool:
    return row.whole("iserror", most=2) == 1 or row.text("txreceiptstatus") == "0"


def _transaction(row: Row, book: EthereumBook) -> Transfer:
    fee = row.whole("gasused") * row.whole("gasprice")
    succeeded = not _failed(row)
    return Transfer(
        row.pointer,
        transaction_kind(succeeded, fee),
        row.hash("hash"),
        row.block("blocknumber"),
        *_when(row, "timestamp"),
        _needed(row, "from"),
        _needed(row, "to", "contractaddress"),
        row.amount("value"),
        index=row.index("transactionindex"),
        fee=fee,
        succeeded=succeeded,
    )


def _call(row: Row, book: EthereumBook) -> Transfer | None:
    hash, value = row.hash("hash", "transactionhash"), row.amount("value")
    place = row.text("traceid").replace("-", "_") or None
    if place is not None and not re.fullmatch(r"[0-9]+(?:_[0-9]+)*", place, re.ASCII):
        row.wrong(place, ("traceid",), "the path of a call")
    if not row.problems and _failed(row):
        book.leave(row.pointer, hash, str(value), "it failed and moved nothing")
        return None
    return Transfer(
        row.pointer,
        CALL,
        hash,
        row.block("blocknumber"),
        *_when(row, "timestamp"),
        _needed(row, "from"),
        _needed(row, "to", "contractaddress"),
        value,
        index=row.index("transactionindex"),
        place=place,
    )


def _token(row: Row, book: EthereumBook) -> Transfer:
    token = _needed(row, "contractaddress")
    decimals = row.whole_or_none("tokendecimal", most=256)
    if token and decimals is not None:
        other = book.stated.setdefault(f"decimals {token}", str(decimals))
        if other != str(decimals):
            row.wrong(decimals, ("tokendecimal",), f"{other}, what another row says of this token")
    number = row.whole_or_none("logindex", most=10**6)
    return Transfer(
        row.pointer,
        TOKEN,
        row.hash("hash"),
        row.block("blocknumber"),
        *_when(row, "timestamp"),
        _needed(row, "from"),
        _needed(row, "to"),
        row.amount("value"),
        token,
        row.index("transactionindex"),
        None if number is None else str(number),
        note=row.text("tokensymbol")[:100],
    )


def _thing(row: Row, book: EthereumBook) -> None:
    hash = row.hash("hash")
    if not row.problems:
        book.leave(row.pointer, hash, "", "a thing with a number of its own (NFT) and no amount")


def _bare(row: Row, book: EthereumBook) -> None:
    """An answer without rows: a balance, or a refusal of the explorer."""
    text = row.text("result")
    if row.text("status") == "1" and text.isascii() and text.isdigit():
        book.leave(row.pointer, "balance", text, "a balance of no stated address and time: it proves nothing")
    else:
        row.wrong(text or row.text("message"), ("result",), "an answer with rows: the explorer gave none")


def _withdrawal(row: Row, book: EthereumBook) -> Transfer:
    return withdrawal_of(row, row.block("blocknumber"), _when(row, "timestamp"))


def _csv_transaction(row: Row, book: EthereumBook) -> Transfer:
    succeeded = _went_well(row)
    fee = _ether(row, "txnfee") if any(name.startswith("txnfee") for name in row.values) else None
    return Transfer(
        row.pointer,
        transaction_kind(succeeded, fee),
        row.hash("transactionhash", "txhash"),
        row.block("blockno"),
        *_when(row, "unixtimestamp"),
        _needed(row, "from"),
        _needed(row, "to", "contractaddress"),
        _ether(row, "valuein") or _ether(row, "valueout"),
        fee=fee,
        succeeded=succeeded,
    )


def _csv_call(row: Row, book: EthereumBook) -> Transfer | None:
    hash, value = row.hash("transactionhash", "txhash"), _ether(row, "valuein") or _ether(row, "valueout")
    if not _went_well(row):
        book.leave(row.pointer, hash, str(value), "it failed and moved nothing")
        return None
    return Transfer(
        row.pointer,
        CALL,
        hash,
        row.block("blockno"),
        *_when(row, "unixtimestamp"),
        _needed(row, "from"),
        _needed(row, "txto", "contractaddress"),
        value,
    )


def _csv_token(row: Row, book: EthereumBook) -> None:
    hash = row.hash("transactionhash", "txhash")
    if not row.problems:
        reason = "the file does not state the decimals of the token: give the answer of the interface (tokentx) instead"
        book.leave(row.pointer, hash, row.text("tokenvalue"), reason)


def _went_well(row: Row) -> bool:
    """Pages leave the status empty, or write 0, where nothing went wrong."""
    status = row.text("status").strip().lower()
    if status == "1":
        row.wrong(status, ("status",), "a status that can be read in one way only")
    return status in _WELL and not row.has("errcode")


def _ether(row: Row, begins: str) -> int:
    """An amount printed in ether, as wei; 0 where nothing is printed."""
    name = next((name for name in row.values if name.startswith(begins) and _UNIT.fullmatch(name)), "")
    unit = name.removeprefix(begins).upper()
    if name and unit not in (ETHER, "ETHER"):
        says = "is the coin of another chain; what is read here is ether of Ethereum"
        row.problems.append(AddressElsewhere(unit, row.place(name), says=says, remedy=_ELSEWHERE))
        return 0
    text = row.text(name) if name else ""
    if not text:
        return 0
    match, decimals = _ETHER.fullmatch(text), MINOR_UNITS[ETHER]
    if match is None:
        row.wrong(text, (name,), "an amount in ether")
        return 0
    part = (match[2] or "").rstrip("0")
    if len(part) > decimals:
        row.problems.append(AmountTooFine(text[:60], row.place(name)))
        return 0
    value = int(match[1].replace(",", "") + part.ljust(decimals, "0"))
    if value >= LARGEST:
        row.wrong(text, (name,), "an amount in ether")
    return value


def _needed(row: Row, *names: str) -> str:
    """An address that must be there: the first of these columns that holds one."""
    found = row.address(*names)
    if not found and not row.problems:
        row.lack(names[0])
    return found


_TAKERS: dict[str, Callable[[Row, EthereumBook], Transfer | None]] = {
    "withdrawal": _withdrawal,
    "bare answer": _bare,
    "thing": _thing,
    "token": _token,
    "call": _call,
    "transaction": _transaction,
    "csv token": _csv_token,
    "csv call": _csv_call,
    "csv transaction": _csv_transaction,
}
