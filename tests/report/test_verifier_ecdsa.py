"""The verifier's ECDSA against a library, and against malformed input."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from trover.report.verifier.ecdsa import P256, P384, Curve, curve_point, ecdsa_holds

CURVES = [(P256, ec.SECP256R1()), (P384, ec.SECP384R1())]


@pytest.mark.parametrize(("curve", "named"), CURVES)
@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_agrees_with_the_library(curve: Curve, named: ec.EllipticCurve, name: str) -> None:
    algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    for seed in (b"one", b"two"):
        private = ec.derive_private_key(int.from_bytes(hashlib.sha256(seed).digest(), "big") % curve.order, named)
        numbers = private.public_key().public_numbers()
        key = numbers.x, numbers.y
        r, s = decode_dss_signature(private.sign(b"message", ec.ECDSA(algorithm)))
        assert ecdsa_holds(curve, key, b"message", r, s, name)
        assert not ecdsa_holds(curve, key, b"massage", r, s, name)
        assert not ecdsa_holds(curve, key, b"message", r, s + 1, name)
        for wrong in (0, -1, curve.order, curve.order + s):
            assert not ecdsa_holds(curve, key, b"message", r, wrong, name)
            assert not ecdsa_holds(curve, key, b"message", wrong, s, name)


@pytest.mark.parametrize(("curve", "named"), CURVES)
def test_points_off_the_curve_are_refused(curve: Curve, named: ec.EllipticCurve) -> None:
    x, y = curve.base
    encoded = b"\x04" + x.to_bytes(curve.size, "big") + y.to_bytes(curve.size, "big")
    assert curve_point(curve, encoded) == curve.base
    assert curve.times(curve.order, curve.base) is None
    for wrong in (encoded[:-1], b"\x02" + encoded[1:], encoded[:-1] + bytes([encoded[-1] ^ 1]), b""):
        assert curve_point(curve, wrong) is None
    assert not ecdsa_holds(curve, (x, y + 1), b"", 1, 1, "sha256")
