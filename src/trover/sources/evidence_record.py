"""Value that leaves no transfer: what one document says of it. Never a transfer, and never made into one.

Kinds and fields are explained in docs/concepts/evidence-record.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trover.sources.record import Pointer

KINDS: Mapping[str, str] = {
    "cash_seizure": "Cash found and taken by an authority.",
    "cash_declaration": "Cash declared, or found undeclared, at a border.",
    "hawala_entry": "An entry in the notebook, messages or accounts of a person who transfers value without a bank.",
    "hawala_settlement": "An entry by which two such persons square what they owe each other.",
    "voucher": "A paper or code against which money or goods are handed out.",
    "invoice": "A bill for goods or services.",
    "customs_declaration": "What was declared to customs of goods that crossed a border.",
    "bill_of_lading": "A carrier's receipt for goods taken on board.",
}
"""Every kind there is, and what it is."""
MONEY_KINDS = ("cash_seizure", "cash_declaration", "hawala_entry", "hawala_settlement", "invoice")
"""Kinds that state an amount; the others may."""
GOODS_KINDS = ("voucher", "invoice", "customs_declaration", "bill_of_lading")
"""Kinds that may state goods; a bill of lading and a customs declaration must."""
GOODS_NEEDED = ("customs_declaration", "bill_of_lading")


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """What a document says of value that moved, or is said to have moved, without a transfer.

    `amount` is in minor units of `currency`; None where the document states none. `start` and `end` are the first and
    last day, the same for one day. `document` is the SHA-256 of the file that shows it, `page` where in it. `quantity`
    is text as written. `text` is the original, in `language`; `translation` stands beside it and never in its place.
    """

    pointer: Pointer
    id: str
    kind: str
    start: date | None
    end: date | None
    document: str
    page: str
    text: str
    place: str = ""
    payer: str = ""
    payee: str = ""
    broker: str = ""
    amount: int | None = None
    currency: str = ""
    quantity: str = ""
    goods: str = ""
    translation: str = ""
    language: str = ""

    @property
    def days(self) -> str:
        """One day, or the first and the last."""
        days = dict.fromkeys(day.isoformat() for day in (self.start, self.end) if day)
        return " to ".join(days)

    @property
    def parties(self) -> str:
        named = (("from", self.payer), ("to", self.payee), ("broker", self.broker))
        return "; ".join(f"{role} {name}" for role, name in named if name)
