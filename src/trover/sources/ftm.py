"""FollowTheMoney entities, one a line: each Payment is said to have been made, and proved by nothing.

What is read and what is not: docs/formats/ftm.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trover.errors import (
    DuplicateId,
    FieldMissing,
    FieldWrong,
    InputErrors,
    Place,
    Problem,
    TooLong,
    UnknownField,
)
from trover.sources.amounts import Money
from trover.sources.announced import Announced, Payment
from trover.sources.custody import SourceFile
from trover.sources.parties import Party, numbered_at
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.rows import EXTERNAL
from trover.sources.strict_json import load_json
from trover.sources.text import TEXT_LIMIT, joined, not_text, shortened
from trover.sources.times import Moment

PAYMENT, ACCOUNT = "Payment", "BankAccount"
_KEYS = re.compile(r'"(schema|properties)"\s*:')
_STATED = {"amountEur": "EUR", "amountUsd": "USD"}
"""Amounts whose currency the name says, the first that is there used where no amount states its own."""
_NOTED = {
    "purpose": "",
    "programme": "programme",
    "summary": "",
    "description": "",
    "transactionNumber": "transaction",
    "sequenceNumber": "sequence",
    "recordId": "record",
    "publisher": "publisher",
    "sourceUrl": "source",
    "startDate": "from",
    "endDate": "to",
}
_LONGEST_LINE = 4 * 1024 * 1024
_REMEDY = "Correct the entity where it is kept and export it again; nothing is chosen or assumed here."


@dataclass(frozen=True, slots=True)
class _Entity:
    """One entity and its line; `properties` are lists of texts, an entity inside another replaced by its id."""

    id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]
    row: int


class FtmReader:
    """JSON lines of entities with `id`, `schema` and `properties`."""

    name = "ftm"

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:65536].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").partition("\n")[0]
        return head.startswith("{") and {match[1] for match in _KEYS.finditer(head)} == {"schema", "properties"}

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        file = _File(source)
        for row, line in enumerate(source.data.split(b"\n"), 1):
            if line.strip(b" \t\r\xef\xbb\xbf"):
                file.line(row, line)
        file.payments()
        return file.reading(self.name)


@dataclass
class _File(Announced):
    entities: dict[str, _Entity] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)

    def located(self, problem: Problem, where: int, column: str = "") -> Problem:
        return problem.at(self.place(where, column), _REMEDY)

    def line(self, row: int, line: bytes) -> None:
        """The entity of one line, and those inside it."""
        source = self.source
        if len(line) > _LONGEST_LINE:
            says = f"bytes are more than an entity has (at most {_LONGEST_LINE})"
            self.report(TooLong(len(line), says=says), row)
            return
        try:
            data = load_json(SourceFile(source.name, line, source.sha256, source.media))
        except InputErrors as errors:
            self.found += [problem.at(self.place(row, problem.place.column)) for problem in errors.problems]
            return
        self._entity(data, row)

    def _entity(self, data: Any, row: int) -> str:
        """The id of an entity, which is kept; empty after a problem."""
        if not isinstance(data, dict) or not all(
            isinstance(data.get(key), str) and data[key] for key in ("id", "schema")
        ):
            self.report(FieldMissing("", says="an entity needs an id and a schema, both texts"), row)
            return ""
        properties = data.get("properties")
        if not isinstance(properties, dict) or not all(isinstance(values, list) for values in properties.values()):
            self.report(FieldWrong(shortened(data["id"]), says="has properties that are not lists of values"), row)
            return ""
        read: dict[str, tuple[str, ...]] = {}
        for name, values in properties.items():
            texts = [self._entity(value, row) if isinstance(value, dict) else value for value in values]
            if not all(isinstance(text, str) for text in texts):
                says = f"has a value of {shortened(name)} that is neither a text nor an entity"
                self.report(FieldWrong(shortened(data["id"]), says=says), row)
                return ""
            read[name] = tuple(text for text in texts if text)
            for text in read[name]:
                if problem := not_text(text, self.place(row, name)):
                    self.found.append(problem)
                elif len(text) > TEXT_LIMIT:
                    self.report(TooLong(shortened(text)), row, name)
        entity = _Entity(data["id"], data["schema"], read, row)
        known = self.entities.setdefault(entity.id, entity)
        if (known.schema, known.properties) != (entity.schema, entity.properties):
            says = f"is also the id of another entity, at row {known.row}"
            self.report(DuplicateId(shortened(entity.id), says=says), row, "id")
        return entity.id

    def payments(self) -> None:
        self.names.update(
            name for e in self.entities.values() if e.schema != PAYMENT for name in set(e.properties.get("name", ()))
        )
        number = 0
        for entity in self.entities.values():
            if entity.schema == PAYMENT:
                number += 1
                self._payment(entity, number)
        if not number and not self.found:
            says = "the file holds entities and no Payment, so it moves no money"
            self.found.append(FieldMissing("", Place(self.source.name), says=says, remedy="Export the payments too."))

    def _payment(self, entity: _Entity, seq: int) -> None:
        id = f"{self.source.sha256[:12]}:{seq}"
        pointer, before = self.pointer(entity.row), len(self.found)
        amount = self._amount(entity)
        moment, text = self._moment(entity)
        currency = amount.currency if amount else ""
        payer = self._party(entity, "payer", "payerAccount", currency, pointer, id)
        payee = self._party(entity, "beneficiary", "beneficiaryAccount", currency, pointer, id)
        own = payee if payer.startswith(EXTERNAL) and not payee.startswith(EXTERNAL) else payer
        note = _note(entity, str(amount or ""))
        if len(note) > TEXT_LIMIT:
            self.report(TooLong(shortened(note)), entity.row, "purpose")
        if len(self.found) > before or amount is None or moment is None:
            self.fail(pointer, id, own, currency, before)
            return
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
                given=amount,
                got=amount,
                printed=str(amount),
                note=note,
                references=(entity.id, *entity.properties.get("transactionNumber", ())),
            )
        )

    def _only(self, entity: _Entity, name: str) -> str:
        """The one value of a property; empty where there is none, and after a problem where there are several."""
        values = tuple(dict.fromkeys(entity.properties.get(name, ())))
        if len(values) > 1:
            shown = shortened(", ".join(values))
            says = f"are several values of {name}, and nothing says which holds"
            self.report(FieldWrong(shown, says=says), entity.row, name)
            return ""
        return values[0] if values else ""

    def _amount(self, entity: _Entity) -> Money | None:
        """The amount and its currency; None after a problem."""
        before = len(self.found)
        currency = self._only(entity, "currency").upper()
        column = "amount" if currency and entity.properties.get("amount") else ""
        if not column:
            column = next((name for name in _STATED if entity.properties.get(name)), "")
            currency = _STATED.get(column, "")
        text = self._only(entity, column) if column else ""
        if len(self.found) > before:
            return None
        if not text:
            lacks = "currency" if entity.properties.get("amount") else "amount"
            self.report(FieldMissing("", says=f"the {lacks} is missing"), entity.row, lacks)
            return None
        return self.unsigned(text, currency, entity.row, column)

    def _moment(self, entity: _Entity) -> tuple[Moment | None, str]:
        text = self._only(entity, "date")
        if not text:
            if not entity.properties.get("date"):
                self.report(FieldMissing("", says="the date is missing"), entity.row, "date")
            return None, ""
        says = "is not a day: a year or a month alone gives a payment no place in an order"
        return self.moment(text, entity.row, "date", says), text

    def _party(self, payment: _Entity, role: str, account: str, currency: str, pointer: Pointer, id: str) -> str:
        """The id of payer or payee: its bank account if one is named, else the person or organisation outside."""
        place = self.place(payment.row, role)
        who = self._named(payment, role)
        number = self._number(payment, account)
        party = Party(number, who.name, who.identification, who.in_full)
        return self.account(party, bool(number), currency, pointer, place, f"{id}:{role}")

    def _named(self, payment: _Entity, role: str) -> Party:
        id = self._only(payment, role)
        if not id:
            return Party()
        entity = self.entities.get(id)
        if entity is None:
            says = f"is the {role} of a payment and no entity of this file, so its name is not known"
            self.remark(UnknownField(shortened(id), says=says), payment.row, role)
            return Party("", "", id)
        name = next(iter(entity.properties.get("name", ())), "")
        return Party("", name, id, in_full=self.names[name] > 1)

    def _number(self, payment: _Entity, column: str) -> str:
        """The id of the bank account in `column`; empty where none is named."""
        id = self._only(payment, column)
        if not id:
            return ""
        entity = self.entities.get(id)
        if entity is None:
            return id
        number = self._only(entity, "iban").replace(" ", "") or self._only(entity, "accountNumber")
        if not number:
            return next(iter(entity.properties.get("name", ())), "") or id
        return numbered_at(self._only(entity, "bic"), number)


def _note(entity: _Entity, used: str) -> str:
    """Every further value, in a fixed order, joined by `; `."""
    parts = [f"{word} {value}".strip() for name, word in _NOTED.items() for value in entity.properties.get(name, ())]
    stated = [f"{value} {currency}" for name, currency in _STATED.items() for value in entity.properties.get(name, ())]
    parts += [f"also stated as {each}" for each in stated if each != used]
    if used in stated and (other := ", ".join(entity.properties.get("amount", ()))):
        parts.append(f"amount {other} without currency")
    return joined(parts)
