"""Coverage-guided fuzzing of the readers, for whoever has atheris (pip install atheris; it is not required).

    python -m tests.fuzz.atheris_readers READER [CORPUS...] [-max_total_time=600] [-runs=100000]

READER is the name of a reader. New inputs go to the first folder of the corpus; without one it starts from the samples
of that reader. What must hold is what the ordinary tests ask (`hostile.assert_read_or_refused`); whatever breaks it is
written to a file whose name begins with `crash-`.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any


def main(words: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["trover.sources"]):
        hostile: Any = importlib.import_module("tests.fuzz.hostile")
        chosen = [sample for sample in hostile.samples() if sample.reader == words[0]]
    if not chosen:
        sys.exit(f"no reader {words[0]!r} has a sample")
    mapping = next((sample.mapping for sample in chosen if sample.mapping), None)
    options = words[1:]
    with tempfile.TemporaryDirectory() as folder:
        for sample in chosen:
            (Path(folder) / sample.name).write_bytes(sample.data)
        if not any(not option.startswith("-") for option in options):
            options.append(folder)
        atheris.Setup([words[0], *options], lambda data: hostile.assert_read_or_refused(data, mapping))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
