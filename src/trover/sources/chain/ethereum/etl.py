"""What ethereum-etl exports: blocks, transactions, receipts, traces, logs, token transfers, tokens; CSV or JSON lines.

The columns of GraphSense, which are the same under other names, are read too. docs/formats/ethereum.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from trover.sources.chain.ethereum.book import EthereumBook
from trover.sources.chain.ethereum.creation import created_address
from trover.sources.chain.ethereum.row import Row
from trover.sources.chain.ethereum.table import columns_of, first_fitting, rows_of
from trover.sources.chain.ethereum.transfer import (
    CALL,
    GENESIS,
    NO_TIME,
    REWARD,
    TOKEN,
    UNSTATED,
    WITHDRAWAL,
    Transfer,
    transaction_kind,
)
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading

HASH = ("transactionhash", "txhash", "hash")
BLOCK = ("blocknumber", "blockid")
INDEX = "transactionindex"
GWEI = 10**9
LAST = UNSTATED - 1
"""Rewards and withdrawals come after the transactions of their block."""
TRANSFERRED = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""First topic of the log of a token that moved."""
_TOPIC = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)
_TRACE = re.compile(r"(?P<type>[a-z]+)_(?P<of>0x[0-9a-fA-F]{64}|[0-9]+)_?(?P<path>[0-9_]*)", re.ASCII)
_PATH = re.compile(r"[0-9]*(?:_[0-9]+)*", re.ASCII)
_NO_VALUE = ("delegatecall", "staticcall", "callcode")


@lru_cache(maxsize=1000)
def kind_of(columns: frozenset[str]) -> str:
    """Which of the files of an export rows with these columns are of; empty for none."""
    return first_fitting(_KINDS, columns)


_KINDS = {
    "token_transfer": "tokenaddress fromaddress toaddress value transactionhash|txhash logindex",
    "trace": "fromaddress toaddress value traceid|traceaddress status|error",
    "transaction": "hash|txhash nonce fromaddress toaddress value gas gasprice blocknumber|blockid",
    "log": "logindex address data topics transactionhash|txhash",
    "receipt": "transactionhash gasused cumulativegasused",
    "block": "number|blockid|blocknumber hash|blockhash parenthash timestamp miner",
    "token": "address symbol decimals totalsupply",
}
"""Kind -> columns it must have, one of those between bars; the first that fits."""


class EtlReader:
    """A file of an export, known by its columns."""

    name = "ethereum-etl"

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
            else:
                _TAKERS[kind](row, book)
        return book.reading(self.name)


def when(row: Row, *names: str) -> tuple[datetime, str]:
    return row.time(*names) or (NO_TIME, "")


def _transaction(row: Row, book: EthereumBook) -> None:
    hash = row.hash("hash", "txhash")
    time, text = when(row, "blocktimestamp", "timestamp")
    sender, receiver = _sender(row), row.address("toaddress")
    used, price = row.whole_or_none("receiptgasused"), row.whole_or_none("receipteffectivegasprice", "gasprice")
    status = row.whole_or_none("receiptstatus", most=2)
    if not receiver:
        receiver = row.address("receiptcontractaddress") or _created(row, sender)
    fee = None if used is None or price is None else used * price
    succeeded = None if status is None else bool(status)
    if used is None and price is not None:
        book.stated[f"price {hash}"] = str(price)
    transfer = Transfer(
        row.pointer,
        transaction_kind(succeeded, fee),
        hash,
        row.block(*BLOCK),
        time,
        text,
        sender,
        receiver,
        row.amount("value"),
        index=row.index(INDEX),
        fee=fee,
        succeeded=succeeded,
    )
    _keep(row, book, transfer)


def _sender(row: Row) -> str:
    sender = row.address("fromaddress")
    if not sender and not row.problems:
        row.wrong("", ("fromaddress",), "an address")
    return sender


