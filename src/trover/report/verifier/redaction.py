"""The redacted edition: who is not involved is masked, and each masked value is committed to.

A commitment is the SHA-256 of a salt and the value. Whoever is given the salt and the value of one field can
check that it is what was masked there; without the salt the value cannot be found by trying names.
"""

from __future__ import annotations

import hashlib

from trover.report.verifier.findings import Report
from trover.report.verifier.statement import ALSO, EVENTS, Account
from trover.report.verifier.strict import HEX64, Unreadable, member, read_csv, read_json, typed

REDACTION = "redaction.json"
FULL_EDITION = "full edition, SHA-256 of manifest.json"
"""The place of the commitment to the full edition: salted like the others, or a name could be found by trying."""


def commitment(place: str, salt: bytes, value: str) -> str:
    """What redaction.json says of a masked value at a place such as `event t5, note`."""
    return hashlib.sha256("\n".join(("trover mask", place, salt.hex(), value)).encode()).hexdigest()


def check_redaction(
    report: Report, files: dict[str, bytes], edition: str, accounts: dict[str, Account], revealed: bytes
) -> None:
    """`revealed`: JSON list of place, salt and value, as the author hands them out; empty where none is."""
    if (edition == "redacted") != (REDACTION in files) or edition not in ("full", "redacted"):
        report.fail(f"edition is {edition!r}, which does not fit that {REDACTION} is there or not", "manifest.json")
    if REDACTION not in files:
        if revealed:
            report.fail("values are revealed, but this edition masks none", REDACTION)
        return
    content = read_json(files[REDACTION], REDACTION)
    stated = _shown(files, accounts)
    committed: dict[str, str] = {}
    for entry in member(content, "masked", list, REDACTION):
        place, label = member(entry, "place", str, REDACTION), member(entry, "label", str, REDACTION)
        if place in committed or stated.get(place) != label:
            found = stated.get(place, "nothing")
            report.fail(f"says that {label!r} stands at {place}", REDACTION, expected=label, found=found)
        committed[place] = member(entry, "commitment", str, REDACTION)
        if not HEX64.fullmatch(committed[place]):
            report.fail(f"the commitment of {place} is not 64 hexadecimal digits", REDACTION)
    report.note(f"REDACTED EDITION: {len(committed)} values are masked; their author can reveal each of them")
    committed[FULL_EDITION] = member(content, "full_edition", str, REDACTION)
    if revealed:
        _check_revealed(report, committed, revealed)


def _shown(files: dict[str, bytes], accounts: dict[str, Account]) -> dict[str, str]:
    """Every text that may be masked, by its place."""
    shown = {f"account {id}, id": id for id in accounts}
    shown.update({f"account {id}, holder": account.holder for id, account in accounts.items()})
    for _, cells in read_csv(files["events.csv"], "events.csv", EVENTS):
        shown[f"event {cells[0]}, kind"], shown[f"event {cells[0]}, note"] = cells[4], cells[5]
    for _, cells in read_csv(files["also.csv"], "also.csv", ALSO):
        shown[f"row {cells[1]}, note"] = cells[5]
    return shown


def _check_revealed(report: Report, committed: dict[str, str], revealed: bytes) -> None:
    file = "revealed values"
    try:
        entries = typed(read_json(revealed, file), list, file, "the content")
        for entry in entries:
            place, value = member(entry, "place", str, file), member(entry, "value", str, file)
            salt = member(entry, "salt", str, file)
            if not HEX64.fullmatch(salt) or committed.get(place) != commitment(place, bytes.fromhex(salt), value):
                report.fail(f"{value!r} is not what was masked at {place}", REDACTION)
            else:
                report.check(f"{value!r} is what was masked at {place}")
    except Unreadable as problem:
        report.fail(problem.says, file, problem.line)
