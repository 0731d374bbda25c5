"""Small messages for tests: statements are put together of entries, so that each test shows only what it is about."""

from __future__ import annotations

from tests.sources.readings import events

from trover.sources.custody import source_of
from trover.sources.reader import Reading, read_records
from trover.sources.record import EventRecord, LegRecord

OWN = "GB29NWBK60161331926819"


def balance(code: str, amount: str, currency: str = "EUR", side: str = "CRDT", day: str = "2021-04-01") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(
    amount: str,
    side: str = "CRDT",
    *,
    currency: str = "EUR",
    status: str = "BOOK",
    day: str = "<Dt>2021-04-01</Dt>",
    more: str = "",
    details: str = "",
) -> str:
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt>{day}</BookgDt>{more}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def detail(
    *, debtor: str = "", creditor: str = "", amount: str = "", currency: str = "EUR", refs: str = "", more: str = ""
) -> str:
    """One `TxDtls`; debtor and creditor are `name` or `name/account`."""
    stated = f"<Amt Ccy='{currency}'>{amount}</Amt>" if amount else ""
    parties = party("Dbtr", debtor) + party("Cdtr", creditor)
    return f"<TxDtls><Refs>{refs}</Refs>{stated}<RltdPties>{parties}</RltdPties>{more}</TxDtls>"


def party(role: str, named: str) -> str:
    if not named:
        return ""
    name, _, account = named.partition("/")
    number = f"<{role}Acct><Id><IBAN>{account}</IBAN></Id></{role}Acct>" if account else ""
    return f"<{role}><Nm>{name}</Nm></{role}>{number}"


def statement(*parts: str, account: str = OWN, currency: str = "EUR", id: str = "S-1", tag: str = "Stmt") -> str:
    return (
        f"<{tag}><Id>{id}</Id><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy>"
        f"<Ownr><Nm>Owner</Nm></Ownr></Acct>{''.join(parts)}</{tag}>"
    )


def document(*statements: str, message: str = "BkToCstmrStmt", namespace: str = "camt.053.001.08") -> str:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{namespace}"><{message}>\n'
        f"{''.join(statements)}\n</{message}></Document>"
    )


def read(text: str) -> Reading:
    reading = read_records(source_of("message.xml", text.encode()))
    assert reading.problems == ()
    return reading


def read_entries(*entries: str) -> Reading:
    return read(document(statement(*entries)))


def event(*entries: str) -> EventRecord:
    """The event of a statement with one booked entry."""
    (only,) = events(read_entries(*entries))
    return only


def legs(record: EventRecord) -> str:
    """`A 100 EUR -> B 100 EUR`, a cost that differs in brackets."""

    def shown(leg: LegRecord) -> str:
        cost = "" if leg.cost is None else f" [{leg.cost}]"
        account = "own" if leg.account == OWN else leg.account
        return f"{account} {leg.amount} {leg.currency}{cost}"

    return f"{' + '.join(map(shown, record.inputs))} -> {' + '.join(map(shown, record.outputs))}"
