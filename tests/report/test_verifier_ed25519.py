"""The verifier's Ed25519 against RFC 8032, against a library, and against malformed input."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from trover.report.bundle.keys import public_bytes
from trover.report.verifier.ed25519 import FIELD, ORDER, decode_point, signature_holds

# RFC 8032, section 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_bytes(KEY)
SIGNATURE = KEY.sign(b"message")


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_vectors_of_the_standard(secret: str, public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(text) == signed
    assert signature_holds(key, text, signed)
    assert not signature_holds(key, text + b"x", signed)


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.integers(0, 511))
def test_agrees_with_the_library_on_true_and_on_changed_signatures(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = public_bytes(key), key.sign(message)
    assert signature_holds(public, message, signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert signature_holds(public, message, bytes(changed)) is library_holds(public, message, bytes(changed)) is False


def library_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_a_scalar_not_below_the_order_is_refused() -> None:
    scalar = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    assert signature_holds(PUBLIC, b"message", SIGNATURE)
    assert not signature_holds(PUBLIC, b"message", SIGNATURE[:32] + scalar.to_bytes(32, "little"))


def test_points_that_are_not_canonical_are_refused() -> None:
    for number in range(FIELD, 2**255):
        assert decode_point(number.to_bytes(32, "little")) is None
    one_with_sign = (1 | 1 << 255).to_bytes(32, "little")
    assert decode_point(one_with_sign) is None
    assert decode_point(bytes(31)) is None
    assert decode_point((2).to_bytes(32, "little")) is None  # no x belongs to y = 2


@pytest.mark.parametrize("y", [0, 1, FIELD - 1])
def test_points_of_small_order_are_refused(y: int) -> None:
    small = y.to_bytes(32, "little")
    assert decode_point(small) is not None
    assert not signature_holds(small, b"message", SIGNATURE)
    assert not signature_holds(small, b"", small + bytes(32))
    assert not signature_holds(PUBLIC, b"message", small + SIGNATURE[32:])


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\0", bytes(64), b"\xff" * 64])
def test_signatures_of_the_wrong_form_are_refused(signature: bytes) -> None:
    assert not signature_holds(PUBLIC, b"message", signature)
