"""What a case has and what is missing, as one self-contained page and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trover.case.admission import Judged, Place
from trover.case.completeness import AccountReport, Completeness, Cover, FileReport, OpenGap
from trover.errors import plural
from trover.ledger.money import money
from trover.report.calendar_svg import PATTERNS, WORDS, calendar_svg, swatch
from trover.report.html import policy, resource
from trover.report.words import visible

Decimals = Callable[[str], int]
_TALLY = {
    Cover.PROVED: "proved",
    Cover.UNPROVED: "in the ledger, unproved",
    Cover.FAILED: "in the ledger, failed",
    Cover.HELD: "held",
    Cover.QUARANTINED: "quarantined",
    Cover.QUIET: "without a statement, balances agree",
    Cover.MISSING: "missing",
}


def page(report: Completeness, decimals: Decimals, made: str) -> bytes:
    """The page as UTF-8: no network, no script, every text of a source escaped. `made`: when, for people."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def amount(minor: int | None, currency: str) -> str:
        return "" if minor is None else money(minor, decimals(currency) if currency else 2)

    environment = Environment(
        loader=PackageLoader("trover.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style = resource("exhibit.css") + resource("check.css")
    text = environment.get_template("check.html.j2").render(
        report=report,
        made=made,
        verdict=verdict(report),
        covers=[(swatch(cover), WORDS[cover]) for cover in Cover],
        calendar=calendar_svg,
        patterns=PATTERNS,
        Place=Place,
        tally=tally,
        amount=amount,
        plural=plural,
        visible=visible,
        style=style,
        policy=policy(style),
    )
    return text.encode()


def tally(account: AccountReport) -> list[str]:
    """How many days are known in which way."""
    found = [(account.covered(cover), words) for cover, words in _TALLY.items()]
    return [f"{plural(count, 'day')} {words}" for count, words in found if count]


def verdict(report: Completeness) -> list[str]:
    """The answer in a few sentences: whether all that is traced is proved, and what is not."""
    if not report.files:
        return ["The case has no evidence yet."]
    said = ["All that is traced is proved, and no gap is open."] if report.is_proved else []
    if report.resting:
        said.append(f"In the ledger although nothing proves it, let in by a person: {_counted(report.resting)}.")
    if report.open_gaps:
        said.append(f"Tracing stops at {plural(len(report.open_gaps), 'gap')} between statements.")
    if report.waiting:
        said.append(f"Outside the ledger, waiting for proof or for a person: {_counted(report.waiting)}.")
    refused = [file for file in report.files if file.is_refused]
    if refused:
        said.append(f"Refused, because it could not be read: {plural(len(refused), 'file')}.")
    return said


def _counted(statements: Sequence[Judged]) -> str:
    rows = sum(each.statement.rows for each in statements)
    return f"{plural(len(statements), 'statement')}, {plural(rows, 'row')}"


def plain(report: Completeness) -> dict[str, Any]:
    """The report in the values JSON has: amounts in minor units, days as 2020-01-31."""
    return {
        "case": report.case,
        "proved": report.is_proved,
        "says": verdict(report),
        "files": [_file(file) for file in report.files],
        "accounts": [_account(account) for account in report.accounts],
        "notes": [note.plain() for note in report.notes],
    }


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "name": file.name,
        "sha256": file.sha256,
        "format": file.format,
        "refused": file.is_refused,
        "rows": file.rows,
        "unbooked": file.unbooked,
        "unreadable": file.unreadable,
        "sums": [
            {
                "place": str(s.place),
                "standing": str(s.standing),
                "currency": s.currency,
                "statements": s.statements,
                "rows": s.rows,
                "credits": s.credits,
                "debits": s.debits,
            }
            for s in file.sums
        ],
        "statements": [each.plain() for each in file.statements],
        "problems": list(file.problems),
    }


def _account(account: AccountReport) -> dict[str, Any]:
    return {
        "id": account.id,
        "holder": account.holder,
        "currency": account.currency,
        "statements": [[each.source.sha256, each.statement.id] for each in account.statements],
        "days": [
            {"start": day.start.isoformat(), "end": day.end.isoformat(), "cover": str(day.cover)}
            for day in account.days
        ],
        "gaps": [_gap(gap) for gap in account.gaps],
    }


def _gap(gap: OpenGap) -> dict[str, Any]:
    found = gap.gap
    return {
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "why": str(found.why),
        "before": found.before,
        "after": found.after,
        "open": gap.is_open,
        "bridged_by": gap.bridged.id if gap.bridged else "",
    }
