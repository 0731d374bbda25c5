"""MT messages of SWIFT: statements (MT940, MT942, MT950), payments (MT103, MT202) and advices (MT900, MT910).

What is read and what is not: docs/formats/mt940.md and mt103.md.
"""

from __future__ import annotations

import re

from trover.sources.custody import SourceFile
from trover.sources.reader import Reading

_START = re.compile(
    r"(?:\A|\n)[\x01\s$]*(?:\{1:[FAL]\d\d|:(?:20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|86|90[CD]|940|942):)"
)
_HEAD = 4096


class MtReader:
    """MT messages, one or several in a file, with or without their envelopes."""

    name = "mt"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_START.search(source.data[:_HEAD].decode("latin-1").replace("\r", "\n")))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        from trover.sources.mt.read import read_messages

        return read_messages(source, self.name)
