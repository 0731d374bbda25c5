"""ECDSA signatures on the curves P-256 and P-384 checked as in FIPS 186-5, in plain integers.

Only checking is done here and nothing is secret, so time need not be constant.
"""

from __future__ import annotations

import hashlib


class Curve:
    """y^2 = x^3 - 3x + b over the integers modulo `field`; `order` is that of the base point."""

    def __init__(self, field: int, b: int, order: int, x: int, y: int) -> None:
        self.field, self.b, self.order, self.base = field, b, order, (x, y)
        self.size = (field.bit_length() + 7) // 8

    def holds(self, point: tuple[int, int]) -> bool:
        x, y = point
        return 0 <= x < self.field and 0 <= y < self.field and (y * y - x * x * x + 3 * x - self.b) % self.field == 0

    def add(self, left: tuple[int, int] | None, right: tuple[int, int] | None) -> tuple[int, int] | None:
        """None is the neutral point."""
        if left is None or right is None:
            return right if left is None else left
        if left[0] == right[0]:
            if (left[1] + right[1]) % self.field == 0:
                return None
            slope = 3 * (left[0] * left[0] - 1) * pow(2 * left[1], -1, self.field)
        else:
            slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, self.field)
        x = (slope * slope - left[0] - right[0]) % self.field
        return x, (slope * (left[0] - x) - left[1]) % self.field

    def times(self, scalar: int, point: tuple[int, int]) -> tuple[int, int] | None:
        result: tuple[int, int] | None = None
        power: tuple[int, int] | None = point
        while scalar:
            if scalar & 1:
                result = self.add(result, power)
            power = self.add(power, power)
            scalar >>= 1
        return result


P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P384 = Curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
)


def curve_point(curve: Curve, encoded: bytes) -> tuple[int, int] | None:
    """An uncompressed point of the curve, or None."""
    if len(encoded) != 1 + 2 * curve.size or encoded[0] != 4:
        return None
    point = int.from_bytes(encoded[1 : 1 + curve.size], "big"), int.from_bytes(encoded[1 + curve.size :], "big")
    return point if curve.holds(point) else None


def ecdsa_holds(curve: Curve, key: tuple[int, int], message: bytes, r: int, s: int, hash_name: str) -> bool:
    """Whether (r, s) is a signature of `message` under the public point `key`."""
    if not (0 < r < curve.order and 0 < s < curve.order and curve.holds(key)):
        return False
    digest = hashlib.new(hash_name, message).digest()
    number = int.from_bytes(digest, "big") >> max(8 * len(digest) - curve.order.bit_length(), 0)
    inverse = pow(s, -1, curve.order)
    sum_of = curve.add(
        curve.times(number * inverse % curve.order, curve.base), curve.times(r * inverse % curve.order, key)
    )
    return sum_of is not None and sum_of[0] % curve.order == r
