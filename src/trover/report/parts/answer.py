"""Part 2: the question and the answer, every rule side by side in one table."""

from __future__ import annotations

from collections.abc import Sequence

from trover.errors import plural
from trover.report.document import Block, Cell, Column, Heading, Line, Part, Points, Ref, Table, paragraph
from trover.report.figures import Figure
from trover.report.parts.order import order_blocks
from trover.report.parts.other_rules import derived_table, screening_blocks
from trover.report.reading import Place, Reading
from trover.report.words import ORDER_WORDS, listed, short_title
from trover.trace.compare import Answer
from trover.trace.variant import Variant

TOP = 12
"""Recipients named in the main table; the others are one line there and named in full in part 9."""
HELD = ("account", "asset")
ENDED = ("bank", "bfp", "fee")


def answer_part(reading: Reading) -> Part:
    blocks: list[Block] = [paragraph(question(reading))]
    for currency in currencies(reading):
        blocks += [*_in_words(reading, currency), main_table(reading, currency)]
    blocks += _legend(reading)
    if len(reading.claimants) > 1:
        blocks += [by_claimant(reading, currency) for currency in currencies(reading)]
    blocks += order_blocks(reading)
    blocks += derived_table(reading)
    blocks += screening_blocks(reading)
    return Part(2, "Question and answer", tuple(blocks))


def question(reading: Reading) -> str:
    stated = reading.material.cover.question
    who = listed(reading.claimants) or "any claimant"
    return stated or f"How much of what is claimed for {who} can be traced into each account, asset and recipient?"


def currencies(reading: Reading) -> tuple[str, ...]:
    """Currencies in which something claimed is found, those of the claims first."""
    found = dict.fromkeys(reading.claim_currencies)
    for place in reading.places:
        if place.currency not in found and any(
            reading.figure(answer, [place], reading.claimants, place.key, place.name).amount
            for answer in reading.lot_answers
        ):
            found[place.currency] = None
    return tuple(found)


def places_in(reading: Reading, currency: str, *kinds: str) -> list[Place]:
    return [p for p in reading.places if p.currency == currency and (not kinds or p.kind in kinds)]


def at(reading: Reading, answer: Answer, place: Place) -> Figure:
    """What the claimants together have at `place`."""
    return reading.figure(answer, [place], reading.claimants, place.key, place.name)


def left(reading: Reading, answer: Answer, currency: str) -> Figure:
    """What is left of the claims in accounts and assets of the ledger."""
    held = places_in(reading, currency, *HELD)
    key, what = f"held:{currency}", "Left in accounts and assets"
    return reading.figure(answer, held, reading.claimants, key, what, currency=currency)


def ranked(reading: Reading, currency: str) -> list[Place]:
    """Recipients by the most that any rule in the printed order traces to them."""
    recipients = places_in(reading, currency, "recipient")
    most = {p.key: max((at(reading, a, p).amount for a in reading.main()), default=0) for p in recipients}
    return sorted((p for p in recipients if most[p.key]), key=lambda p: (-most[p.key], p.name))


def main_table(reading: Reading, currency: str) -> Table:
    """Rules across, places down, and the range over every rule and order."""
    answers = reading.main()
    recipients = ranked(reading, currency)
    named, others = (recipients, []) if len(recipients) <= TOP + 1 else (recipients[:TOP], recipients[TOP:])
    held = [p for p in places_in(reading, currency, *HELD) if _reached(reading, p)]
    ended = [p for p in places_in(reading, currency, *ENDED) if _reached(reading, p)]
    lines = [_line(reading, currency, [p], p.key, f"Left in {p.name}") for p in held]
    if not held:
        every = places_in(reading, currency, *HELD)
        lines.append(_line(reading, currency, every, f"held:{currency}", "Left in accounts and assets"))
    lines += [_line(reading, currency, [p], p.key, p.name) for p in named]
    if others:
        names = Ref(f"{len(others)} other recipients", "traced-payments")
        lines.append(_line(reading, currency, others, f"others:{currency}", names, "sub"))
    lines += [_line(reading, currency, [p], p.key, p.name) for p in ended]
    everything = places_in(reading, currency)
    total = "Accounted for, all together"
    lines.append(_line(reading, currency, everything, f"all:{currency}", total, "total", ranged=False))
    order = ORDER_WORDS[reading.material.order]
    columns = (
        Column(f"Where the claim went ({currency})", "text", 5),
        *(Column(short_title(a.rule.id), "money", 2) for a in answers),
        Column("Lowest and highest of all rules and orders", "money", 4),
    )
    return Table(
        f"answer-{currency}",
        f"Traced amounts under each rule, rows of one time taken {order}",
        columns,
        tuple(lines),
        note=_stop_words(reading, currency)
        + _moved(reading, currency, lines[-1])
        + (
            "Each column is one rule applied throughout; columns are alternatives and are never added up or mixed. "
            "Recipients are where the trail has been followed to, not persons found liable. Each figure leads to the "
            "rows it sums; the last line is added before rounding."
        ),
        empty="No rule on lots was run.",
    )


