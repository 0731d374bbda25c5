"""The calendar of an account as one picture: a bar for each year, a piece for each stretch of days.

What is known of a day shows in colour, in height and in pattern, so that it can be read without colours.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from trover.case.completeness import AccountReport, Cover, OpenGap, Stretch
from trover.report.words import visible

LEFT, TOP, ROW, BAR, WIDTH = 48, 20, 30, 18, 732
"""Sizes in units of the picture: two to a day."""
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WORDS = {
    Cover.PROVED: "proved by the balances it prints",
    Cover.UNPROVED: "in the ledger, proved by nothing",
    Cover.FAILED: "in the ledger, contradicted by a balance",
    Cover.HELD: "held: nothing proves it",
    Cover.QUARANTINED: "quarantined: a balance contradicts it",
    Cover.QUIET: "no statement; the balances on both sides agree",
    Cover.MISSING: "missing",
}
_HEIGHT = {Cover.HELD: 10, Cover.QUARANTINED: 10, Cover.QUIET: 3}
"""What is in no ledger is low; what is missing is an empty frame."""
PATTERNS = """\
<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="base"/>\
<circle cx="3" cy="3" r="1.4" class="over"/></pattern>
<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect width="6" height="6" class="base"/><rect width="2.5" height="6" class="over"/></pattern>
</defs></svg>"""


def calendar_svg(account: AccountReport) -> str:
    """The picture, with a description in words; empty where no day of the account is known."""
    if not account.days:
        return ""
    years = range(account.days[0].start.year, account.days[-1].end.year + 1)
    height = TOP + ROW * len(years) + 4
    name = visible(f"Days of {account.id}")
    parts = [
        f'<svg class="calendar" viewBox="0 0 {LEFT + WIDTH + 4} {height}" role="img" aria-label="{escape(name)}">',
        f"<desc>{escape(in_words(account.days))}</desc>",
        *_months(len(years)),
    ]
    for row, year in enumerate(years):
        parts.append(f'<text class="year" x="{LEFT - 8}" y="{TOP + ROW * row + BAR - 4}">{year}</text>')
        parts.append(f'<rect class="ground" x="{LEFT}" y="{TOP + ROW * row}" width="{_x(year, 12, 31, 1) - LEFT}"')
        parts[-1] += f' height="{BAR}"/>'
        parts += [_piece(piece, row) for piece in _in_year(account.days, year)]
        parts += [_tick(day, row) for day in _starts(account) if day.year == year]
        parts += [_flag(gap, row) for gap in account.gaps if gap.gap.start.year == year and gap.gap.stops]
    return "".join([*parts, "</svg>"])


def swatch(cover: Cover) -> str:
    """A sample for the legend."""
    height = _HEIGHT.get(cover, BAR)
    y = BAR - height
    return (
        f'<svg class="swatch" viewBox="0 0 26 {BAR}" aria-hidden="true">'
        f'<rect class="{_class(cover)}" x="1" y="{y + 0.5}" width="24" height="{height - 1}"/></svg>'
    )


def in_words(days: Sequence[Stretch]) -> str:
    """The same for those who do not see the picture."""
    return "; ".join(f"{_span(stretch.start, stretch.end)}: {WORDS[stretch.cover]}" for stretch in days)


def _months(rows: int) -> Iterator[str]:
    for month, name in enumerate(MONTHS, 1):
        x = _x(2021, month, 1)
        yield f'<text class="month" x="{x + 2}" y="{TOP - 7}">{name}</text>'
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 3}" y2="{TOP + ROW * rows - ROW + BAR + 3}"/>'


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a stretch that is in one year: where it begins and ends, and what it is part of."""

    x: int
    end: int
    stretch: Stretch


def _in_year(days: Iterable[Stretch], year: int) -> Iterator[_Piece]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    for stretch in days:
        start, end = max(stretch.start, first), min(stretch.end, last)
        if start <= end:
            yield _Piece(_x(year, start.month, start.day), _x(year, end.month, end.day, 1), stretch)


def _piece(piece: _Piece, row: int) -> str:
    cover = piece.stretch.cover
    height = _HEIGHT.get(cover, BAR)
    y = TOP + ROW * row + BAR - height
    said = f"{_span(piece.stretch.start, piece.stretch.end)}: {WORDS[cover]}"
    return (
        f'<rect class="{_class(cover)}" x="{piece.x}" y="{y}" width="{piece.end - piece.x}" height="{height}">'
        f"<title>{escape(said)}</title></rect>"
    )


def _tick(day: date, row: int) -> str:
    """Where a statement begins."""
    x, y = _x(day.year, day.month, day.day), TOP + ROW * row
    return f'<line class="tick" x1="{x}" x2="{x}" y1="{y}" y2="{y + BAR}"/>'


def _flag(gap: OpenGap, row: int) -> str:
    """Where the statements do not join; filled while nobody has bridged it."""
    x, y = _x(gap.gap.start.year, gap.gap.start.month, gap.gap.start.day), TOP + ROW * row + BAR
    said = f"Gap: {gap.gap.why}, {_span(gap.gap.start, gap.gap.end)}"
    kind = "open" if gap.is_open else "bridged"
    return f'<path class="flag {kind}" d="M{x} {y} l-4 7 h8 z"><title>{escape(said)}</title></path>'


def _starts(account: AccountReport) -> set[date]:
    return {each.statement.start for each in account.statements if each.statement.start and each.statement.booked}


def _class(cover: Cover) -> str:
    return f"day {cover.name.lower()}"


def _x(year: int, month: int, day: int, after: int = 0) -> int:
    """Units from the left to a day, two to a day; 29 February has its place in every year."""
    number = date(2020, month, day).timetuple().tm_yday + after
    if not isleap(year) and number == 60:
        number = 61
    return LEFT + 2 * (number - 1)


def _span(start: date, end: date) -> str:
    return start.isoformat() if start == end else f"{start.isoformat()} to {end.isoformat()}"
