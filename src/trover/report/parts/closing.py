"""Parts 1, 11, 13 and 14: the cover, what speaks against the result, custody, and disclosure."""

from __future__ import annotations

from collections.abc import Sequence

from trover.report.document import Block, Cell, Column, Heading, Line, Part, Points, Table, Terms, paragraph
from trover.report.material import NOT_STATED
from trover.report.parts.answer import at, currencies, low_high, places_in, stops
from trover.report.parts.schedule import doubled
from trover.report.parts.statements import continuity, standing_caution
from trover.report.reading import Reading
from trover.report.words import when


def cover_part(reading: Reading) -> Part:
    cover = reading.material.cover
    pairs: tuple[tuple[str, Cell], ...] = (
        ("Case", cover.case or NOT_STATED),
        ("Exhibit no.", cover.exhibit_no or NOT_STATED),
        ("Date", cover.day.isoformat()),
        ("Version", cover.version or NOT_STATED),
        ("Author", cover.author or NOT_STATED),
        ("Qualification", cover.qualification or NOT_STATED),
        ("Instruction", cover.instruction or NOT_STATED),
        (
            "Fingerprint of the signing key",
            cover.key_fingerprint or "Not signed: no machine-readable bundle has been signed for this exhibit",
        ),
    )
    cautions = [paragraph(text, tone="caution") for text in cover.cautions]
    cautions = cautions or [paragraph("No caution was recorded by the author.")]
    blocks: list[Block] = [*cautions, *standing_caution(reading), Terms(pairs)]
    declared = cover.declaration or "No declaration of duty to the court was given with this exhibit."
    blocks += [Heading("Declaration"), paragraph(declared)]
    return Part(1, "Cover", tuple(blocks))


def limits_part(reading: Reading) -> Part:
    material = reading.material
    blocks: list[Block] = [Heading("Alternative explanations considered")]
    blocks.append(_points(material.considered, "No alternative explanation was recorded by the author."))
    blocks.append(Heading("Limits"))
    blocks.append(_points((*_known_limits(reading), *material.limits), ""))
    for currency in currencies(reading):
        blocks.append(unfollowed(reading, currency))
        blocks += stopped(reading, currency)
    return Part(11, "Alternatives considered, limits, trails not yet followed", tuple(blocks))


def _points(texts: Sequence[str], empty: str) -> Block:
    return Points(tuple(texts)) if texts else paragraph(empty)


def _known_limits(reading: Reading) -> tuple[str, ...]:
    """What the material itself shows, said whether or not the author says it."""
    found = [
        "Tracing identifies what stands in place of what. It does not say who is entitled, who knew, or that anything "
        "is proceeds of crime.",
        "OWN is a residual. It is not a finding that money is clean.",
        "Arithmetic and integrity can be checked with the machine-readable copy; claims, completeness and the choice "
        "of rule cannot.",
    ]
    if judged := continuity(reading):
        found.append(judged)
    elif not reading.printed:
        found.append("No running balance is printed in the sources: completeness is unproved.")
    bare = sum(1 for event in reading.events if not event.sources)
    if bare:
        found.append(f"Rows of the schedule that are bound to no source document: {bare:,}.")
    alike = doubled(reading)
    if alike:
        found.append(
            f"Rows that repeat another row's time, parties and amount: {alike:,}. They are kept; whether one is a "
            "double is a question for the source."
        )
    same = len(reading.events) - len({event.time for event in reading.events})
    if same:
        found.append(f"Rows that share the time of an earlier row: {same:,}; part 2 shows what their order changes.")
    return tuple(found)


def unfollowed(reading: Reading, currency: str) -> Table:
    """Every sink outside the ledger that something claimed reached under any rule."""
    lines = []
    for place in places_in(reading, currency, "recipient"):
        figures = [at(reading, answer, place) for answer in reading.lot_answers]
        if not any(figure.amount for figure in figures):
            continue
        paid = [e for e in reading.events if any(leg.account in place.accounts for leg in e.outputs)]
        last = when(paid[-1])
        lines.append(
            (max(f.amount for f in figures), Line((place.name, low_high(figures), last, "Trail not yet followed")))
        )
    lines.sort(key=lambda pair: -pair[0])
    return Table(
        f"unfollowed-{currency}",
        f"Trails that leave the ledger ({currency})",
        (
            Column("Recipient", "text", 5),
            Column("Traced to it, lowest and highest of all rules and orders", "money", 4),
            Column("Last payment", "date", 2),
            Column("State", "text", 3),
        ),
        tuple(line for _, line in lines),
        note="Where money went on from there has not been examined. None of these trails has been found clean or lost.",
        empty="No trail leaves the ledger.",
    )


def stopped(reading: Reading, currency: str) -> list[Block]:
    """Outputs and addresses of chains that something claimed reached under any rule, and what is known of them."""
    lines = []
    for place in stops(reading, currency):
        figures = [at(reading, answer, place) for answer in reading.lot_answers]
        lines.append(Line((place.name, low_high(figures), reading.material.stops[place.key])))
    table = Table(
        f"stops-{currency}",
        f"Where the data of this case stop ({currency})",
        (
            Column("Output or address", "text", 5),
            Column("Left in it, lowest and highest of all rules and orders", "money", 4),
            Column("What is known of it", "text", 5),
        ),
        tuple(lines),
        note="What has been spent since can be found by adding the transactions that spend it.",
    )
    return [table] if lines else []


def custody_part(reading: Reading) -> Part:
    entries = tuple(
        Line(
            (
                entry.time,
                entry.item,
                entry.action,
                ", ".join(t for t in (entry.actor, entry.organisation, entry.place) if t),
                entry.tool or NOT_STATED,
                entry.input_hash or "none",
                entry.output_hash or "none",
                entry.previous or "none",
            )
        )
        for entry in reading.material.custody
    )
    log = Table(
        "custody",
        "Custody log",
        (
            Column("Time (UTC)", "text", 3),
            Column("Item", "text", 3),
            Column("Action", "text", 2),
            Column("By", "text", 3),
            Column("Tool", "text", 2),
            Column("Hash in", "hash", 4),
            Column("Hash out", "hash", 4),
            Column("Previous record", "hash", 4),
        ),
        entries,
        empty="No custody log was recorded.",
    )
    hashes = [Line((f"{d.id} {d.name}".strip(), d.sha256)) for d in reading.documents.values()]
    if reading.material.software.ledger_hash:
        hashes.append(Line(("Ledger", reading.material.software.ledger_hash)))
    manifest = Table(
        "manifest",
        "Hash manifest (SHA-256)",
        (Column("Item", "text", 4), Column("SHA-256", "hash", 6)),
        tuple(hashes),
        note=(
            "The machine-readable copy of this exhibit is a bundle of JSON and CSV with its own manifest and "
            "signature; it carries a program that checks both and works every step again."
        ),
        empty="No document and no ledger hash was recorded.",
    )
    return Part(13, "Custody log and hash manifest", (log, manifest))


def disclosure_part(reading: Reading) -> Part:
    empty = "No material was listed as not used or as undermining the result; that none exists has not been stated."
    return Part(14, "Disclosure list", (_points(tuple(reading.material.disclosure), empty),))
