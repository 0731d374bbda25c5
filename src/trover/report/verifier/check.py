"""The checks of a bundle, in order: integrity, ledger, order of events, every result, time-stamp."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from trover.report.verifier.answers import Result, check_rounding, compare_result, compare_steps, read_steps
from trover.report.verifier.conserve import Audit
from trover.report.verifier.derived import compare_table, derived_table
from trover.report.verifier.findings import Report, missing_and_extra
from trover.report.verifier.integrity import Manifest, check_integrity
from trover.report.verifier.lots import RULES
from trover.report.verifier.order import VARIANTS, View, view
from trover.report.verifier.redaction import check_redaction
from trover.report.verifier.replay import CLEAN, TAINTED, Replay
from trover.report.verifier.statement import (
    Account,
    Event,
    Facts,
    read_accounts,
    read_also,
    read_events,
    read_facts,
    read_legs,
)
from trover.report.verifier.strict import Unreadable, member, read_json, texts
from trover.report.verifier.timestamp import check_timestamp

SCREENS = tuple(name for name, rule in RULES.items() if rule.taints_all)
REQUIRED = ("fifo", "lifo", "libr", "haircut")
"""Rules that can always be replayed: a bundle may not say that they cannot be run as booked."""
TABLES = ("accounts.csv", "also.csv", "events.csv", "legs.csv")
BASIS = (*TABLES, "claims.json", "assumptions.json")


def check_bundle(files: dict[str, bytes], fingerprint: str, tsa: bytes = b"", revealed: bytes = b"") -> Report:
    """Everything this script can check.

    `fingerprint`: 64 hex digits, empty where the signer is not checked. `tsa`: certificates of a time-stamp
    authority, PEM or DER, empty where none is given. `revealed`: masked values to check, as JSON.
    """
    report = Report()
    try:
        manifest = check_integrity(report, files, fingerprint)
    except Unreadable as problem:
        report.fail(problem.says, problem.file, problem.line)
        return report
    if manifest is not None:
        report.facts.update(edition=manifest.edition, ledger=manifest.ledger, engine=manifest.engine)
        _Contents(report, files, manifest, revealed).check()
        check_timestamp(report, files, tsa)
    return report


def ledger_hash(files: dict[str, bytes]) -> str:
    """SHA-256 of one line for each table: its name and its SHA-256."""
    lines = [f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in TABLES]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def result_id(key: str, engine: str, files: dict[str, bytes]) -> str:
    """The id of a result: what it rests on, so that another ledger, finding, rule or engine gives another id."""
    rests_on = {"engine": engine, "rule": key, "ledger": ledger_hash(files)}
    rests_on["claims"] = hashlib.sha256(files["claims.json"]).hexdigest()
    rests_on["assumptions"] = hashlib.sha256(files["assumptions.json"]).hexdigest()
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()


class _Contents:
    def __init__(self, report: Report, files: dict[str, bytes], manifest: Manifest, revealed: bytes) -> None:
        self.report, self.files, self.manifest, self.revealed = report, files, manifest, revealed
        self.accounts: dict[str, Account] = {}
        self.events: list[Event] = []
        self.facts = Facts()
        self.views: dict[str, View | None] = {}
        self.replayed = self.legs = 0
        self.replays: dict[tuple[str, str], Replay] = {}
        self.changed = False
        self.said: dict[str, list[str]] = {}

    def check(self) -> None:
        for name in ("cover.json", "findings.json", "sources.json"):
            self._guarded(self._plain, name)
        if not self._guarded(self._read):
            return
        self.changed = any(failure.file in BASIS for failure in self.report.failures)
        self._guarded(self._redaction)
        for key in self.manifest.results:
            self._guarded(self._result, key)
        self._listed()
        for says, keys in self.said.items():
            self.report.note(f"{', '.join(keys)}: {says}")
        if not self.report.failed:
            self._say_what_was_checked()

    def _guarded(self, step: Callable[..., None], *of: str) -> bool:
        """Run a step; what cannot be read is a failure, not the end."""
        try:
            step(*of)
        except Unreadable as problem:
            self.report.fail(problem.says, problem.file, problem.line)
            return False
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, MemoryError) as problem:
            says = f"what is stated does not fit together and cannot be replayed ({type(problem).__name__}: {problem})"
            self.report.fail(says, ", ".join(of) or "ledger and findings")
            return False
        return True

    def _file(self, name: str) -> bytes:
        if name not in self.files:
            raise Unreadable(name, "is missing")
        return self.files[name]

    def _plain(self, name: str) -> None:
        content = read_json(self._file(name), name)
        stated = content.get("key_fingerprint") if isinstance(content, dict) else None
        signer = self.report.facts.get("fingerprint", stated)
        if stated and stated != signer:
            self.report.fail("the cover prints the fingerprint of another key", name, expected=signer, found=stated)

    def _read(self) -> None:
        self.accounts = read_accounts(self._file("accounts.csv"))
        self.events = read_events(self._file("events.csv"))
        read_also(self._file("also.csv"), self.events)
        read_legs(self._file("legs.csv"), self.events, self.accounts)
        self.facts = read_facts(self._file("claims.json"), self._file("assumptions.json"))
        found = ledger_hash(self.files)
        if found != self.manifest.ledger:
            self.report.fail("ledger hash is wrong", "manifest.json", expected=self.manifest.ledger, found=found)
        if self.events != sorted(self.events, key=lambda event: (event.time, event.seq)):
            self.report.fail("events are not in order of time and posting", "events.csv")
        self._claims_enter()

    def _redaction(self) -> None:
        check_redaction(self.report, self.files, self.manifest.edition, self.accounts, self.revealed)

    def _claims_enter(self) -> None:
        """Claims enter from outside or in an opening balance, together at most what came in there."""
        came = {f"opening of {id}": max(account.opening, 0) for id, account in self.accounts.items()}
        for event in self.events:
            came[event.id] = sum(amount for id, amount in event.inputs if self.accounts[id].is_external)
        claimed: dict[str, int] = {}
        for claim in self.facts.claims:
            entry = claim.transfer or f"opening of {claim.account}"
            claimed[entry] = claimed.get(entry, 0) + claim.amount
        for entry, amount in claimed.items():
            if amount > came.get(entry, 0):
                says = f"claims at {entry} are more than came in there from outside"
                self.report.fail(says, "claims.json", expected=came.get(entry, 0), found=amount)

    def _view(self, variant: str) -> View | None:
        """The ledger as a variant reads it, after a check that the stated order is that order."""
        if variant not in self.views:
            self.views[variant] = None
            file = f"runs/{variant or 'as_booked'}.json"
            stated = read_json(self._file(file), file)
            order = texts(member(stated, "order", list, file), file, "order")
            if member(stated, "variant", str, file) != variant:
                raise Unreadable(file, f"is the order of another variant than {variant!r}")
            try:
                derived = view(self.accounts, self.events, self.facts, variant)
            except ValueError as problem:
                raise Unreadable(file, str(problem)) from None
            if self._same_order(file, order, [event.id for event in derived.events]):
                self.views[variant] = derived
        return self.views[variant]

    def _same_order(self, file: str, order: list[str], derived: list[str]) -> bool:
        missing, extra = missing_and_extra(derived, order)
        for id in missing:
            self.report.fail("event does not run, but it is in the ledger", file, event=id)
        for id in extra:
            self.report.fail("event runs, but it is not in the ledger as this variant reads it", file, event=id)
        for place, id in enumerate(order if not missing and not extra else []):
            if place >= len(derived) or id != derived[place]:
                says = f"place {place + 1} in the order does not follow from time, tie rule and posting order"
                expected = derived[place] if place < len(derived) else "the end"
                self.report.fail(says, file, event=id, expected=expected, found=id)
                return False
        return not missing and not extra

    def _result(self, key: str) -> None:
        file = f"results/{key}.json"
        result = Result(self._file(file), file)
        rule, _, variant = key.partition("@")
        if (result.key, result.rule, result.variant) != (key, rule, variant) or variant not in VARIANTS:
            raise Unreadable(file, f"is not the result of {key}")
        expected = result_id(key, self.manifest.engine, self.files)
        if not self.changed and not result.id == self.manifest.results[key] == expected:
            self.report.fail("result id is wrong", file, rule=key, expected=expected, found=result.id)
        if rule in SCREENS and result.recoverable:
            self.report.fail("a screening measure is called recoverable", file, rule=key)
        if result.skipped:
            if rule in REQUIRED and not variant:
                self.report.fail(f"says it could not be run ({result.skipped})", file, rule=key)
            self.said.setdefault(f"not run, because {result.skipped}", []).append(key)
        elif result.on_lots:
            self._traced(result)
        elif rule in RULES:
            self.report.fail("has no steps, but its rule is one that moves lots", file, rule=key)
        else:
            self._derived(result)

    def _traced(self, result: Result) -> None:
        read = self._view(result.variant)
        rows = read_steps(self._file(f"steps/{result.key}.csv"), f"steps/{result.key}.csv")
        if read is None:
            return
        owners = [TAINTED, CLEAN] if result.rule in SCREENS else read.facts.owners
        check_rounding(self.report, result, owners)
        audit = Audit(self.report, result, read, result.rule not in SCREENS)
        audit.run(rows)
        audit.close()
        self.legs += len(rows)
        if result.rule in RULES:
            replay = self._replay(result.rule, result.variant, read)
            compare_steps(self.report, result.key, rows, replay)
            compare_result(self.report, result, replay)
            self.replayed += 1
        else:
            says = "totals and conservation checked, the steps of the rule not replayed"
            self.said.setdefault(says, []).append(result.key)

    def _replay(self, rule: str, variant: str, read: View) -> Replay:
        if (rule, variant) not in self.replays:
            self.replays = {(rule, variant): Replay(read, RULES[rule])}
        return self.replays[rule, variant]

    def _derived(self, result: Result) -> None:
        for account, held in result.minor.items():
            if any(amount < 0 for amount in held.values()):
                self.report.fail("an amount is below zero", result.file, rule=result.key, account=account)
        read = self._view(result.variant)
        table = derived_table(result.rule, self._replay("libr", result.variant, read)) if read else None
        if table is not None:
            compare_table(self.report, result, table)
            self.replayed += 1
        else:
            says = "computed from other results; its form is checked, its formula is not replayed"
            self.said.setdefault(says, []).append(result.key)

    def _listed(self) -> None:
        """Results, steps and runs are exactly those of the manifest."""
        for name in self.manifest.files:
            folder, _, rest = name.rpartition("/")
            key = rest.rpartition(".")[0]
            if folder in ("results", "steps") and key not in self.manifest.results:
                self.report.fail("belongs to no result of the manifest", name)
            elif folder not in ("", "results", "steps", "runs"):
                self.report.fail("is in a folder that a bundle does not have", name)

    def _say_what_was_checked(self) -> None:
        self.report.check(f"{len(self.events)} events and {len(self.accounts)} accounts give the stated ledger hash")
        self.report.check(f"the order of events in {len(self.views)} variants follows from time, tie rule and posting")
        self.report.check(f"{self.replayed} results replayed from the ledger, equal to the last unit in every step")
        self.report.check(f"{self.legs} legs conserve value, in total and for every claimant")
