"""RFC 3161 time-stamps: what was stamped, when, by whom, and whether the token's signature (RSA, ECDSA) holds.

A token says that the bytes of manifest.sig existed at its time. Who the authority is shows only from a
certificate that comes from elsewhere; without one the token is checked against the certificate in it.
"""

from __future__ import annotations

import base64
import hashlib
import re

from trover.report.verifier.der import (
    BIT_STRING,
    BOOLEAN,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    TIME_TAG,
    UTC_TIME,
    Node,
    NotDer,
    oid,
    only,
    whole_number,
    wrapped_in,
)
from trover.report.verifier.ecdsa import P256, P384, Curve, curve_point, ecdsa_holds
from trover.report.verifier.findings import Report

STAMP = "timestamp.tsr"
STAMPED = ("manifest.sig", "manifest.json")
SHA256 = "2.16.840.1.101.3.4.2.1"
HASHES = {SHA256: "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
RSA = "1.2.840.113549.1.1.1"
RSA_WITH = {"1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512"}
ELLIPTIC = "1.2.840.10045.2.1"
CURVES = {"1.2.840.10045.3.1.7": P256, "1.3.132.0.34": P384}
ECDSA_WITH = {"1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512"}
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE = ("1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.12")
EXTENDED_USE, FOR_TIME_STAMPS = "2.5.29.37", "1.3.6.1.5.5.7.3.8"
COMMON_NAME, ORGANISATION = "2.5.4.3", "2.5.4.10"
BY_OPENSSL = f"openssl ts -verify -in {STAMP} -data {STAMPED[0]} -CAfile CERTIFICATES"


def algorithm_of(node: Node) -> str:
    """The identifier of an algorithm that has no parameters. Raises NotDer."""
    parts = node.expect(SEQUENCE).children()
    if len(parts) > 2 or (len(parts) == 2 and parts[1].raw != b"\x05\x00"):
        return "one with parameters"
    return oid(parts[0])


def family_of(algorithm: str) -> str:
    """Which kind of key an algorithm, of a key or of a signature, belongs to; empty for one unknown here."""
    if algorithm in (RSA, *RSA_WITH):
        return "RSA"
    return "elliptic" if algorithm in (ELLIPTIC, *ECDSA_WITH) else ""


class Certificate:
    """What of an X.509 certificate matters here."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        body, algorithm, signature = only(raw).expect(SEQUENCE).children()
        self.body, self.algorithm = body.raw, oid(algorithm.children()[0])
        self.signature = signature.expect(BIT_STRING).content[1:]
        fields = body.children()
        fields = fields[1:] if fields[0].tag == 0xA0 else fields
        self.serial, self.issuer, self.subject = whole_number(fields[0]), fields[2].raw, fields[4].raw
        self.name = _name(fields[4])
        self.begins, self.ends = (_moment(node) for node in fields[3].children())
        key_algorithm, key = fields[5].children()
        self.key: tuple[int, int] | None = None
        self.curve: Curve | None = None
        named = key_algorithm.children()
        self.key_kind = oid(named[0])
        if oid(named[0]) == RSA:
            modulus, exponent = only(key.expect(BIT_STRING).content[1:]).children()
            self.key = whole_number(modulus), whole_number(exponent)
        elif oid(named[0]) == ELLIPTIC and len(named) == 2 and named[1].tag == OID:
            self.curve = CURVES.get(oid(named[1]))
            self.key = curve_point(self.curve, key.expect(BIT_STRING).content[1:]) if self.curve else None
        extensions = next((node for node in fields[6:] if node.tag == 0xA3), None)
        self.stamps_time = extensions is not None and _may_stamp(extensions)

    def signed(self, message: bytes, algorithm: str, hash_name: str, signature: bytes) -> bool:
        """Whether `signature` of `message` holds under the key of this certificate, if that can be told here."""
        if self.key is None or not self.can_check(algorithm):
            return False
        if self.curve is None:
            return rsa_holds(self.key, message, signature, RSA_WITH.get(algorithm, hash_name))
        r, s = only(signature).expect(SEQUENCE).children()
        return ecdsa_holds(self.curve, self.key, message, whole_number(r), whole_number(s), ECDSA_WITH[algorithm])

    def can_check(self, algorithm: str) -> bool:
        return algorithm in ((RSA, *RSA_WITH) if self.curve is None else ECDSA_WITH)


def _may_stamp(extensions: Node) -> bool:
    """RFC 3161, 2.3: the certificate is for time-stamps and for nothing else, and says so critically."""
    for extension in extensions.children()[0].children():
        parts = extension.children()
        if oid(parts[0]) == EXTENDED_USE and parts[1].tag == BOOLEAN:
            return [oid(use) for use in only(parts[-1].expect(OCTETS).content).children()] == [FOR_TIME_STAMPS]
    return False


def _name(name: Node) -> str:
    found = {}
    for group in name.children():
        for pair in group.expect(SET).children():
            kind, value = pair.children()
            found[oid(kind)] = value.content.decode("utf-8", "replace")
    return ", ".join(found[kind] for kind in (COMMON_NAME, ORGANISATION) if kind in found) or "without name"


def _moment(node: Node) -> str:
    """UTC as 2024-01-31T12:00:00Z, fractions of a second kept."""
    text = node.content.decode("ascii", "replace")
    if node.tag == UTC_TIME:
        text = ("20" if text[:2] < "50" else "19") + text
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z", text)
    if node.tag not in (UTC_TIME, TIME_TAG) or not match:
        raise NotDer(f"{text[:30]!r} at byte {node.at} is not a time in UTC")
    year, month, day, hour, minute, second, fraction = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{fraction or ''}Z"


class Token:
    """A time-stamp response, taken apart. Raises NotDer."""

    def __init__(self, data: bytes) -> None:
        response = only(data).expect(SEQUENCE).children()
        status = whole_number(response[0].expect(SEQUENCE).children()[0])
        if status != 0 or len(response) != 2:
            raise NotDer(f"the authority refused the request (status {status}): there is no token")
        kind, content = response[1].expect(SEQUENCE).children()
        signed = only(content.expect(0xA0).content).expect(SEQUENCE).children()
        enclosed_kind, enclosed = signed[2].expect(SEQUENCE).children()
        if oid(kind) != SIGNED_DATA or oid(enclosed_kind) != TST_INFO:
            raise NotDer("is not a time-stamp token")
        self.info = only(enclosed.expect(0xA0).content).expect(OCTETS).content
        self.certificates = [
            Certificate(node.raw) for part in signed[3:] if part.tag == 0xA0 for node in part.children()
        ]
        signers = signed[-1].expect(SET).children()
        if len(signers) != 1:
            raise NotDer(f"is signed by {len(signers)}, not by one authority")
        if whole_number(signed[0]) not in (1, 3) or [part.tag for part in signed[3:]] not in ([0xA0, SET], [SET]):
            raise NotDer("has parts or a version that no time-stamp token has")
        self.digests = [algorithm_of(node) for node in signed[1].expect(SET).children()]
        self._read_info()
        self._read_signer(signers[0].expect(SEQUENCE).children())

    def _read_info(self) -> None:
        info = only(self.info).expect(SEQUENCE).children()
        algorithm, imprint = info[2].expect(SEQUENCE).children()
        self.imprint_by = algorithm_of(algorithm)
        self.imprint = imprint.expect(OCTETS).content
        self.time = _moment(info[4].expect(TIME_TAG))
        named = [node for node in info[5:] if node.tag == 0xA0]
        directory = [node for node in named[0].children() if node.tag == 0xA4] if named else []
        self.tsa = _name(directory[0].children()[0]) if directory else ""

    def _read_signer(self, signer: list[Node]) -> None:
        self.signer = signer[1] if signer[1].tag == 0x80 else signer[1].expect(SEQUENCE)
        self.hash = HASHES.get(algorithm_of(signer[2]), "")
        if whole_number(signer[0]) not in (1, 3) or len(signer) != 6 or self.digests != [algorithm_of(signer[2])]:
            raise NotDer("has parts, a version or a hash that no time-stamp token has")
        attributes = signer[3].expect(0xA0)
        self.signed = wrapped_in(SET, attributes.content)
        self.attributes: dict[str, Node] = {}
        for attribute in attributes.children():
            kind, values = attribute.children()
            if oid(kind) in self.attributes:
                raise NotDer(f"an attribute occurs twice at byte {attribute.at}")
            self.attributes[oid(kind)] = only(values.expect(SET).content)
        self.algorithm = algorithm_of(signer[4])
        self.signature = signer[5].expect(OCTETS).content

    def signed_by(self, certificate: Certificate) -> bool:
        """Whether the token names this certificate as that of its signer."""
        if self.signer.tag != SEQUENCE:
            return len(self.certificates) == 1 and certificate.raw == self.certificates[0].raw
        issuer, serial = self.signer.children()
        return (issuer.raw, whole_number(serial)) == (certificate.issuer, certificate.serial)


def rsa_holds(key: tuple[int, int], message: bytes, signature: bytes, hash_name: str) -> bool:
    """RSASSA-PKCS1-v1_5 of RFC 8017, by comparing the whole encoded message."""
    modulus, exponent = key
    size = (modulus.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= modulus or modulus.bit_length() < 2048 or exponent < 3 or exponent % 2 == 0:
        return False
    algorithm = next(number for number, name in HASHES.items() if name == hash_name)
    digest = hashlib.new(hash_name, message).digest()
    named = wrapped_in(SEQUENCE, wrapped_in(OID, encoded_oid(algorithm)), wrapped_in(NULL))
    info = wrapped_in(SEQUENCE, named, wrapped_in(OCTETS, digest))
    expected = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return pow(value, exponent, modulus).to_bytes(size, "big") == expected


def encoded_oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    encoded = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        encoded += bytes(reversed(groups))
    return bytes(encoded)


def read_certificates(data: bytes) -> list[Certificate]:
    """Certificates of a PEM or DER file. Raises NotDer."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", data)
    return [Certificate(base64.b64decode(block)) for block in blocks] or [Certificate(data)]


