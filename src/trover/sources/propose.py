"""A mapping proposed for an unknown table, a reason for each line. A person approves it; it reads nothing by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from trover.errors import InputErrors, Problem
from trover.sources.csv_reader import lines_of
from trover.sources.custody import SourceFile
from trover.sources.dates import DateStyle
from trover.sources.mapping import STATEMENT, TRANSFER, XLSX
from trover.sources.mapping import Mapping as TableMapping
from trover.sources.propose_text import Guess, delimiter_of, encoding_of, header_at
from trover.sources.propose_values import FIRST_YEAR, dates_of, direction_words, proved_words, style_of
from trover.sources.propose_words import HEAD_WORDS, header_word, meanings_of
from trover.sources.table import Line
from trover.sources.text import decode

_ROWS = 5_000
"""Rows of the table that are looked at."""
_CURRENCY_IN_HEADER = r"[(\[ ]([A-Z]{3})[)\]]?$"
ASK = "ask: "


@dataclass
class Proposal:
    """`fields`: the mapping as plain data; `reasons`: field -> why; `questions`: field -> what a person must say."""

    fields: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any, reason: str) -> None:
        if reason.startswith(ASK):
            self.questions[name] = reason.removeprefix(ASK)
        self.fields[name], self.reasons[name] = value, reason

    def ask(self, name: str, question: str) -> None:
        self.questions[name] = question

    def text(self) -> str:
        """The mapping as YAML, each line with its reason; what is asked stands as a comment that must be filled in."""
        lines = []
        for name, value in self.fields.items():
            if isinstance(value, Mapping):
                lines.append(f"{name}:  # {self.reasons.get(name, '')}".rstrip("# "))
                for key, each in value.items():
                    reason = self.reasons.get(f"{name}.{key}", "")
                    lines.append(f"  {key}: {_yaml(each)}" + (f"  # {reason}" if reason else ""))
            else:
                reason = self.reasons.get(name, "")
                lines.append(f"{name}: {_yaml(value)}" + (f"  # {reason}" if reason else ""))
        lines += [f"# asked: {name}: {text}" for name, text in self.questions.items() if name not in self.fields]
        return "\n".join(lines) + "\n"


def _yaml(value: Any) -> str:
    """A flow of YAML; JSON is YAML, and every text in quotes stays the text it is."""
    return json.dumps(value, ensure_ascii=False)


def propose(source: SourceFile, stated: Mapping[str, Any] | None = None) -> Proposal:
    """A mapping for `source`. stated: fields that a person has answered. Raises `InputErrors` if it is no table."""
    from trover.sources.xlsx_reader import XlsxReader

    proposal, said = Proposal(), dict(stated or {})
    if XlsxReader().sniff(source):
        proposal.put("format", XLSX, "the file is a workbook")
        lines = _sheet_lines(source, said)
    else:
        lines = _text_lines(source, proposal, said)
    at, header = header_at(lines, source.name)
    _put_header(proposal, at, header, lines)
    if at and "head" not in said:
        _put_head(proposal, lines[:at])
    names = [cell.strip() for cell in lines[at][1]]
    table = Table(names, [cells for _, cells in lines[at + 1 :] if len(cells) >= len(names)])
    _Columns(proposal, table, said).propose()
    for name, value in said.items():
        proposal.questions.pop(name, None)
        proposal.put(name, value, "stated by you")
    return proposal


def _put_header(proposal: Proposal, at: int, header: Guess, lines: Sequence[Line]) -> None:
    if at:
        proposal.put("header_row", "find", f"{header.reason}; lines stand above it, and may be more in another file")
    elif lines[at][0] > 1:
        proposal.put("header_row", header.value, header.reason)


def _put_head(proposal: Proposal, above: Sequence[Line]) -> None:
    """What lines above the header print: a label that is known, with a value beside it."""
    head: dict[str, str] = {}
    for _, cells in above:
        filled = [cell.strip() for cell in cells if cell.strip()]
        label, sign, _ = filled[0].partition(":")
        if len(filled) < 2 and not sign:
            continue
        for meaning in (*meanings_of(label), *HEAD_WORDS.get(header_word(label), ())):
            if meaning in ("account", "currency", "opening", "closing"):
                head.setdefault(meaning, label.strip())
                break
    if head:
        proposal.put("head", head, "lines above the header print it beside these labels")


def _text_lines(source: SourceFile, proposal: Proposal, said: Mapping[str, Any]) -> list[Line]:
    guess = Guess(said["encoding"], "stated by you") if "encoding" in said else encoding_of(source)
    proposal.put("encoding", guess.value, guess.reason)
    text = decode(source.data, source.name, guess.value)
    delimiter = Guess(said["delimiter"], "") if "delimiter" in said else delimiter_of(text)
    proposal.put("delimiter", delimiter.value, delimiter.reason)
    mapping = TableMapping("", STATEMENT, {}, encoding=guess.value, delimiter=delimiter.value)
    found: list[Problem] = []
    return list(islice(lines_of(source, mapping, found), _ROWS))


def _sheet_lines(source: SourceFile, said: Mapping[str, Any]) -> list[Line]:
    from trover.sources.xlsx_reader import sheet_lines

    names = said.get("sheet", [])
    wanted = TableMapping("", STATEMENT, {}, sheets=tuple([names] if isinstance(names, str) else names))
    return list(islice(sheet_lines(source, wanted), _ROWS))


class Table:
    """The columns of a table by their names, as far as it is looked at."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.names = [name for name in names if name and list(names).count(name) == 1]
        at = {name: list(names).index(name) for name in self.names}
        self.columns = {name: [row[at[name]].strip() for row in rows] for name in self.names}

    def filled(self, name: str) -> list[str]:
        return [text for text in self.columns[name] if text]


