"""`trover evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trover.cli.options import as_json, case_folder
from trover.errors import printable

if TYPE_CHECKING:
    from trover.case.evidence import Held


@click.group(name="evidence")
def command() -> None:
    """List evidence records: value that left no transfer.

    Cash seized, entries of a notebook, invoices, bills of lading. Files of them are taken by trover add; the format is
    in docs/concepts/evidence-record.md. None is a transfer, and none moves an amount.

    \b
    Example:
      trover evidence list case
    """


@command.command(name="list")
@case_folder
@as_json
def list_records(folder: Path, as_json: bool) -> None:
    """List the evidence records of the case in DIR, and which findings cite them.

    \b
    Example:
      trover evidence list case --json
    """
    from trover.case.case import Case
    from trover.case.evidence import evidence_of
    from trover.cli.show import console, print_json, table

    held = evidence_of(Case.open(folder))
    if as_json:
        print_json([_plain(each) for each in held])
        return
    shown = table("Id", "Kind", "When, where", "Parties", "Value", "Document", "Cited by")
    for each in held:
        record = each.record
        document = each.document or f"{record.document[:12]} (not in the case)"
        when = ", ".join(filter(None, (record.days, record.place)))
        row = (record.id, record.kind, when, record.parties, each.value, f"{document}, page {record.page}")
        shown.add_row(*map(printable, row), ", ".join(each.findings) or "-")
    console().print(shown if held else "The case has no evidence record.")


def _plain(each: Held) -> dict[str, Any]:
    from dataclasses import asdict

    record = each.record
    plain = asdict(record) | {"source": record.pointer.sha256, "row": record.pointer.row}
    plain |= {"start": str(record.start), "end": str(record.end), "findings": list(each.findings)}
    del plain["pointer"]
    plain["from"], plain["to"] = plain.pop("payer"), plain.pop("payee")
    return plain | {"document_in_case": bool(each.document)}
