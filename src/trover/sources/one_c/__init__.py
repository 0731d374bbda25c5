"""1CClientBankExchange: statements that Russian banks export for accounting.

What is read and what is not: docs/formats/one_c.md.
"""

from __future__ import annotations

from trover.sources.custody import SourceFile
from trover.sources.reader import Reading

_MARK = b"1CClientBankExchange"


class OneCReader:
    """Text of sections and documents, in Windows-1251, CP866 or UTF-8."""

    name = "one_c"

    def sniff(self, source: SourceFile) -> bool:
        return source.data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_MARK)

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        from trover.sources.one_c.sections import sections_of
        from trover.sources.one_c.statement import StatementReader

        reader = StatementReader(source)
        reader.read(sections_of(source))
        return reader.book.reading(self.name)
