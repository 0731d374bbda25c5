"""Small OFX files for the tests, of parties that do not exist."""

from __future__ import annotations

HEADING = """\
OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
DONE = "<TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>"


def transaction(
    amount: str = "-5.00", date: str = "20240105", fitid: str = "1", more: str = "<NAME>Corner Shop"
) -> str:
    return f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{date}<TRNAMT>{amount}<FITID>{fitid}{more}</STMTTRN>\n"


def bank(
    *rows: str,
    currency: str = "EUR",
    account: str = "<BANKID>30004<ACCTID>00012345678<ACCTTYPE>CHECKING",
    balance: str = "<LEDGERBAL><BALAMT>100.00<DTASOF>20240131</LEDGERBAL>",
    more: str = "",
) -> str:
    return (
        f"<STMTTRNRS>{DONE}<STMTRS><CURDEF>{currency}<BANKACCTFROM>{account}</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20240101<DTEND>20240131\n{''.join(rows)}</BANKTRANLIST>\n{more}{balance}"
        "</STMTRS></STMTTRNRS>\n"
    )


def card(*rows: str) -> str:
    return (
        f"<CCSTMTTRNRS>{DONE}<CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>4111111111111111</CCACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20240101<DTEND>20240131\n{''.join(rows)}</BANKTRANLIST>\n"
        "<LEDGERBAL><BALAMT>-20.00<DTASOF>20240131</LEDGERBAL></CCSTMTRS></CCSTMTTRNRS>\n"
    )


def investment(*rows: str) -> str:
    return (
        f"<INVSTMTTRNRS>{DONE}<INVSTMTRS><DTASOF>20240131<CURDEF>USD"
        f"<INVACCTFROM><BROKERID>broker.example<ACCTID>X1</INVACCTFROM>\n<INVTRANLIST><DTSTART>20240101<DTEND>20240131\n"
        f"{''.join(rows)}</INVTRANLIST><INVBAL><AVAILCASH>1<MARGINBALANCE>0<SHORTBALANCE>0</INVBAL>"
        "</INVSTMTRS></INVSTMTTRNRS>\n"
    )


def trade(kind: str, total: str, inside: str = "", fund: str = "CASH", more: str = "") -> str:
    body = (
        "<INVTRAN><FITID>T1<DTTRADE>20240110<MEMO>A trade</INVTRAN>"
        "<SECID><UNIQUEID>123456789<UNIQUEIDTYPE>CUSIP</SECID>"
        f"{more}<TOTAL>{total}<SUBACCTSEC>CASH<SUBACCTFUND>{fund}"
    )
    body = f"<{inside}>{body}</{inside}>" if inside else body
    return f"<{kind}>{body}</{kind}>\n"


def document(*statements: str, group: str = "BANKMSGSRSV1") -> str:
    sign_on = f"<SIGNONMSGSRSV1><SONRS>{DONE}<LANGUAGE></SONRS></SIGNONMSGSRSV1>\n"
    return f"{HEADING}<OFX>\n{sign_on}<{group}>\n{''.join(statements)}</{group}>\n</OFX>\n"