def _created(row: Row, sender: str) -> str:
    nonce = row.whole_or_none("nonce", most=2**64)
    if nonce is None:
        row.wrong("", ("toaddress",), "an address, and without a nonce none can be computed")
    return created_address(sender, nonce) if sender and nonce is not None else ""


def _trace(row: Row, book: EthereumBook) -> None:
    type, hash, path, scope = _named(row)
    if row.problems:
        book.fail(row)
        return
    time, text = when(row, "blocktimestamp")
    block, value = row.block(*BLOCK), row.amount("value") if row.has("value") else 0
    sender, receiver = row.address("fromaddress"), row.address("toaddress")
    failed = row.has("error") or row.text("status") == "0"
    id = f"{hash}:trace:{path}" if hash and path else hash or f"{type}:{scope}"
    call = row.text("calltype").lower()
    if hash and not path and not row.problems:
        book.stated[f"outcome {hash}"] = "0" if failed else "1"
    if row.problems:
        book.fail(row, id)
    elif failed or call in _NO_VALUE or not value:
        reason = (
            "it failed and moved nothing" if failed else f"a {call}: it moves no value" if call in _NO_VALUE else ""
        )
        book.leave(row.pointer, id, str(value), reason or "a call without value")
    else:
        kind = {"reward": REWARD, "genesis": GENESIS}.get(type, type)
        if hash:
            kind = CALL if path else transaction_kind(True, None)
        index = row.index(INDEX) if hash else 0 if type == GENESIS else LAST
        transfer = Transfer(
            row.pointer, kind, hash, block, time, text, sender, receiver, value, "", index, path if hash else scope
        )
        if not receiver or not (sender or kind in (REWARD, GENESIS)):
            row.wrong("", ("toaddress" if sender else "fromaddress",), "an address")
        _keep(row, book, transfer)


def _named(row: Row) -> tuple[str, str, str, str]:
    """Type of a trace, the transaction it is in and its path there; of one that is in none, what names it instead."""
    match = _TRACE.fullmatch(row.text("traceid"))
    if match:
        hash = match["of"].lower() if match["of"].startswith("0x") else ""
        scope = "_".join(filter(None, (match["of"], match["path"])))
        path = match["path"].strip("_")
        type = match["type"]
    else:
        hash = row.hash(*HASH) if row.has(*HASH) else ""
        path = row.text("traceaddress").replace(",", "_").strip("_")
        type = row.text("tracetype")
        scope = "_".join((row.text(*BLOCK), row.text("toaddress"), row.text("rewardtype")))
        if not type or (row.has("traceid") and not match):
            row.wrong(row.text("traceid"), ("traceid",), "the id of a trace")
    if not _PATH.fullmatch(path) or len(path) > 4000:
        row.wrong(path, ("traceaddress",), "the path of a call")
    return type, hash, path, scope


def _token_transfer(row: Row, book: EthereumBook) -> None:
    time, text = when(row, "blocktimestamp")
    transfer = Transfer(
        row.pointer,
        TOKEN,
        row.hash(*HASH),
        row.block(*BLOCK),
        time,
        text,
        _sender(row),
        row.address("toaddress"),
        row.amount("value"),
        row.address("tokenaddress"),
        row.index(INDEX),
        str(row.whole("logindex", most=10**6)),
    )
    if not (transfer.receiver and transfer.token):
        row.wrong("", ("toaddress" if transfer.token else "tokenaddress",), "an address")
    _keep(row, book, transfer)


def _log(row: Row, book: EthereumBook) -> None:
    hash, number = row.hash(*HASH), row.whole("logindex", most=10**6)
    id = f"{hash}:log:{number}"
    topics = _topics(row.raw("topics"))
    data, token = row.text("data"), row.address("address")
    if row.problems:
        book.fail(row, id)
        return
    if not topics or topics[0] != TRANSFERRED:
        book.leave(row.pointer, id, "", "a log that is no transfer of a token")
    elif len(topics) != 3 or not _TOPIC.fullmatch(data):
        book.stated[f"thing {id}"] = ""
        book.leave(row.pointer, id, "", "a log of a transfer that is not of an amount: a thing of its own, or no token")
    else:
        time, text = when(row, "blocktimestamp")
        sender, receiver = ("0x" + topic[-40:] for topic in topics[1:])
        amount = Row({"data": data}, row.pointer, row.name)
        transfer = Transfer(
            row.pointer,
            TOKEN,
            hash,
            row.block(*BLOCK),
            time,
            text,
            sender,
            receiver,
            amount.amount("data"),
            token,
            row.index(INDEX),
            str(number),
        )
        row.problems += amount.problems
        _keep(row, book, transfer)


