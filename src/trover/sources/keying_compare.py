"""Two forms of one statement beside each other: every field that differs, and every row that only one of them has.

Rows are paired by what they say, not by where they stand, so that one forgotten row is one difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from trover.errors import FormsDiffer, KeyedByNobody, KeyedTwiceByOne, Problem, SameForm
from trover.sources.keying_form import COLUMNS, CONTENT, STATED, Form, FormRow, NamedFile

UNPAIRED = 7
"""What a row left alone costs; two of them cost as much as a pair of which 14 parts in 20 differ."""
ALL_DIFFER = 20
LARGEST_BLOCK = 250_000
"""Pairs looked at in one stretch of rows that differ; a longer one is paired in the order of the rows."""

Pair = tuple[FormRow | None, FormRow | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the forms do not say alike: `first` and `second` as typed.

    `page` and `line` are those of the paper, of the first form if it has the row; both empty where the field
    belongs to the whole statement. `field` is empty for a row that one form does not have; its side is then empty.
    """

    field: str
    first: str
    second: str
    page: str = ""
    line: str = ""


def unfit(first: Form, second: Form) -> list[Problem]:
    """Why these two forms are not the work of two: the same form, the same person, or no person at all."""
    found: list[Problem] = []
    if first.source.sha256 == second.source.sha256:
        found.append(SameForm(second.source.sha256[:16], second.place()))
    both = {_name(person) for person in first.persons} & {_name(person) for person in second.persons}
    for person in second.persons:
        if _name(person) in both:
            column = "keyed by" if person == second.keyed_by else "corrected by"
            found.append(KeyedTwiceByOne(person, second.place(second.lines[column], column)))
    if not first.keyed_by and not second.keyed_by and (first.read_by and second.read_by):
        says = "is filled by a program, and so is the other form: nobody has read the paper"
        found.append(KeyedByNobody(second.read_by, second.place(second.lines["read by"], "read by"), says=says))
    return found


def _name(person: str) -> str:
    return person.casefold().replace(".", "").replace(" ", "")


def differences(first: Form, second: Form) -> list[Difference]:
    """All of them: those of the statement first, then those of the rows in the order of the paper."""
    found = [
        Difference(name, first.typed.get(name, ""), second.typed.get(name, ""))
        for name in STATED
        if first.values[name] != second.values[name]
    ]
    if _hashes(first.scans) != _hashes(second.scans):
        found.append(Difference("scan", _shown(first.scans), _shown(second.scans)))
    for one, other in pairs(first.rows, second.rows):
        found += _of_rows(one, other)
    return found


def forms_differ(first: Form, second: Form) -> FormsDiffer | None:
    """The first difference as a problem, with the number of all of them."""
    if _key(first) == _key(second):
        return None
    found = differences(first, second)
    one = found[0]
    where = f"page {one.page}, line {one.line}, " if one.line else ""
    more = f" ({len(found)} differences in all)" if len(found) > 1 else ""
    says = f"{where}{one.field or 'row'}: {one.first!r} in one form and {one.second!r} in the other{more}"
    return FormsDiffer("", second.place(), says=says)


def _key(form: Form) -> object:
    return form.values, _hashes(form.scans), [row.values for row in form.rows]


def _hashes(files: Sequence[NamedFile]) -> list[str]:
    return [file.sha256 for file in files]


def _shown(files: Sequence[NamedFile]) -> str:
    return ", ".join(f"{file.name} ({file.sha256[:16]})" for file in files)


def _of_rows(one: FormRow | None, other: FormRow | None) -> Iterator[Difference]:
    row = one or other
    assert row is not None
    page, line = row.typed["page"], row.typed["line"]
    if one is None or other is None:
        yield Difference("", str(one or ""), str(other or ""), page, line)
        return
    for name in COLUMNS:
        if one.values[name] != other.values[name]:
            yield Difference(name, one.typed[name], other.typed[name], page, line)


def pairs(first: Sequence[FormRow], second: Sequence[FormRow]) -> Iterator[Pair]:
    """Each row of either form once, with the row of the other that says most nearly the same, or None.

    Rows that are alike in everything hold their places; what lies between is searched for rows alike in all but
    their place on the paper; what is still left is paired at the least cost.
    """
    for ones, others, alike in _stretches(first, second, COLUMNS):
        if alike:
            yield from zip(ones, others, strict=True)
            continue
        for some, their, same in _stretches(ones, others, CONTENT):
            yield from zip(some, their, strict=True) if same else _cheapest(some, their)


def _stretches(
    first: Sequence[FormRow], second: Sequence[FormRow], names: Sequence[str]
) -> Iterator[tuple[Sequence[FormRow], Sequence[FormRow], bool]]:
    one, other = ([tuple(row.values[name] for name in names) for row in rows] for rows in (first, second))
    for tag, i, j, k, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield first[i:j], second[k:end], tag == "equal"


def _cheapest(first: Sequence[FormRow], second: Sequence[FormRow]) -> list[Pair]:
    """Rows in order, paired so that what differs is least (dynamic programming over both lists)."""
    if len(first) * len(second) > LARGEST_BLOCK:
        length = max(len(first), len(second))
        padded = [[*rows, *[None] * (length - len(rows))] for rows in (first, second)]
        return list(zip(*padded, strict=True))
    costs = [
        [UNPAIRED * (i + j) if not i or not j else 0 for j in range(len(second) + 1)] for i in range(len(first) + 1)
    ]
    for i, one in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            alone = min(costs[i - 1][j], costs[i][j - 1]) + UNPAIRED
            costs[i][j] = min(costs[i - 1][j - 1] + _cost(one, other), alone)
    found: list[Pair] = []
    i, j = len(first), len(second)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + _cost(first[i - 1], second[j - 1]):
            i, j = i - 1, j - 1
            found.append((first[i], second[j]))
        elif j and costs[i][j] == costs[i][j - 1] + UNPAIRED:
            j -= 1
            found.append((None, second[j]))
        else:
            i -= 1
            found.append((first[i], None))
    return found[::-1]


def _cost(one: FormRow, other: FormRow) -> int:
    """How much of what the rows say differs, in parts of `ALL_DIFFER`; the place on the paper counts as one field."""
    filled = [name for name in CONTENT if one.values[name] is not None or other.values[name] is not None]
    wrong = sum(one.values[name] != other.values[name] for name in filled)
    wrong += any(one.values[name] != other.values[name] for name in ("page", "line"))
    return ALL_DIFFER * wrong // (len(filled) + 1)
