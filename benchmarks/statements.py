"""A seeded folder of statements as a large leak holds them: several hundred accounts at banks of four formats.

Three in ten payments run between two of the accounts, so that they stand on two statements; a fifth of those
is credited a day later. Every statement prints its opening and closing balance, tables the balance of each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

FIRST = date(2023, 1, 1)
DAYS = 730
FILES_A_YEAR = 4
INSIDE = 0.3
LATER = 0.2
REFERENCED = 0.7
OUTSIDERS = 50_000
FORMATS = ("table", "camt053", "mt940", "ofx")

TABLE_MAPPING = """\
format: csv
shape: statement
delimiter: ";"
decimal: ","
thousands: "."
dates: ['%d.%m.%Y']
columns:
  date: Buchungstag
  account: Konto
  currency: Waehrung
  amount: Betrag
  balance: Saldo
  counterparty: Name
  counterparty_account: Gegenkonto
  note: Zweck
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a statement. Amounts are cents, signed as the account sees them."""

    day: date
    amount: int
    balance: int
    name: str
    number: str
    purpose: str
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    account: str
    currency: str
    number: int
    start: date
    end: date
    opening: int
    rows: list[Row]

    @property
    def closing(self) -> int:
        return self.rows[-1].balance if self.rows else self.opening


def iban(number: int) -> str:
    """A German number with right check digits."""
    body = f"{10000000 + number % 90000000:08d}{number:010d}"
    return f"DE{98 - int(body + '131400') % 97:02d}{body}"


def euro(cents: int, decimal: str = ".") -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}{decimal}{abs(cents) % 100:02d}"


@dataclass(frozen=True)
class World:
    """Sides of payments as columns: the account each stands on, its day, signed amount, other party and payment."""

    accounts: int
    account: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    amount: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]
    payment: npt.NDArray[np.int64]
    referenced: npt.NDArray[np.bool_]
    opening: npt.NDArray[np.int64]


def world(rows: int, accounts: int, seed: int = 1) -> World:
    """About `rows` sides; parties from `accounts` on stand outside."""
    chance = np.random.default_rng(seed)
    count = int(rows / (1 + INSIDE))
    own = (accounts * chance.random(count) ** 1.5).astype(np.int64)
    inside = chance.random(count) < INSIDE
    shift = chance.integers(1, accounts, count)
    other = np.where(inside, (own + shift) % accounts, accounts + chance.integers(0, OUTSIDERS, count))
    day = np.sort(chance.integers(0, DAYS, count))
    amount = np.exp(chance.normal(10, 1.7, count)).astype(np.int64) + 1
    sign = np.where(inside | (chance.random(count) < 0.5), -1, 1)
    later = (day + (chance.random(count) < LATER)).clip(max=DAYS - 1)
    referenced = chance.random(count) < REFERENCED
    payment = np.arange(count)
    order = np.lexsort((np.r_[payment, payment[inside]], np.r_[day, later[inside]], np.r_[own, other[inside]]))

    def sides(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        joined: npt.NDArray[np.int64] = np.r_[first, second[inside]][order]
        return joined

    return World(
        accounts,
        sides(own, other),
        sides(day, later),
        sides(sign * amount, amount),
        sides(other, own),
        sides(payment, payment),
        np.r_[referenced, referenced[inside]][order],
        np.exp(chance.normal(14, 1, accounts)).astype(np.int64),
    )


def statements(sides: World) -> Iterator[Statement]:
    """Account by account, period by period."""
    days = [FIRST + timedelta(days) for days in range(DAYS)]
    length = 365 // FILES_A_YEAR
    starts = [*range(0, DAYS - length // 2, length), DAYS]
    for account in range(sides.accounts):
        first, last = np.searchsorted(sides.account, (account, account + 1))
        day = sides.day[first:last]
        balance = sides.opening[account] + np.cumsum(sides.amount[first:last])
        cuts = first + np.searchsorted(day, starts)
        opening = int(sides.opening[account])
        for number, (start, end) in enumerate(pairwise(cuts.tolist()), 1):
            at = slice(start - first, end - first)
            columns = (sides.day, sides.amount, sides.other, sides.payment, sides.referenced)
            values = zip(*(column[start:end].tolist() for column in columns), balance[at].tolist(), strict=True)
            rows = [
                Row(days[d], a, b, f"Party {o}", iban(o), f"Invoice {p % 99991}", f"E2E{p}" if r else "")
                for d, a, o, p, r, b in values
            ]
            period = days[starts[number - 1]], days[starts[number] - 1]
            statement = Statement(iban(account), "EUR", number, *period, opening, rows)
            opening = statement.closing
            yield statement


def _table(s: Statement) -> str:
    lines = ["Buchungstag;Konto;Waehrung;Betrag;Saldo;Name;Gegenkonto;Zweck"]
    for r in s.rows:
        money = f"{euro(r.amount, ',')};{euro(r.balance, ',')}"
        purpose = f"{r.purpose} {r.reference}".strip()
        lines.append(f"{r.day:%d.%m.%Y};{s.account};{s.currency};{money};{r.name};{r.number};{purpose}")
    return "\n".join(lines) + "\n"


def _camt053(s: Statement) -> str:
    def mark(cents: int) -> str:
        return (
            f'<Amt Ccy="{s.currency}">{euro(abs(cents))}</Amt><CdtDbtInd>{"CRDT" if cents >= 0 else "DBIT"}</CdtDbtInd>'
        )

    def balance(code: str, cents: int, day: date) -> str:
        return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{mark(cents)}<Dt><Dt>{day}</Dt></Dt></Bal>"

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
        f"<BkToCstmrStmt><GrpHdr><MsgId>M{s.number}</MsgId><CreDtTm>{s.end}T23:00:00</CreDtTm></GrpHdr>",
        f"<Stmt><Id>{s.account}-{s.number}</Id><ElctrncSeqNb>{s.number}</ElctrncSeqNb>",
        f"<Acct><Id><IBAN>{s.account}</IBAN></Id><Ccy>{s.currency}</Ccy></Acct>",
        balance("OPBD", s.opening, s.start),
        balance("CLBD", s.closing, s.end),
    ]
    for r in s.rows:
        party, agent = ("Dbtr", "DbtrAcct") if r.amount > 0 else ("Cdtr", "CdtrAcct")
        reference = f"<Refs><EndToEndId>{r.reference}</EndToEndId></Refs>" if r.reference else ""
        lines.append(
            f"<Ntry>{mark(r.amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{r.day}</Dt></BookgDt><NtryDtls><TxDtls>"
            f"{reference}<RltdPties><{party}><Pty><Nm>{r.name}</Nm></Pty></{party}><{agent}><Id><IBAN>{r.number}"
            f"</IBAN></Id></{agent}></RltdPties><RmtInf><Ustrd>{r.purpose}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    return "\n".join([*lines, "</Stmt></BkToCstmrStmt></Document>\n"])


def _mt940(s: Statement) -> str:
    def mark(cents: int) -> str:
        return "C" if cents >= 0 else "D"

    def balance(tag: str, cents: int, day: date) -> str:
        return f":{tag}:{mark(cents)}{day:%y%m%d}{s.currency}{euro(abs(cents), ',')}"

    lines = [f":20:S{s.number}", f":25:{s.account}", f":28C:{s.number}/1", balance("60F", s.opening, s.start)]
    for r in s.rows:
        reference = r.reference or "NONREF"
        lines.append(f":61:{r.day:%y%m%d%m%d}{mark(r.amount)}{euro(abs(r.amount), ',')}NTRF{reference}")
        lines.append(f":86:166?00TRANSFER?20{r.purpose}?31{r.number}?32{r.name}")
    return "\n".join([*lines, balance("62F", s.closing, s.end), "-\n"])


def _ofx(s: Statement) -> str:
    lines = [
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE",
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>",
        f"<DTSERVER>{s.end:%Y%m%d}<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS>",
        f"<CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>{s.currency}<BANKACCTFROM><BANKID>1<ACCTID>{s.account}",
        f"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{s.start:%Y%m%d}<DTEND>{s.end:%Y%m%d}",
    ]
    for number, r in enumerate(s.rows):
        kind, memo = "CREDIT" if r.amount > 0 else "DEBIT", f"{r.purpose} {r.reference}".strip()
        lines.append(
            f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>{r.day:%Y%m%d}<TRNAMT>{euro(r.amount)}<FITID>{s.number}-{number}"
            f"<NAME>{r.name}<BANKACCTTO><BANKID>1<ACCTID>{r.number}<ACCTTYPE>CHECKING</BANKACCTTO><MEMO>{memo}</STMTTRN>"
        )
    lines.append(f"</BANKTRANLIST><LEDGERBAL><BALAMT>{euro(s.closing)}<DTASOF>{s.end:%Y%m%d}</LEDGERBAL>")
    return "\n".join([*lines, "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"])


WRITERS: dict[str, tuple[Callable[[Statement], str], str]] = {
    "table": (_table, "csv"),
    "camt053": (_camt053, "xml"),
    "mt940": (_mt940, "sta"),
    "ofx": (_ofx, "ofx"),
}


def folder(at: Path, rows: int, accounts: int, formats: tuple[str, ...] = FORMATS, seed: int = 1) -> dict[str, int]:
    """Write a folder for each format, account by account in turn; format -> rows. `table.yml` maps the tables."""
    written = dict.fromkeys(formats, 0)
    for name in formats:
        (at / name).mkdir(parents=True, exist_ok=True)
    (at / "table.yml").write_text(TABLE_MAPPING)
    turn: dict[str, int] = {}
    for statement in statements(world(rows, accounts, seed)):
        number = turn.setdefault(statement.account, len(turn))
        name = formats[number % len(formats)]
        write, suffix = WRITERS[name]
        path = at / name / f"{statement.account}-{statement.number:02d}.{suffix}"
        path.write_text(write(statement), encoding="ascii")
        written[name] += len(statement.rows)
    return written