def check_timestamp(report: Report, files: dict[str, bytes], trusted: bytes = b"") -> None:
    """Check timestamp.tsr, if there is one. `trusted`: certificates of the authority or of who certified it."""
    if STAMP not in files:
        report.note("there is no time-stamp: nothing but the author says when this bundle was made")
        return
    before = report.failed
    try:
        token = Token(files[STAMP])
        _check_imprint(report, files, token)
        _check_signature_of(report, token, read_certificates(trusted) if trusted else [])
    except (NotDer, ValueError, IndexError) as problem:
        report.fail(f"is not a time-stamp this script can read: {problem}", STAMP)
    if report.failed == before and "timestamp" in report.facts:
        stamp = report.facts["timestamp"]
        report.check(f"time-stamp of {stamp['of']}: {stamp['time']}, by {stamp['tsa']}")


def _check_imprint(report: Report, files: dict[str, bytes], token: Token) -> None:
    if token.imprint_by != SHA256:
        report.fail(f"stamps a hash of kind {token.imprint_by}, not SHA-256", STAMP)
        return
    stamped = [name for name in STAMPED if hashlib.sha256(files[name]).digest() == token.imprint]
    if not stamped:
        expected = hashlib.sha256(files[STAMPED[0]]).hexdigest()
        report.fail(f"is not the time-stamp of {STAMPED[0]}", STAMP, expected=expected, found=token.imprint.hex())
        return
    report.facts["timestamp"] = {
        "time": token.time,
        "tsa": token.tsa or "an authority it does not name",
        "of": stamped[0],
    }


