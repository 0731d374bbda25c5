"""Labelled chain data for measuring: each reader gives a `ChainView` of a public file, for benchmarks and tests.

Dumplings lines (`txid:::block:::index:::time:::inputs:::outputs`) name no addresses, so the script stands for one.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from trover.cluster.view import UNKNOWN, ChainView, Coin, ViewBuilder
from trover.sources.chain import raw
from trover.sources.chain.address import Network, address_of_script, hash160

SATOSHI = 100_000_000
END_OF_2009 = 1_262_304_000
"""The tables of 2009 name heights and no times; none is later."""


def script_type(script: str) -> str:
    """Type of a script in hexadecimal, by its form."""
    size = len(script) // 2
    if script.startswith("6a"):
        return "data"
    forms = (("0014", 22, "p2wpkh"), ("0020", 34, "p2wsh"), ("5120", 34, "p2tr"), ("a914", 23, "p2sh"))
    for start, length, name in (*forms, ("76a914", 25, "p2pkh")):
        if script.startswith(start) and size == length:
            return name
    return "p2pk" if script.endswith("ac") and size in (35, 67) else "other"


def dumplings(lines: Iterable[str], builder: ViewBuilder) -> None:
    for line in lines:
        txid, _block, _index, time, inputs, outputs = line.rstrip("\n").split(":::")
        legs = map(_dumplings_input, inputs.split("}{")), map(_dumplings_output, outputs.split("}{"))
        builder.add(txid, *legs, time=int(time))


def _dumplings_input(text: str) -> Coin:
    where, script, _type = text.split("+")
    txid, n, value = where.split("-")
    return Coin(script, int(value), script_type(script), f"{txid}:{n}")


def _dumplings_output(text: str) -> Coin:
    value, script, _type = text.split("+")
    kind = script_type(script)
    return Coin("" if kind == "data" else script, int(value), kind, script_size=len(script) // 2)


def dumplings_file(path: Path) -> ChainView:
    builder = ViewBuilder()
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="ascii") as file:
        dumplings(file, builder)
    return builder.view()


ESPLORA_TYPES = {"v0_p2wpkh": "p2wpkh", "v0_p2wsh": "p2wsh", "v1_p2tr": "p2tr", "op_return": "data"}


def esplora_files(paths: Iterable[Path]) -> ChainView:
    """One transaction a file, as an Esplora server answers for `/tx/<txid>`; in the order of their blocks."""
    builder = ViewBuilder()
    read = [json.loads(path.read_bytes()) for path in paths]
    for tx in sorted(read, key=lambda tx: tx["status"]["block_height"]):
        builder.add(
            tx["txid"],
            [_esplora_coin(i["prevout"], f"{i['txid']}:{i['vout']}", i["sequence"]) for i in tx["vin"]],
            [_esplora_coin(o) for o in tx["vout"]],
            version=tx["version"],
            locktime=tx["locktime"],
            time=tx["status"]["block_time"],
        )
    return builder.view()


def _esplora_coin(out: dict[str, Any], outpoint: str = "", sequence: int = -1) -> Coin:
    kind = ESPLORA_TYPES.get(out["scriptpubkey_type"], out["scriptpubkey_type"])
    size = len(out["scriptpubkey"]) // 2
    return Coin(out.get("scriptpubkey_address", ""), out["value"], kind, outpoint, sequence, size)


CORE_TYPES = {
    "witness_v0_keyhash": "p2wpkh",
    "witness_v0_scripthash": "p2wsh",
    "witness_v1_taproot": "p2tr",
    "pubkey": "p2pk",
    "pubkeyhash": "p2pkh",
    "scripthash": "p2sh",
    "nulldata": "data",
}


def core_blocks(blocks: Iterable[dict[str, Any]]) -> ChainView:
    """Blocks as Bitcoin Core prints them with all their transactions."""
    builder = ViewBuilder()
    for block in sorted(blocks, key=lambda block: block["height"]):
        for tx in block["tx"]:
            coinbase = "coinbase" in tx["vin"][0]
            spent = [] if coinbase else tx["vin"]
            inputs = [Coin("", outpoint=f"{i['txid']}:{i['vout']}", sequence=i["sequence"]) for i in spent]
            more = {"version": tx["version"], "locktime": tx["locktime"], "time": block["time"]}
            builder.add(tx["txid"], inputs, map(_core_output, tx["vout"]), coinbase=coinbase, **more)
    return builder.view()


def _core_output(out: dict[str, Any]) -> Coin:
    script = out["scriptPubKey"]
    kind = CORE_TYPES.get(script["type"], "other")
    return Coin(script.get("address", ""), round(out["value"] * SATOSHI), kind, script_size=len(script["hex"]) // 2)


def raw_blocks(
    blocks: Iterable[bytes], network: Network = Network.MAIN, spent_values: dict[str, tuple[bytes, int]] | None = None
) -> ChainView:
    """Blocks in wire format, in the order in which they follow each other; those that follow nothing come as given.

    What an input spends is known where its maker is here; else its address where the input itself reveals the key
    or script that the address is the hash of, and its value where `spent_values` (outpoint -> script, satoshi) says.
    """
    builder, spent_values = ViewBuilder(), spent_values or {}
    for block in _in_order(list(blocks)):
        time = int.from_bytes(block[68:72], "little")
        count, at = raw.read_count(block, 80)
        for _ in range(count):
            tx, at = raw.read_transaction(block, at)
            spent = () if tx.is_coinbase else tx.inputs
            inputs = []
            for given, witness in zip(spent, _witnesses(tx), strict=False):
                outpoint = f"{given.txid}:{given.output}"
                script, value = spent_values.get(outpoint) or (_revealed(given, witness), UNKNOWN)
                inputs.append(Coin(_address(script, network), value, _type(script), outpoint, given.sequence))
            outputs = [
                Coin(_address(out.script, network), out.value, _type(out.script), script_size=len(out.script))
                for out in tx.outputs
            ]
            more = {"version": tx.version, "locktime": tx.locktime, "time": time}
            builder.add(tx.txid, inputs, outputs, coinbase=tx.is_coinbase, **more)
    return builder.view()


def prevouts(path: Path) -> dict[str, tuple[bytes, int]]:
    """What a table of spent outputs says: outpoint -> script, satoshi."""
    rows = _csv(path)
    return {
        f"{row['prev_txid']}:{row['prev_vout']}": (bytes.fromhex(row["script_hex"]), int(row["value_sat"]))
        for row in rows
    }


def tagged(packs: Iterable[Path]) -> set[str]:
    """Addresses that TagPacks name."""
    found: set[str] = set()
    for path in packs:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            found.update(match.group(1) for line in file if (match := _TAG.match(line)))
    return found


_TAG = re.compile(r"\s*-?\s*address:\s*['\"]?([0-9A-Za-z]+)")


def blk_file(path: Path) -> Iterator[bytes]:
    """The blocks of a file as Bitcoin Core stores them: magic, length, block; zeros to the end of the file."""
    data, at = path.read_bytes().rstrip(b"\0") + bytes(8), 0
    while any(data[at : at + 4]):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at + 8 : at + 8 + size]
        at += 8 + size


def _in_order(blocks: list[bytes]) -> list[bytes]:
    next_of = {block[4:36]: block for block in blocks}
    own = {raw.double_sha256(block[:80]) for block in blocks}
    ordered = []
    for first in blocks:
        at: bytes | None = first if first[4:36] not in own else None
        while at is not None:
            ordered.append(at)
            at = next_of.get(raw.double_sha256(at[:80]))
    return ordered


def _type(script: bytes) -> str:
    return script_type(script.hex()) if script else "unknown"


def _address(script: bytes, network: Network) -> str:
    return address_of_script(script, network) if script else ""


def _witnesses(tx: raw.RawTransaction) -> Iterator[list[bytes]]:
    at = 0
    for _ in tx.inputs:
        items = []
        if tx.witness:
            count, at = raw.read_count(tx.witness, at)
            for _ in range(count):
                size, at = raw.read_count(tx.witness, at)
                items.append(tx.witness[at : at + size])
                at += size
        yield items


def _revealed(given: raw.RawInput, witness: list[bytes]) -> bytes:
    """The script that is spent from, where what unlocks it shows its key or script; empty where it does not."""
    pushed = _pushes(given.script)
    if not given.script and len(witness) == 2 and len(witness[1]) == 33:
        return b"\x00\x14" + hash160(witness[1])
    if len(pushed) == 2 and len(pushed[1]) in (33, 65) and pushed[0][:1] == b"\x30":
        return b"\x76\xa9\x14" + hash160(pushed[1]) + b"\x88\xac"
    several = len(pushed) > 1 and pushed[-1][:1] != b"\x30"  # a signature last: a key or keys paid to directly
    if several or (len(pushed) == 1 and witness):
        return b"\xa9\x14" + hash160(pushed[-1]) + b"\x87"
    return b""


def _pushes(script: bytes) -> list[bytes]:
    """What a script pushes; nothing where it does more than that."""
    found, at = [], 0
    while at < len(script):
        sizes = {0x4C: 1, 0x4D: 2}.get(script[at], 0)
        if script[at] > 0x4D:
            return []
        size = int.from_bytes(script[at + 1 : at + 1 + sizes], "little") if sizes else script[at]
        at += 1 + sizes
        found.append(script[at : at + size])
        at += size
    return found


def emulations(path: Path) -> Iterator[tuple[str, ChainView, dict[str, str]]]:
    """Each emulated run of an archive: name, its chain, and the true wallet of every address."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for run in sorted({name.split("/")[1] for name in names if name.count("/") > 1 and name.split("/")[1]}):
            blocks = (n for n in names if f"/{run}/data/btc-node/block_" in n and n.endswith(".json"))
            view = core_blocks(json.loads(archive.read(name)) for name in blocks)
            yield run, view, dict(_wallets(archive, names, run))