def _topics(value: Any) -> list[str]:
    """The topics of a log: a list, or a text of them with anything between."""
    if isinstance(value, list):
        return [topic.lower() for topic in value if isinstance(topic, str)]
    return [topic.lower() for topic in _TOPIC.findall(value)] if isinstance(value, str) else []


def _receipt(row: Row, book: EthereumBook) -> None:
    hash, used = row.hash("transactionhash"), row.whole("gasused")
    status, price = row.whole_or_none("status", most=2), row.whole_or_none("effectivegasprice")
    if row.problems:
        book.fail(row)
        return
    shown = ("-" if status is None else status, used, "-" if price is None else price)
    book.stated[f"receipt {hash}"] = " ".join(map(str, shown))
    book.leave(row.pointer, f"receipt:{hash}", "", "a receipt: it completes its transaction and moves nothing itself")


def _block(row: Row, book: EthereumBook) -> None:
    number, time = row.block("number", *BLOCK), row.time("timestamp")
    if time is None:
        row.wrong("", ("timestamp",), "a time in seconds since 1970")
    given = _withdrawals(row)
    if row.problems or time is None:
        book.fail(row)
        return
    book.stated[f"block {number}"] = str(int(time[0].timestamp()))
    book.leave(row.pointer, f"block:{number}", "", "a block: it states a time and moves nothing itself")
    for item in given:
        own = Row({name.replace("_", ""): value for name, value in item.items()}, row.pointer, row.name)
        _keep(own, book, withdrawal_of(own, number, time))


def _withdrawals(row: Row) -> list[dict[str, Any]]:
    """The withdrawals of a block: a list, or in CSV the objects of one as text."""
    value = row.raw("withdrawals")
    if isinstance(value, str):
        text = value if value.startswith("[") else f"[{value}]"
        try:
            value = json.loads(text, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            row.wrong(value, ("withdrawals",), "a list of withdrawals")
            return []
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        row.wrong("", ("withdrawals",), "a list of withdrawals")
        return []
    return value


def withdrawal_of(row: Row, block: int, time: tuple[datetime, str]) -> Transfer:
    """What a validator paid out to an address, stated in gwei."""
    place = str(row.whole("index", "withdrawalindex", most=2**63))
    receiver = row.address("address")
    if not receiver and not row.problems:
        row.wrong("", ("address",), "an address")
    value = row.whole("amount", most=10**20) * GWEI
    return Transfer(row.pointer, WITHDRAWAL, "", block, *time, "", receiver, value, index=LAST, place=place)


def _token(row: Row, book: EthereumBook) -> None:
    token = row.address("address")
    decimals = row.whole_or_none("decimals", most=256)
    if row.problems or not token:
        book.fail(row)
        return
    if decimals is not None:
        book.stated[f"decimals {token}"] = str(decimals)
    book.leave(row.pointer, f"token:{token}", "", "a token: it states its decimals and moves nothing itself")


def _keep(row: Row, book: EthereumBook, transfer: Transfer) -> None:
    if row.problems:
        book.fail(row, transfer.hash)
    else:
        book.transfers.append(transfer)


_TAKERS: dict[str, Callable[[Row, EthereumBook], None]] = {
    "token_transfer": _token_transfer,
    "trace": _trace,
    "transaction": _transaction,
    "log": _log,
    "receipt": _receipt,
    "block": _block,
    "token": _token,
}
