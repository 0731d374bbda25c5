"""OFX (QFX): statements of bank, card and investment accounts, versions 1.x and 2.x.

What is read and what is not: docs/formats/ofx.md.
"""

from __future__ import annotations

from trover.errors import InputErrors
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading


class OfxReader:
    """Open Financial Exchange, with closing tags or without."""

    name = "ofx"

    def sniff(self, source: SourceFile) -> bool:
        from trover.sources.ofx.markup import is_ofx

        return is_ofx(source)

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        from trover.sources.ofx.answer import refused, statements_of, without_statement
        from trover.sources.ofx.context import Context
        from trover.sources.ofx.markup import parse_ofx
        from trover.sources.ofx.statement import StatementReader

        context = Context(source)
        root = parse_ofx(source, context.remarks)
        nodes = statements_of(root, context)
        problems = refused(root, context)
        if not nodes:
            raise InputErrors([*context.found, *problems] or [without_statement(root, context)])
        StatementReader(context).read(nodes)
        context.remarks[:0] = problems
        return context.reading(self.name)
