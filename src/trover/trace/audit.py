"""The auditor: checks a trace against its ledger without asking an engine (rules section 3, a and b).

For every event and every owner, what came in equals what is held plus what went out. The auditor keeps
its own balances and contents, computed from the ledger, the findings and what each movement says it
carried; it asks for no running state of an engine and compares the state that movements print with its
own. All in nano units, exactly; only a proportion (a conversion, interest, a return) is compared within
the one nano unit that each lot may be rounded by.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from trover.ledger.event import FEE, Event, Output
from trover.ledger.ledger import Ledger
from trover.trace.arithmetic import NANO
from trover.trace.audit_book import Book, PaidLeg, less, negative, plus
from trover.trace.claim import OWN, Assumptions
from trover.trace.lot import Content
from trover.trace.result import CLEAN, Movement, Trace
from trover.trace.rules import LotRule, rule

EVERYBODY = "TAINTED and CLEAN"
"""Under a rule that taints all, owners are not conserved; the auditor then checks totals."""


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Where a trace does not add up. `expected` and `found` in nano units of the account's currency."""

    event: str
    account: str
    owner: str
    expected: int
    found: int
    says: str

    def __str__(self) -> str:
        where = f"event {self.event or '(end)'}, account {self.account or '(event)'}, {self.owner or 'total'}"
        return f"{where}: {self.says}: expected {self.expected}, found {self.found} (nano units)"


@dataclass(slots=True)
class AuditRow:
    """One owner in one currency, from the root to where it is now; nano units of that currency.

    Came in: `entered` (claims and what is nobody's claim, openings included), `interest`, `advanced`
    (by banks, always OWN), `converted` (what conversions and realisations brought less what they took).
    Is now: `held`, `paid_out` (to outside parties: trails that end or are not yet followed), `fees`,
    `overdrafts` (repaid to banks), `purchasers` (in good faith). What was returned is held again.
    """

    owner: str
    currency: str
    entered: int = 0
    interest: int = 0
    advanced: int = 0
    converted: int = 0
    held: int = 0
    paid_out: int = 0
    fees: int = 0
    overdrafts: int = 0
    purchasers: int = 0

    @property
    def came_in(self) -> int:
        return self.entered + self.interest + self.advanced + self.converted

    @property
    def accounted(self) -> int:
        return self.held + self.paid_out + self.fees + self.overdrafts + self.purchasers


@dataclass(frozen=True)
class Audit:
    """`rows`: one for each owner and currency. `problems`: empty where everything adds up."""

    rows: tuple[AuditRow, ...]
    problems: tuple[AuditProblem, ...]
    events: int

    @property
    def passed(self) -> bool:
        return not self.problems


def audit(ledger: Ledger, assumptions: Assumptions, trace: Trace) -> Audit:
    """Audit a trace with its steps. `ledger` and `assumptions` as the variant reads them (`variant.apply`).

    Raises ValueError where the trace was run without steps.
    """
    if len(ledger) and not trace.movements:
        raise ValueError("this trace was run without steps: there is nothing to audit")
    return _Auditor(ledger, assumptions, trace).audit()


