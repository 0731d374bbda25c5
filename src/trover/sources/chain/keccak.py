"""Keccak-256 as Ethereum uses it: the sponge of SHA-3 with the padding from before the standard (0x01, not 0x06)."""

from __future__ import annotations

_RATE = 136
_ROUNDS = 24
_MASK = (1 << 64) - 1


def _round_constants() -> tuple[int, ...]:
    constants, state = [], 1
    for _ in range(_ROUNDS):
        constant = 0
        for power in range(7):
            if state & 1:
                constant |= 1 << (1 << power) - 1
            state = state << 1 ^ (0x171 if state & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


def _rotations() -> tuple[tuple[int, int, int], ...]:
    """(from, to, bits) of each lane but the first: rho and pi in one step."""
    steps, x, y = [], 1, 0
    for step in range(24):
        target = (y, (2 * x + 3 * y) % 5)
        steps.append((x + 5 * y, target[0] + 5 * target[1], (step + 1) * (step + 2) // 2 % 64))
        x, y = target
    return tuple(steps)


_CONSTANTS, _STEPS = _round_constants(), _rotations()


def keccak256(data: bytes) -> bytes:
    """The 32 bytes of Keccak-256 of `data`."""
    padded = bytearray(data) + b"\x01" + b"\x00" * (-(len(data) + 1) % _RATE)
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permute(lanes: list[int]) -> None:
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for x in range(5):
            change = columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1)
            for y in range(0, 25, 5):
                lanes[x + y] ^= change
        moved = [lanes[0]] * 25
        for source, target, bits in _STEPS:
            moved[target] = _turned(lanes[source], bits)
        for y in range(0, 25, 5):
            for x in range(5):
                lanes[x + y] = moved[x + y] ^ ~moved[(x + 1) % 5 + y] & moved[(x + 2) % 5 + y] & _MASK
        lanes[0] ^= constant


def _turned(lane: int, bits: int) -> int:
    return (lane << bits | lane >> 64 - bits) & _MASK
