"""Tables whose rows name payer and payee: one event a row, booked between declared accounts and outsiders."""

from __future__ import annotations

from dataclasses import dataclass

from trover.errors import AmountNotPositive, FieldMissing
from trover.sources.record import EventRecord, LegRecord, Pointer
from trover.sources.rows import EXTERNAL, Cells, TableRows


@dataclass(frozen=True, slots=True)
class _Party:
    account: str
    currency: str


_Legs = tuple[tuple[LegRecord, ...], tuple[LegRecord, ...], _Party]


class TransferRows(TableRows):
    """The rows of a table of the shape `transfer`."""

    def add(self, row: int, cells: Cells) -> None:
        self._row = row
        before = len(self.found)
        id = self._identify(cells)
        time_text = self._time_text(cells)
        time = self._time(time_text)
        legs = self._legs(cells, id)
        if legs is None or time is None or len(self.found) > before or self._suspect(legs):
            self.broken.add(self._text(cells, "id") or id)
            return
        inputs, outputs, own = legs
        self.events.append(
            EventRecord(
                pointer=Pointer(self.source.sha256, self.page, row),
                id=id,
                time=time,
                time_text=time_text,
                seq=self._seq(cells),
                inputs=inputs,
                outputs=outputs,
                kind=self._text(cells, "kind"),
                note=self._note(cells),
                reverses=self._text(cells, "reverses"),
                replaces=self._text(cells, "replaces"),
                balance=self._balance(cells, own),
                balance_account=own.account,
                balance_text=self._text(cells, "balance"),
                references=self._references(cells),
            )
        )

    def _suspect(self, legs: _Legs) -> bool:
        """An account whose declaration is wrong would only repeat its problem at every row."""
        return bool(self.suspects) and any(leg.account in self.suspects for leg in (*legs[0], *legs[1]))

    def _inside(self, number: str, plain: str) -> str:
        return plain if number and plain in self.accounts else ""

    def _legs(self, cells: Cells, id: str) -> _Legs | None:
        currency = self._currency(cells, "currency", self.mapping.currency)
        decimals = self._decimals(currency, "currency")
        converts = bool(self._text(cells, "amount_to"))
        currency_to = self._currency(cells, "currency_to", currency) if converts else currency
        decimals_to = self._decimals(currency_to, "currency_to") if currency_to != currency else decimals
        payer, payee = self._side(cells, "from", currency), self._side(cells, "to", currency_to)
        if decimals is None or decimals_to is None or payer is None or payee is None:
            return None
        amount = self._positive(self._text(cells, "amount"), decimals, currency, "amount")
        arrives = amount
        if converts:
            arrives = self._positive(self._text(cells, "amount_to"), decimals_to, currency_to, "amount_to")
        charged = self._text(cells, "fee")
        fee = self._amount(charged, decimals, currency, "fee") if charged else 0
        if amount is None or arrives is None or fee is None:
            return None
        if fee < 0:
            self.found.append(AmountNotPositive(charged, self._place("fee")))
            return None
        outputs = [LegRecord(payee.account, arrives, amount if converts else None, currency_to)]
        if fee:
            outputs.append(LegRecord(f"FEE:{id}", fee, None, currency))
        own = payee if payer.account.startswith(EXTERNAL) else payer
        return (LegRecord(payer.account, amount + fee, None, currency),), tuple(outputs), own

    def _side(self, cells: Cells, side: str, currency: str) -> _Party | None:
        number, holder = self._text(cells, side), self._text(cells, f"{side}_holder")
        if not number and not holder:
            self.found.append(FieldMissing("", self._place(side), says="neither account nor name is given"))
            return None
        return _Party(self._party(number, holder, "", currency, side if number else f"{side}_holder"), currency)

    def _currency(self, cells: Cells, name: str, fallback: str) -> str:
        currency = self._text(cells, name) or fallback
        if not currency:
            self.found.append(FieldMissing("", self._place(name), says="the currency is empty"))
        return currency

    def _balance(self, cells: Cells, own: _Party) -> int | None:
        text = self._text(cells, "balance")
        if not text:
            return None
        decimals = self._decimals(own.currency, "currency")
        return None if decimals is None else self._amount(text, decimals, own.currency, "balance")