class _Auditor:
    def __init__(self, ledger: Ledger, assumptions: Assumptions, trace: Trace) -> None:
        chosen = rule(trace.rule)
        assert isinstance(chosen, LotRule)
        self.ledger, self.facts, self.trace = ledger, assumptions, trace
        self.folds = chosen.contaminates
        self.problems: list[AuditProblem] = []
        self.rows: dict[tuple[str, str], AuditRow] = {}
        self.book = Book(ledger, assumptions)
        self.moved: dict[str, list[Movement]] = defaultdict(list)
        for movement in trace.movements:
            self.moved[movement.event].append(movement)

    def audit(self) -> Audit:
        for account, content in self.book.open():
            self._entered("entered", self.book.currency[account], self._fold(content))
            self.book.held[account] = self._fold(content)
        events = 0
        for event in self.ledger:
            events += 1
            self._event(event)
        for name in self.moved:
            self._wrong(name, "", "", 0, 1, "moves, but is no event of the ledger")
        self._end()
        order = {owner: place for place, owner in enumerate(self.trace.owners)}
        rows = sorted(self.rows.values(), key=lambda row: (row.currency, order.get(row.owner, len(order))))
        for row in rows:
            self._same("", f"all accounts in {row.currency}", row.owner, row.came_in, row.accounted, "is accounted for")
        return Audit(tuple(rows), tuple(self.problems), events)

    def _event(self, event: Event) -> None:
        self.book.pass_to(event.time.date())
        moved = self._movements(event)
        if moved is None:
            return
        drawn: Content = {}
        outside = 0
        lots = 1
        for number, leg in enumerate(event.inputs):
            if leg.account in self.book.balance:
                movement = moved["in", number]
                lots += len(movement.pieces)
                plus(drawn, self._drawn(event, leg.amount, movement))
            else:
                outside += leg.amount
                lots += 1
        given: Content = {}
        for number in range(len(event.outputs)):
            plus(given, self._fold(moved["out", number].parts.given))
        lots += self._entering(event, outside, given, drawn)
        for movement in moved.values():
            if movement.side == "out":
                self._received(event, event.outputs[movement.leg], movement, lots)

    def _movements(self, event: Event) -> dict[tuple[str, int], Movement] | None:
        """The movements of an event by side and leg, in their order; None where they are not one for each leg."""
        found = self.moved.pop(event.id, [])
        wanted = {
            ("in", n): (leg.account, leg.amount)
            for n, leg in enumerate(event.inputs)
            if leg.account in self.book.balance
        } | {("out", n): (leg.account, leg.amount) for n, leg in enumerate(event.outputs)}
        named = {(m.side, m.leg): (m.account, m.amount) for m in found}
        if named == wanted and len(found) == len(wanted):
            return {(m.side, m.leg): m for m in found}
        self._wrong(event.id, "", "", len(wanted), len(found), "has not one movement for each of its legs")
        return None

    def _drawn(self, event: Event, amount: int, movement: Movement) -> Content:
        """What an input took, with what its bank advanced."""
        account, content = movement.account, self._fold(movement.content)
        balance = self.book.balance[account]
        drawn = min(amount, max(balance, 0))
        self._state(event, movement, "before")
        self._total(event, account, content, drawn * NANO, "is drawn from the account")
        self._part_of(event, account, content, self.book.held[account], "is drawn, of what was there")
        self.book.take(account, amount, content)
        self._state(event, movement, "after")
        advance = (amount - drawn) * NANO
        self._entered("advanced", self.book.currency[account], {self._own: advance})
        return plus(dict(content), {self._own: advance})

    def _entering(self, event: Event, outside: int, given: Content, drawn: Content) -> int:
        """Check what came from outside: all that was given and not drawn. Returns how many lots that may be."""
        entering = less(given, drawn)
        currency = self.book.currency[event.inputs[0].account]
        if not outside:
            for owner, quantity in entering.items():
                self._same(event.id, "", owner, 0, quantity, "comes out of the event and did not go in")
            return 0
        self._total(event, "", entering, outside * NANO, "comes in from outside")
        paid = self.book.returned(event)
        if paid:
            return self._returning(event, outside, entering, paid, currency)
        share = self.book.interest(event)
        if share:
            self._proportion(event, "", share, entering, 1, "is interest")
            self._entered("interest", currency, entering)
            return 0
        wanted = self._fold(self.book.entered(event.id, outside))
        for owner in wanted | entering:
            self._same(event.id, "", owner, wanted.get(owner, 0), entering.get(owner, 0), "enters by the claims")
        self._entered("entered", currency, entering)
        return 0

    def _returning(self, event: Event, outside: int, entering: Content, paid: PaidLeg, currency: str) -> int:
        """A return brings back what its payment had; what exceeds the payment is new and nobody's claim."""
        excess = max(outside * NANO - sum(paid.left.values()), 0)
        back = less(entering, {self._own: excess})
        if back:
            self._proportion(event, paid.sink, paid.left, back, paid.lots, "is returned, in proportion to the payment")
        self._part_of(event, paid.sink, back, paid.left, "is returned, of what was paid")
        self._entered("entered", currency, {self._own: excess})
        self._entered("converted", currency, back)
        self._entered("converted", self.book.currency[paid.account], negative(back))
        if paid.shown:
            self._entered("entered", self.book.currency[paid.shown], {self._own: -sum(back.values())})
        self.book.give_back(paid, back, self._own)
        return paid.lots

    def _received(self, event: Event, leg: Output, movement: Movement, lots: int) -> None:
        account, currency, bfp = leg.account, self.book.currency[leg.account], self._is_protected(event, leg)
        given, content = self._fold(movement.parts.given), self._fold(movement.content)
        became = self._fold(movement.parts.protected) if bfp else content
        self._arrives(event, leg, given, became, lots)
        self._entered("converted", self.book.currency[event.inputs[0].account], negative(given))
        self._entered("converted", currency, became)
        if bfp:
            self._same(event.id, account, OWN, leg.amount * NANO, content.get(self._own, 0), "is a purchaser's own")
            self._entered("entered", currency, content)
            self.book.sink(f"BFP:{event.id}", became, currency)
        repaid = self._fold(movement.parts.repaid)
        discharge = min(max(-self.book.balance.get(account, 0), 0), leg.amount)
        self._state(event, movement, "before")
        self._total(event, account, repaid, discharge * NANO, "repays the overdraft")
        self._part_of(event, account, repaid, content, "repays the overdraft, of what arrived")
        self.book.remember(event, leg, became, bfp, lots)
        self.book.receive(event, leg, content, repaid)
        self._state(event, movement, "after")

    def _arrives(self, event: Event, leg: Output, given: Content, became: Content, lots: int) -> None:
        """What arrives is what was given, in the currency of the account that receives it."""
        self._total(event, leg.account, given, leg.cost * NANO, "is given for what arrives")
        self._total(event, leg.account, became, leg.amount * NANO, "arrives")
        self._part_of(event, leg.account, given, given, "is given")
        if leg.amount == leg.cost:
            for owner in given | became:
                self._same(event.id, leg.account, owner, given.get(owner, 0), became.get(owner, 0), "arrives as given")
        else:
            self._proportion(event, leg.account, given, became, lots, "is converted")

    def _is_protected(self, event: Event, leg: Output) -> bool:
        return event.id in self.facts.bfp and not leg.account.startswith(FEE)

    def _state(self, event: Event, movement: Movement, when: str) -> None:
        """The state a movement prints is the auditor's."""
        account = movement.account
        balance, held = self.book.state(account)
        before = when == "before"
        printed = self._fold(movement.before if before else movement.after)
        for owner in held | printed:
            mine, theirs = held.get(owner, 0), printed.get(owner, 0)
            self._same(event.id, account, owner, mine, theirs, f"is there {when} the event")
        shown = movement.balance_before if before else movement.balance_after
        self._same(event.id, account, "", balance * NANO, shown * NANO, f"is the balance {when} the event")

    def _end(self) -> None:
        """The trace's contents, totals and balances are the auditor's; each is booked where it is now."""
        for account in {**self.book.held, **self.book.sinks, **self.trace.content}:
            mine = self.book.held.get(account, self.book.sinks.get(account, {}))
            theirs = self._fold({OWN if o == CLEAN else o: q for o, q in self.trace.content.get(account, {}).items()})
            for owner in mine | theirs:
                self._same("", account, owner, mine.get(owner, 0), theirs.get(owner, 0), "is there at the end")
            total = sum(theirs.values())
            self._same("", account, "", total, self.trace.totals.get(account, 0) * NANO, "is the total at the end")
            if account in self.book.held:
                self._entered("held", self.book.currency[account], theirs)
        for (sink, currency), content in self.book.apart.items():
            self._entered(_row_of(sink), currency, content)
        for account, balance in self.book.balance.items():
            found = self.trace.balances.get(account, 0)
            self._same("", account, "", balance * NANO, found * NANO, "is the balance at the end")
            held = sum(self.book.held[account].values())
            self._same("", account, "", max(balance, 0) * NANO, held, "is what owners hold of the balance")

    @property
    def _own(self) -> str:
        return EVERYBODY if self.folds else OWN

    def _fold(self, content: Content) -> Content:
        return {EVERYBODY: sum(content.values())} if self.folds else content

    def _entered(self, what: str, currency: str, content: Content) -> None:
        for owner, quantity in content.items():
            if quantity:
                row = self.rows.setdefault((owner, currency), AuditRow(owner, currency))
                setattr(row, what, getattr(row, what) + quantity)

    def _total(self, event: Event, account: str, content: Content, wanted: int, says: str) -> None:
        self._same(event.id, account, "", wanted, sum(content.values()), says)

    def _part_of(self, event: Event, account: str, part: Content, whole: Content, says: str) -> None:
        for owner, quantity in part.items():
            if not 0 <= quantity <= whole.get(owner, 0):
                self._wrong(
                    event.id, account, owner, whole.get(owner, 0), quantity, f"{says}: not within what there is"
                )

    def _proportion(self, event: Event, account: str, like: Content, content: Content, lots: int, says: str) -> None:
        """`content` has the composition of `like`, each lot rounded by less than one nano unit."""
        there, target = sum(like.values()), sum(content.values())
        for owner in like | content:
            exact = like.get(owner, 0) * target
            if there <= 0 or abs(content.get(owner, 0) * there - exact) > lots * there:
                self._wrong(event.id, account, owner, exact // there if there > 0 else 0, content.get(owner, 0), says)

    def _same(self, event: str, account: str, owner: str, expected: int, found: int, says: str) -> None:
        if expected != found:
            self._wrong(event, account, owner, expected, found, says)

    def _wrong(self, event: str, account: str, owner: str, expected: int, found: int, says: str) -> None:
        self.problems.append(AuditProblem(event, account, owner, expected, found, says))


def _row_of(sink: str) -> str:
    kinds = {FEE: "fees", "OD:": "overdrafts", "BFP:": "purchasers"}
    return next((row for prefix, row in kinds.items() if sink.startswith(prefix)), "paid_out")
