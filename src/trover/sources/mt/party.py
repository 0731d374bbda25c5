"""Parties of a payment: options A, F, K and D, and the banks in the blocks before the text."""

from __future__ import annotations

import re

from trover.sources.mt.message import Field, Message
from trover.sources.parties import Party
from trover.sources.rows import account_id

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_APPLICATION = re.compile(r"\{1:[A-Z]\d{2}([A-Z0-9]{12})", re.ASCII)
_SENT = re.compile(r"\{2:I\d{3}([A-Z0-9]{12})", re.ASCII)
_RECEIVED = re.compile(r"\{2:O\d{3}\d{4}\d{6}([A-Z0-9]{12})", re.ASCII)


def party_of(field: Field | None) -> Party:
    """The account after a slash, and a BIC or a name.

    Option F numbers its lines (1/ is the name); others have the name on the first line that is no account. What
    follows `//` is the code of a clearing system and not an account.
    """
    if field is None:
        return Party()
    lines = [line.strip() for line in field.lines if line.strip()]
    account = identification = ""
    if lines and lines[0].startswith("/"):
        number = re.sub(r"^/[CD]/", "/", lines.pop(0))
        if number.startswith("//"):
            identification = number[2:]
        else:
            account = account_id(number[1:])
    elif field.tag.endswith("F") and lines and not lines[0].startswith("1/"):
        identification = lines.pop(0)
    if field.tag.endswith("F"):
        return Party(account, " ".join(line[2:] for line in lines if line.startswith("1/")), identification)
    if field.tag.endswith("A") and lines and _BIC.fullmatch(lines[0]):
        return Party(account, "", lines[0])
    return Party(account, lines[0] if lines else "", identification)


def sender_of(message: Message) -> Party:
    """The bank that sent the message, as blocks 1 and 2 say; nobody where there are none."""
    match = _RECEIVED.search(message.header) or (
        _APPLICATION.search(message.header) if _SENT.search(message.header) else None
    )
    return Party("", "", _bic(match[1])) if match else Party()


def receiver_of(message: Message) -> Party:
    """The bank that the message was sent to."""
    match = _SENT.search(message.header) or (
        _APPLICATION.search(message.header) if _RECEIVED.search(message.header) else None
    )
    return Party("", "", _bic(match[1])) if match else Party()


def _bic(terminal: str) -> str:
    """The BIC in the address of a terminal, whose ninth letter is that of the terminal; XXX says no branch."""
    return terminal[:8] + terminal[9:].removesuffix("XXX")
