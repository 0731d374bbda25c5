"""The same made-up statements in every format that states balances, each as one file; all of them prove.

Accounts have 3,000 rows each, a hundred rows a day, and one counterparty in fifty.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.statements import euro

ROWS_OF_AN_ACCOUNT = 3000
START = date(2016, 1, 1)
SIGNS = "{ABCDEFGHI", "}JKLMNOPQR"


@dataclass(frozen=True)
class Row:
    """`cents`: what the row adds to the account; `balance`: after it."""

    number: int
    day: date
    cents: int
    balance: int
    name: str
    other: str


@dataclass(frozen=True)
class Statement:
    """One account's rows and balances in cents."""

    account: str
    opening: int
    closing: int
    rows: tuple[Row, ...]

    @property
    def days(self) -> tuple[date, date]:
        return self.rows[0].day, self.rows[-1].day


def statements(rows: int, seed: int = 7) -> Iterator[Statement]:
    """Statements with `rows` rows in all."""
    chance = random.Random(seed)
    number = 0
    while number < rows:
        count = min(ROWS_OF_AN_ACCOUNT, rows - number)
        account = f"4{number // ROWS_OF_AN_ACCOUNT:010d}"
        opening = balance = chance.randrange(10**7, 10**8)
        made = []
        for place in range(count):
            cents = chance.randrange(1, 10**6) * (1 if balance < 10**7 or chance.random() < 0.5 else -1)
            balance += cents
            other = chance.randrange(60)
            day = START + timedelta(days=place // 100)
            made.append(Row(number + place, day, cents, balance, f"Trading House {other} Ltd", f"{other:011d}"))
        yield Statement(account, opening, balance, tuple(made))
        number += count


def csv(found: Iterator[Statement]) -> Iterator[str]:
    yield "account,date,amount,balance,name,number,note\n"
    for each in found:
        for row in each.rows:
            yield (
                f"{each.account},{row.day},{euro(row.cents)},{euro(row.balance)},{row.name},{row.other},"
                f"Invoice {row.number} of {row.day}\n"
            )


CSV_MAPPING = {
    "shape": "statement",
    "currency": "EUR",
    "columns": {
        "account": "account",
        "date": "date",
        "amount": "amount",
        "balance": "balance",
        "counterparty": "name",
        "counterparty_account": "number",
        "note": "note",
    },
}


def camt053(found: Iterator[Statement]) -> Iterator[str]:
    yield '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
    for each in found:
        yield f"<Stmt><Id>S{each.account}</Id><Acct><Id><Othr><Id>{each.account}</Id></Othr></Id>"
        yield "<Ccy>EUR</Ccy></Acct>\n"
        for code, cents, day in (("OPBD", each.opening, each.days[0]), ("CLBD", each.closing, each.days[1])):
            yield (
                f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{euro(abs(cents))}</Amt>"
                f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
            )
        for row in each.rows:
            role, side = ("Cdtr", "DBIT") if row.cents < 0 else ("Dbtr", "CRDT")
            yield (
                f"<Ntry><Amt Ccy='EUR'>{euro(abs(row.cents))}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
                f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{row.day}</Dt></BookgDt>"
                f"<NtryDtls><TxDtls><Refs><EndToEndId>E{row.number}</EndToEndId></Refs><RltdPties>"
                f"<{role}><Nm>{row.name}</Nm></{role}>"
                f"<{role}Acct><Id><Othr><Id>{row.other}</Id></Othr></Id></{role}Acct></RltdPties>"
                f"<RmtInf><Ustrd>Invoice {row.number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
            )
        yield "</Stmt>\n"
    yield "</BkToCstmrStmt></Document>\n"


def mt940(found: Iterator[Statement]) -> Iterator[str]:
    def balance(tag: str, cents: int, day: date) -> str:
        return f":{tag}:{'C' if cents >= 0 else 'D'}{day:%y%m%d}EUR{euro(abs(cents), ',')}\n"

    for each in found:
        yield f":20:STARTUMS\n:25:12345678/{each.account}\n:28C:1/1\n" + balance("60F", each.opening, each.days[0])
        for row in each.rows:
            side = "C" if row.cents > 0 else "D"
            yield (
                f":61:{row.day:%y%m%d%m%d}{side}{euro(abs(row.cents), ',')}NTRFREF{row.number}//B{row.number}\n"
                f":86:166?00TRANSFER?20Invoice {row.number}?30BANKDEFF?31{row.other}?32{row.name}\n"
            )
        yield balance("62F", each.closing, each.days[1]) + "-\n"


def ofx(found: Iterator[Statement]) -> Iterator[str]:
    yield "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
    yield "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n<BANKMSGSRSV1>\n"
    for each in found:
        first, last = (f"{day:%Y%m%d}" for day in each.days)
        yield "<STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>\n"
        yield "<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>30004"
        yield f"<ACCTID>{each.account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{first}<DTEND>{last}\n"
        for row in each.rows:
            yield (
                f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{row.day:%Y%m%d}<TRNAMT>{euro(row.cents)}<FITID>{row.number}"
                f"<NAME>{row.name}<MEMO>Invoice {row.number}</STMTTRN>\n"
            )
        yield f"</BANKTRANLIST><LEDGERBAL><BALAMT>{euro(each.closing)}<DTASOF>{last}</LEDGERBAL>\n"
        yield "</STMTRS></STMTTRNRS>\n"
    yield "</BANKMSGSRSV1>\n</OFX>\n"


def cfonb120(found: Iterator[Statement]) -> Iterator[str]:
    def punched(cents: int) -> str:
        digits = f"{abs(cents):014}"
        return digits[:-1] + SIGNS[cents < 0][int(digits[-1])]

    def head(code: str, inside: str, account: str) -> str:
        return f"{code}30204{inside}01234EUR2 {account}"

    for each in found:
        for code, cents, day in (("01", each.opening, each.days[0]), ("07", each.closing, each.days[1])):
            if code == "07":
                for row in each.rows:
                    front = f"{head('04', '1234', each.account)}B1{row.day:%d%m%y}  {row.day:%d%m%y}{row.name[:31]}"
                    yield (front.ljust(81) + f"{row.number % 10**7:07d} 0{punched(row.cents)}").ljust(120) + "\n"
            yield f"{head(code, '    ', each.account)}  {day:%d%m%y}".ljust(90) + punched(cents).ljust(30) + "\n"


def _russian(account: str) -> str:
    """A number of twenty digits."""
    return f"407028109{account}"


def one_c(found: Iterator[Statement]) -> Iterator[str]:
    yield "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=Windows\n"
    every = list(found)
    for each in every:
        first, last = (f"{day:%d.%m.%Y}" for day in each.days)
        yield (
            f"СекцияРасчСчет\nДатаНачала={first}\nДатаКонца={last}\nРасчСчет={_russian(each.account)}\n"
            f"НачальныйОстаток={euro(each.opening)}\nКонечныйОстаток={euro(each.closing)}\nКонецРасчСчет\n"
        )
    for each in every:
        for row in each.rows:
            own, other = _russian(each.account), _russian(row.other)
            payer, payee = (own, other) if row.cents < 0 else (other, own)
            done = "ДатаСписано" if row.cents < 0 else "ДатаПоступило"
            yield (
                f"СекцияДокумент=Платежное поручение\nНомер={row.number}\nДата={row.day:%d.%m.%Y}\n"
                f"Сумма={euro(abs(row.cents))}\nПлательщикСчет={payer}\nПолучательСчет={payee}\n"
                f"{done}={row.day:%d.%m.%Y}\nПлательщик={row.name}\nПолучатель1={row.name}\n"
                f"НазначениеПлатежа=Оплата {row.number}\nКонецДокумента\n"
            )
    yield "КонецФайла\n"


FORMATS: dict[str, tuple[Callable[[Iterator[Statement]], Iterator[str]], str]] = {
    "csv": (csv, "utf-8"),
    "camt053": (camt053, "utf-8"),
    "mt940": (mt940, "utf-8"),
    "ofx": (ofx, "cp1252"),
    "cfonb120": (cfonb120, "cp1252"),
    "one_c": (one_c, "cp1251"),
}
"""Format -> how its text is made, and its encoding."""


def made(name: str, rows: int) -> bytes:
    """One file of `rows` rows in the format `name`."""
    make, encoding = FORMATS[name]
    return "".join(make(statements(rows))).encode(encoding)
