"""What difference the order of same-time rows makes, in a table and in plain words."""

from __future__ import annotations

from trover.errors import plural
from trover.report.document import Block, Column, Line, Paragraph, Span, Table, paragraph
from trover.report.figures import Figure
from trover.report.reading import Place, Reading
from trover.report.words import ORDER_WORDS, short_title
from trover.trace.compare import Answer
from trover.trace.variant import Variant

FIRST, LAST = Variant.CREDITS_FIRST, Variant.DEBITS_FIRST


def order_blocks(reading: Reading) -> list[Block]:
    """Empty where the two extreme orders were not both run."""
    rules = [a.rule for a in reading.main()]
    pairs = [(reading.answer(r.id, FIRST), reading.answer(r.id, LAST)) for r in rules]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not both:
        return []
    blocks: list[Block] = []
    for currency in reading.claim_currencies:
        blocks += [_table(reading, currency, both), *_words(reading, currency, both)]
    return blocks


def _held(reading: Reading, answer: Answer, currency: str) -> Figure:
    held = [p for p in reading.places if p.currency == currency and p.kind in ("account", "asset")]
    key, what = f"held:{currency}", "Left in accounts and assets"
    return reading.figure(answer, held, reading.claimants, key, what, currency=currency)


def _bank(reading: Reading, answer: Answer, currency: str) -> Figure | None:
    banks = [p for p in reading.places if p.currency == currency and p.kind == "bank"]
    if not banks:
        return None
    return reading.figure(answer, banks, reading.claimants, f"bank:{currency}", "To the bank, repaying an overdraft")


def most_moved(reading: Reading, first: Answer, last: Answer, currency: str) -> Place | None:
    """The recipient whose traced amount changes most between two answers."""
    recipients = [p for p in reading.places if p.currency == currency and p.kind == "recipient"]

    def change(place: Place) -> int:
        one, two = (reading.figure(a, [place], reading.claimants, place.key, place.name) for a in (first, last))
        return abs(one.amount - two.amount)

    best = max(recipients, key=change, default=None)
    return best if best is not None and change(best) else None


def _table(reading: Reading, currency: str, both: list[tuple[Answer, Answer]]) -> Table:
    lines = []
    for first, last in both:
        moved = most_moved(reading, first, last, currency)
        pair: tuple[Figure | str, ...] = ("", "")
        if moved is not None:
            at = [reading.figure(a, [moved], reading.claimants, moved.key, moved.name) for a in (first, last)]
            pair = (at[0], at[1])
        lines.append(
            Line(
                (
                    short_title(first.rule.id),
                    _held(reading, first, currency),
                    _held(reading, last, currency),
                    _bank(reading, first, currency) or "none",
                    _bank(reading, last, currency) or "none",
                    moved.name if moved else "No recipient changes",
                    *pair,
                )
            )
        )
    return Table(
        f"order-{currency}",
        f"What the order within one day (or one time) changes ({currency})",
        (
            Column("Rule", "text", 3),
            Column("Left, credits first", "money", 2),
            Column("Left, debits first", "money", 2),
            Column("To the bank, credits first", "money", 2),
            Column("To the bank, debits first", "money", 2),
            Column("Recipient that changes most", "text", 4),
            Column("Credits first", "money", 2),
            Column("Debits first", "money", 2),
        ),
        tuple(lines),
        note=reading.material.order_reason,
    )


def _words(reading: Reading, currency: str, both: list[tuple[Answer, Answer]]) -> list[Paragraph]:
    """The same in sentences."""
    text = [
        paragraph(
            "In plain words. Rows that carry the same date or time can be taken in more than one order, and the order "
            "decides whether money was already in the account when a payment was made. "
            f"This exhibit prints them {ORDER_WORDS[reading.material.order]}. {reading.material.order_reason}"
        )
    ]
    for name, position in ((FIRST, 0), (LAST, 1)):
        answer = both[0][position]
        met = overdrawn(answer)
        banks = [bank for pair in both if (bank := _bank(reading, pair[position], currency))]
        spans: list[Span] = [f"Taken {ORDER_WORDS[name]}, {plural(met, 'credit')} would meet an overdraft"]
        if met and banks:
            low, high = min(banks, key=lambda f: f.amount), max(banks, key=lambda f: f.amount)
            spans += [" and ", low] if low.amount == high.amount else [" and ", low, " to ", high]
            under = "under every rule" if low.amount == high.amount else "depending on the rule"
            spans.append(f" {currency} of the claim would go to the bank, {under}")
        text.append(paragraph(*spans, "." if met else ", so nothing of the claim goes to the bank."))
    spans = []
    for first, last in both:
        one, two = _held(reading, first, currency), _held(reading, last, currency)
        same = one.amount == two.amount
        spans += [f"{short_title(first.rule.id)} leaves ", one]
        spans += [" either way; " if same else " or "] + ([] if same else [two, "; "])
    spans[-1] = str(spans[-1]).replace("; ", "") if spans else ""
    text.append(paragraph("Of the claim, taken credits first or debits first, ", *spans, f" ({currency})."))
    return text


def overdrawn(answer: Answer) -> int:
    """How many credits arrive in an account whose balance is below zero."""
    if answer.trace is None:
        return 0
    inside = answer.trace.balances
    return len(
        {m.event for m in answer.trace.movements if m.side == "out" and m.account in inside and m.balance_before < 0}
    )
