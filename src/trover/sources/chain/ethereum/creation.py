"""The address of a contract that an address creates: fixed by the creator and how many transactions it sent before.

Source: Ethereum yellow paper, section 7: the last 20 bytes of the Keccak hash of RLP([sender, nonce]).
"""

from __future__ import annotations

from trover.sources.chain.keccak import keccak256


def created_address(sender: str, nonce: int) -> str:
    """`sender` as 0x and 40 digits; the address in small letters."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    second = number if nonce and nonce < 0x80 else bytes((0x80 + len(number),)) + number
    body = b"\x94" + bytes.fromhex(sender[2:]) + second
    return "0x" + keccak256(bytes((0xC0 + len(body),)) + body)[12:].hex()
