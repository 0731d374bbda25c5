"""Parts 7 and 8: what is claimed and on whose word; the rules, the order and every assumption."""

from __future__ import annotations

from trover.errors import plural
from trover.report.document import Block, Cell, Column, Heading, Line, Part, RowRefs, Table, Terms, paragraph
from trover.report.material import NOT_STATED, PersonFinding
from trover.report.reading import OPENING, Reading
from trover.report.words import ORDER_WORDS, when
from trover.trace.arithmetic import NANO
from trover.trace.claim import Claim, InterestMode
from trover.trace.rules import Rule

NOT_RECORDED = "No author was recorded"

TAKEN = ("claim", "bfp", "dissipated", "reverses", "linked_to", "settlement", "backward_for", "consolidate")
"""Findings that the trace reads from the assumptions; others are listed as recorded."""

INTEREST = {
    InterestMode.ACCRUE: "Interest takes the composition of the balance just before it is posted.",
    InterestMode.ACCRUE_DAILY: "Interest takes the composition of each day of its period.",
    InterestMode.OWN: "All interest is booked to OWN.",
}


def claims_part(reading: Reading) -> Part:
    lines = [_claim(reading, number, claim) for number, claim in enumerate(reading.material.assumptions.claims, 1)]
    table = Table(
        "claims",
        "Credits and opening balances in which an interest is claimed",
        (
            Column("No.", "number", 1),
            Column("Claimant", "text", 2),
            Column("Row", "rows", 1),
            Column("Date", "date", 2),
            Column("Paid in by", "text", 4),
            Column("Amount claimed", "money", 2),
            Column("Amount of the row", "money", 2),
            Column("Repaid", "money", 1),
            Column("Reason", "text", 5),
            Column("Evidence", "text", 3),
            Column("Decided by", "text", 2),
        ),
        tuple(lines),
        note="A claim is the finding of a person; the software takes it as given.",
        empty="No claim was entered.",
    )
    blocks: list[Block] = [table]
    for currency in reading.claim_currencies:
        total = reading.claim(reading.claimants, currency)
        blocks.append(paragraph("All claims together: ", total, f" {currency}."))
    return Part(7, "Claims schedule", tuple(blocks))


def _claim(reading: Reading, number: int, claim: Claim) -> Line:
    row = claim.transfer or f"{OPENING}{claim.account}"
    event = reading.event.get(claim.transfer)
    currency = reading.currency_of(row)
    amount = claim.amount
    key = ("claim-line", str(number))
    what = f"Claim {number} of {claim.claimant}"
    figure = reading.book.figure(key, amount, currency, what, [(row, amount * NANO)])
    whole = sum(leg.amount for leg in event.inputs) if event else reading.accounts[claim.account].opening
    entered = reading.book.figure(("row", row), whole, currency, "Amount of the row", [(row, whole * NANO)])
    repaid: Cell = "0"
    if claim.repaid:
        repaid = reading.book.figure(
            ("repaid", str(number)), claim.repaid, currency, f"Repaid on claim {number}", rows=[row]
        )
    found = _finding(reading, "claim", claim.transfer or claim.account, claim.id)
    return Line(
        (
            str(number),
            claim.claimant,
            RowRefs((row,)),
            when(event) if event else "Opening",
            reading.name(event.inputs[0].account) if event else reading.name(claim.account),
            figure,
            entered,
            repaid,
            found.reason or NOT_STATED if found else NOT_STATED,
            found.evidence or NOT_STATED if found else NOT_STATED,
            f"{found.author} {found.day}".strip() or NOT_RECORDED if found else NOT_RECORDED,
        )
    )


def _finding(reading: Reading, kind: str, row: str, id: str = "") -> PersonFinding | None:
    matches = [f for f in reading.material.findings if f.kind == kind and (f.id == id if id else f.row == row)]
    return (
        matches[0] if matches else next((f for f in reading.material.findings if f.kind == kind and f.row == row), None)
    )


def method_part(reading: Reading) -> Part:
    blocks: list[Block] = [Heading("Rules")]
    seen: dict[str, Rule] = {a.rule.id: a.rule for a in reading.material.answers}
    for rule in seen.values():
        blocks += [Heading(f"{rule.title}", f"rule-{rule.id}"), _rule(rule)]
    blocks += [Heading("Order, overdrafts, interest, exchange, arithmetic"), _terms(reading)]
    blocks += [_flags(reading), Heading("Software"), _software(reading)]
    return Part(8, "Method and assumptions", tuple(blocks))


def _rule(rule: Rule) -> Terms:
    pairs: list[tuple[str, Cell]] = [
        ("Key", rule.id),
        ("Between", rule.between),
        ("Assumes", rule.assumes),
        ("Authorities", "; ".join(rule.authority)),
        ("Used", rule.used),
        ("Favours", rule.favours),
    ]
    if rule.also_called:
        pairs.insert(1, ("Also called", ", ".join(rule.also_called)))
    if rule.caution:
        pairs.append(("Caution", rule.caution))
    return Terms(tuple(pairs))


