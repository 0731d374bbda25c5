"""Where files and statements stand, in lines for a terminal and as data for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from trover.case.admission import Judged, Place, by_source
from trover.case.state import Refused, Source
from trover.errors import plural
from trover.ledger.money import money

Decimals = Callable[[str], int]
LINES = 12


def file_rows(added: Iterable[Source], statements: Iterable[Judged]) -> Iterator[tuple[str, ...]]:
    """Name of each file, number of its statements, and how many rows of them are admitted, held, quarantined."""
    every = by_source(statements)
    for source in added:
        own = every[source.sha256]
        counts = [sum(each.statement.rows for each in own if each.place is place) for place in Place]
        yield (source.name, f"{len(own):,}", *(f"{count:,}" if count else "-" for count in counts))


def waiting_lines(statements: Iterable[Judged], decimals: Decimals) -> Iterator[str]:
    """Each statement that is not admitted, with its sums, and the reason once for those that follow each other."""
    waiting = [each for each in statements if not each.is_admitted]
    for reason, same in groupby(waiting[:LINES], lambda each: each.statement.problem or each.statement.reason):
        for each in same:
            yield f"{str(each.place).capitalize()}: {described(each, decimals)}"
        yield f"  {reason}"
    if len(waiting) > LINES:
        yield f"and {len(waiting) - LINES:,} more statements that are not admitted"


def described(each: Judged, decimals: Decimals) -> str:
    """A statement in one line: id, file, rows, and what came in and went out where it is of one account."""
    statement = each.statement
    said = f"{statement.id} ({each.source.name}), {plural(statement.rows, 'row')}"
    if not statement.account:
        return said
    places = decimals(statement.currency) if statement.currency else 2
    sums = f"in {money(statement.credits, places)}, out {money(statement.debits, places)} {statement.currency}"
    return f"{said}, {sums}".rstrip()


def plain_refused(refused: Refused, problems: Sequence[object] = ()) -> dict[str, Any]:
    said = [str(problem) for problem in problems] or list(refused.problems)
    return {"name": refused.name, "sha256": refused.sha256, "problems": said}
