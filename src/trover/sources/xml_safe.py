"""XML without its dangers: no DOCTYPE, no entities, no network, and limits on size and depth.

A DOCTYPE is refused before any XML parser sees the file, so nothing that only a document type can do
(expanding entities, reading other files, fetching addresses) is left to the parser's good settings.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from trover.errors import (
    DoctypeRefused,
    FileTooLarge,
    InputErrors,
    NotXml,
    Place,
    Problem,
    TooDeep,
    TooLong,
    Truncated,
    WrongEncoding,
)
from trover.sources.custody import SourceFile
from trover.sources.text import decode

Element = Any
"""An element of lxml, which states no types."""

MalformedXml = etree.XMLSyntaxError

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest XML file that is read."""
DEEPEST = 256
"""Levels of nesting that the parser reads: its own limit."""
HEAD = 64 * 1024

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ENCODING = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[ru]|mac-(?:roman|cyrillic|latin2)")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BARE_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_MISNAMED = "The copy is damaged, or its first line states another encoding than it has: obtain the file again."
_GUARDED = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
    "strip_cdata": True,
}
"""How every parser here is set."""


def parse_xml(source: SourceFile) -> Element:
    """The root element of `source`; comments and processing instructions are left out.

    Raises `InputErrors`: FileTooLarge, WrongEncoding, NulByte, DoctypeRefused, TooDeep, Truncated or NotXml.
    """
    if source.size > LARGEST:
        raise InputErrors([FileTooLarge(source.size, Place(source.name))])
    text = decode(source.data, source.name, _encoding(source), _MISNAMED)
    _refuse_doctype(text, source.name)
    body = _without_declaration(text)
    try:
        return etree.fromstring(body.encode("utf-8", "surrogatepass"), etree.XMLParser(encoding="utf-8", **_GUARDED))
    except etree.XMLSyntaxError as error:
        raise InputErrors([_malformed(error, source, body)]) from None


def _without_declaration(text: str) -> str:
    """`text` with its lines where they were: it is parsed as UTF-8, whatever the first line says it was."""
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text.removeprefix("\ufeff")
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def head_of(source: SourceFile) -> str:
    """The first characters of a file that may be XML, for recognising it; empty if it is none."""
    start = source.data[:HEAD]
    try:
        text = start.decode(_encoding(source), "replace")
    except InputErrors:
        text = start.decode("latin-1")
    return text if text.lstrip("\ufeff \t\r\n").startswith("<") else ""


def ended(data: bytes, *tags: str) -> Iterator[Element]:
    """Each element with one of `tags` as it ends, for XML too large to hold; clear it when it is done with.

    Raises `MalformedXml`. The caller has refused a DOCTYPE and whatever is not UTF-8.
    """
    for _, element in etree.iterparse(io.BytesIO(data), events=("end",), tag=tags, **_GUARDED):
        yield element


def _encoding(source: SourceFile) -> str:
    """The encoding by byte order mark, by the first sign, or as declared; UTF-8 where nothing is said."""
    for mark, name in (*_MARKS, *_BARE_UTF16):
        if source.data.startswith(mark):
            return name
    declared = _DECLARED.match(source.data[:1024])
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii")
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if not _ENCODING.fullmatch(codec):
        says = "is the encoding that the first line states, but the file cannot be in it"
        raise InputErrors([WrongEncoding(name, Place(source.name, row=1), says=says, remedy=_MISNAMED)])
    return codec


def _refuse_doctype(text: str, name: str) -> None:
    """Look through what may stand before the root element."""
    at = 1 if text.startswith("\ufeff") else 0
    while match := _PROLOG.match(text, at):
        at = match.end()
    if text.startswith("<!", at) and not text.startswith("<!--", at):
        row = text.count("\n", 0, at) + 1
        raise InputErrors([DoctypeRefused(text[at : at + 9], Place(name, row=row))])


def _malformed(error: Any, source: SourceFile, body: str) -> Problem:
    place = Place(source.name, row=error.position[0] or None)
    reason = re.sub(r", line \d+, column \d+$", "", str(error.msg)).strip()[:200]
    if "depth" in reason:
        remedy = f"Check that this is the right file; at most {DEEPEST} levels are read."
        return TooDeep("", place, says=f"elements are nested more than {DEEPEST} levels deep", remedy=remedy)
    if "Resource limit" in reason:
        return TooLong("", place, says="a text that begins here is longer than any such value can be")
    if not body.strip():
        return Truncated("", place, says="the file holds no element")
    if "Premature end" in reason or not body.rstrip().endswith(">"):
        return Truncated("", place, says=f"the file ends too early ({reason})")
    return NotXml("", place, says=f"{NotXml.says} ({reason})")


def text_of(element: Element | None, *paths: str) -> str:
    """The first text that is not empty at one of `paths`, with single spaces; empty if there is none."""
    if element is None:
        return ""
    for path in paths:
        for found in element.iterfind(path):
            if words := " ".join((found.text or "").split()):
                return words
    return ""


def texts_of(element: Element | None, path: str) -> list[str]:
    """Every text at `path` that is not empty."""
    found = [] if element is None else element.iterfind(path)
    return [words for each in found if (words := " ".join((each.text or "").split()))]
