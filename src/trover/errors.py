"""Every problem Trover reports, one class each, with the message it prints. Imports nothing of Trover.

A problem says where it is, which value is wrong and what to do. Problems found together are raised
together as one `InputErrors`; the command line prints them all and exits with status 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the evidence a problem is: file, page or sheet, row (1 = first line), column."""

    file: str = ""
    page: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.page:
            parts.append(self.page)
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


NOWHERE = Place()


class TroverError(Exception):
    """Base of all that Trover raises on purpose."""


class Problem(TroverError):
    """One thing wrong with the input: `place`, `value`, what is wrong and the remedy."""

    says = "is not usable"
    remedy = "Correct it and try again."

    def __init__(self, value: object = "", place: Place = NOWHERE, *, says: str = "", remedy: str = "") -> None:
        self.value = value
        self.place = place
        self.says = says or type(self).says
        self.remedy = remedy or type(self).remedy
        super().__init__(value, place)

    def at(self, place: Place) -> Problem:
        """The same problem, seen at `place`."""
        return type(self)(self.value, place, says=self.says, remedy=self.remedy)

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        shown = f"{self.value!r} " if self.value != "" else ""
        return f"{where}{shown}{self.says}. {self.remedy}"


class InputErrors(TroverError):
    """All problems of one input, reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class UnknownCurrency(Problem):
    says = "is not a currency with a known minor unit"
    remedy = "Use an ISO 4217 code or a known token (BTC, ETH)."


class UnknownAccount(Problem):
    says = "is not an account of this ledger"
    remedy = "Declare the account, or start its id with EXT: if it is outside the ledger."


class UnknownTransfer(Problem):
    says = "is not a transfer of this ledger"
    remedy = "Name a transfer by its id as the ledger lists it."


class DuplicateId(Problem):
    says = "occurs more than once"
    remedy = "Give every row its own id; a corrected row names the row it replaces."


class AmountNotPositive(Problem):
    says = "is not an amount above zero"
    remedy = "Amounts are positive; the direction is given by payer and payee."


class AmountUnreadable(Problem):
    says = "is not a number"
    remedy = "Write digits with the decimal sign named in the mapping."


class ClaimExceedsTransfer(Problem):
    says = "is claimed, more than came in"
    remedy = "Claims entered at one place may not exceed the amount that entered there."


class ClaimNotExternal(Problem):
    says = "does not enter the ledger from outside"
    remedy = "Enter the claim where the money first comes in; movements inside the ledger carry it on."


class UnbalancedEvent(Problem):
    says = "does not balance: what goes in is not what comes out"
    remedy = "Inputs must equal the cost of the outputs, fee included."


class MixedCurrencies(Problem):
    says = "mixes currencies that need one rate"
    remedy = "Give the amount in both currencies for each leg."


class UnknownRule(Problem):
    says = "is not a tracing rule"
    remedy = "Name a rule (trover rules lists them) or ask for all."


class MissingChoice(Problem):
    says = "needs a choice that only a person makes"
    remedy = "Record the choice with author and reason."
