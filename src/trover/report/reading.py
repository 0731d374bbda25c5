"""The material read once: rows numbered, places named, answers sorted. Every part is made from this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from trover.ledger.event import FEE, Account, AccountKind, Event, is_underway, party_id
from trover.report.carried import Carried
from trover.report.figures import Figure, FigureBook
from trover.report.material import Document, Material, PrintedBalance
from trover.report.words import Shown
from trover.sources.record import Pointer
from trover.trace.arithmetic import NANO, half_even
from trover.trace.claim import OWN
from trover.trace.compare import Answer
from trover.trace.variant import Variant, apply

OPENING = "opening:"


@dataclass(frozen=True)
class Place:
    """Where traced money ended: an account, an asset, a recipient outside, the bank, a purchaser in good faith.

    kind: account, asset, recipient, bank, bfp or fee. `accounts` are the ids of the trace that it sums.
    """

    key: str
    name: str
    kind: str
    currency: str
    accounts: tuple[str, ...]


class Reading:
    def __init__(self, material: Material) -> None:
        self.material = material
        self.shown = Shown(material.display)
        self.ledger, _ = apply(material.ledger, material.assumptions, material.order)
        self.events: tuple[Event, ...] = tuple(self.ledger)
        self.event = {event.id: event for event in self.events}
        self.accounts = self.ledger.account_by_id
        self.openings = tuple(a for a in self.ledger.account_list if a.opening and not a.is_external)
        labels = {f"{OPENING}{a.id}": f"O{n}" for n, a in enumerate(self.openings, 1)}
        self.labels = labels | {event.id: str(n) for n, event in enumerate(self.events, 1)}
        self.book = FigureBook(self.labels)
        given = {id: PrintedBalance(*balance) for id, balance in material.ledger.printed.items()}
        self.printed = {**given, **material.printed}
        self.claimants = tuple(owner for owner in material.assumptions.owners if owner != OWN)
        self.documents = {document.sha256: document for document in self._documents()}
        self.without = {words: _renamed(found, words) for words, found in material.without.items()}
        self._carried: dict[str, Carried] = {}

    def _documents(self) -> list[Document]:
        """The documents given, and one line for every hash that rows name and no document was given for."""
        given = list(self.material.documents)
        known = {document.sha256 for document in given}
        found = dict.fromkeys(source.sha256 for event in self.events for source in event.sources)
        missing = [sha256 for sha256 in found if sha256 not in known]
        return given + [Document(f"D{len(given) + n}", sha256, "") for n, sha256 in enumerate(missing, 1)]

    def anchor(self, row: str) -> str:
        return f"row-{self.labels[row]}"

    def balances_beside(self, event: Event) -> tuple[PrintedBalance, ...]:
        """The running balances printed beside every row that states the event."""
        own = self.printed.get(event.id)
        beside = [(other.balance_account, other.balance) for other in event.also]
        others = [PrintedBalance(account, balance) for account, balance in beside if balance is not None]
        return (own, *others) if own else tuple(others)

    def source_text(self, event: Event) -> str:
        """Document, page and line of every row that states the event."""
        return "; ".join(map(self.place_text, event.sources))

    def place_text(self, source: Pointer) -> str:
        """Document, page and line of one row."""
        page = f", {source.page}" if source.page else ""
        line = f", line {source.row}" if source.row else ""
        return f"{self.documents[source.sha256].id}{page}{line}"

    # answers

    @cached_property
    def lot_answers(self) -> tuple[Answer, ...]:
        """Answers of rules that say how money leaves an account and whose figures may be recoverable."""
        return tuple(a for a in self.material.answers if a.trace is not None and a.rule.recoverable)

    @cached_property
    def screening(self) -> tuple[Answer, ...]:
        return tuple(a for a in self.material.answers if a.trace is not None and not a.rule.recoverable)

    @cached_property
    def derived(self) -> tuple[Answer, ...]:
        return tuple(a for a in self.material.answers if a.trace is None and not a.skipped and a.rule.recoverable)

    @cached_property
    def skipped(self) -> tuple[Answer, ...]:
        return tuple(a for a in self.material.answers if a.skipped)

    @cached_property
    def settled(self) -> frozenset[str]:
        """Credits that a person found a broker paid out against an earlier payment."""
        return frozenset(found.row for found in self.material.findings if found.kind == "settlement")

    def main(self) -> tuple[Answer, ...]:
        """The rules in the order of rows that is printed; in any order where none was run in that one."""
        return tuple(a for a in self.lot_answers if a.variant is self.material.order)

    def variants(self) -> tuple[Variant, ...]:
        return tuple(v for v in Variant if any(a.variant is v for a in self.lot_answers))

    def answer(self, rule: str, variant: Variant) -> Answer | None:
        return next((a for a in self.lot_answers if a.rule.id == rule and a.variant is variant), None)

    def carried(self, answer: Answer) -> Carried:
        if answer.key not in self._carried:
            assert answer.trace is not None
            facts = self.material.assumptions
            read = replace(facts, linked_to={}) if answer.variant is Variant.NO_LINK else facts
            self._carried[answer.key] = Carried(answer.trace, self.event, read)
        return self._carried[answer.key]

    # names

    def name(self, account: str) -> str:
        """An account as people know it: by its holder where that tells it from the others inside the ledger."""
        return self._names.get(account, account)

    def place_name(self, account: str) -> str:
        """The name of a place where money ends: an output by its address first, every fee as one place."""
        known = self.accounts.get(account)
        if known and known.kind is AccountKind.OUTPUT and known.address:
            return f"{known.address}, output {self.name(account)}"
        return "Fees" if account.startswith(FEE) else self.name(account)

    @cached_property
    def _names(self) -> dict[str, str]:
        inside = Counter(a.holder for a in self.ledger.account_list if not a.is_external)
        return {a.id: _name(a, alone=inside[a.holder] == 1) for a in self.ledger.account_list}

    @cached_property
    def passed_through(self) -> dict[str, str]:
        """Account for money under way in which nothing is left -> the account from which the money came."""
        payers: dict[str, str] = {}
        left: Counter[str] = Counter()
        for event in self.events:
            for out in event.outputs:
                if is_underway(out.account):
                    payers[out.account] = event.inputs[0].account
                    left[out.account] += out.amount
            for paid in event.inputs:
                if is_underway(paid.account):
                    left[paid.account] -= paid.amount
        return {id: payer for id, payer in payers.items() if not left[id]}

    @cached_property
    def inside(self) -> tuple[Account, ...]:
        """The accounts and assets of the ledger, without those in which money only was under way."""
        through = self.passed_through
        return tuple(a for a in self.ledger.account_list if not a.is_external and a.id not in through)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place where traced money can end, inside first; recipients in order of first payment."""
        inside = [a for a in self.ledger.account_list if not a.is_external]
        used = {leg.account for event in self.events for leg in event.inputs}
        used |= {leg.account for event in self.events for leg in event.outputs}
        used -= self.passed_through.keys()
        result = [self._inside(account) for account in inside if account.opening or account.id in used]
        result += self._recipients()
        pseudo = dict.fromkeys(id for answer in self.lot_answers if answer.trace for id in answer.trace.content)
        for id in pseudo:
            if id.startswith("OD:"):
                account = self.accounts.get(id[3:])
                where = self.name(id[3:])
                currency = account.currency if account else inside[0].currency
                result.append(Place(id, f"The bank, repaying the overdraft of {where}", "bank", currency, (id,)))
            if id.startswith("BFP:") and id[4:] in self.event:
                payee = self.event[id[4:]].outputs[0].account
                name = f"{self.name(payee)}, purchaser in good faith (row {self.labels[id[4:]]})"
                result.append(Place(id, name, "bfp", self.accounts[payee].currency, (id,)))
        pools = [p for p in pseudo if p not in self.accounts and ":" not in p]
        members = self.material.assumptions.consolidate
        for pool in pools:
            first = self.accounts[members[pool][0]] if pool in members else inside[0]
            result.append(Place(pool, f"{pool} (consolidated)", "account", first.currency, (pool,)))
        return tuple(result)

    def _inside(self, account: Account) -> Place:
        kind = "asset" if account.is_asset else "account"
        return Place(account.id, self.place_name(account.id), kind, account.currency, (account.id,))

    def _recipients(self) -> list[Place]:
        grouped: dict[tuple[str, str, str], dict[str, None]] = {}
        for event in self.events:
            for leg in event.outputs:
                account = self.accounts[leg.account]
                if account.is_external:
                    fee = leg.account.startswith(FEE)
                    name = self.place_name(leg.account)
                    key = ("fee" if fee else "recipient", name, account.currency)
                    grouped.setdefault(key, {})[leg.account] = None
        return [
            Place(f"{kind}:{name}:{cur}", name, kind, cur, tuple(ids)) for (kind, name, cur), ids in grouped.items()
        ]

    # figures

    def figure(
        self,
        answer: Answer,
        places: Sequence[Place],
        owners: Sequence[str],
        key: str,
        what: str,
        *,
        exact: bool = False,
        currency: str = "",
    ) -> Figure:
        """The minor units of `owners` at `places` under `answer`, with the rows that carried them.

        A sum of places adds the amounts printed for each; `exact` adds before rounding instead. No place at all
        holds nothing in `currency`; that figure cites the rows at which the claims entered.
        """
        named = (answer.key, key, ",".join(owners))
        if known := self.book.known(named):
            return known
        carried = self.carried(answer)
        ids = [id for place in places for id in place.accounts]
        amount = sum(answer.table.get(id, {}).get(owner, 0) for id in ids for owner in owners)
        parts = [part for id in ids for part in carried.parts(id, owners)]
        if exact:
            amount = half_even(sum(nano for _, nano in parts), NANO)
        currency = places[0].currency if places else currency
        rows: Sequence[str] = self.touching(ids) if not parts else ()
        if not rows and not parts:
            rows = [row for row, _ in self.entries(owners)] or list(self.labels)
        words = f"{what}, {answer.key}"
        return self.book.figure(named, amount, currency, words, parts, rows, max(len(ids), 1))

    def touching(self, accounts: Iterable[str]) -> list[str]:
        """Every row with a leg at one of `accounts`; for the bank and for pools, the rows of what stands behind."""
        wanted = set(accounts)
        wanted |= {id[3:] for id in wanted if id.startswith("OD:")}
        members = self.material.assumptions.consolidate
        wanted |= {member for pool in wanted & set(members) for member in members[pool]}
        rows = [f"{OPENING}{a.id}" for a in self.openings if a.id in wanted]
        rows += [id[4:] for id in wanted if id.startswith("BFP:")]
        for event in self.events:
            legs = [leg.account for leg in event.inputs] + [leg.account for leg in event.outputs]
            if not wanted.isdisjoint(legs):
                rows.append(event.id)
        return rows

    def entries(self, claimants: Sequence[str], currency: str = "") -> list[tuple[str, int]]:
        """Rows at which claims entered, with minor units."""
        found = []
        for claim in self.material.assumptions.claims:
            row = claim.transfer or f"{OPENING}{claim.account}"
            if claim.claimant in claimants and (not currency or self.currency_of(row) == currency):
                found.append((row, claim.amount))
        return found

    def currency_of(self, row: str) -> str:
        """The currency in which a row enters the ledger."""
        if row.startswith(OPENING):
            return self.accounts[row.removeprefix(OPENING)].currency
        return self.accounts[self.event[row].inputs[0].account].currency

    @cached_property
    def claim_currencies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.currency_of(row) for row, _ in self.entries(self.claimants)))

    def claim(self, claimants: Sequence[str], currency: str) -> Figure:
        entries = self.entries(claimants, currency)
        amount = sum(minor for _, minor in entries)
        parts = [(row, minor * NANO) for row, minor in entries]
        return self.book.figure(("claim", currency, ",".join(claimants)), amount, currency, "Claim as entered", parts)


def _renamed(answers: Sequence[Answer], words: str) -> tuple[Answer, ...]:
    """Answers computed on other findings, under keys of their own."""
    return tuple(replace(answer, key=f"{answer.key} without {words}") for answer in answers)


def _name(account: Account, *, alone: bool) -> str:
    plain = party_id(account.id)
    if account.is_external:
        return account.holder or plain.removeprefix("EXT:")
    short = plain.removeprefix("ASSET:")
    if not account.holder or account.holder == short:
        return short
    return account.holder if alone and not account.is_asset else f"{account.holder}, {short}"