def _check_signature_of(report: Report, token: Token, trusted: list[Certificate]) -> None:
    signer = next((c for c in [*token.certificates, *trusted] if token.signed_by(c)), None)
    if signer is None and trusted:
        report.fail("is not signed by the authority whose certificate was given", STAMP)
    if signer is None and token.certificates:
        report.fail("holds certificates, but not that of its signer", STAMP)
    if signer is not None:
        if family_of(token.algorithm) != family_of(signer.key_kind):
            report.fail("is signed in another way than the key of its certificate allows", STAMP)
        if not token.hash or not _attributes_hold(token, signer):
            report.fail("its signed attributes are not those of this token and certificate", STAMP)
    if signer is None or signer.key is None or not token.hash or not signer.can_check(token.algorithm):
        report.note(f"token signature not checked: no certificate, or a kind of key unknown here; use {BY_OPENSSL}")
        return
    if not token.tsa:
        report.facts.get("timestamp", {})["tsa"] = signer.name
    if not signer.signed(token.signed, token.algorithm, token.hash, token.signature):
        report.fail("the signature of the token does not hold", STAMP)
    if not signer.begins <= token.time <= signer.ends:
        report.fail(f"was made at {token.time}, outside the validity of its certificate", STAMP)
    if not signer.stamps_time:
        report.fail("the certificate of its signer is not one for time-stamps", STAMP)
    used = [signer.issuer]
    for certificate in [other for other in token.certificates if other is not signer]:
        if certificate.subject not in used:
            report.fail(f"holds a certificate of {certificate.name} that its signer does not need", STAMP)
        used.append(certificate.issuer)
    _check_authority(report, signer, trusted)


