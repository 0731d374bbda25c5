"""Kill a command at every step that touches the disk, and say what case is found afterwards.

`python killed.py FOLDER ACTION` makes a case in FOLDER/template, then for n = 1, 2, ... runs ACTION on a
copy in a child process that is killed at its n-th step (before or after each rename, before each commit),
until the action ends by itself. Nothing is really flushed: a killed process loses nothing that was written.
It prints one JSON object: what the case was before and is after the
action, and for each n what it was when opened again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from worlds import AUTHOR, folder_case

from trover.case.case import Case
from trover.case.finding import Claimed, GoodFaith, Note
from trover.errors import CaseMissing, TroverError

STATEMENT = "id,date,from,to,amount\nx1,2020-02-01,EXT:V,X,10.00\nx2,2020-02-02,X,EXT:Y,4.00\n"
MAPPING = {
    "shape": "transfer",
    "currency": "EUR",
    "columns": {"id": "id", "date": "date", "from": "from", "to": "to", "amount": "amount"},
    "accounts": [{"id": "X", "currency": "EUR", "opening": "0"}],
}
CASE_FILE = {
    "family": "account", "currency": "EUR", "minor_unit": 2, "params": {}, "accounts": [{"id": "Z"}],
    "transfers": [{"id": "z1", "ts": "2020-03-01", "from": "EXT:V", "to": "Z", "amount": 100}],
    "claims": [{"claimant": "V", "amount": 60, "entered": {"transfer": "z1"}}],
}  # fmt: skip


def make(folder: Path) -> None:
    """A case with two findings, one stored result, and files beside it that can be added."""
    case = folder_case(folder / "case")
    case.record(Claimed("V", 100_00, transfer="t1"), reason="order")
    case.trace(["libr"])
    (folder / "statement.csv").write_text(STATEMENT)
    (folder / "held.csv").write_text(STATEMENT.replace("x", "h").replace("X", "H"))
    case.add(folder / "held.csv", {**MAPPING, "accounts": [{"id": "H", "currency": "EUR"}]})
    (folder / "case.json").write_text(json.dumps(CASE_FILE))


def add(folder: Path) -> None:
    Case.open(folder / "case", AUTHOR).add(
        [folder / "case.json", folder / "statement.csv"], MAPPING, unproved="none printed"
    )


def admit(folder: Path) -> None:
    Case.open(folder / "case", AUTHOR).admit(reason="none printed")


def record(folder: Path) -> None:
    Case.open(folder / "case", AUTHOR).record(GoodFaith("t3"), reason="price paid")


def edit(folder: Path) -> None:
    path = folder / "case" / "findings.yml"
    path.write_text(path.read_text().replace("amount: 10000", "amount: 9000"))
    Case.open(folder / "case", AUTHOR)


def trace(folder: Path) -> None:
    Case.open(folder / "case", AUTHOR).trace(["fifo", "haircut"])


def create(folder: Path) -> None:
    shutil.rmtree(folder / "case", ignore_errors=True)
    Case.create(folder / "case", "New", AUTHOR)


def seen(folder: Path) -> Any:
    """Everything the case holds, without the times and ids that differ from run to run."""
    try:
        case = Case.open(folder / "case", AUTHOR)
    except TroverError as error:
        return type(error).__name__
    state = case.state()
    text = (folder / "case" / "findings.yml").read_text()
    return {
        "sources": sorted(source.name for source in state.sources.values()),
        "parts": len(state.parts),
        "events": len(case.ledger()),
        "findings": [(finding.kind, str(finding.body)) for finding in state.findings.values()],
        "in force": [str(finding.body) for finding in state.in_force],
        "in the file": all(f"id: {id}" in text or f"id: '{id}'" in text for id in state.findings),
        "results": sorted(result.key for result in state.results.values()),
        "problems": [str(problem) for problem in case.problems()],
    }


def left_over(folder: Path) -> list[str]:
    """Files of the case that no entry of its log names, once one more command has run."""
    try:
        case = Case.open(folder / "case", AUTHOR)
    except CaseMissing:
        return []
    case.record(Note("after"), reason="to see what is swept up")
    state = case.state()
    kept = {source.path for source in state.sources.values()} | {result.path for result in state.results.values()}
    inside = [path for top in ("sources", "results") for path in (folder / "case" / top).rglob("*") if path.is_file()]
    names = {path.relative_to(folder / "case").as_posix() for path in inside}
    parts = {path.name for path in (folder / "case" / "ledger").glob("*")} - set(state.parts)
    return sorted((names - kept) | parts | {path.name for path in (folder / "case").rglob(".*.tmp")})


class Steps:
    """Counts the steps to the disk and kills the process at the one asked for."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **named: Any) -> Any:
            self()
            result = call(*args, **named)
            self()
            return result

        return stepped


def run_killed(action: Callable[[Path], None], folder: Path, step: int) -> bool:
    """Whether the action was killed at that step."""
    child = os.fork()
    if child == 0:
        steps = Steps(step)
        os.replace = steps.around(os.replace)
        event.listen(Engine, "commit", steps)
        event.listen(Engine, "rollback", steps)
        action(folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise SystemExit(f"step {step}: the action failed by itself")
    return os.WIFSIGNALED(status)


def never_flush() -> None:
    os.fsync = lambda file: None
    event.listen(Engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def main(root: Path, name: str) -> None:
    never_flush()
    action: Callable[[Path], None] = globals()[name]
    template = root / "template"
    template.mkdir()
    make(template)
    before = seen(template)
    found: list[Any] = []
    left: list[str] = []
    killed, step = True, 0
    while killed:
        step += 1
        folder = root / f"at {step}"
        shutil.copytree(template, folder)
        killed = run_killed(action, folder, step)
        after = seen(folder)
        found.append(after)
        left += left_over(folder)
        shutil.rmtree(folder)
    print(json.dumps({"before": before, "after": after, "found": found, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
