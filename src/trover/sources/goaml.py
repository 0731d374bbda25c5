"""goAML reports of financial intelligence units: who is said to have paid whom, announced and proved by nothing.

What is read and what is not: docs/formats/goaml.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trover.errors import (
    AmountNotPositive,
    AmountTooFine,
    AmountUnreadable,
    DateUnreadable,
    FieldMissing,
    FieldWrong,
    InputErrors,
    MessageNotRead,
    Problem,
    TooLong,
    UnknownCurrency,
)
from trover.sources.amounts import Money
from trover.sources.announced import Announced, Payment
from trover.sources.currency import MINOR_UNITS
from trover.sources.custody import SourceFile
from trover.sources.parties import Party, apart, numbered_at
from trover.sources.reader import Reading
from trover.sources.record import Unbooked
from trover.sources.text import TEXT_LIMIT, joined, labelled, shortened
from trover.sources.times import Moment
from trover.sources.xml_at_hand import XmlAtHand
from trover.sources.xml_safe import Element, head_of, parse_xml, text_of

_ROOTS = ("report", "reportdata")
_NAMED = re.compile(r"<(?:\w+:)?(?:rentity_id|report_code|submission_code|entity_reference|currency_code_local)[\s>/]")
_ROOT = re.compile(r"<(?:\w+:)?report(?:data)?[\s>]")
_DETAILS = {
    "transaction_description": "",
    "comments": "",
    "internal_ref_number": "internal reference",
    "transactionnumber": "transaction",
    "transmode_code": "mode",
    "transmode_comment": "",
    "transaction_type_code": "type",
    "transaction_status": "status",
    "transaction_location": "at",
    "agent_name": "agent",
    "teller": "teller",
    "value_date": "value date",
    "late_deposit": "late deposit",
}
"""Elements that stand in the note, with the word before each."""
_REMEDIES: dict[type[Problem], str] = {
    AmountUnreadable: "Amounts of goAML are digits with a point, as 1250.50: obtain the report again.",
    AmountTooFine: "Nothing is rounded on reading: ask who reported it which amount was meant.",
    AmountNotPositive: "Amounts are not negative; from and to say in which direction they go.",
    DateUnreadable: "Days of goAML are written as 2020-01-31T00:00:00: obtain the report again.",
    FieldMissing: "Nothing is assumed in its place: ask who reported it.",
    FieldWrong: "Ask who reported it what is meant; nothing is chosen here.",
    TooLong: "Ids and names have at most 200 characters, texts 20,000: check that the file is whole.",
    UnknownCurrency: "Ask who reported it which currency is meant.",
}


@dataclass(frozen=True, slots=True)
class _Side:
    """Who gives or gets: `client` where the reporting entity keeps the account."""

    party: Party
    client: bool
    foreign: Money | None
    note: str = ""


class GoamlReader:
    """Reports with transactions (goAML schemas 4 and 5), and the bank statements that supplement them."""

    name = "goaml"

    def sniff(self, source: SourceFile) -> bool:
        head = head_of(source)
        return bool(_ROOT.search(head) and (_NAMED.search(head) or "<reportdata" in head))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        root = parse_xml(source)
        report = _Report(source, _REMEDIES)
        report.prepare(root)
        if root.tag not in _ROOTS:
            remedy = "Give a report with transactions, or the statements that supplement one."
            problem = MessageNotRead(root.tag, report.place(root), says="is not a report of goAML", remedy=remedy)
            raise InputErrors([problem])
        report.read(root)
        return report.reading(self.name)


@dataclass
class _Report(XmlAtHand, Announced):
    """One report being read; its transactions are judged one by one."""

    def read(self, root: Element) -> None:
        self.page = text_of(root, "entity_reference", "fiu_ref_number", "report_code")
        local = text_of(root, "currency_code_local")
        transactions = list(root.iter("transaction"))
        for position, element in enumerate(transactions, 1):
            id = f"{self.source.sha256[:12]}:{position}"
            self._transaction(element, local, id, position)
        if not transactions:
            id, reason = f"{self.source.sha256[:12]}:0", "the report holds an activity and no transaction"
            self.unbooked.append(Unbooked(self.pointer(root), id, "", "", "", reason))

    def _transaction(self, element: Element, local: str, id: str, seq: int) -> None:
        pointer, before = self.pointer(element), len(self.found)
        if element.find("involved_parties") is not None:
            reason = "its parties are involved, and nothing says who paid whom"
            self.unbooked.append(Unbooked(pointer, id, "", "", text_of(element, "amount_local"), reason))
            return
        amount = self._money(element, "amount_local", local, "currency_code_local of the report")
        moment, text = self._moment(element)
        giver, taker = self._side(element, "from"), self._side(element, "to")
        given, got = giver.foreign or amount, taker.foreign or amount
        own, payer, payee = self._sides(giver, taker, given, got, id, element)
        if given and got and given.currency == got.currency and given.minor != got.minor:
            says = f"is what was given, but {got} of the same currency was got"
            self.report(FieldWrong(str(given), says=says), element, "from_foreign_currency")
        note = _note(element, giver, taker, amount, text)
        if len(note) > TEXT_LIMIT:
            self.report(TooLong(shortened(note)), element)
        if len(self.found) > before or amount is None or moment is None or given is None or got is None:
            money = got if own == payee else given
            currency = money.currency if money else local if local in MINOR_UNITS else ""
            self.fail(pointer, id, own, currency, before)
            return
        numbers = (text_of(element, "transactionnumber"), text_of(element, "internal_ref_number"))
        self.book(
            Payment(
                pointer=pointer,
                id=id,
                seq=seq,
                moment=moment,
                time_text=text,
                payer=payer,
                payee=payee,
                own=own,
                given=given,
                got=got,
                printed=str(amount),
                note=note,
                references=tuple(dict.fromkeys(filter(None, numbers))),
            )
        )

    def _sides(
        self, giver: _Side, taker: _Side, given: Money | None, got: Money | None, id: str, element: Element
    ) -> tuple[str, str, str]:
        """Ids of the account on whose statement the row stands, of payer and of payee.

        Accounts that the reporting entity keeps are accounts of the ledger, all others are outside.
        """
        first, second = apart(giver.party, taker.party)
        pointer, place = self.pointer(element), self.place(element)
        payer = self.account(first, giver.client, given.currency if given else "", pointer, place, f"{id}:from")
        payee = self.account(second, taker.client, got.currency if got else "", pointer, place, f"{id}:to")
        return (payee if taker.client and not giver.client else payer), payer, payee

    def _moment(self, element: Element) -> tuple[Moment | None, str]:
        """The day of posting, else of the transaction, and its text; None after a problem."""
        column = "date_posting" if text_of(element, "date_posting") else "date_transaction"
        text = text_of(element, column)
        if not text:
            self.report(FieldMissing("", says="the date of the transaction is missing"), element, column)
            return None, ""
        return self.moment(text, element, column), text

    def _money(self, element: Element, column: str, currency: str, where: str) -> Money | None:
        text = text_of(element, column)
        if not text or not currency:
            says = f"the amount ({column}) is missing" if not text else f"the currency ({where}) is missing"
            self.report(FieldMissing("", says=says), element, column)
            return None
        return self.unsigned(text, currency, element, column)

    def _side(self, element: Element, role: str) -> _Side:
        """Who stands in `role` (from or to); nobody after a problem."""
        client = element.find(f"t_{role}_my_client")
        side = client if client is not None else element.find(f"t_{role}")
        if side is None:
            self.report(FieldMissing("", says=f"who stands in t_{role} is missing"), element, f"t_{role}")
            return _Side(Party(), client=False, foreign=None)
        foreign = side.find(f"{role}_foreign_currency")
        money = None
        if foreign is not None:
            code = text_of(foreign, "foreign_currency_code")
            money = self._money(foreign, "foreign_amount", code, "foreign_currency_code")
        account = side.find(f"{role}_account")
        party = _account(account) if account is not None else _named(side, f"{role}_person", f"{role}_entity")
        words = [
            labelled(f"{role} funds", text_of(side, f"{role}_funds_code")),
            text_of(side, f"{role}_funds_comment"),
            labelled(f"{role} country", text_of(side, f"{role}_country")),
            labelled(f"{role} rate", text_of(foreign, "foreign_exchange_rate")),
            labelled("conducted by", str(_named(side, "t_conductor"))),
        ]
        return _Side(party, client is not None and bool(party.account), money, "; ".join(filter(None, words)))


def _account(account: Element) -> Party:
    number = "".join(text_of(account, "iban").split()) or text_of(account, "account")
    bank = text_of(account, "swift") or text_of(account, "institution_code")
    name = text_of(account, "account_name", "t_entity/name") or _named(account, "signatory/t_person").name
    return Party(numbered_at(bank, number), name, bank if not number else "")


def _named(parent: Element, *paths: str) -> Party:
    """The person or entity at the first of `paths` that is there."""
    found = next((each for path in paths if (each := parent.find(path)) is not None), None)
    names = [text_of(found, name) for name in ("first_name", "middle_name", "prefix", "last_name")]
    person = " ".join(filter(None, names))
    identification = text_of(found, "id_number", "ssn", "passport_number", "incorporation_number", "tax_number")
    return Party("", person or text_of(found, "name", "commercial_name"), identification)


def _note(element: Element, giver: _Side, taker: _Side, amount: Money | None, when: str) -> str:
    """Everything said of the transaction beside amount and parties, in a fixed order, joined by `; `."""
    parts = []
    for name, word in _DETAILS.items():
        if value := text_of(element, name):
            parts.append(f"{word} {value}".strip())
    if (day := text_of(element, "date_transaction")) != when:
        parts.append(f"transaction of {day}")
    if amount and (giver.foreign or taker.foreign):
        parts.append(f"reported as {amount}")
    return joined((*parts, giver.note, taker.note))
