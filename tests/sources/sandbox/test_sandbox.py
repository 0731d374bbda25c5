"""A reader that fails costs its own file, by name and with the limit it met; the files around it are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trover.errors import Problem
from trover.sources.custody import SourceFile, source_of
from trover.sources.reader import Reading
from trover.sources.sandbox import Limits, Refused, Sandbox, read_all, read_in_sandbox, watched
from trover.sources.sandbox.jobs import _AT_REST
from trover.sources.sandbox.limits import MIB

FAULTY = "tests.sources.sandbox.faulty"
TIGHT = Limits(cpu=1, wall=20, memory=128 * MIB, output=2 * MIB, rows=10_000)
KEPT = "Nothing of this file was taken in; the other files were not touched by it."


def sandbox(limits: Limits = TIGHT, workers: int = 2, forks: bool = True) -> Sandbox:
    return Sandbox(FAULTY, workers, lambda size, packed: limits, forks)


def named(*names: str, data: bytes = b"content") -> list[tuple[SourceFile, None]]:
    return [(source_of(name, data + name.encode()), None) for name in names]


def outcome(name: str, limits: Limits = TIGHT, data: bytes = b"") -> Reading | Refused:
    (answer,) = sandbox(limits).read_all([(source_of(name, data), None)])
    return answer


def words(refused: Reading | Refused) -> str:
    assert isinstance(refused, Refused)
    (problem,) = refused.problems
    assert problem.place.file == refused.source.name
    return f"{type(problem).__name__}: {problem.says}"


FAULTS = {
    "segfault": "ReadingBroke: the reader crashed at this file (SIGSEGV)",
    "abort": "ReadingBroke: the reader crashed at this file (SIGABRT)",
    "leave": "ReadingBroke: the reader ended at this file with status 7",
    "leave_quietly": "ReadingBroke: the reader broke off at this file, and what it said of it ends in the middle",
    "lie": "ReadingBroke: the reader broke off at this file, and what it said of it has a row of another shape",
    "spin": "ReadingTooSlow: reading this file was stopped after 1 seconds of processor time",
    "swallow": "ReadingTooLarge: reading this file takes more than 128 MiB of memory",
    "killed": "ReadingTooLarge: reading this file was ended by the system, as it does where memory runs out",
    "babble": "ReadingTooMuch: reading this file gave more than 2 MiB, more than a file of its size can hold",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_the_limit_it_met(fault: str) -> None:
    assert words(outcome(f"{fault}.csv")) == FAULTS[fault]


def test_an_exception_is_named_in_signs_that_can_be_printed() -> None:
    said = words(outcome("wrong.csv"))
    assert said.startswith(
        "ReadingBroke: the reader broke off at this file (IndexError: row \\x1b[31m 12 is not there ("
    )
    assert "faulty.py" in said


def test_endless_recursion_is_a_fault_of_its_file() -> None:
    assert "RecursionError" in words(outcome("deep.csv"))


def test_a_reader_that_waits_is_stopped_by_the_clock() -> None:
    limits = Limits(cpu=60, wall=1, memory=128 * MIB, output=2 * MIB, rows=1000)
    assert words(outcome("sleep.csv", limits)) == "ReadingTooSlow: reading this file was stopped after 1 seconds"


def test_more_rows_than_the_file_can_hold_are_refused_before_they_are_made() -> None:
    limits = Limits(cpu=60, wall=60, memory=512 * MIB, output=64 * MIB, rows=10_000)
    said = "ReadingTooMuch: reading this file gave more than 10,000 rows, more than a file of its size can hold"
    assert words(outcome("flood.csv", limits)) == said


def test_the_other_files_are_read_and_the_order_is_that_of_the_files() -> None:
    names = ["a", "segfault", "b", "refuse", "leave", "c", "wrong", "spin", "d", "lie", "e"]
    answers = list(sandbox().read_all(named(*names)))
    assert [answer.source.name for answer in answers] == names
    assert [answer.source.name for answer in answers if isinstance(answer, Reading)] == ["a", "b", "c", "d", "e"]


def plain(answers: list[Reading | Refused]) -> list[object]:
    return [
        answer.records if isinstance(answer, Reading) else [(type(p), str(p)) for p in answer.problems]
        for answer in answers
    ]


def test_the_number_of_workers_changes_nothing() -> None:
    files = named(*[f"{kind}.{number}" for number in range(6) for kind in ("good", "refuse", "leave")])
    alone = plain(list(sandbox(workers=1).read_all(files)))
    assert plain(list(sandbox(workers=4).read_all(files))) == alone


def test_where_copies_of_a_process_are_not_safe_new_ones_do_the_same() -> None:
    files = named("a", "segfault", "refuse", "b")
    assert plain(list(sandbox(forks=False).read_all(files))) == plain(list(sandbox().read_all(files)))


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
class TestConfined:
    """What the kernel refuses a reader; the reader itself says what it was told."""

    def said(self, name: str, data: bytes = b"") -> str:
        answer = outcome(name, data=data)
        assert isinstance(answer, Reading)
        return answer.format

    @pytest.mark.parametrize("name", ["connect", "fork", "execute", "signal_parent"])
    def test_no_network_no_process_no_signal(self, name: str) -> None:
        assert self.said(name) == "refused: Operation not permitted"

    def test_a_reader_is_the_first_to_go_where_memory_runs_out(self) -> None:
        assert self.said("first_to_go") == "1000"

    def test_no_file_is_written(self, tmp_path: Path) -> None:
        assert self.said("write", str(tmp_path / "new").encode()) == "refused: Operation not permitted"
        assert list(tmp_path.iterdir()) == []

    def test_no_file_is_removed(self, tmp_path: Path) -> None:
        kept = tmp_path / "kept"
        kept.write_text("evidence")
        assert self.said("remove", str(kept).encode()) == "refused: Operation not permitted"
        assert kept.read_text() == "evidence"

    def test_few_files_are_open_at_once(self) -> None:
        assert self.said("open_many") == "refused: Too many open files"


def children(of: int) -> list[int]:
    """Processes whose parent is `of`."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == of and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def gone(pids: list[int]) -> bool:
    """Whether all of `pids` end within a while."""
    for _ in range(500):
        if not [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
class TestNothingIsLeft:
    def test_when_the_answers_are_no_longer_wanted(self) -> None:
        limits = Limits(cpu=60, wall=60, memory=128 * MIB, output=2 * MIB, rows=1000)
        answers: Iterator[Reading | Refused] = sandbox(limits).read_all(named("a", "sleep.1", "sleep.2"))
        next(answers)
        left = [pid for server in children(os.getpid()) for pid in (server, *children(server))]
        answers.close()  # type: ignore[attr-defined]
        at_rest = [server.process.pid for server in _AT_REST]
        assert gone([pid for pid in left if pid not in at_rest])

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
    def test_when_the_program_is_interrupted_or_killed(self, number: signal.Signals) -> None:
        code = (
            "from tests.sources.sandbox.test_sandbox import *\n"
            "limits = Limits(cpu=60, wall=60, memory=128 * MIB, output=2 * MIB, rows=1000)\n"
            "answers = sandbox(limits).read_all(named('a', 'sleep.1', 'sleep.2'))\n"
            "next(answers); print('ready', flush=True); next(answers)\n"
        )
        program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        (server,) = children(program.pid)
        started = children(server)
        assert started
        program.send_signal(number)
        program.wait()
        program.communicate()
        assert gone([server, *started])

    def test_when_the_process_that_starts_readers_is_killed_its_files_are_read_again(self) -> None:
        answers = sandbox().read_all(named(*[f"good.{number}" for number in range(8)]))
        first = next(answers)
        at_rest = [server.process.pid for server in _AT_REST]
        for server in children(os.getpid()):
            if server not in at_rest:
                os.kill(server, signal.SIGKILL)
        rest = list(answers)
        assert [answer.source.name for answer in (first, *rest)] == [f"good.{number}" for number in range(8)]
        assert all(isinstance(answer, Reading) for answer in rest)


def test_a_file_by_itself() -> None:
    answer = read_in_sandbox(source_of("empty.csv", b""))
    assert isinstance(answer, Refused)
    assert "empty" in str(answer.problems[0])


def test_no_files() -> None:
    assert list(read_all([])) == []


def test_who_watches_is_told_of_each_file_in_order() -> None:
    told: list[tuple[int, str]] = []
    with watched(lambda number, name: told.append((number, name))):
        list(sandbox().read_all(named("a", "leave", "b")))
    list(sandbox().read_all(named("c")))
    assert told == [(1, "a"), (2, "leave"), (3, "b")]


def test_limits_follow_from_the_size_alone() -> None:
    assert Limits.of(0).memory == 512 * MIB
    assert Limits.of(100 * MIB).cpu > Limits.of(0).cpu
    assert Limits.of(MIB, packed=True).cpu > Limits.of(MIB).cpu
    assert Limits.of(10**12, packed=True).memory == 6 * 1024 * MIB


def test_every_refusal_says_what_to_do() -> None:
    problems: list[Problem] = []
    for answer in sandbox().read_all(named("segfault", "spin", "babble", "swallow")):
        assert isinstance(answer, Refused)
        problems += answer.problems
    assert all(problem.remedy.startswith(KEPT) for problem in problems)