def _attributes_hold(token: Token, signer: Certificate) -> bool:
    digest, kind = token.attributes.get(MESSAGE_DIGEST), token.attributes.get(CONTENT_TYPE)
    if digest is None or kind is None or oid(kind) != TST_INFO:
        return False
    if digest.expect(OCTETS).content != hashlib.new(token.hash, token.info).digest():
        return False
    for number, default in zip(SIGNING_CERTIFICATE, ("sha256", "sha1")):  # noqa: B905
        if number in token.attributes:
            first = token.attributes[number].children()[0].children()[0].children()
            named = HASHES.get(oid(first[0].children()[0]), "") if first[0].tag == SEQUENCE else default
            hashed = first[1] if first[0].tag == SEQUENCE else first[0]
            return bool(named) and hashed.expect(OCTETS).content == hashlib.new(named, signer.raw).digest()
    return False


def _check_authority(report: Report, signer: Certificate, trusted: list[Certificate]) -> None:
    own = hashlib.sha256(signer.raw).hexdigest()
    if not trusted:
        says = f"certificate of {signer.name} (SHA-256 {own}) came with the token; give the authority's with --tsa-cert"
        report.note(f"WHO STAMPED IS NOT CHECKED: the {says}, or use {BY_OPENSSL}")
        return
    for authority in trusted:
        if authority.raw == signer.raw:
            return
        named = authority.subject == signer.issuer and signer.algorithm != RSA
        if named and authority.signed(signer.body, signer.algorithm, "", signer.signature):
            return
    report.fail("its certificate is neither the one given nor issued under it", STAMP, found=own)


def request(digest: bytes) -> bytes:
    """A time-stamp request for a SHA-256 digest that asks for the certificate; no nonce, so it is reproducible."""
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    algorithm = wrapped_in(SEQUENCE, wrapped_in(OID, encoded_oid(SHA256)), wrapped_in(NULL))
    imprint = wrapped_in(SEQUENCE, algorithm, wrapped_in(OCTETS, digest))
    return wrapped_in(SEQUENCE, b"\x02\x01\x01", imprint, b"\x01\x01\xff")