def _terms(reading: Reading) -> Terms:
    material = reading.material
    variants = "; ".join(ORDER_WORDS[v] for v in reading.variants())
    several = material.assumptions.consolidate
    return Terms(
        (
            ("Order of rows", f"By time, then {ORDER_WORDS[material.order]}. {material.order_reason}"),
            ("Orders and variants computed", variants or "none"),
            (
                "Overdraft",
                "A payment beyond the balance is the bank's money and arrives as OWN. A credit into an overdraft first "
                "repays the bank, a purchaser for value; that part leaves the trail. Nobody's later credit funds an "
                "earlier debit unless a person found that it did.",
            ),
            ("Interest", INTEREST[material.assumptions.interest]),
            (
                "Exchange",
                "What is traced is carried in the currency of the account that holds it, at the rate of each "
                "conversion; gains and losses follow the traced property.",
            ),
            ("Transfers between accounts", "Account by account" + ("; consolidated as well" if several else "") + "."),
            ("OWN", "What is not shown to belong to a claimant: a residual, not a finding that the money is clean."),
            (
                "Arithmetic",
                "Whole numbers throughout: compositions are carried to 10^-9 of the minor unit, rounded half to even "
                "at each split with exact sums; printed amounts are rounded by largest remainder so that every account "
                "sums to its balance.",
            ),
            ("Amounts shown", _amounts_shown(reading)),
        )
    )


def _amounts_shown(reading: Reading) -> str:
    currencies = sorted({a.currency for a in reading.ledger.account_list})
    rounded = [f"{c} to {plural(reading.shown.decimals(c), 'decimal')}" for c in currencies if reading.shown.rounds(c)]
    if not rounded:
        return "To the minor unit of each currency."
    return (
        f"{'; '.join(rounded)}; the machine-readable copy has the minor units. A sum of amounts shown may differ from "
        "the figure by the rounding of its terms."
    )


def _flags(reading: Reading) -> Table:
    facts = reading.material.assumptions
    lines = [
        Line(_flag(reading, "claim", c.transfer or c.account, f"Claim of {c.claimant}", c.id)) for c in facts.claims
    ]
    lines += [
        Line(_flag(reading, "bfp", row, "Purchaser in good faith, for value, without notice"))
        for row in sorted(facts.bfp)
    ]
    settled = {row: of for row, of in facts.linked_to.items() if row in reading.settled}
    links = (
        ("reverses", facts.reverses, "Returns the payment of row"),
        ("linked_to", {r: of for r, of in facts.linked_to.items() if r not in settled}, "Is the cash withdrawn in row"),
        ("settlement", settled, "Paid out by a broker, offset and with no transfer between, against row"),
        ("backward_for", facts.backward_for, "Funded the earlier payment of row"),
    )
    for asset in sorted(facts.dissipated):
        lines.append(Line(_flag(reading, "dissipated", asset, "No longer preserved: dissipated")))
    for kind, found, words in links:
        for row, other in found.items():
            lines.append(Line(_flag(reading, kind, row, f"{words} {reading.labels.get(other, other)}")))
    for pool, members in facts.consolidate.items():
        words = f"Accounts {', '.join(reading.name(m) for m in members)} treated as one"
        lines.append(Line(_flag(reading, "consolidate", pool, words)))
    for finding in reading.material.findings:
        if finding.kind not in TAKEN:
            lines.append(Line(_cells(reading, finding, finding.what or finding.kind, finding.row)))
    return Table(
        "flags",
        "Findings of people that the trace takes as given",
        (
            Column("Row or account", "text", 2),
            Column("Finding", "text", 4),
            Column("Reason", "text", 5),
            Column("Evidence", "text", 3),
            Column("Author", "text", 2),
            Column("Date", "date", 2),
        ),
        tuple(lines),
        empty="No finding was recorded.",
    )


def _flag(reading: Reading, kind: str, row: str, words: str, id: str = "") -> tuple[Cell, ...]:
    return _cells(reading, _finding(reading, kind, row, id), words, row)


def _cells(reading: Reading, finding: PersonFinding | None, words: str, row: str) -> tuple[Cell, ...]:
    where: Cell = RowRefs((row,)) if row in reading.labels else reading.name(row)
    if finding is None:
        return (where, words, NOT_STATED, NOT_STATED, NOT_RECORDED, NOT_STATED)
    return (
        where,
        words,
        finding.reason or NOT_STATED,
        finding.evidence or NOT_STATED,
        finding.author or NOT_RECORDED,
        finding.day or NOT_STATED,
    )


def _software(reading: Reading) -> Terms:
    software = reading.material.software
    engines = {a.trace.engine for a in reading.material.answers if a.trace is not None}
    pairs: list[tuple[str, Cell]] = [
        ("Software", f"Trover {software.version}" if software.version else "Trover, version not stated"),
        ("Commit", software.commit or NOT_STATED),
        ("Engine", software.engine or ", ".join(sorted(engines)) or NOT_STATED),
        ("Ledger hash", software.ledger_hash or NOT_STATED),
    ]
    pairs += [(name, value) for name, value in reading.material.parameters.items()]
    return Terms(tuple(pairs))
