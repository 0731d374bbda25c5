"""RFC 3161: a token made by a local authority of openssl, checked by the verifier's own parser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from bundle_cases import write_case
from tests.effort import some

from trover.errors import Problem
from trover.report.bundle import attach_timestamp, check, stamped, timestamp_request
from trover.report.verifier.check import check_bundle
from trover.report.verifier.container import read_bundle
from trover.report.verifier.der import Node, NotDer, nodes, oid, only, whole_number
from trover.report.verifier.findings import Report
from trover.report.verifier.timestamp import Token, check_timestamp, encoded_oid, request
from trover.report.verifier.verify import main

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
FEW = ("fifo", "lifo", "libr", "haircut")
SETTINGS = """
[tsa]
dir = .
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamp]
extendedKeyUsage = critical,timeStamping
[plain]
extendedKeyUsage = serverAuth
[req]
distinguished_name = dn
[dn]
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Authority:
    """A certificate authority with one time-stamp authority under it."""

    def __init__(self, folder: Path, kind: str = "stamp", key: tuple[str, ...] = ("rsa:2048",)) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "tsa.cnf").write_text(SETTINGS)
        (folder / "serial").write_text("01\n")
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                "-subj", "/CN=Test Root", "-days", "30", "-config", "tsa.cnf")  # fmt: skip
        openssl(folder, "req", "-newkey", *key, "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj",
                "/CN=Test Stamps/O=Test Office", "-config", "tsa.cnf")  # fmt: skip
        openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", kind)  # fmt: skip

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(query)
        openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "q.tsq", "-signer",
                "tsa.pem", "-inkey", "tsa.key", "-out", "r.tsr")  # fmt: skip
        return (self.folder / "r.tsr").read_bytes()

    def certificate(self, name: str) -> bytes:
        return (self.folder / f"{name}.pem").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@needs_openssl
