"""Addresses against the vectors of BIP-173, BIP-350 and EIP-55, and base58 against published addresses."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trover.errors import AddressElsewhere, AddressWrong
from trover.sources.chain import base58, bech32, ripemd160
from trover.sources.chain.address import (
    Address,
    AddressKind,
    Network,
    address_of_script,
    check_address,
    eip55,
    is_address,
    segwit_address,
)
from trover.sources.chain.keccak import keccak256

BECH32 = (
    "A12UEL5L",
    "a12uel5l",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "1" + "1" + "q" * 82 + "c8247j",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
)
BECH32M = (
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "1" + "1" + "l" * 82 + "ludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
)
NOT_BECH32 = {
    "\x201nwldj5": "holds a sign",
    "\x7f1axkwrx": "holds a sign",
    "\x801eym55h": "holds a sign",
    "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx": "is longer",
    "pzry9x0s0muk": "has no prefix",
    "1pzry9x0s0muk": "has no prefix",
    "x1b4n0q5v": "holds 'b'",
    "li1dgmt3": "is too short",
    "de1lg7wt\xff": "holds a sign",
    "A1G7SGD8": "fails its checksum",
    "10a06t8": "has no prefix",
    "1qzzfhee": "has no prefix",
    "\x201xj0phk": "holds a sign",
    "y1b0jsk6g": "holds 'b'",
    "lt1igcx5c0": "holds 'i'",
    "in1muywd": "is too short",
    "mm1crxm3i": "holds 'i'",
    "au1s5cgom": "holds 'o'",
    "M1VUXWEZ": "fails its checksum",
    "16plkw9": "has no prefix",
    "1p2gdwpf": "has no prefix",
}
SEGWIT = {
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": (
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"
    ),
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": (
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
    ),
    "BC1SW50QGDZ25J": "6002751e",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs": "5210751e76e8199196d454941c45d1b3a323",
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy": (
        "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c": (
        "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": (
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    ),
}
NOT_SEGWIT = {
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut": "neither the prefix",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": "another encoding than witness version 1",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf": "another encoding than witness version 2",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL": "another encoding than witness version 16",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": "another encoding than witness version 0",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47": "another encoding than witness version 0",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": "holds 'o'",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": "witness version 17",
    "bc1pw5dgrnzv": "1 bytes",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav": "41 bytes",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": "witness version 0 has 20 or 32",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq": "mixes capitals",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf": "padded wrongly",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j": "padded wrongly",
    "bc1gmk9yu": "no witness program",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": "fails its checksum",
}
BASE58 = {
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": (Network.MAIN, AddressKind.P2PKH, "62e907b15cbf27d5425399ebf6f0fb50ebb88f18"),
    "1111111111111111111114oLvT2": (Network.MAIN, AddressKind.P2PKH, "00" * 20),
    "3P14159f73E4gFr7JterCCQh9QjiTjiZrG": (Network.MAIN, AddressKind.P2SH, "e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a"),
    "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn": (Network.TEST, AddressKind.P2PKH, "243f1394f44554f4ce3fd68649c19adc483ce924"),
    "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc": (Network.TEST, AddressKind.P2SH, "4e9f39ca4688ff102128ea4ccda34105324305b0"),
}
EIP55 = (
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
)
KEY = "04" + (
    "678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
    "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
)
"""The key paid in the first block of Bitcoin."""


@pytest.mark.parametrize(("text", "variant"), [(t, 1) for t in BECH32] + [(t, 0x2BC830A3) for t in BECH32M])
def test_bech32_reads_and_writes_what_the_standards_list(text: str, variant: int) -> None:
    prefix, values, found = bech32.decode(text)
    assert found == variant
    assert bech32.encode(prefix, values, found) == text.lower()


@pytest.mark.parametrize(("text", "why"), NOT_BECH32.items())
def test_bech32_refuses_what_the_standards_refuse(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        bech32.decode(text)


@pytest.mark.parametrize(("text", "script"), SEGWIT.items())
def test_a_witness_address_stands_for_its_script(text: str, script: str) -> None:
    found = check_address(text)
    assert found.script.hex() == script
    assert address_of_script(found.script, found.network) == found.text == text.lower()


@pytest.mark.parametrize(("text", "why"), NOT_SEGWIT.items())
def test_a_wrong_witness_address_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(AddressWrong, match=why):
        check_address(text)


@pytest.mark.parametrize(("text", "parts"), BASE58.items())
def test_a_base58_address_stands_for_its_script(text: str, parts: tuple[Network, AddressKind, str]) -> None:
    found = check_address(text)
    assert (found.network, found.kind, found.program.hex()) == parts
    assert address_of_script(found.script, found.network) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "fails its checksum"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", "holds '0'"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf a", "no address has"),
        ("", "is empty"),
        ("1", "too short"),
        ("LaMT348PWRnrqeeWArpwQPbuanpXDZGEUz", "version 48"),
        (base58.encode(b"\x00" * 20), "19 bytes and not 20"),
        ("bc1", "too short"),
        ("0x1234", "40 hexadecimal"),
        ("1" * 200, "neither the prefix nor the length"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(AddressWrong, match=why):
        check_address(text)
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "network", "of"),
    [
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", Network.MAIN, "a test network of Bitcoin, not of Bitcoin"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Network.TEST, "Bitcoin, not of a test network"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Network.REGTEST, "Bitcoin, not of a private test network"),
        (EIP55[0], Network.MAIN, "Ethereum, not of Bitcoin"),
    ],
)
def test_an_address_of_another_network_is_named_as_one(text: str, network: Network, of: str) -> None:
    with pytest.raises(AddressElsewhere, match=of):
        check_address(text, network)


def test_a_private_test_network_writes_base58_as_the_test_network_does() -> None:
    assert is_address("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", Network.REGTEST)
    assert not is_address("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", Network.REGTEST)
    assert segwit_address(0, b"\x01" * 20, Network.REGTEST).startswith("bcrt1q")


@pytest.mark.parametrize("text", EIP55)
def test_ethereum_capitals_are_a_checksum(text: str) -> None:
    assert check_address(text).text == eip55(bytes.fromhex(text[2:])) == text
    assert check_address(text.lower()).text == text
    assert not check_address(text.lower()).checked


def test_an_ethereum_address_with_one_wrong_capital_is_refused() -> None:
    with pytest.raises(AddressWrong, match="EIP-55"):
        check_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")


def test_a_script_that_pays_to_a_key_has_the_address_of_its_hash() -> None:
    script = bytes.fromhex(f"41{KEY}ac")
    assert address_of_script(script) == "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "6a0548656c6c6f",  # data
        "0015751e76e8199196d454941c45d1b3a323f1433bd600",  # witness version 0 of 21 bytes
        "5121" + "02" * 33 + "51ae",  # bare multisig
        "4105" + "00" * 64 + "ac",  # no key
    ],
)
def test_other_scripts_have_no_address(script: str) -> None:
    assert address_of_script(bytes.fromhex(script)) == ""


@given(st.binary(max_size=42), st.sampled_from([Network.MAIN, Network.TEST, Network.REGTEST]))
def test_an_address_made_of_a_script_gives_that_script(script: bytes, network: Network) -> None:
    text = address_of_script(script, network)
    if text:
        found = check_address(text, network)
        assert found.script == script or script[-1:] == b"\xac"


@given(st.binary(min_size=2, max_size=40), st.integers(0, 16), st.data())
def test_any_witness_program_comes_back_and_one_altered_sign_is_noticed(
    program: bytes, version: int, data: st.DataObject
) -> None:
    if version == 0:
        program = (program * 20)[:20]
    text = segwit_address(version, program)
    assert (check_address(text).version, check_address(text).program) == (version, program)
    at = data.draw(st.integers(3, len(text) - 1))
    sign = data.draw(st.sampled_from([sign for sign in bech32.CHARSET if sign != text[at]]))
    assert not is_address(text[:at] + sign + text[at + 1 :])


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = check_address(text)
    except AddressWrong:
        return
    assert isinstance(found, Address)


def test_keccak_is_not_the_standard_sha3() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    assert keccak256(b"a" * 136) != hashlib.sha3_256(b"a" * 136).digest()


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
        ("1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    ],
)
def test_ripemd_160_gives_the_digests_of_its_paper(text: str, digest: str) -> None:
    assert ripemd160.computed(text.encode()).hex() == ripemd160.ripemd160(text.encode()).hex() == digest
