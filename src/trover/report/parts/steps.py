"""Part 9: every step on the path, so that a reader can redo it by hand."""

from __future__ import annotations

from collections.abc import Callable

from trover.errors import plural
from trover.report.document import Amount, Block, Cell, Column, Heading, Line, Part, RowRefs, Table, paragraph
from trover.report.reading import Place, Reading
from trover.report.words import ORDER_WORDS, short_title, when
from trover.trace.arithmetic import NANO, half_even
from trover.trace.claim import OWN
from trover.trace.compare import Answer
from trover.trace.explain import Explainer
from trover.trace.lot import Content
from trover.trace.result import Movement


def steps_part(reading: Reading) -> Part:
    order = ORDER_WORDS[reading.material.order]
    blocks: list[Block] = [
        paragraph(
            f"Rows of one time are taken {order}. For each account: every row that touches it, the balance and the "
            "composition before and after, and the working. Compositions are printed to the minor unit and carried to "
            "10^-9 of it, so a line redone from printed figures agrees to within one minor unit. OWN is what is not "
            "shown to belong to a claimant."
        ),
        *traced_payments(reading),
    ]
    for answer in reading.main():
        blocks.append(Heading(f"Step by step: {answer.rule.title}", f"steps-{answer.rule.id}"))
        blocks += _step_tables(reading, answer)
    return Part(9, "Step tables", tuple(blocks))


def _step_tables(reading: Reading, answer: Answer) -> list[Table]:
    assert answer.trace is not None
    tables = []
    for number, account in enumerate((a for a in reading.ledger.account_list if not a.is_external), 1):
        explainer = Explainer(
            reading.ledger,
            answer.trace,
            reading.material.assumptions,
            reading.shown.places,
            show=_showing(reading, account.currency),
            event_name=lambda event: f"row {reading.labels.get(event, event)}",
        )
        steps = [(step.movement, step.formula) for step in explainer.steps(account.id)]
        if not steps or not any(_claimed(m.content) or _claimed(m.before) for m, _ in steps):
            continue
        lines = [_step(reading, movement, formula) for movement, formula in _relevant(steps)]
        skipped = len(steps) - len(lines)
        note = f"{plural(skipped, 'row')} before the first claim entered are left out: nothing claimed was there yet."
        tables.append(
            Table(
                f"steps-{answer.rule.id}-{number}",
                f"{reading.name(account.id)} ({account.currency}) under {answer.rule.title}",
                STEP_COLUMNS,
                tuple(lines),
                note=note if skipped else "",
                rule=answer.rule.id,
                folded=True,
            )
        )
    return tables


def _showing(reading: Reading, currency: str) -> Callable[[int, int], str]:
    return lambda nano, places: reading.shown.nano(nano, currency)


STEP_COLUMNS = (
    Column("Row", "rows", 1),
    Column("Date", "date", 2),
    Column("To or from", "text", 4),
    Column("In", "money", 2),
    Column("Out", "money", 2),
    Column("Balance before", "money", 2),
    Column("Balance after", "money", 2),
    Column("Composition before", "text", 4),
    Column("Composition after", "text", 4),
    Column("Working", "formula", 8),
)


def _relevant(steps: list[tuple[Movement, str]]) -> list[tuple[Movement, str]]:
    """From the first step with something claimed on; what came before is in the schedule."""
    first = next(i for i, (m, _) in enumerate(steps) if _claimed(m.content) or _claimed(m.before))
    return steps[first:]


def _claimed(content: Content) -> bool:
    return any(owner != OWN for owner in content)


def _step(reading: Reading, movement: Movement, formula: str) -> Line:
    currency = reading.accounts[movement.account].currency
    event = reading.event[movement.event]
    inward = movement.side == "out"
    others = event.inputs if inward else event.outputs
    names = dict.fromkeys(reading.name(leg.account) for leg in others)
    amount = Amount(movement.amount, currency)
    return Line(
        (
            RowRefs((movement.event,)),
            when(event),
            ("from " if inward else "to ") + ", ".join(names),
            amount if inward else "",
            "" if inward else amount,
            Amount(movement.balance_before, currency),
            Amount(movement.balance_after, currency),
            composition(reading, movement.before, currency),
            composition(reading, movement.after, currency),
            formula,
        ),
        cites=(movement.event,),
        weight="claim" if inward and _claimed(movement.content) else "",
    )


def composition(reading: Reading, content: Content, currency: str) -> str:
    return (
        "; ".join(f"{owner}\u00a0{reading.shown.nano(q, currency)}" for owner, q in content.items() if q) or "nothing"
    )


def traced_payments(reading: Reading) -> list[Block]:
    """Each payment to each place outside, and what of it each rule traces: the rows behind the table of part 2."""
    answers = reading.main()
    if not answers:
        return []
    lines: list[Line] = []
    reached = [p for p in reading.places if p.kind in ("recipient", "fee", "bfp", "bank")]
    for place in reached:
        figures = [reading.figure(a, [place], reading.claimants, place.key, place.name) for a in answers]
        if not any(figure.amount for figure in figures):
            continue
        blank: tuple[Cell, ...] = ("",) * (2 + len(answers))
        lines.append(Line((f"{place.name} ({place.currency})", *blank), weight="head"))
        lines += _payments(reading, place, answers)
        lines.append(Line(("Sum", "", "", *figures), weight="total"))
    columns = (
        Column("Row", "rows", 1),
        Column("Date", "date", 2),
        Column("Amount paid", "money", 2),
        *(Column(short_title(a.rule.id), "money", 2) for a in answers),
    )
    return [
        Table(
            "traced-payments",
            "Payment by payment: what of each is traced, by recipient",
            columns,
            tuple(lines),
            note="Every row of the schedule that pays the recipient, in order; the sums are the figures of part 2.",
            empty="Nothing claimed reached anybody outside the accounts and assets.",
        )
    ]


def _payments(reading: Reading, place: Place, answers: tuple[Answer, ...]) -> list[Line]:
    carried: list[dict[str, int]] = []
    for answer in answers:
        here: dict[str, int] = {}
        for id in place.accounts:
            for row, nano in reading.carried(answer).parts(id, reading.claimants):
                here[row] = here.get(row, 0) + nano
        carried.append(here)
    wanted = _paid(reading, place).union(*carried)
    rows = [row for row in reading.labels if row in wanted]
    lines = []
    for row in rows:
        event = reading.event.get(row)
        whole = sum(leg.amount for leg in event.outputs if leg.account in place.accounts) if event else 0
        cells = [Amount(half_even(here.get(row, 0), NANO), place.currency) for here in carried]
        paid: Cell = Amount(whole, place.currency) if whole else ""
        date = when(event) if event else "Opening"
        lines.append(Line((RowRefs((row,)), date, paid, *cells), cites=(row,)))
    return lines


def _paid(reading: Reading, place: Place) -> set[str]:
    return {e.id for e in reading.events if any(leg.account in place.accounts for leg in e.outputs)}
