"""Answers of an Esplora server for transactions that are made up, with the ids that their bytes have."""

from __future__ import annotations

import hashlib
from typing import Any

from trover.sources.chain.address import address_of_script
from trover.sources.chain.raw import RawInput, RawOutput, txid_of

DATA = b"\x6a\x40" + bytes(64)


def script(name: str) -> bytes:
    """The script of a witness key hash that stands for `name`."""
    return b"\x00\x14" + hashlib.sha256(name.encode()).digest()[:20]


def address(name: str) -> str:
    return address_of_script(script(name))


def answer(
    height: int,
    inputs: list[tuple[str, int]],
    outputs: list[tuple[str, int]],
    spends: list[tuple[str, int]] | None = None,
) -> dict[str, Any]:
    """One transaction of block `height`. `DATA` carries no value.

    spends: transaction and number of the output behind each input; where none are named they were made elsewhere.
    """
    spent = spends or [(hashlib.sha256(f"{height}{n}".encode()).hexdigest(), n) for n in range(len(inputs))]
    scripts = [DATA if name == "DATA" else script(name) for name, _value in outputs]
    raw_in = tuple(RawInput(txid, n, b"") for txid, n in spent)
    raw_out = tuple(RawOutput(value, made) for (_name, value), made in zip(outputs, scripts, strict=True))
    return {
        "txid": txid_of(2, raw_in, raw_out, 0),
        "version": 2,
        "locktime": 0,
        "vin": [
            {"txid": txid, "vout": n, "prevout": _output(script(name), value), "scriptsig": "", "sequence": 0xFFFFFFFF}
            | {"is_coinbase": False}
            for (txid, n), (name, value) in zip(spent, inputs, strict=True)
        ],
        "vout": [_output(made, value) for (_name, value), made in zip(outputs, scripts, strict=True)],
        "status": {
            "confirmed": True,
            "block_height": height,
            "block_hash": f"{height:064x}",
            "block_time": 1_700_000_000 + 600 * height,
        },
    }


def _output(made: bytes, value: int) -> dict[str, Any]:
    if made == DATA:
        return {"scriptpubkey": made.hex(), "scriptpubkey_type": "op_return", "value": value}
    found = {"scriptpubkey": made.hex(), "scriptpubkey_type": "v0_p2wpkh", "value": value}
    return found | {"scriptpubkey_address": address_of_script(made)}
