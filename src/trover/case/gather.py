"""The files that a person means by files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trover.errors import FieldWrong, InputErrors, NotReadable, Place, Problem
from trover.sources.custody import SourceFile, read_source

LONGEST_NAME = 200
HIDDEN = "its name begins with a dot"
LINK = "it is a link, and evidence is kept as files"
NO_FILE = "it is neither a file nor a folder"


@dataclass
class Gathered:
    """`skipped`: path and why. `problems`: what is wrong with paths of which no bytes could be had."""

    skipped: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def files(self, paths: Iterable[str | Path]) -> Iterator[SourceFile]:
        """Each file once by its content, in order; of a folder every regular file below it, sorted by path."""
        seen: set[str] = set()
        for path in self._paths(paths):
            try:
                source = read_source(path)
            except InputErrors as errors:
                self.problems += errors.problems
                continue
            if len(source.name.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
                says = f"is a file name of more than {LONGEST_NAME} bytes"
                self.problems.append(FieldWrong(source.name[:60], says=says, remedy="Rename the file."))
            elif source.sha256 not in seen:
                seen.add(source.sha256)
                yield source

    def _paths(self, paths: Iterable[str | Path]) -> Iterator[Path]:
        for path in map(Path, paths):
            if path.is_dir():
                yield from self._below(path)
            else:
                yield path

    def _below(self, folder: Path) -> Iterator[Path]:
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            says = f"cannot be read: {error.strerror}"
            self.problems.append(NotReadable(str(folder), Place(folder.name), says=says))
            return
        for entry in entries:
            if entry.name.startswith("."):
                self.skipped.append((str(entry), HIDDEN))
            elif entry.is_symlink():
                self.skipped.append((str(entry), LINK))
            elif entry.is_dir():
                yield from self._below(entry)
            elif entry.is_file():
                yield entry
            else:
                self.skipped.append((str(entry), NO_FILE))
