"""How fast statements come in: read, gated, paired and ready to trace, beside plain DuckDB reading the same files.

`python -m benchmarks.intake [--rows 1.3e6] [--accounts 400] [--folder DIR]` writes a folder of statements in several
formats, brings it into a case through the commands a person uses, and prints a Markdown report.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.statements import FORMATS, folder

FOLDER = Path(".cache/benchmarks")
COMMAND = [sys.executable, "-c", "from trover.cli import main; main()"]


def _children(process: int) -> list[int]:
    found, wanted = [], [process]
    while wanted:
        one = wanted.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            wanted += map(int, task.read_text().split())
    return found


def _resident(process: int) -> int:
    """Bytes of a process and its children, shared pages counted once."""
    total = 0
    for one in _children(process):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def run(*arguments: object) -> dict[str, Any]:
    """Seconds, peak bytes of all processes together and what was printed."""
    start, peak = time.perf_counter(), 0
    environment = {**os.environ, "TROVER_AUTHOR": "benchmark"}
    child = subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env=environment)
    printed: list[str] = []
    reader = threading.Thread(target=lambda: printed.append(child.stdout.read() if child.stdout else ""))
    reader.start()
    while child.poll() is None:
        with suppress(OSError):  # a process ended while it was looked at
            peak = max(peak, _resident(child.pid))
        time.sleep(0.2)
    reader.join()
    return {
        "seconds": time.perf_counter() - start,
        "peak": peak,
        "status": child.returncode,
        "printed": printed[0],
    }


def beside(files: Path) -> float:
    """Seconds in which DuckDB, on one thread, reads every line of the files and nothing else."""
    import duckdb

    base = duckdb.connect(config={"threads": 1})
    start = time.perf_counter()
    base.execute(
        "select count(*), sum(length(line)) from read_csv(?, columns={'line': 'VARCHAR'}, delim='\\x01', quote='',"
        " escape='', header=false, strict_mode=false, max_line_size=10000000)",
        [str(files / "*")],
    ).fetchall()
    return time.perf_counter() - start


def add(case: Path, name: str, statements: Path) -> dict[str, Any]:
    mapping = ["--mapping", statements / "table.yml"] if name == "table" else []
    reason = "generated statements that print no opening balance"
    return run("add", case, statements / name, *mapping, "--unproved", reason)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, default=1.3e6)
    parser.add_argument("--accounts", type=int, default=400)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    statements = options.folder / f"statements-{int(options.rows)}-{options.accounts}"
    counted = options.folder / f"{statements.name}.json"
    if not counted.exists():
        counted.parent.mkdir(parents=True, exist_ok=True)
        counted.write_text(json.dumps(folder(statements, int(options.rows), options.accounts)))
    written = json.loads(counted.read_text())
    case = options.folder / "intake-case"
    shutil.rmtree(case, ignore_errors=True)
    run("new", case, "--name", "benchmark")
    lines = [
        f"## {sum(written.values()):,} rows of {options.accounts} accounts",
        "",
        "| format | rows | files | s | rows/s | DuckDB reads the lines, s | peak GB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in FORMATS:
        figures, floor = add(case, name, statements), beside(statements / name)
        files = sum(1 for _ in (statements / name).iterdir())
        lines.append(
            f"| {name} | {written[name]:,} | {files:,} | {figures['seconds']:.1f} "
            f"| {written[name] / figures['seconds']:,.0f} | {floor:.2f} | {figures['peak'] / 1e9:.2f} |"
        )
        print(lines[-1], flush=True)
    lines.append("")
    for arguments in (("check", case, "--json"), ("add", case, statements / "mt940"), ("check", case, "--json")):
        figures = run(*arguments)
        again = " of a folder that is there already" if arguments[0] == "add" else ""
        lines.append(
            f"`trover {arguments[0]}`{again}: {figures['seconds']:.1f} s, "
            f"{figures['peak'] / 1e9:.2f} GB, status {figures['status']}"
        )
    print("\n".join(lines))
    (options.folder / "intake.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
