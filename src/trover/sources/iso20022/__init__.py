"""ISO 20022: account statements, reports and notifications, and instructed payments, in every version.

What is read and what is not: docs/formats/iso20022.md.
"""

from __future__ import annotations

import re

from trover.errors import InputErrors, MessageNotRead
from trover.sources.custody import SourceFile
from trover.sources.reader import Reading
from trover.sources.xml_safe import Element, head_of

_NAMED = re.compile(
    r"urn:iso:std:iso:20022|(?:acmt|admi|auth|camt|head|pacs|pain|reda|remt)\.\d{3}\.\d{3}\.\d{2}"
    r"|<(?:\w+:)?(?:Document|BkToCstmr\w*|FIToFI\w*|FICdtTrf|PmtRtr|Cstmr\w*Initn)[\s>/]"
)
_ROWS = ("Ntry", "CdtTrfTxInf", "DrctDbtTxInf", "TxInf")
_STATEMENTS = re.compile(r"BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)(?:V\d\d)?")


class Iso20022Reader:
    """Messages of ISO 20022 in XML, with or without a namespace or an envelope."""

    name = "iso20022"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_NAMED.search(head_of(source)))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        from trover.sources.iso20022.element import Context
        from trover.sources.iso20022.instruction import MESSAGES, InstructionReader
        from trover.sources.iso20022.statement import StatementReader
        from trover.sources.xml_safe import parse_xml

        root = parse_xml(source)
        context = Context(source)
        context.prepare(root, _ROWS)
        message = _message(root)
        if message.tag in MESSAGES:
            reader: InstructionReader | StatementReader = InstructionReader(context)
        elif _STATEMENTS.fullmatch(message.tag):
            reader = StatementReader(context)
        else:
            says = "holds no message" if message.tag == "Document" else ""
            raise InputErrors([MessageNotRead(message.tag, context.place(message), says=says)])
        reader.read(message)
        context.report_too_long(*list(context.too_long))
        return context.reading(self.name)


def _message(root: Element) -> Element:
    """The message inside `Document`, wherever an envelope puts it; a message without one is its own root."""
    document = root if root.tag == "Document" else root.find(".//Document")
    if document is None:
        return root
    return document[0] if len(document) else document
