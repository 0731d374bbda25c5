"""Signing keys: Ed25519, one file of the author's, readable by nobody else, never inside a bundle."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from trover.errors import InputErrors, KeyUnsafe, NotAKey, NotReadable, Place

KEY_FILE = "signing-key.pem"


def user_key_file() -> Path:
    """Where the user's own key lies unless another place is named."""
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(config) / "trover" / KEY_FILE


def load_or_create(path: Path) -> Ed25519PrivateKey:
    """The key in `path`; made there, with access for its owner alone, if there is none. Raises `InputErrors`."""
    if path.exists():
        return load(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another run was faster
        return load(path)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """Raises `InputErrors` if the file is no Ed25519 key, or if others may read it."""
    place = Place(path.name)
    try:
        mode, pem = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise InputErrors([NotReadable(str(path), place, says=f"cannot be read: {error.strerror}")]) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputErrors([KeyUnsafe(f"{stat.S_IMODE(mode):o}", place)])
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputErrors([NotAKey(str(path), place)])
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The raw public key, 32 bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(key: Ed25519PrivateKey) -> str:
    """SHA-256 of the raw public key, 64 hex digits: what the cover of the exhibit prints."""
    return hashlib.sha256(public_bytes(key)).hexdigest()


def redaction_secret(key: Ed25519PrivateKey, case: str) -> bytes:
    """32 bytes from which the salts of a redacted edition come: the holder of the key finds them again, nobody else."""
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return hmac.new(private, b"trover redaction\n" + case.encode(), hashlib.sha256).digest()