class _Columns:
    """The meaning of each column, from its header and its values."""

    def __init__(self, proposal: Proposal, table: Table, said: Mapping[str, Any]) -> None:
        self.proposal, self.table, self.said = proposal, table, said
        self.found: dict[str, str] = {}
        self.taken: set[str] = set()

    def propose(self) -> None:
        self._by_header()
        self._accounts()
        transfer = {"from", "to"} <= set(self.found) or {"from_holder", "to_holder"} <= set(self.found)
        shape = TRANSFER if transfer and "account" not in self.found else STATEMENT
        why = (
            "each row names payer and payee" if shape == TRANSFER else "each row stands on the statement of one account"
        )
        self.proposal.put("shape", shape, why)
        self._dates()
        self._amounts()
        self._currency()
        head = self.proposal.fields.get("head", {})
        if shape == STATEMENT and "account" not in self.found and "account" not in head:
            self.proposal.ask(
                "account", "no column names the own account: state it, or say in head beside which label it stands"
            )
        self._put_columns(shape)
        self._order()

    def _by_header(self) -> None:
        for name in self.table.names:
            for meaning in meanings_of(name):
                if meaning not in self.found or meaning in ("note", "references"):
                    self.found.setdefault(meaning, name)
                    self.taken.add(name)
                    self.proposal.reasons.setdefault(f"columns.{meaning}", f"the header {name} is known to mean this")
                    break
        if {"debit", "credit"} <= set(self.found) and "amount" in self.found:
            self.found.pop("amount")
        elif ("debit" in self.found) != ("credit" in self.found) and "amount" in self.found:
            self.found.pop("debit", None)
            self.found.pop("credit", None)

    def _accounts(self) -> None:
        """Of two columns for an account the own one is never empty and has fewer values."""
        both = [name for name in self.table.names if "account" in meanings_of(name)]
        if len(both) < 2 or "counterparty_account" in self.found:
            return
        rank = sorted(both, key=lambda name: ("" in self.table.columns[name], len(set(self.table.columns[name]))))
        self.found["account"], self.found["counterparty_account"] = rank[0], rank[1]
        few, many = (len(set(self.table.columns[name])) for name in rank[:2])
        reason = f"never empty, and fewer accounts ({few}) than {rank[1]} ({many})"
        self.proposal.reasons["columns.account"] = reason
        self.proposal.reasons["columns.counterparty_account"] = f"the other column of accounts, after {rank[0]}"

    def _dates(self) -> None:
        if "date" not in self.found:
            self.proposal.ask("columns.date", "no column is known to be the date")
            return
        days = self.table.columns[self.found["date"]]
        times = self.table.columns[self.found["time"]] if "time" in self.found else [""] * len(days)
        texts = [f"{day} {time}".strip() for day, time in zip(days, times, strict=True) if day]
        formats, language, short = dates_of(list(dict.fromkeys(texts))[:1000])
        if not formats:
            self.proposal.ask("dates", f"no known format reads every date, for example {texts[0] if texts else 'none'}")
        elif len(formats) > 1 and "dates" not in self.said:
            either = " or ".join(f"'{guess.value}'" for guess in formats)
            self.proposal.ask(
                "dates", f"{either}: nothing in the file says which; ask the bank or look at the statement"
            )
        elif formats[0].value != "iso":
            self.proposal.put("dates", [formats[0].value], formats[0].reason)
        if language not in ("", "en"):
            self.proposal.put("language", language, "names of months")
        if short and "years_from" not in self.said:
            question = (
                f"years have two digits: state the first of the hundred years they lie in, for example {FIRST_YEAR}"
            )
            self.proposal.ask("years_from", question)

    def _amounts(self) -> None:
        names = [self.found[name] for name in ("amount", "debit", "credit", "balance", "fee") if name in self.found]
        texts = [text for name in names for text in self.table.filled(name)]
        if not texts or not ({"amount"} & set(self.found) or {"debit", "credit"} <= set(self.found)):
            self.proposal.ask("columns.amount", "no column is known to be the amount")
            return
        styles = style_of(texts)
        if not styles:
            self.proposal.ask("decimal", f"amounts are not numbers in one style, for example {texts[0]}")
            return
        if len(styles) > 1 and "decimal" not in self.said:
            either = " or ".join(f"'{guess.value[0]}'" for guess in styles)
            self.proposal.ask("decimal", f"{either} may be the decimal sign: every amount is a number either way")
            return
        decimal, thousands = styles[0].value[0], styles[0].value[1:]
        self.proposal.put("decimal", decimal, styles[0].reason)
        if thousands:
            self.proposal.put("thousands", thousands, f"stands between groups of three digits, as in {texts[0]}")
        if "amount" in self.found and "sign" not in self.said:
            self._direction()

    def _direction(self) -> None:
        amounts = self.table.columns[self.found["amount"]]
        if any(text.startswith(("-", "\u2212", "(")) or text.endswith("-") for text in amounts):
            self.proposal.reasons["columns.amount"] += "; some have a minus"
            return
        kept = ("date", "amount", "balance", "account", "counterparty", "counterparty_account", "currency")
        others = {n: c for n, c in self.table.columns.items() if n not in {self.found.get(each) for each in kept}}
        words = self._proved(others) or direction_words(others)
        if words is None:
            self.proposal.ask("sign", "no amount has a minus, and no column is known to say credit or debit")
            return
        column, credit, debit, reason = words
        self.proposal.put("sign", {"column": column, "credit": credit, "debit": debit}, reason)

    def _proved(self, columns: dict[str, list[str]]) -> tuple[str, list[str], list[str], str] | None:
        if "balance" not in self.found:
            return None
        from trover.sources.amounts import AmountStyle

        style = AmountStyle(self.proposal.fields["decimal"], self.proposal.fields.get("thousands", ""))
        account = self.found.get("account")
        accounts = self.table.columns[account] if account else [""] * len(next(iter(columns.values())))
        amounts, balances, at = [], [], []
        pairs = zip(self.table.columns[self.found["amount"]], self.table.columns[self.found["balance"]], strict=True)
        for number, (amount, balance) in enumerate(pairs):
            with suppress(Problem):
                amounts.append(style.cell(amount, 8))
                balances.append(style.cell(balance, 8))
                at.append(number)
        if len(amounts) != len(balances):
            return None
        picked = {name: [texts[n] for n in at] for name, texts in columns.items()}
        return proved_words(picked, amounts, balances, [accounts[n] for n in at])

    def _currency(self) -> None:
        import re

        from trover.sources.currency import MINOR_UNITS

        if "currency" in self.found or "currency" in self.proposal.fields.get("head", {}):
            return
        for name in (self.found.get("amount"), self.found.get("credit"), self.found.get("balance")):
            match = re.search(_CURRENCY_IN_HEADER, name or "")
            if match and match[1] in MINOR_UNITS:
                self.proposal.put("currency", match[1], f"the header {name} states it")
                return
        self.proposal.ask("currency", "no column and no header names the currency")

    def _put_columns(self, shape: str) -> None:
        from trover.sources.mapping import COLUMNS

        columns: dict[str, Any] = {name: header for name, header in self.found.items() if name in COLUMNS[shape]}
        for name in ("note", "references"):
            several = [each for each in self.table.names if (meanings_of(each) or ("",))[0] == name]
            if name in columns and len(several) > 1:
                columns[name] = several
        self.proposal.put("columns", columns, "")
        unused = [n for n in self.table.names if n not in self.found.values() and n not in str(columns)]
        if unused:
            self.proposal.reasons["columns"] = f"not used: {', '.join(unused)}"
        if "status" in self.found and shape == STATEMENT:
            words = sorted(set(self.table.columns[self.found["status"]]))[:8]
            said = ", ".join(word or "(empty)" for word in words)
            self.proposal.ask("status", f"the column {self.found['status']} says: {said}: which of them are booked?")

    def _order(self) -> None:
        formats = self.proposal.fields.get("dates", [])
        if "date" not in self.found or "dates" in self.proposal.questions:
            return
        style = DateStyle(
            tuple(formats), years_from=FIRST_YEAR, languages=(self.proposal.fields.get("language", "en"),)
        )
        days = list(_days(style, self.table, self.found))
        falls = sum(one > two for one, two in pairwise(days))
        rises = sum(one < two for one, two in pairwise(days))
        if falls > rises:
            self.proposal.put(
                "order", "newest_first", f"{falls} times a date is before the one above it, {rises} times after"
            )


def _days(style: DateStyle, table: Table, found: Mapping[str, str]) -> Iterator[Any]:
    times = table.columns[found["time"]] if "time" in found else [""] * len(table.columns[found["date"]])
    for day, time in zip(table.columns[found["date"]], times, strict=True):
        with suppress(Problem, InputErrors):
            yield style.moment(f"{day} {time}".strip()).time