def stops(reading: Reading, currency: str) -> list[Place]:
    """Places of chains at which the data stop while something claimed lies there under some rule."""
    held = places_in(reading, currency, *HELD)
    return [place for place in held if place.key in reading.material.stops and _reached(reading, place)]


def _stop_words(reading: Reading, currency: str) -> str:
    if not stops(reading, currency):
        return ""
    return (
        "'Left in' an output or an address of a chain says where the data of this case stop, not that it still lies "
        "there; part 11 says what is known of each. "
    )


def _moved(reading: Reading, currency: str, last: Line) -> str:
    """Why the last line is not the claim, where it is not."""
    claim = reading.claim(reading.claimants, currency).amount if currency in reading.claim_currencies else 0
    totals = {cell.amount for cell in last.cells if isinstance(cell, Figure)}
    if totals <= {claim}:
        return ""
    return (
        f"The last line differs from the claim in {currency} by what was converted into or out of {currency}, by "
        "interest, and by gains or losses on things sold. "
    )


def _reached(reading: Reading, place: Place) -> bool:
    return any(at(reading, answer, place).amount for answer in reading.lot_answers)


def _line(
    reading: Reading,
    currency: str,
    places: Sequence[Place],
    key: str,
    name: Cell,
    weight: str = "",
    *,
    ranged: bool = True,
) -> Line:
    words = name.text if isinstance(name, Ref) else str(name)

    def figure(answer: Answer) -> Figure:
        return reading.figure(answer, places, reading.claimants, key, words, exact=not ranged, currency=currency)

    figures = [figure(answer) for answer in reading.main()]
    alike = [answer for answer in reading.lot_answers if answer.variant is not Variant.CONSOLIDATED]
    spread = low_high([figure(answer) for answer in alike]) if ranged else ""
    return Line((name, *figures, spread), weight=weight)


def low_high(figures: Sequence[Figure]) -> Cell:
    """The smallest and the largest of `figures`, the earliest of equals."""
    if not figures:
        return ""
    low, high = min(figures, key=lambda f: f.amount), max(figures, key=lambda f: f.amount)
    return low if low.amount == high.amount else (low, " to ", high)


def _in_words(reading: Reading, currency: str) -> list[Block]:
    answers = reading.main()
    if not answers or currency not in reading.claim_currencies:
        return []
    claim = reading.claim(reading.claimants, currency)
    remains = [left(reading, a, currency) for a in answers]
    low, high = min(remains, key=lambda f: f.amount), max(remains, key=lambda f: f.amount)
    rules = "under every rule shown" if low.amount == high.amount else "depending on the rule"
    recipients = ranked(reading, currency)
    spread: tuple[Figure | str, ...] = (low,) if low.amount == high.amount else (low, " to ", high)
    rest = "the rest went to the recipients below" if recipients else "the rest is accounted for below"
    if len(currencies(reading)) > 1:
        rest = (
            "the rest went to the recipients below or was converted; what is held in other currencies has its own table"
        )
    entered = f" {currency} entered in {plural(len(claim.rows), 'row')}. Of it "
    first = paragraph(
        "The claim is ",
        claim,
        entered,
        *spread,
        f" {currency} is left in accounts and assets, {rules}; {rest}.",
    )
    if not recipients:
        return [first]
    top = recipients[0]
    cell = low_high([at(reading, a, top) for a in answers])
    figures = cell if isinstance(cell, tuple) else (cell,)
    second = paragraph(
        f"Money of the claim reaches {plural(len(recipients), 'recipient')} under one rule or another. "
        f"The largest is {top.name}: ",
        *figures,
        f" {currency}. No rule is preferred here: which of them applies is for the court.",
    )
    return [first, second]


def _legend(reading: Reading) -> list[Block]:
    points: list[Cell] = [
        (Ref(short_title(answer.rule.id), f"rule-{answer.rule.id}"), f": {answer.rule.title}. {answer.rule.assumes}")
        for answer in reading.main()
    ]
    return [Heading("What each column assumes"), Points(tuple(points))] if points else []


def by_claimant(reading: Reading, currency: str) -> Table:
    """Each claimant apart: rules across, places down."""
    answers = reading.main()
    lines: list[Line] = []
    for claimant in reading.claimants:
        rows = []
        for place in places_in(reading, currency):
            figures = [reading.figure(a, [place], [claimant], place.key, place.name) for a in answers]
            if any(figure.amount for figure in figures):
                rows.append(Line((f"{place.name}", *figures)))
        if rows:
            blank: tuple[Cell, ...] = ("",) * len(answers)
            lines += [Line((claimant, *blank), weight="head"), *rows]
    return Table(
        f"claimants-{currency}",
        f"The same, claimant by claimant ({currency})",
        (Column("Claimant and place", "text", 5), *(Column(short_title(a.rule.id), "money", 2) for a in answers)),
        tuple(lines),
        empty="No rule on lots was run.",
    )
