"""One small interface for every format: look at the content, then read it whole into records."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from trover.errors import InputErrors, NulByte, Place, Problem, Truncated, UnknownFormat
from trover.sources.attribution.label import Actor, Concept, Label
from trover.sources.custody import SourceFile
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import Mention
from trover.sources.evidence_record import EvidenceRecord
from trover.sources.mapping import Mapping
from trover.sources.record import AddressTotals, BrokenRow, ClaimRecord, Flags, RateRecord, Record, Unbooked


@dataclass(frozen=True)
class Reading:
    """What one file says. `problems` holds everything wrong with it; `broken` the ids of rows left out.

    Pass both to `build_ledger`, which raises them together with what only the ledger can see.
    """

    source: SourceFile
    format: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = frozenset()
    claims: tuple[ClaimRecord, ...] = ()
    headers: Dict[str, str] = field(default_factory=dict)
    """Our name of a column -> the header's, where a mapping says so."""
    flags: Flags = field(default_factory=Flags)
    unbooked: tuple[Unbooked, ...] = ()
    """Rows that are printed and moved nothing (pending, for information, zero), so that none is dropped in silence."""

    broken_rows: tuple[BrokenRow, ...] = ()
    """Rows that could not be read, each on a known account: they fail their statement, not the file."""

    remarks: tuple[Problem, ...] = ()
    """What does not agree inside the file and does not keep it from being read, for a person to look at."""

    evidence: tuple[EvidenceRecord, ...] = ()
    """Records of value that left no transfer; none of them is a row of the ledger."""

    mentions: tuple[Mention, ...] = ()
    """What a page or a text names, each with its place; what is asserted moves nothing."""

    stated: Dict[str, str] = field(default_factory=dict)
    """What a file of a chain states that other files need: `block N` -> its time, `receipt HASH` -> status, gas used
    and price, `outcome HASH` -> 1 or 0, `price HASH`, `decimals CONTRACT`, `thing ID` for a transfer of no amount."""
    totals: tuple[AddressTotals, ...] = ()
    """What an explorer counts of addresses; none of it is a row of the ledger."""

    listings: tuple[Listing, ...] = ()
    """What a market offered."""

    labels: tuple[Label, ...] = ()
    """What somebody says of addresses."""

    actors: tuple[Actor, ...] = ()
    concepts: tuple[Concept, ...] = ()
    rates: tuple[RateRecord, ...] = ()
    """What one currency came to in another, by day."""

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 -> name, so that later checks can name the file of a record."""
        return {self.source.sha256: self.source.name}

    @property
    def columns(self) -> dict[str, Dict[str, str]]:
        """SHA-256 -> our name of a column -> the header's, for the same purpose."""
        return {self.source.sha256: self.headers}


class Reader(Protocol):
    """A format. `sniff` looks at content, never at the name; `read` raises `InputErrors` if nothing can be read."""

    @property
    def name(self) -> str: ...

    def sniff(self, source: SourceFile) -> bool: ...

    def read(self, source: SourceFile, mapping: Mapping | None) -> Reading: ...


def readers() -> tuple[Reader, ...]:
    """Every reader, the most particular first. A new format adds itself here."""
    from trover.sources.attribution.tagpack import ActorPackReader, TagPackReader
    from trover.sources.attribution.taxonomy import TaxonomyReader
    from trover.sources.bai2 import Bai2Reader
    from trover.sources.case_json import CaseReader
    from trover.sources.cfonb120 import Cfonb120Reader
    from trover.sources.chain.blocks import BlocksReader
    from trover.sources.chain.core_json import CoreReader
    from trover.sources.chain.esplora import EsploraReader
    from trover.sources.chain.ethereum import EtlReader, ExplorerReader, FlowsReader
    from trover.sources.chain.tables import TablesReader
    from trover.sources.chain.totals import TotalsReader
    from trover.sources.csv_reader import CsvReader
    from trover.sources.darkweb.listings import ListingsReader
    from trover.sources.darkweb.page import PageReader
    from trover.sources.evidence import EvidenceReader
    from trover.sources.fedwire import FedwireReader
    from trover.sources.ftm import FtmReader
    from trover.sources.goaml import GoamlReader
    from trover.sources.iso20022 import Iso20022Reader
    from trover.sources.keying_joined import KeyedReader
    from trover.sources.mt import MtReader
    from trover.sources.ofx import OfxReader
    from trover.sources.one_c import OneCReader
    from trover.sources.pdf import PdfReader
    from trover.sources.rates import RatesReader
    from trover.sources.xlsx_reader import XlsxReader

    return (
        FedwireReader(),
        MtReader(),
        KeyedReader(),
        EvidenceReader(),
        FtmReader(),
        BlocksReader(),
        EsploraReader(),
        CoreReader(),
        TablesReader(),
        EtlReader(),
        ExplorerReader(),
        FlowsReader(),
        TotalsReader(),
        CaseReader(),
        OfxReader(),
        Iso20022Reader(),
        GoamlReader(),
        Cfonb120Reader(),
        Bai2Reader(),
        OneCReader(),
        PdfReader(),
        XlsxReader(),
        PageReader(),
        TagPackReader(),
        ActorPackReader(),
        TaxonomyReader(),
        ListingsReader(),
        RatesReader(),
        CsvReader(),
    )


def read_records(source: SourceFile, mapping: Mapping | None = None) -> Reading:
    """Read `source` in the first format that recognises it. Raises `InputErrors`."""
    if mapping is None and not source.data.strip():
        raise InputErrors([Truncated("", Place(source.name), says="the file is empty")])
    if source.data and not source.data.strip(b"\x00"):
        says = f"is all the file holds, {source.size} times"
        raise InputErrors([NulByte("\\x00", Place(source.name), says=says, remedy=_ZEROS)])
    for reader in readers():
        if reader.sniff(source):
            with _without_collecting():
                return reader.read(source, mapping)
    raise InputErrors([UnknownFormat(source.media, Place(source.name))])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows are made by the hundred thousand and none is garbage: looking for garbage takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_ZEROS = "Nothing can be read from it: the copy failed or the file was wiped. Obtain it again and compare the hash."
