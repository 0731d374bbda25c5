"""How fast a large file of each format is read, in the sandbox, and how much memory that takes.

    python -m benchmarks.read [ROWS] [FORMAT...]

Beside it DuckDB reads the same file: CSV as typed columns, any other format as lines of text, which is the least that
reading it takes. `reader` is the process that reads: its processor time, its largest memory, and that as a multiple of
the file. `case` is what the process that keeps the case takes to check and take over what was read, and the largest
it has been so far.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.large_files import CSV_MAPPING, FORMATS, made
from trover.sources.custody import SourceFile, source_of
from trover.sources.reader import Reading
from trover.sources.record import EventRecord
from trover.sources.sandbox import Sandbox

MIB = 1024 * 1024


def beside(source: SourceFile, threads: int = 1) -> float:
    """Seconds that DuckDB takes for the same bytes."""
    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(source.data)
        file.flush()
        how = "" if source.name == "csv" else ", header=false, columns={'line': 'VARCHAR'}, delim='\\x01', quote=''"
        how += ", encoding='latin-1'" if source.name in ("ofx", "cfonb120", "one_c") else ""
        with duckdb.connect(config={"threads": threads}) as connection:
            start = time.perf_counter()
            connection.execute(f"create table t as select * from read_csv('{Path(file.name)}'{how})")
            return time.perf_counter() - start


def measure(name: str, rows: int) -> str:
    source = source_of(name, made(name, rows))
    sandbox = Sandbox(workers=1)
    start, cpu = time.perf_counter(), time.process_time()
    (answer,) = sandbox.read_all([(source, CSV_MAPPING if name == "csv" else None)])
    took, here = time.perf_counter() - start, time.process_time() - cpu
    if not isinstance(answer, Reading):
        return f"{name:10} refused: {answer.problems[0]}"
    events = sum(isinstance(record, EventRecord) for record in answer.records)
    assert (events, answer.problems, answer.broken_rows) == (rows, (), ()), (events, answer.problems[:2])
    (spent,) = sandbox.spent
    peer = beside(source)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return (
        f"{name:10} {source.size / MIB:6.0f} MiB {took:7.1f} s {rows / took:9,.0f} rows/s   "
        f"reader {spent.cpu / rows * 1e6:6.1f} us/row, {spent.memory / MIB:6.0f} MiB, "
        f"{spent.memory / source.size:4.1f} x   "
        f"case {here / rows * 1e6:5.1f} us/row, so far {held / MIB:6.0f} MiB   DuckDB {peer:5.1f} s"
    )


def main(words: list[str]) -> None:
    rows = int(words[0]) if words else 100_000
    print(f"{rows:,} rows in each file, one reader at a time")
    for name in words[1:] or FORMATS:
        print(measure(name, rows), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
