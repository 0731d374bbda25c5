"""What an exhibit is made from: the ledger, the findings of people, the answers of the rules, the evidence's papers.

Everything a person decides or signs is given here; nothing has a default that is a legal choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from trover.ledger.ledger import Ledger
from trover.trace.claim import Assumptions
from trover.trace.compare import Answer
from trover.trace.variant import Variant

NOT_STATED = "Not stated"


@dataclass(frozen=True)
class Cover:
    """The front page. `key_fingerprint` is that of the key that signs the machine-readable bundle.

    `cautions` are printed on the first screen, before any figure. `day` is the date of the exhibit and
    the only date that goes into the files' properties.
    """

    title: str
    case: str
    day: date
    question: str = ""
    author: str = ""
    qualification: str = ""
    instruction: str = ""
    version: str = ""
    exhibit_no: str = ""
    declaration: str = ""
    key_fingerprint: str = ""
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One document of the sources schedule. `sha256` is the hash by which ledger rows name it."""

    id: str
    sha256: str
    name: str
    description: str = ""
    provider: str = ""
    obtained_under: str = ""
    obtained_on: str = ""
    period: str = ""
    pages: str = ""
    gaps: str = ""


@dataclass(frozen=True)
class PersonFinding:
    """What a person found, as the case records it. `row` is the event it is about, if any."""

    id: str
    kind: str
    what: str
    author: str = ""
    day: str = ""
    reason: str = ""
    evidence: str = ""
    row: str = ""


@dataclass(frozen=True)
class CitedRecord:
    """An evidence record that a finding cites: what a document says of value that left no transfer.

    `value` is text as the document states it: no figure of the exhibit comes of it. `translation` stands beside `text`.
    """

    id: str
    kind: str
    days: str
    place: str
    parties: str
    value: str
    document: str
    text: str
    translation: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class CustodyEntry:
    """One record of the chain of custody."""

    item: str
    action: str
    actor: str
    time: str
    organisation: str = ""
    place: str = ""
    tool: str = ""
    input_hash: str = ""
    output_hash: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Ownership:
    """Evidence that a party owns or controls an account or asset."""

    account: str
    party: str
    evidence: str


@dataclass(frozen=True)
class PrintedBalance:
    """A running balance as the source prints it, minor units of `account`."""

    account: str
    amount: int


@dataclass(frozen=True)
class OpenSide:
    """A row that may be one side of a payment between two accounts, and what is open about the other side."""

    row: str
    account: str
    says: str


@dataclass(frozen=True)
class AdmittedStatement:
    """A statement of the ledger. `standing`: proved, unproved or failed; `found`: why, in the gate's words.

    `author`, `day` and `why` are of the finding that let it in; empty where it is proved.
    """

    id: str
    sha256: str
    account: str
    days: str
    rows: int
    standing: str
    found: str
    author: str = ""
    day: str = ""
    why: str = ""


@dataclass(frozen=True)
class Software:
    """What made the exhibit and from what: enough to make it again."""

    version: str
    ledger_hash: str = ""
    commit: str = ""
    engine: str = ""


@dataclass(frozen=True)
class Display:
    """How amounts are shown to people: decimals by currency, at most those of its minor unit.

    `places` are the decimals of minor units where they differ from ISO 4217 (old pence, tokens). Figures
    keep their minor units whatever is shown.
    """

    shown: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Material:
    """All that `assemble` reads.

    answers: those of `trover.trace.compare.run` with `steps=True`. order: the order of same-time rows in
    which schedule and step tables are printed (as booked, credits first or debits first); the others are
    compared with it. without: answers computed again with one finding left out, by its description.
    statements: those whose rows are in the ledger.
    printed: running balances by event id, beside those the ledger has. openings: where an opening balance is
    stated. stops: accounts at which the data stop, and what is known of what lies there. considered, limits,
    disclosure: paragraphs of parts 11 and 14.
    """

    ledger: Ledger
    assumptions: Assumptions
    answers: Sequence[Answer]
    cover: Cover
    order: Variant
    order_reason: str
    documents: Sequence[Document] = ()
    statements: Sequence[AdmittedStatement] = ()
    findings: Sequence[PersonFinding] = ()
    records: Sequence[CitedRecord] = ()
    custody: Sequence[CustodyEntry] = ()
    owners: Sequence[Ownership] = ()
    open_sides: Sequence[OpenSide] | None = None
    """None where the other sides of payments were not looked for."""
    printed: Mapping[str, PrintedBalance] = field(default_factory=dict)
    openings: Mapping[str, str] = field(default_factory=dict)
    stops: Mapping[str, str] = field(default_factory=dict)
    without: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    software: Software = field(default_factory=lambda: Software(""))
    display: Display = field(default_factory=Display)
    considered: Sequence[str] = ()
    limits: Sequence[str] = ()
    disclosure: Sequence[str] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
