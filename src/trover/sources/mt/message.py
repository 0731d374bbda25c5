"""Text to messages and fields: envelopes, pages, ends that are missing, and lines that only look like fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

START = "20"
STATEMENT_TAGS = frozenset("13 13D 20 21 25 25P 28 28C 34F 60F 60M 61 62F 62M 64 65 86 90C 90D NS 940 942".split())
"""Fields of statements. Inside free text only these end it: banks wrap `13:12:11` so that a line begins `:12:`."""
_FREE_TEXT = ("86", "NS")
_CLOSING = frozenset(("62F", "62M", "90C", "90D"))
_FIELD = re.compile(r"[ \t]*:(\d{2}[A-Z]?|NS|94[02]):", re.ASCII)
_ENVELOPE = re.compile(r"[\s$]*\{[1-5S]:")
_KIND = re.compile(r"\{2:[IO](\d{3})", re.ASCII)
_UETR = re.compile(r"\{121:([^{}]*)\}")
_TEST = re.compile(r"\{TNG:")


@dataclass(slots=True)
class Field:
    """One field: its tag without colons, the line on which it begins, and its lines without the tag."""

    tag: str
    row: int
    lines: list[str]

    @property
    def text(self) -> str:
        """The lines that are not empty, joined by a space."""
        return " ".join(" ".join(self.lines).split())


@dataclass(slots=True)
class Message:
    """One message: blocks 1 to 3 (`header`), block 5 and after (`trailer`), and the fields of block 4."""

    row: int
    header: str = ""
    trailer: str = ""
    fields: list[Field] = field(default_factory=list)
    enveloped: bool = False
    ended: bool = False
    looks: list[tuple[int, str]] = field(default_factory=list)
    """Lines of free text that look like a field and are none: row, text."""

    @property
    def kind(self) -> str:
        """`940` and so on as block 2 says; empty where no block says it."""
        match = _KIND.search(self.header)
        return match[1] if match else ""

    @property
    def training(self) -> bool:
        return bool(_TEST.search(self.trailer))

    @property
    def uetr(self) -> str:
        match = _UETR.search(self.header)
        return match[1].strip() if match else ""

    def first(self, *tags: str) -> Field | None:
        """The first field with one of `tags`, in the order of the tags."""
        return next((each for tag in tags for each in self.fields if each.tag == tag), None)

    def all(self, *tags: str) -> Iterator[Field]:
        return (each for each in self.fields if each.tag in tags)


def messages_of(text: str) -> list[Message]:
    """Every message of `text`, in order. Nothing between a field and the end of its message is left out."""
    splitter = _Splitter()
    for row, line in enumerate(text.split("\n"), 1):
        splitter.line(row, line)
    splitter.close()
    return splitter.messages


class _Splitter:
    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.message: Message | None = None
        self.header = ""
        self.held: list[str] | None = None
        """Lines since a `-` that may be the end of the message or part of a text; None where there was none."""
        self.waiting: list[tuple[Callable[[int, str], None], str]] = []
        """Parts of the line that are still to be looked at, the next one last: a line may hold any number."""

    def line(self, row: int, line: str) -> None:
        if "}" not in line and "{" not in line:
            self._plain(row, line)
            return
        self.waiting.append((self._part, line))
        while self.waiting:
            look, part = self.waiting.pop()
            look(row, part)

    def _part(self, row: int, line: str) -> None:
        if "}" in line and self.message is not None and self.message.enveloped and line.find("-}") > 0:
            at = line.index("-}")
            self.waiting += [(self._end, line[at:]), (self._part, line[:at])]
        elif _ENVELOPE.match(line):
            self._envelope(row, line)
        else:
            self._plain(row, line)

    def _plain(self, row: int, line: str) -> None:
        if (line[:1] == ":" or line.lstrip(" \t")[:1] == ":") and (match := _FIELD.match(line)):
            self._field(row, line, match)
        elif line[:1] == "-" and (line[:2] == "-}" or not line[1:].strip()):
            self._end(row, line)
        elif self.held is not None:
            self.held.append(line)
        elif self.message is not None and self.message.fields:
            self.message.fields[-1].lines.append(line)

    def close(self) -> None:
        if self.message is not None and self.message.fields:
            self.messages.append(self.message)
        self.message = None
        self.held = None

    def _field(self, row: int, line: str, match: re.Match[str]) -> None:
        tag = match[1]
        if self.held is not None:
            self._decide(tag)
        message = self.message
        if message is not None and message.fields:
            if message.fields[-1].tag in _FREE_TEXT and tag not in STATEMENT_TAGS:
                message.looks.append((row, line))
                message.fields[-1].lines.append(line)
                return
            if _begins(tag, message):
                self.close()
                message = None
        if message is None:
            message = self.message = Message(row, self.header)
            self.header = ""
        message.fields.append(Field(tag, row, [line[match.end() :]]))

    def _decide(self, tag: str) -> None:
        """Whether the `-` before this field was the end of the message: else it and what follows are text."""
        message, held = self.message, self.held or []
        self.held = None
        if message is None or not message.fields:
            return
        if tag == START or any(each.tag in _CLOSING for each in message.fields):
            message.ended = True
            self.close()
        else:
            message.fields[-1].lines += ["-", *held]

    def _envelope(self, row: int, line: str) -> None:
        if self.message is not None and self.message.enveloped and "{1:" not in line and "{4:" not in line:
            self.message.trailer += line
            return
        if self.message is not None and self.message.fields:
            self.close()
        before, opens, after = line.partition("{4:")
        if not before.lstrip("\x01\r $").startswith(("{1:", "{2:", "{3:")) and not opens and self.messages:
            self.messages[-1].trailer += line
            return
        self.header += before
        if opens:
            self.message = Message(row, self.header, enveloped=True)
            self.header = ""
            if after.strip():
                self.waiting.append((self._part, after))

    def _end(self, row: int, line: str) -> None:
        message = self.message
        if message is None:
            return
        if not line.startswith("-}"):
            if self.held is not None:
                self.held.append(line)
            else:
                self.held = []
            return
        message.ended = True
        trailer, opens, after = line[2:].partition("{1:")
        message.trailer += trailer
        self.close()
        if opens:
            self.waiting.append((self._envelope, opens + after))


def _begins(tag: str, message: Message) -> bool:
    """Whether a field begins the next message although nothing ended this one."""
    if tag == START:
        return any(each.tag not in ("940", "942") for each in message.fields)
    return tag in ("25", "25P") and any(each.tag in _CLOSING for each in message.fields)
