"""The text layer of statements in PDF, read as a table under a mapping.

What is read and what is not: docs/formats/pdf.md.
"""

from __future__ import annotations

from trover.errors import InputErrors, MappingMissing, Place
from trover.sources.custody import SourceFile
from trover.sources.mapping import PDF, Mapping
from trover.sources.reader import Reading


class PdfReader:
    """PDF with a text layer, described by a mapping of the format pdf."""

    name = "pdf"

    def sniff(self, source: SourceFile) -> bool:
        return b"%PDF-" in source.data[:1024]

    def read(self, source: SourceFile, mapping: Mapping | None) -> Reading:
        from trover.sources.pdf.table import read_pdf

        if mapping is None or mapping.format != PDF:
            says = "a PDF needs a mapping of the format pdf, which says what its columns mean"
            raise InputErrors([MappingMissing("", Place(source.name), says=says)])
        return read_pdf(source, mapping)