def _wallets(archive: zipfile.ZipFile, names: list[str], run: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if f"/{run}/data/" in name and name.endswith(("/keys.json", "/coins.json")):
            owner = name.split("/")[-2]
            for key in json.loads(archive.read(name)):
                if key.get("address"):
                    yield key["address"], owner


def year_2009(folder: Path) -> ChainView:
    """The chain of 2009 from its three tables: transactions, inputs, outputs."""
    ids = [row["txid"] for row in _csv(folder / "transactions.csv")]
    inputs: list[list[Coin]] = [[] for _ in ids]
    outputs: list[list[Coin]] = [[] for _ in ids]
    for row in _csv(folder / "outputs.csv"):
        outputs[int(row["tx_index"])].append(Coin(row["address"], int(row["value_sat"])))
    for row in _csv(folder / "inputs.csv"):
        outpoint = f"{row['prev_tx_index']}:{row['prev_vout']}"
        inputs[int(row["tx_index"])].append(Coin(row["address"], int(row["value_sat"]), outpoint=outpoint))
    builder = ViewBuilder()
    for number in range(len(ids)):
        builder.add(str(number), inputs[number], outputs[number], time=END_OF_2009, coinbase=not inputs[number])
    return builder.view()


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def zipped_dumplings(path: Path, member: str) -> ChainView:
    """A file of Dumplings lines inside an archive."""
    builder = ViewBuilder()
    with zipfile.ZipFile(path) as archive, archive.open(member) as raw:
        dumplings(io.TextIOWrapper(raw, encoding="ascii"), builder)
    return builder.view()
