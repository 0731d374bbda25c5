"""What a file of OFX holds: statements, or an answer of the bank that says why there are none."""

from __future__ import annotations

from trover.errors import MessageNotRead, Problem, StatementRefused, TagMisplaced, UnknownField
from trover.sources.ofx.context import Context
from trover.sources.ofx.markup import Node
from trover.sources.ofx.statement import STATEMENTS, lists_of, transaction_in

_WORDS = {
    "2000": "general error",
    "2001": "invalid account",
    "2002": "general account error",
    "2003": "account not found",
    "2004": "account closed",
    "2005": "account not authorised",
    "2019": "duplicate request",
    "2020": "invalid date",
    "2027": "invalid range of dates",
    "2028": "requested element unknown",
    "3000": "identification not authorised",
    "6502": "unable to process the request",
    "12250": "no download of investment transactions",
    "12251": "no download of investment positions",
    "12252": "no investment positions of that date",
    "12253": "no download of open orders",
    "12254": "no download of investment balances",
    "15000": "the password must be changed",
    "15500": "sign-on invalid",
    "15501": "the account is in use",
    "15502": "the password is locked",
    "15505": "country not supported",
    "15510": "further identification required",
    "15512": "authentication token required",
}
_OTHER = {
    "SIGNUPMSGSRSV1": "is a list of accounts, without statements",
    "PROFMSGSRSV1": "is a profile of the bank, without statements",
    "SECLISTMSGSRSV1": "is a list of securities, without statements",
    "SIGNONMSGSRSV1": "is an answer to a sign-on, without statements",
}
_REMEDY = "Nothing is lost by leaving it out: ask the bank for the statement itself."


def statements_of(root: Node, context: Context) -> list[Node]:
    """The statements of the file; a transaction that stands in none of their lists is a problem of the file."""
    found = root.every(*STATEMENTS)
    placed = set()
    for statement in found:
        for transactions in lists_of(statement):
            placed |= {id(transaction_in(node)) for node in transactions.children}
            for tag in transactions.values:
                if tag not in ("DTSTART", "DTEND"):
                    says = f"stands in {transactions.tag} and in no transaction"
                    context.report(UnknownField(tag, says=says), transactions.row, tag)
    for node in root.every("STMTTRN"):
        if id(node) not in placed:
            context.report(TagMisplaced("<STMTTRN>", says="stands in no list of transactions of a statement"), node.row)
    return found


def refused(root: Node, context: Context) -> list[Problem]:
    """Every status by which the bank refuses what was asked."""
    found: list[Problem] = []
    for node in root.every("STATUS"):
        code = node.get("CODE")
        if node.get("SEVERITY") == "ERROR" or (not node.get("SEVERITY") and code.strip("0")):
            said = f" ({node.get('MESSAGE')})" if node.get("MESSAGE") else ""
            says = f"is the status of an error: {_WORDS.get(code, 'not among the usual ones')}{said}"
            found.append(StatementRefused(code, context.place(node.row, "STATUS"), says=says))
    return found


def without_statement(root: Node, context: Context) -> Problem:
    """What the file is, where it is no statement and no refusal."""
    kinds = {node.tag for node in root.children}
    says = next((words for tag, words in _OTHER.items() if tag in kinds), "holds no statement of an account")
    return MessageNotRead("OFX", context.place(root.row), says=says, remedy=_REMEDY)
