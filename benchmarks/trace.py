"""How fast every rule traces, beside what no tracing can beat and what a scan of the same columns costs.

`python -m benchmarks.trace [--events 1e6 1e7 5e7] [--theft 0.1 0.95] [--rules fifo libr ...] [--runs 3] [--folder DIR]`
writes a Markdown and a JSON report into the folder and prints the former. Every job runs alone in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.ledger import parquet
from trover.trace.rules import LotRule, all_rules

RULES = [rule.id for rule in all_rules().values() if isinstance(rule, LotRule)]
BESIDE = ("floor", "scan", "reach")
FOLDER = Path(".cache/benchmarks")


def measured(job: str, path: Path, events: int, runs: int, theft: float) -> dict[str, Any]:
    """The figures of one job; `process` is the time from start to end with `runs` further traces."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.one", job, str(path), str(events), str(runs), str(theft)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, Any] = json.loads(printed.splitlines()[-1])
    figures["process"] = time.perf_counter() - start
    return figures


def table(events: int, theft: float, figures: dict[str, dict[str, Any]]) -> str:
    floor, scan = figures["floor"]["seconds"], figures["scan"]["seconds"]
    lines = [
        f"## {events:,} transfers, one theft after {theft:.0%} of them",
        "",
        f"Money of the theft can have come to {figures['reach']['reached']:.0%} of the transfers.",
        f"Two-touch floor {floor:.3f} s ({events / floor / 1e6:.0f} M/s); DuckDB scans the columns in {scan:.3f} s.",
        "",
        "| rule | s (median) | M transfers/s | of the floor | of the scan | whole process, warm, s | peak GB |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in (name for name in figures if name not in BESIDE):
        row = figures[rule]
        seconds = row["seconds"]
        lines.append(
            f"| {rule} | {seconds:.3f} | {events / seconds / 1e6:.1f} | {floor / seconds:.3f} | {scan / seconds:.2f} "
            f"| {row['whole']['process']:.1f} | {row['peak'] / 1e9:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", nargs="+", type=float, default=[1e6, 1e7, 5e7])
    parser.add_argument("--theft", nargs="+", type=float, default=[0.1, 0.95])
    parser.add_argument("--rules", nargs="+", choices=RULES, default=RULES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    report: dict[str, dict[str, Any]] = {}
    pages = []
    for events, theft in product(map(int, options.events), options.theft):
        path = parquet(options.folder, events, theft)
        figures = {job: measured(job, path, events, options.runs, theft) for job in (*BESIDE, *options.rules)}
        for rule in options.rules:
            figures[rule]["whole"] = measured(rule, path, events, 0, theft)
        report[f"{events} {theft}"] = figures
        pages.append(table(events, theft, figures))
        print(pages[-1], flush=True)
    (options.folder / "trace.json").write_text(json.dumps(report, indent=1) + "\n")
    (options.folder / "trace.md").write_text("\n\n".join(pages) + "\n")


if __name__ == "__main__":
    main()
