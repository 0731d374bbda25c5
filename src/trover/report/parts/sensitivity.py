"""Part 10: every rule in every order and variant, and which choice changes the answer most."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trover.report.document import Block, Column, Line, Part, Table, paragraph
from trover.report.figures import Figure
from trover.report.parts.answer import at, currencies, left, places_in, ranked
from trover.report.parts.other_rules import long_tables
from trover.report.reading import Place, Reading
from trover.report.words import ORDER_WORDS, short_title
from trover.trace.compare import Answer
from trover.trace.variant import Variant

TRACK = 8
"""Recipients looked at when the effect of a choice is measured."""


def sensitivity_part(reading: Reading) -> Part:
    blocks: list[Block] = []
    for currency in currencies(reading):
        blocks += [everything(reading, currency), *_recipients(reading, currency), tornado(reading, currency)]
    blocks += long_tables(reading)
    blocks.append(paragraph(_bounds(reading)))
    return Part(10, "Sensitivity", tuple(blocks))


def everything(reading: Reading, currency: str) -> Table:
    kinds = (
        ("Left in accounts", ("account",)),
        ("Left in assets", ("asset",)),
        ("Reached recipients", ("recipient",)),
        ("Bank, overdraft", ("bank",)),
        ("Good faith", ("bfp",)),
        ("Fees", ("fee",)),
    )
    shown = [(title, places_in(reading, currency, *kind)) for title, kind in kinds]
    shown = [(title, places) for title, places in shown if places]
    lines = []
    for answer in reading.lot_answers:
        figures = [
            reading.figure(answer, places, reading.claimants, f"{title}:{currency}", title) for title, places in shown
        ]
        weight = "claim" if answer.variant is reading.material.order else ""
        lines.append(Line((short_title(answer.rule.id), ORDER_WORDS[Variant(answer.variant)], *figures), weight=weight))
    return Table(
        f"sensitivity-{currency}",
        f"All rules in all orders and variants ({currency})",
        (
            Column("Rule", "text", 3),
            Column("Order or variant", "text", 3),
            *(Column(title, "money", 2) for title, _ in shown),
        ),
        tuple(lines),
        empty="No rule on lots was run.",
    )


def _recipients(reading: Reading, currency: str) -> list[Block]:
    """Every recipient under every rule, one table for each order or variant that changes anything."""
    tables: list[Block] = []
    known_as: dict[str, Variant] = {}
    for variant in reading.variants():
        answers = [a for a in reading.lot_answers if a.variant is variant]
        seen = repr([sorted((place, sorted(row.items())) for place, row in a.table.items()) for a in answers])
        if seen in known_as:
            same = f"{ORDER_WORDS[variant].capitalize()}: every figure is the same as {ORDER_WORDS[known_as[seen]]}."
            tables.append(paragraph(same))
            continue
        known_as[seen] = variant
        places = [p for p in places_in(reading, currency) if any(at(reading, a, p).amount for a in answers)]
        if variant is reading.material.order:
            known = {p.key: n for n, p in enumerate(ranked(reading, currency))}
            places.sort(key=lambda p: known.get(p.key, len(known)))
        lines = [Line((p.name, *(at(reading, a, p) for a in answers))) for p in places]
        tables.append(
            Table(
                f"all-{variant or 'as_booked'}-{currency}",
                f"Every account, asset and recipient, {ORDER_WORDS[variant]} ({currency})",
                (Column("Place", "text", 5), *(Column(short_title(a.rule.id), "money", 2) for a in answers)),
                tuple(lines),
                empty="Nothing claimed is traced anywhere.",
                folded=True,
            )
        )
    return tables


@dataclass(frozen=True)
class _Swing:
    choice: str
    place: str
    one: Figure
    other: Figure
    rules: tuple[str, str]

    @property
    def size(self) -> int:
        return abs(self.one.amount - self.other.amount)


def tornado(reading: Reading, currency: str) -> Table:
    """Choices by the largest change each makes to one figure, everything else held."""
    swings = [
        s for s in (*_rule_choice(reading, currency), *_variants(reading, currency), *_without(reading, currency)) if s
    ]
    swings.sort(key=lambda s: (-s.size, s.choice))
    lines = []
    for swing in swings:
        rows = dict.fromkeys((*swing.one.rows, *swing.other.rows))
        key = ("swing", currency, swing.choice)
        change = reading.book.figure(key, swing.size, currency, f"Change by: {swing.choice}", rows=rows)
        lines.append(Line((swing.choice, swing.place, swing.one, swing.other, change)))
    return Table(
        f"tornado-{currency}",
        f"Which choice changes the answer most ({currency})",
        (
            Column("Choice", "text", 6),
            Column("Where it changes most", "text", 4),
            Column("One way", "money", 2),
            Column("The other way", "money", 2),
            Column("Change", "money", 2),
        ),
        tuple(lines),
        note="Largest first. Each line changes one choice and holds the others as in part 2.",
        empty="No choice was varied: only one rule and one order were run.",
    )


def _watched(reading: Reading, currency: str) -> list[Place | None]:
    """None stands for what is left in accounts and assets."""
    return [None, *places_in(reading, currency, "bank"), *ranked(reading, currency)[:TRACK]]


def _value(reading: Reading, answer: Answer, place: Place | None, currency: str) -> Figure:
    return left(reading, answer, currency) if place is None else at(reading, answer, place)


def _largest(reading: Reading, choice: str, pairs: list[tuple[Answer, Answer]], currency: str) -> _Swing | None:
    best: _Swing | None = None
    for one, other in pairs:
        for place in _watched(reading, currency):
            name = "Left in accounts and assets" if place is None else place.name
            swing = _Swing(
                choice,
                f"{name}, {short_title(other.rule.id)}" if one.rule.id == other.rule.id else name,
                _value(reading, one, place, currency),
                _value(reading, other, place, currency),
                (short_title(one.rule.id), short_title(other.rule.id)),
            )
            if best is None or swing.size > best.size:
                best = swing
    return best


def _rule_choice(reading: Reading, currency: str) -> list[_Swing | None]:
    answers = reading.main()
    pairs = [(a, b) for i, a in enumerate(answers) for b in answers[i + 1 :]]
    if not pairs:
        return []
    swing = _largest(reading, "", pairs, currency)
    if swing is None:
        return []
    return [replace(swing, choice=f"The rule: {swing.rules[0]} or {swing.rules[1]}")]


def _variants(reading: Reading, currency: str) -> list[_Swing | None]:
    found: list[_Swing | None] = []
    order = reading.material.order
    for variant in reading.variants():
        if variant in (order, Variant.CONSOLIDATED):
            continue
        pairs = [(a, b) for a in reading.main() if (b := reading.answer(a.rule.id, variant)) is not None]
        base = (
            ORDER_WORDS[order]
            if variant in (Variant.AS_BOOKED, Variant.CREDITS_FIRST, Variant.DEBITS_FIRST)
            else "without"
        )
        found.append(_largest(reading, f"Rows of one time: {base} or {ORDER_WORDS[variant]}", pairs, currency))
    return found


def _without(reading: Reading, currency: str) -> list[_Swing | None]:
    found: list[_Swing | None] = []
    for words, answers in reading.without.items():
        pairs = [(a, b) for a in reading.main() for b in answers if b.rule.id == a.rule.id and b.trace is not None]
        found.append(_largest(reading, f"Finding left out: {words}", pairs, currency))
    return found


def _bounds(reading: Reading) -> str:
    gaps = [document for document in reading.documents.values() if document.gaps]
    if not gaps:
        return "Missing data: no gap in a statement was recorded, so no bounds were computed."
    names = ", ".join(document.id for document in gaps)
    return (
        f"Missing data: gaps are recorded for {names} (part 3). Between the dates of a gap no figure can be computed."
    )
