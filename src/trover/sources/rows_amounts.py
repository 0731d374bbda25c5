"""The amounts of a row that stands on a statement: which way they move its account, as the mapping says it."""
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import date

from trover.errors import AmountNotPositive, AmountUnreadable, FieldWrong, Problem
from trover.sources.mapping import AGREES, Marks
from trover.sources.mapping_fields import folded
from trover.sources.record import Pointer
from trover.sources.rows import Cells, Positions, TableRows
from trover.sources.text import shortened

_NIL = frozenset(("-", "–", "—"))
WORDS = "Name the word in the mapping, with what it means; no word is read by its likeness."
_MINUS = "State in the mapping whether a minus agrees with the word or column, or reverses it (minus)."


@dataclass(slots=True)
class Own:
    """One statement of an own account while its rows come in."""

    account: str
    currency: str
    decimals: int
    statement: str
    number: str
    pointer: Pointer
    opening: int | None = None
    closing: int | None = None
    start: date | None = None
    end: date | None = None


class StatementAmounts(TableRows):
    """What the rows of a statement add to its account, what they are charged, and the balances beside them."""

    def begin(self, page: str, positions: Positions, head: Dict[str, str]) -> None:
        super().begin(page, positions, head)
        at = {name: place[0] for name, place in positions.items()}
        self._amount_at, self._debit_at, self._credit_at = at.get("amount"), at.get("debit"), at.get("credit")
        self._balance_at, self._fee_at = at.get("balance"), at.get("fee")
        self._sign_at, self._balance_sign_at = at.get("=sign"), at.get("=balance_sign")

    def _signed(self, cells: Cells, own: Own) -> int | None:
        """What the row adds to the own account; 0 for a row that moves nothing."""
        if self._amount_at is None:
            return self._of_two_columns(cells, own)
        text = cells[self._amount_at].strip()
        sign = self.mapping.sign
        value = self._read(text, own, "amount", sign)
        if value is None:
            return None
        if self._sign_at is not None and sign is not None:
            return self._directed(value, text, cells[self._sign_at], sign)
        return -value if self.mapping.amounts_are_debits else value

    def _of_two_columns(self, cells: Cells, own: Own) -> int | None:
        values: dict[str, int] = {}
        empty = True
        for name, at in (("debit", self._debit_at), ("credit", self._credit_at)):
            text = cells[at].strip() if at is not None else ""
            if not text or text in _NIL:
                continue
            empty = False
            value = self._read(text, own, name, None)
            if value is None:
                return None
            if value:
                turned = self._turned(value, text, name, name == "debit")
                if turned is None:
                    return None
                values[name] = turned
        if empty or len(values) > 1:
            says = "neither debit nor credit" if empty else "both debit and credit"
            self.found.append(AmountUnreadable("", self._place("debit"), says=f"the row fills {says}"))
            return None
        return sum(values.values())

    def _directed(self, value: int, text: str, mark: str, sign: Marks) -> int | None:
        word = folded(mark)
        if word not in sign.credit and word not in sign.debit:
            says = "is not a word for credit or debit that the mapping names"
            self.found.append(FieldWrong(shortened(mark), self._place("sign", sign.column), says=says, remedy=WORDS))
            return None
        return self._turned(value, text, "amount", word in sign.debit)

    def _turned(self, value: int, text: str, name: str, debit: bool) -> int | None:
        """`value` as it moves the account, where a word or column says the direction and a minus may stand as well."""
        minus = self.mapping.minus
        if (value < 0 and not minus) or (minus == AGREES and value and (value < 0) != debit):
            says = "has a minus beside a word or column that says its direction"
            if minus == AGREES:
                says = "has a sign that contradicts the word or column that says its direction"
            self.found.append(AmountNotPositive(shortened(text), self._place(name), says=says, remedy=_MINUS))
            return None
        if minus == AGREES:
            return value
        return -value if debit else value

    def _fee(self, cells: Cells, own: Own) -> int | None:
        """What is taken from the own account beside the amount."""
        text = self._text(cells, "fee")
        if not text or text in _NIL:
            return 0
        value = self._read(text, own, "fee", None)
        if value is not None and self.mapping.minus == AGREES:
            value = -value
        if value is not None and value < 0:
            self.found.append(AmountNotPositive(text, self._place("fee")))
            return None
        return value

    def _balance(self, cells: Cells, text: str, own: Own) -> int | None:
        sign = self.mapping.balance_sign
        value = self._read(text, own, "balance", sign)
        if value is None:
            return None
        if self._balance_sign_at is not None and sign is not None:
            mark = cells[self._balance_sign_at]
            if value == 0 and folded(mark) not in sign.credit | sign.debit:
                return 0
            return self._directed(value, text, mark, sign)
        return -value if self.mapping.balance_is_owed else value

    def _read(self, text: str, own: Own, name: str, marks: Marks | None) -> int | None:
        """A cell in minor units; with words for credit and debit beside the digits, those are its sign."""
        if marks is None or marks.column:
            try:
                return self._cell(text, own.decimals, own.currency)
            except Problem as problem:
                self.found.append(problem.at(self._place(name)))
                return None
        bare, mark = _split(text, marks)
        word = folded(mark)
        if word not in marks.credit and word not in marks.debit:
            says = "has no word beside it that says credit or debit"
            self.found.append(AmountUnreadable(shortened(text), self._place(name), says=says))
            return None
        value = self._amount(bare, own.decimals, own.currency, name)
        return None if value is None else self._turned(value, text, name, word in marks.debit)


def _split(text: str, marks: Marks) -> tuple[str, str]:
    """The number in a cell and the word for credit or debit that stands before or behind it."""
    words = sorted(filter(None, marks.credit | marks.debit), key=len, reverse=True)
    any_word = "|".join(map(re.escape, words))
    before = re.match(any_word, text, re.IGNORECASE)
    rest = text[before.end() :].lstrip() if before else text
    behind = re.search(rf"(?:{any_word})\Z", rest, re.IGNORECASE)
    if before and behind:
        return text, ""
    if behind:
        return rest[: behind.start()].rstrip(), behind[0]
    return rest, before[0] if before else ""