def test_a_stamped_bundle_verifies_and_tells_time_and_authority(authority: Authority, tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    time = attach_timestamp(info.path, authority.stamp(timestamp_request(stamped(info.path))))
    for path in (info.path, info.archive):
        for name in ("root", "tsa"):
            report = check(path, info.fingerprint, tsa=authority.certificate(name))
            assert [failure.lines() for failure in report.failures] == []
            assert report.facts["timestamp"] == {"time": time, "tsa": "Test Stamps, Test Office", "of": "manifest.sig"}
            assert not [note for note in report.notes if "NOT CHECKED" in note]
        unknown = check(path, info.fingerprint)
        assert unknown.failed == 0
        assert any("WHO STAMPED IS NOT CHECKED" in note for note in unknown.notes)


@needs_openssl
def test_every_byte_of_the_token_counts(authority: Authority, tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    token = authority.stamp(timestamp_request(stamped(info.path)))
    files = read_bundle(str(info.path))
    unnoticed = []
    for at in range(len(token)):
        for trusted in (b"", authority.certificate("tsa")):
            report = Report()
            changed = token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]
            check_timestamp(report, {**files, "timestamp.tsr": changed}, trusted)
            if "timestamp.tsr" not in {failure.file for failure in report.failures}:
                unnoticed.append((at, bool(trusted)))
    assert unnoticed == []


@needs_openssl
def test_a_token_for_something_else_is_refused(authority: Authority, tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    other = authority.stamp(timestamp_request(bytes(32)))
    with pytest.raises(Problem, match="is not the time-stamp of manifest"):
        attach_timestamp(info.path, other)
    assert not (info.path / "timestamp.tsr").exists()
    report = check_bundle({**read_bundle(str(info.path)), "timestamp.tsr": other}, info.fingerprint)
    assert [failure.file for failure in report.failures] == ["timestamp.tsr"]


@needs_openssl
def test_another_authority_is_told_apart(authority: Authority, tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    attach_timestamp(info.path, authority.stamp(timestamp_request(stamped(info.path))))
    stranger = Authority(tmp_path / "stranger")
    report = check(info.path, info.fingerprint, tsa=stranger.certificate("root"))
    assert [failure.says for failure in report.failures] == [
        "its certificate is neither the one given nor issued under it"
    ]


@needs_openssl
@pytest.mark.parametrize("curve", ["P-256", pytest.param("P-384", marks=pytest.mark.slow)])
def test_an_authority_with_an_elliptic_key(tmp_path: Path, curve: str) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    office = Authority(tmp_path / "curve", key=("ec", "-pkeyopt", f"ec_paramgen_curve:{curve}"))
    token = office.stamp(timestamp_request(stamped(info.path)))
    attach_timestamp(info.path, token)
    assert check(info.path, info.fingerprint, tsa=office.certificate("root")).failed == 0
    files = read_bundle(str(info.path))
    unnoticed = []
    for at in range(0, len(token), len(token) // some(600)):
        report = Report()
        changed = token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]
        check_timestamp(report, {**files, "timestamp.tsr": changed}, office.certificate("tsa"))
        if "timestamp.tsr" not in {failure.file for failure in report.failures}:
            unnoticed.append(at)
    assert unnoticed == []


@needs_openssl
def test_a_kind_of_key_unknown_here_is_said_to_be_unchecked(tmp_path: Path) -> None:
    info = write_case("C01", tmp_path / "b", FEW)
    office = Authority(tmp_path / "curve", key=("ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"))
    attach_timestamp(info.path, office.stamp(timestamp_request(stamped(info.path))))
    report = check(info.path, info.fingerprint)
    notes = [note for note in report.notes if "token signature not checked" in note and "openssl ts -verify" in note]
    assert notes or report.failed


@needs_openssl
def test_openssl_reads_our_request(tmp_path: Path) -> None:
    (tmp_path / "q.tsq").write_bytes(request(bytes(range(32))))
    done = subprocess.run(["openssl", "ts", "-query", "-in", "q.tsq", "-text"], cwd=tmp_path, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert "Hash Algorithm: sha256" in done.stdout
    assert "Certificate required: yes" in done.stdout
    assert "0000 - 00 01 02 03" in done.stdout


NOT_DER = [
    b"", b"\x30", b"\x30\x80\x00\x00", b"\x30\x81\x01\x00", b"\x30\x82\x00\x81" + bytes(129), b"\x30\x00\x30\x00",
    b"\x30\x05\x02\x01\x01", b"\x1f\x20\x00", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x00",
]  # fmt: skip


@pytest.mark.parametrize("data", NOT_DER)
def test_what_is_not_der_or_no_token_is_refused(data: bytes) -> None:
    with pytest.raises((NotDer, IndexError)):
        Token(data)


def test_der_bounds() -> None:
    deep = b""
    for _ in range(40):
        deep = b"\x30" + bytes([len(deep)]) + deep
    with pytest.raises(NotDer, match="deeper"):
        _walk(only(deep))
    with pytest.raises(NotDer, match="shortest form"):
        whole_number(only(b"\x02\x02\x00\x01"))
    assert whole_number(only(b"\x02\x02\x00\x80")) == 128
    assert oid(only(b"\x06\x09" + encoded_oid("2.16.840.1.101.3.4.2.1"))) == "2.16.840.1.101.3.4.2.1"
    assert nodes(b"") == []


def _walk(node: Node) -> None:
    for child in node.children():
        _walk(child)


@needs_openssl
def test_the_script_says_who_stamped_in_json(
    authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    info = write_case("C01", tmp_path / "b", FEW)
    attach_timestamp(info.path, authority.stamp(timestamp_request(stamped(info.path))))
    certificate = str(authority.folder / "root.pem")
    assert main([str(info.path), "--fingerprint", info.fingerprint, "--tsa-cert", certificate, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["timestamp"]["tsa"] == "Test Stamps, Test Office"
