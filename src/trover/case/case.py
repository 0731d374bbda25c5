"""A case: evidence, ledger, findings and results, and every act on them with who did it and when.

case = Case.create("case", "R v Example", author="A. Analyst")
case.add(["statement.csv"], mapping="mapping.yml")
case.record(Claimed("VICTIM", 125000, transfer="t7"), reason="Payment named in the order")
answers = case.trace("all")
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from trover.case.adding import AddReport as AddReport
from trover.case.adding import admissions, gained, kept
from trover.case.admission import Judged, bodies_for, judged_statements
from trover.case.assume import assumptions_of, body_of
from trover.case.case_file import TEXTS, info_problems
from trover.case.derived import Derived, Ground, GroundKey, derive, then
from trover.case.edits import taken_up
from trover.case.examine import case_problems
from trover.case.finding import Body, Finding, Withdrawal, now, stamp
from trover.case.folder_store import FolderStore
from trover.case.intake import columns_of, take_in
from trover.case.log import Act, Action
from trover.case.marking import Tlp, stated
from trover.case.recording import record_findings
from trover.case.results import new_results, result_file, sha256
from trover.case.stale import Stale, stale
from trover.case.state import (
    Exhibit,
    Refused,
    Result,
    Source,
    State,
    result_act,
    state_of,
)  # fmt: skip
from trover.case.store import Batch, CaseInfo, CaseStore
from trover.errors import CaseDamaged, FieldMissing, InputErrors, MissingChoice, Place, Problem, UnknownFinding
from trover.ledger.join import join
from trover.ledger.ledger import Ledger
from trover.sources.currency import minor_units
from trover.sources.fields import Fields
from trover.trace.claim import Assumptions, Claim
from trover.trace.compare import Answer, keys_for, run

ALL = "all"
AUTHOR = "TROVER_AUTHOR"
"""The variable of the environment that names who acts where nobody else does."""


class Case:
    """One case through one store. `author` acts where an act names nobody else."""

    def __init__(self, store: CaseStore, author: str | None = None) -> None:
        self.store = store
        self.author = author or os.environ.get(AUTHOR, "").strip()
        self._state: tuple[str, State] | None = None
        self._held: tuple[str, Ledger] | None = None
        self._unpaired: tuple[GroundKey, Derived] | None = None
        self._derived: tuple[GroundKey, Derived] | None = None
        if not store.is_published():
            with self._changing(self.author):
                pass

    @classmethod
    def create(
        cls,
        path: str | Path,
        name: str,
        author: str,
        *,
        reference: str = "",
        organisation: str = "",
        currency: str = "",
        marking: str | Tlp | None = None,
        legal_basis: str | Iterable[str] | None = None,
        retention: str | date | None = None,
    ) -> Case:
        """A new case in the folder `path`, made whole or not at all.

        `currency` is that of the report; marking (TLP:AMBER+STRICT unless stated), legal basis and
        retention date hold for whatever states none. Raises `CaseExists` or `InputErrors`.
        """
        blank = CaseInfo(name.strip(), author.strip(), stamp(now()), reference, organisation, currency)
        info = replace(blank, handling=stated(blank.handling, marking, legal_basis, retention))
        found: list[Problem] = []
        row = Fields({text: getattr(info, text) for text in TEXTS}, found, "")
        for text in TEXTS:
            row.text(text, "")
        found += info_problems(info, row)
        if not info.created_by:
            found.append(_nobody())
        if found:
            raise InputErrors(found)
        return cls(FolderStore.create(Path(path), info), author)

    @classmethod
    def open(cls, path: str | Path, author: str | None = None) -> Case:
        """The case in the folder `path`; what was edited by hand in findings.yml is taken up first.

        Raises `CaseMissing`, `CaseDamaged`, or `InputErrors` (with `MissingChoice` where findings were
        edited and neither `author` nor TROVER_AUTHOR says by whom).
        """
        return cls(FolderStore.open(Path(path)), author)

    @property
    def info(self) -> CaseInfo:
        return self.store.info()

    def state(self) -> State:
        """Everything the case holds at this moment; not to be changed."""
        head = self.store.head()
        if self._state is None or self._state[0] != head:
            log = self.store.log()
            self._state = (log[-1].hash if log else "", state_of(log))
        return self._state[1]

    def add(
        self,
        files: str | Path | Sequence[str | Path],
        mapping: str | Path | Mapping[str, Any] | None = None,
        marking: str | Tlp | None = None,
        legal_basis: str | Iterable[str] | None = None,
        retention: str | date | None = None,
        *,
        unproved: str = "",
        author: str | None = None,
    ) -> AddReport:
        """Add evidence: files, and of folders every file below them. What the case already has changes nothing.

        Each statement is judged by what it prints. Proved ones enter the ledger. `unproved`: the reason for which
        unproved ones enter too, by a finding of `author`; else they are held, as failed ones are, until `admit`.
        A file that cannot be read keeps no other out: it is kept and reported in `refused`. A case file's own
        claims, findings and admission become findings of whoever adds it. Raises `InputErrors` for a mapping that
        cannot be used, or where nobody is named for `unproved`.
        """
        actor, time = self._person(author) if unproved else self._actor(author), now()
        handling = stated(self.info.handling, marking, legal_basis, retention)
        columns = columns_of(mapping)
        paths = [files] if isinstance(files, str | Path) else list(files)
        with self._changing(actor) as batch:
            intake = take_in(batch.state, self.ledger(), paths, columns, handling, self.source_bytes)
            before = dict(batch.state.sources)
            added, refused = kept(batch, intake, handling, actor, stamp(time))
            drafts = admissions(added, unproved.strip(), actor, gained(batch.state, intake, before))
            findings = record_findings(batch, drafts, self, actor, [*intake.taken, *intake.completed])
            state = batch.state
        brought = {source.sha256 for source in (*added, *intake.unchanged)}
        fresh = {(s.sha256, each.id) for s in state.sources.values() for each in s.statements}
        fresh -= {(s.sha256, each.id) for s in before.values() for each in s.statements}
        return AddReport(
            added,
            tuple(intake.unchanged),
            tuple(findings),
            state.ledger,
            len(self.ledger()),
            tuple(
                e for e in self.statements() if e.source.sha256 in brought or (e.source.sha256, e.statement.id) in fresh
            ),
            tuple(refused),
            tuple(intake.unreadable),
            tuple(intake.skipped),
            tuple((taken.source.name, row) for taken in intake.taken for row in taken.unbooked),
            tuple(remark for taken in intake.taken for remark in taken.remarks),
        )

    def admit(
        self,
        names: str | Iterable[str] = (),
        reason: str = "",
        author: str | None = None,
        evidence: str | Iterable[str] = (),
        *,
        failed: bool = False,
    ) -> tuple[Judged, ...]:
        """Let statements into the ledger that the gate did not, by findings of `author`; returns them.

        names: ids of statements, or names or SHA-256 of files, of which every unproved statement is meant; none
        means every unproved statement of the case. A failed statement enters when it is named by its id, or with
        `failed`. Raises `InputErrors` with all that is wrong; nothing is then admitted.
        """
        bodies = bodies_for([names] if isinstance(names, str) else names, self.statements(), failed)
        findings = {finding.id for finding in self.record_all(bodies, author, reason, evidence)}
        return tuple(each for each in self.statements() if each.by and each.by.id in findings)

    def statements(self) -> list[Judged]:
        """Every statement of every source, judged, with the finding that admits it, if any."""
        state = self.state()
        return judged_statements(state.sources.values(), state.in_force)

    def refused(self) -> list[Refused]:
        """The files that could not be read, with their problems, in the order they were brought."""
        return list(self.state().refused.values())

    def record(
        self,
        finding: Body | Claim,
        author: str | None = None,
        reason: str = "",
        evidence: str | Iterable[str] = (),
        *,
        supersedes: str = "",
        marking: str | Tlp | None = None,
        legal_basis: str | Iterable[str] | None = None,
        retention: str | date | None = None,
    ) -> Finding:
        """Record what a person found, and why. Raises `InputErrors` with all that is wrong with it."""
        handling = {"marking": marking, "legal_basis": legal_basis, "retention": retention}
        return self.record_all([finding], author, reason, evidence, supersedes=supersedes, **handling)[0]

    def record_all(
        self,
        findings: Iterable[Body | Claim],
        author: str | None = None,
        reason: str = "",
        evidence: str | Iterable[str] = (),
        *,
        supersedes: str = "",
        **handling: Any,
    ) -> tuple[Finding, ...]:
        """Record several findings with one reason: all or none."""
        actor, time = self._person(author), now()
        if not reason.strip():
            raise InputErrors([FieldMissing("reason", says="is missing: a finding says why it was made")])
        marked = stated(self.info.handling, **handling)
        shown = (evidence,) if isinstance(evidence, str) else tuple(evidence)
        drafts = []
        for finding in findings:
            body = body_of(finding) if isinstance(finding, Claim) else finding
            draft = Finding(body, actor, time, reason.strip(), tuple(filter(None, shown)), supersedes, marked)
            drafts.append((draft, Place()))
        with self._changing(actor) as batch:
            return tuple(record_findings(batch, drafts, self, actor))

    def withdraw(self, id: str, author: str | None = None, reason: str = "") -> Finding:
        """Take back a finding; what rests on it becomes stale. Raises `InputErrors`."""
        if id not in self.state().findings:
            raise InputErrors([UnknownFinding(id)])
        return self.record(Withdrawal(), author, reason, supersedes=id)

    def findings(self, *, history: bool = False) -> list[Finding]:
        """The findings in force, or with `history` all that were ever recorded, oldest first."""
        state = self.state()
        return list(state.findings.values()) if history else state.in_force

    def sources(self) -> list[Source]:
        """The files of evidence, in the order they were added."""
        return list(self.state().sources.values())

    def source_bytes(self, sha256: str) -> bytes:
        """The copy of a source as it was added. Raises `CaseDamaged`, also where it was altered since."""
        source = self.state().sources.get(sha256)
        if source is None:
            raise CaseDamaged(sha256, says="is not the SHA-256 of a source of this case")
        data = self.store.read(source.path)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CaseDamaged(source.path, says="is not the file that was recorded: its SHA-256 is another")
        return data

    def ledger(self) -> Ledger:
        """All rows as they were booked, those corrected or no longer admitted included; `traced` is what counts."""
        state = self.state()
        if self._held is None or self._held[0] != state.ledger:
            self._held = (state.ledger, join([self.store.part(id) for id in state.parts]))
        return self._held[1]

    def derived(self) -> Derived:
        """The ledger that is traced, made of what is stored and of the findings in force, with notes of each step."""
        return self.derived_on(Ground.of(self.state()))

    def derived_on(self, ground: Ground, fresh: Iterable[Ledger] = ()) -> Derived:
        """The ledger that is traced on `ground`. `fresh`: parts of the ledger that are not stored yet."""
        if self._derived is None or self._derived[0] != ground.key:
            self._derived = (ground.key, then(self._before_pairs(ground.unpaired, fresh), ground))
        return self._derived[1]

    def unpaired(self) -> Ledger:
        """The ledger that is traced as its statements print it, before both sides of payments are made one."""
        return self._before_pairs(Ground.of(self.state()).unpaired).ledger

    def _before_pairs(self, ground: Ground, fresh: Iterable[Ledger] = ()) -> Derived:
        if self._unpaired is None or self._unpaired[0] != ground.key:
            self._unpaired = (ground.key, derive(join([self.ledger(), *fresh]), ground))
        return self._unpaired[1]

    def traced(self) -> Ledger:
        """The ledger that is traced: `derived` without its notes."""
        return self.derived().ledger

    def assumptions(self) -> Assumptions:
        """What a trace takes as given: the findings in force and the returns the sources themselves state."""
        return assumptions_of(self.state().in_force, self.traced())

    def decimals(self, currency: str) -> int:
        """Decimals of a currency as this case writes it. Raises `UnknownCurrency`."""
        for source in self.sources():
            if currency in source.minor_units:
                return source.minor_units[currency]
        return minor_units(currency)

    def trace(self, keys: str | Iterable[str] = ALL, family: str = "account", *, steps: bool = False) -> list[Answer]:
        """Answer each `rule[@variant]` of `keys`, or with "all" every one that applies, and store the results.

        `steps`: keep every movement, for explanations and exhibits.

        Raises `InputErrors` where nothing is claimed, and `UnknownRule`.
        """
        state, ledger = self.state(), self.traced()
        assumptions = assumptions_of(state.in_force, ledger)
        if not assumptions.claims:
            says = "is not recorded: nothing is claimed in this case"
            raise InputErrors(
                [MissingChoice("claim", says=says, remedy="Record which incoming money is claimed, and why.")]
            )
        wanted = [keys] if isinstance(keys, str) else list(keys)
        if ALL in wanted:
            wanted = keys_for(family, assumptions)
        answers = list(run(ledger, assumptions, wanted, family, steps=steps))
        fresh = new_results(answers, state, self.derived().hash, family, self.info.handling)
        if fresh:
            actor, time = self._actor(None), stamp(now())
            with self._changing(actor) as batch:
                for result, answer in fresh:
                    data = result_file(result, answer, actor, time)
                    batch.files[result.path] = data
                    if result.id not in batch.state.results:
                        batch.acts.append(result_act(result, actor, time, sha256(data)))
        return answers

    def results(self) -> list[Result]:
        """Every stored result, oldest first; `stale` says which no longer stand."""
        return list(self.state().results.values())

    def result(self, id: str) -> dict[str, Any]:
        """A stored result: inputs, table, rule. Raises `CaseDamaged`."""
        content: dict[str, Any] = json.loads(self.store.read(f"results/{id}.json"))
        return content

    def current_results(self, keys: Iterable[str] = (), family: str = "account") -> dict[str, Result]:
        """Key -> stored result that stands on the present ground."""
        gone = {entry.id for entry in self.stale()}
        found = [r for r in self.results() if r.id not in gone and r.inputs["parameters"] == {"family": family}]
        wanted = set(keys)
        return {r.key: r for r in found if not wanted or r.key in wanted}

    def exhibit_made(self, id: str, results: Iterable[str], outputs: Iterable[str] = ()) -> Exhibit:
        """Record that something was made from stored results. `outputs`: SHA-256 of its files."""
        actor, time, rests = self._actor(None), stamp(now()), tuple(results)
        with self._changing(actor) as batch:
            for result in rests:
                if result not in batch.state.results:
                    raise InputErrors([Problem(result, says="is not the id of a stored result", remedy="Trace first.")])
            payload = {"results": list(rests)}
            batch.acts.append(Act(Action.EXHIBIT, id, actor, time, payload, rests, tuple(outputs)))
        return Exhibit(id, rests, actor, time)

    def stale(self) -> list[Stale]:
        """Results and exhibits whose ground has changed, each with what changed."""
        state = self.state()
        return stale(state, self.derived().hash) if state.results else []

    def problems(self) -> list[Problem]:
        """Whatever in the case was changed after it was recorded."""
        return case_problems(self.store)

    def close(self) -> None:
        self.store.close()

    @contextmanager
    def _changing(self, actor: str) -> Iterator[Batch]:
        """A change of the case, after what was edited by hand has been taken up."""
        with self.store.writing(actor) as batch:
            edits = self.store.edits(batch.state)
            if edits:
                drafts = taken_up(edits, self.author, now())
                record_findings(batch, drafts, self, self.author or actor)
            yield batch

    def _person(self, author: str | None) -> str:
        """Who makes a finding. The software never does, so somebody must be named."""
        name = (author or self.author).strip()
        if not name:
            raise InputErrors([_nobody()])
        return name

    def _actor(self, author: str | None) -> str:
        """Who adds files or asks for a trace: the author, else the name they are logged in under."""
        return (author or self.author).strip() or _login()


def _nobody() -> MissingChoice:
    remedy = f"Name the author: --author NAME or the variable {AUTHOR}."
    return MissingChoice("author", says="is not named", remedy=remedy)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
