"""A case in a folder: case.yml, findings.yml, sources/, ledger/, results/ and the log in .trover/case.sqlite.

Files are written under names nobody reads yet; committing the log makes them part of the case, all at
once; findings.yml is then written from the log. A command that dies at any point leaves the case as it
was, or, once the log is committed, complete. What it left lying about is swept up by the next one.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trover.case import case_file, findings_file
from trover.case.files import fill_folder, remove, write_file, write_folder
from trover.case.finding import now, stamp
from trover.case.findings_file import Edit
from trover.case.log import Action, Entry, chained, custody_text
from trover.case.state import State, state_of
from trover.case.store import Batch, CaseInfo
from trover.errors import CaseDamaged, CaseExists, CaseInUse, CaseMissing, Place
from trover.ledger.ledger import Ledger
from trover.ledger.store import append_part, read_ledger

if TYPE_CHECKING:
    from trover.case.database import Database

HIDDEN = ".trover"
WRITING = "writing.json"
_OURS = re.compile(r"[0-9a-f]{64}(?:\.json)?")
"""Names only we give; what a person put beside them is left alone."""
FINDINGS = "findings.yml as it was written last"
TAKEN_UP = "findings.yml as it was read last"
"""Marks: with the hash of the file, so that an edit is neither overlooked nor taken up twice."""


_LEFT = (".findings.yml.*.tmp", ".custody.jsonl.*.tmp", f"{HIDDEN}/.*.tmp", "ledger/.*.tmp", "results/.*.tmp")
"""What a write that did not end leaves behind. Copies of sources may be called anything and are not looked at."""


class FolderStore:
    """See `CaseStore`. Make one with `create` or `open`."""

    def __init__(self, folder: Path, wait: float) -> None:
        from trover.case.database import Database

        self.folder, self.wait = folder, wait
        self._taken_up = ""
        self._database: Database = Database(folder / HIDDEN / "case.sqlite", wait)

    @classmethod
    def create(cls, folder: Path, info: CaseInfo, wait: float = 10.0) -> FolderStore:
        """A new case in `folder`, which is made whole or not at all. Raises `CaseExists`."""
        from trover.case.database import make_database

        if folder.exists() and not _is_free(folder):
            raise CaseExists(str(folder))

        def fill(beside: Path) -> None:
            (beside / HIDDEN).mkdir()
            write_file(beside / case_file.NAME, case_file.case_text(info).encode())
            findings = findings_file.findings_text(info.name, ()).encode()
            write_file(beside / findings_file.NAME, findings)
            make_database(beside / HIDDEN / "case.sqlite", FINDINGS, _sha(findings))

        fill_folder(folder, fill, last=case_file.NAME)
        return cls(folder, wait)

    @classmethod
    def open(cls, folder: Path, wait: float = 10.0) -> FolderStore:
        """The case in `folder`. Raises `CaseMissing` or `CaseDamaged`."""
        if not (folder / case_file.NAME).is_file():
            raise CaseMissing(str(folder))
        for name in (findings_file.NAME, f"{HIDDEN}/case.sqlite"):
            if not (folder / name).is_file():
                raise CaseDamaged(name, Place(folder.name), says="is missing")
        return cls(folder, wait)

    def info(self) -> CaseInfo:
        return case_file.read_case_text((self.folder / case_file.NAME).read_bytes())

    def log(self) -> Sequence[Entry]:
        return self._database.log()

    def head(self) -> str:
        return self._database.head()

    def read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise CaseDamaged(name, Place(self.folder.name), says="is missing") from None

    def part(self, id: str) -> Ledger:
        folder = self.folder / "ledger" / id
        if not folder.is_dir():
            raise CaseDamaged(f"ledger/{id}", Place(self.folder.name), says="is missing")
        return read_ledger(folder)

    @contextmanager
    def writing(self, actor: str) -> Iterator[Batch]:
        with self._database.changing(self._in_use) as change:
            self._say_who(actor)
            log = change.log()
            batch = Batch(state_of(log))
            self._sweep(batch.state)
            self._taken_up = ""
            try:
                yield batch
                self._write_files(batch)
            finally:
                remove(self.folder / HIDDEN / WRITING)
            change.append(chained(log, batch.acts, self.info().organisation, platform.node()))
            if self._taken_up:
                change.mark(TAKEN_UP, 0, self._taken_up)
        with suppress(CaseInUse):
            self.publish()

    def is_published(self) -> bool:
        """Whether findings.yml says what the log says, as far as its hash tells."""
        seq, sha256 = self._database.mark(FINDINGS)
        return sha256 == _sha(self.read(findings_file.NAME)) and seq == _last_finding(self.log())

    def edits(self, state: State) -> list[Edit]:
        """What a person changed in findings.yml since it was written. Raises `InputErrors`."""
        data = self.read(findings_file.NAME)
        if self._is_known(data):
            return []
        self._taken_up = _sha(data)
        seq, _ = self._database.mark(FINDINGS)
        published = frozenset(e.item for e in self.log() if e.action == Action.FINDING and e.seq <= seq)
        rows = findings_file.read_findings(data, self.info().handling)
        return findings_file.compare(rows, state, published)

    def publish(self) -> None:
        """Write findings.yml from the log, unless a person has changed it meanwhile: that is taken up first."""
        with self._database.changing(self._in_use) as change:
            log = change.log()
            state = state_of(log)
            self._write_if_new("custody.jsonl", custody_text(log))
            if not self._is_known(self.read(findings_file.NAME)):
                return
            text = findings_file.findings_text(self.info().name, state.findings.values()).encode()
            self._write_if_new(findings_file.NAME, text)
            change.mark(FINDINGS, _last_finding(log), _sha(text))
            change.mark(TAKEN_UP, 0, "")

    def _is_known(self, data: bytes) -> bool:
        """Whether this content of findings.yml is ours, or an edit that the log already has."""
        return _sha(data) in (self._database.mark(FINDINGS)[1], self._database.mark(TAKEN_UP)[1])

    def _write_if_new(self, name: str, text: bytes) -> None:
        path = self.folder / name
        if not path.is_file() or path.read_bytes() != text:
            write_file(path, text)

    def close(self) -> None:
        self._database.close()

    def _write_files(self, batch: Batch) -> None:
        for name, data in batch.files.items():
            if not (self.folder / name).is_file():
                write_file(self.folder / name, data)
        for id, part in batch.parts.items():
            write_folder(self.folder / "ledger" / id, partial(_save, part))

    def _sweep(self, state: State) -> None:
        """Remove what an interrupted command left and what no entry of the log names any more."""
        for left in (left for pattern in _LEFT for left in self.folder.glob(pattern)):
            remove(left)
        for name, kept in (
            ("sources", {*state.sources, *state.refused}),
            ("ledger", set(state.parts)),
            ("results", {f"{id}.json" for id in state.results}),
        ):
            for path in (self.folder / name).glob("*"):
                if path.name not in kept and _OURS.fullmatch(path.name):
                    remove(path)

    def _say_who(self, actor: str) -> None:
        who = {"by": actor, "process": os.getpid(), "machine": platform.node(), "since": stamp(now())}
        with suppress(OSError):
            write_file(self.folder / HIDDEN / WRITING, json.dumps(who).encode())

    def _in_use(self) -> CaseInUse:
        """The error that names who is changing the case."""
        try:
            who = json.loads((self.folder / HIDDEN / WRITING).read_bytes())
            by = f"{who['by'] or 'someone'} (process {who['process']} on {who['machine']}, since {who['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return CaseInUse(self.folder.name)
        return CaseInUse(self.folder.name, says=f"is being changed by {by}")


def _save(part: Ledger, folder: Path) -> None:
    append_part(folder, part)


def _is_free(folder: Path) -> bool:
    """Whether a case may be made there: an empty folder, or what an interrupted creation left."""
    if not folder.is_dir():
        return False
    names = {path.name for path in folder.iterdir()}
    return not names or (HIDDEN in names and names <= {HIDDEN, findings_file.NAME})


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _last_finding(log: Sequence[Entry]) -> int:
    return max((entry.seq for entry in log if entry.action == Action.FINDING), default=0)
