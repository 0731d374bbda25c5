"""Parts 3 and 4: the documents, and the parties, accounts and assets."""

from __future__ import annotations

from collections import defaultdict

from trover.ledger.event import FEE, party_id
from trover.report.document import Amount, Cell, Column, Line, Part, RowRefs, Table
from trover.report.material import NOT_STATED
from trover.report.parts.cited_records import cited_records
from trover.report.reading import OPENING, Reading


def sources_part(reading: Reading) -> Part:
    used: defaultdict[str, list[str]] = defaultdict(list)
    for event in reading.events:
        for source in event.sources:
            used[source.sha256].append(event.id)
    lines = []
    for document in reading.documents.values():
        rows = used.get(document.sha256, [])
        lines.append(
            Line(
                (
                    document.id,
                    document.name or "A document that the rows name; it is not described in the case",
                    document.description or NOT_STATED,
                    document.provider or NOT_STATED,
                    " ".join(t for t in (document.obtained_under, document.obtained_on) if t) or NOT_STATED,
                    document.period or NOT_STATED,
                    document.pages or NOT_STATED,
                    document.gaps or "None recorded",
                    f"{len(rows):,}",
                    document.sha256,
                ),
                anchor=f"document-{document.id}",
            )
        )
    unsourced = [event.id for event in reading.events if not event.sources]
    note = "Rows without a document: none." if not unsourced else ""
    table = Table(
        "sources",
        "Documents from which the schedule of transactions was made",
        (
            Column("Id", "text", 1),
            Column("Document", "text", 3),
            Column("Description", "text", 3),
            Column("Provider", "text", 2),
            Column("Obtained under, on", "text", 2),
            Column("Period", "text", 2),
            Column("Pages", "text", 1),
            Column("Gaps", "text", 2),
            Column("Rows used", "number", 1),
            Column("SHA-256", "hash", 4),
        ),
        tuple(lines),
        note=note,
        empty="No document was recorded: the rows of this exhibit are bound to no source file.",
    )
    blocks: list[Table] = [table]
    if unsourced:
        lines = [Line((RowRefs(tuple(unsourced)),))]
        blocks.append(Table("unsourced", "Rows bound to no document", (Column("Rows", "rows"),), tuple(lines)))
    if reading.material.records:
        blocks.append(cited_records(reading))
    return Part(3, "Sources schedule", tuple(blocks))


def parties_part(reading: Reading) -> Part:
    return Part(4, "Parties, accounts and assets", (_accounts(reading), _counterparties(reading)))


def _accounts(reading: Reading) -> Table:
    evidence = defaultdict(list)
    for owned in reading.material.owners:
        evidence[owned.account].append(f"{owned.party}: {owned.evidence}")
    lines = []
    for account in reading.inside:
        opening: Cell = "0"
        cites: tuple[str, ...] = ()
        if account.opening:
            cites = (f"{OPENING}{account.id}",)
            opening = Amount(account.opening, account.currency)
        lines.append(
            Line(
                (
                    f"{account.id}, address {account.address}" if account.address else account.id,
                    account.holder or NOT_STATED,
                    account.kind.value,
                    account.currency,
                    opening,
                    reading.material.openings.get(account.id, NOT_STATED),
                    "; ".join(evidence[account.id]) or "No evidence of ownership or control was recorded",
                ),
                cites=cites,
            )
        )
    columns = (
        Column("Account or asset", "text", 4),
        Column("Holder", "text", 3),
        Column("Kind", "text", 1),
        Column("Currency", "text", 1),
        Column("Opening balance", "money", 2),
        Column("Opening stated by", "text", 3),
        Column("Evidence of ownership or control", "text", 4),
    )
    return Table("accounts", "Accounts and assets inside the ledger", columns, tuple(lines), empty="There is none.")


def _counterparties(reading: Reading) -> Table:
    ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
    rows: defaultdict[str, dict[str, None]] = defaultdict(dict)
    sides: defaultdict[str, set[str]] = defaultdict(set)
    for event in reading.events:
        for side, legs in (("pays in", event.inputs), ("is paid", event.outputs)):
            for leg in legs:
                account = reading.accounts[leg.account]
                if account.is_external and not leg.account.startswith(FEE):
                    name = reading.name(leg.account)
                    ids[name][party_id(leg.account).removeprefix("EXT:")] = None
                    rows[name][event.id] = None
                    sides[name].add(side)
    lines = []
    for name in sorted(ids):
        numbers = [number for number in ids[name] if number != name]
        lines.append(
            Line(
                (
                    name,
                    ", ".join(numbers) or NOT_STATED,
                    " and ".join(sorted(sides[name], reverse=True)),
                    RowRefs(tuple(rows[name])),
                )
            )
        )
    return Table(
        "counterparties",
        "Counterparties outside the ledger",
        (Column("Name", "text", 4), Column("Account", "text", 4), Column("Role", "text", 2), Column("Rows", "rows", 5)),
        tuple(lines),
        note="Names are those of the source; nothing here says who stands behind them or that they knew of anything.",
        empty="There is none.",
    )
