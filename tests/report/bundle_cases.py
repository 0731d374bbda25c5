"""Bundles of the worked cases, for the tests of writer and verifier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trover.case.solve import stated_assumptions
from trover.errors import Problem
from trover.ledger.build import build_ledger
from trover.ledger.ledger import Ledger
from trover.report.bundle import write_bundle
from trover.report.bundle.write import BundleInfo, contents, signed
from trover.report.verifier.check import check_bundle, result_id
from trover.report.verifier.container import read_bundle
from trover.report.verifier.findings import Report
from trover.sources.case_json import read_case
from trover.trace import compare
from trover.trace.claim import Assumptions
from trover.trace.compare import Answer
from trover.trace.result import ENGINE_VERSION

CASES = Path(__file__).resolve().parent.parent / "cases"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
FAMILIES = {path.stem: json.loads(path.read_text())["family"] for path in sorted(CASES.glob("*.json"))}
LEDGERS = [name for name, family in FAMILIES.items() if family in ("account", "utxo")]


@cache
def traced(case: str) -> tuple[Ledger, Assumptions, tuple[Answer, ...]]:
    problems: list[Problem] = []
    read = read_case(CASES / f"{case}.json", problems)
    assumptions = stated_assumptions(read, problems)
    ledger = build_ledger(read.records, files=read.files, claims=read.claims, problems=problems)
    keys = compare.keys_for(read.family, assumptions)
    return ledger, assumptions, tuple(compare.run(ledger, assumptions, keys, read.family, steps=True))


def write_case(case: str, out: Path, keys: Collection[str] = (), key: Ed25519PrivateKey = KEY) -> BundleInfo:
    """The bundle of a case under `keys`, or under every rule and variant."""
    ledger, assumptions, answers = traced(case)
    answers = tuple(answer for answer in answers if not keys or answer.key in keys)
    return write_bundle(
        out,
        ledger=ledger,
        assumptions=assumptions,
        answers=answers,
        cover={"case": case, "title": "A worked case"},
        findings=[{"id": "f1", "author": "A. Author", "date": "2024-01-02", "reason": "statement of account 4711"}],
        sources=[{"name": f"{case}.json", "sha256": hashlib.sha256((CASES / f"{case}.json").read_bytes()).hexdigest()}],
        key=key,
    )


def in_memory(case: str) -> dict[str, bytes]:
    """The files of the bundle of a case, not written anywhere."""
    ledger, assumptions, answers = traced(case)
    files = contents(ledger, assumptions, answers, {"cover": {}, "findings": [], "sources": []})
    return resigned({**files, "manifest.json": b'{"engine": "%s"}' % ENGINE_VERSION.encode()})


def resigned(files: dict[str, bytes], key: Ed25519PrivateKey = KEY, edition: str = "full") -> dict[str, bytes]:
    """The same files, however changed, with ids, hashes and signature made to fit again."""
    engine = json.loads(files["manifest.json"])["engine"]
    kept = {name: data for name, data in files.items() if name not in ("manifest.json", "manifest.sig", "signer.pub")}
    results = {}
    for name in sorted(kept):
        if name.startswith("results/"):
            key_of = name.removeprefix("results/").removesuffix(".json")
            results[key_of] = result_id(key_of, engine, kept)
            try:
                content = json.loads(kept[name])
                kept[name] = (
                    json.dumps({**content, "id": results[key_of]}, indent=1, ensure_ascii=False) + "\n"
                ).encode()
            except (ValueError, TypeError):
                continue
    return signed(kept, key, results=results, edition=edition)


def check_changed(info: BundleInfo, change: Callable[[dict[str, bytes]], None], key: Ed25519PrivateKey = KEY) -> Report:
    """Change files of a bundle, hash and sign it anew, and check it against the fingerprint of the first key."""
    files = read_bundle(str(info.path))
    change(files)
    return check_bundle(resigned(files, key), info.fingerprint)


def edit(files: dict[str, bytes], name: str, old: str, new: str) -> None:
    assert files[name].count(old.encode()) >= 1, f"{old!r} is not in {name}"
    files[name] = files[name].replace(old.encode(), new.encode(), 1)
