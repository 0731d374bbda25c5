"""The markup of OFX, with closing tags (2.x) and without (1.x): header, encoding, and a tree of aggregates.

No parser of XML or SGML is involved, so nothing that only a document type can do is there to be refused twice.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from trover.errors import (
    DoctypeRefused,
    FileTooLarge,
    InputErrors,
    Place,
    Problem,
    TagMisplaced,
    TooDeep,
    Truncated,
    WrongEncoding,
)
from trover.sources.custody import SourceFile
from trover.sources.text import decode, shortened
from trover.sources.xml_safe import HEAD, LARGEST

DEEPEST = 64
JOINED = ("NAME", "MEMO")
"""Elements whose second text is added to the first; of any other element a second one is a problem."""
AGGREGATES = frozenset(
    "OFX STATUS STMTRS CCSTMTRS INVSTMTRS BANKACCTFROM CCACCTFROM INVACCTFROM BANKACCTTO CCACCTTO BANKTRANLIST "
    "BANKTRANLISTP INVTRANLIST STMTTRN STMTTRNP LEDGERBAL AVAILBAL CURRENCY ORIGCURRENCY PAYEE INVBANKTRAN INVTRAN "
    "INVBUY INVSELL SECID".split()
)
"""Tags that hold other tags: one of these that is not closed is damage, where any other is an empty element."""
_LISTS = ("BANKTRANLIST", "INVTRANLIST")
"""Lists that some banks do not close."""
_BESIDE_LISTS = frozenset(
    "LEDGERBAL AVAILBAL BALLIST BANKTRANLISTP INVPOSLIST INVBAL INVOOLIST INV401K INV401KBAL".split()
)
_AS_ELEMENTS = ("CURRENCY", "ORIGCURRENCY", "PAYEE")
"""Aggregates that some banks write as plain elements."""
_MARK = re.compile(r"\A\s*(?:OFXHEADER\s*:|<)")
_NAMED = re.compile(r"OFXHEADER\s*[:=]|<OFX[\s>]")
_ROOT = re.compile(r"<OFX(?:\s[^<>]*)?>")
_TAG = re.compile(r"<(/?)([A-Z][A-Z0-9._]*) *(/?)>")
_FIELD = re.compile(r"([A-Z]+)\s*[:=]\s*[\"']?([A-Za-z0-9._-]+)")
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ASIDE = re.compile(r"<!--|<!\[CDATA\[")
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_NAMES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_UNICODE = ("UTF-8", "UTF8", "UNICODE")
_CODE_PAGE = "cp1252"
_CODECS = re.compile(r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[ru]")


@dataclass(slots=True)
class Node:
    """An aggregate: its elements by tag with single spaces, the aggregates inside it, and the line it begins on."""

    tag: str
    row: int
    values: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    """Elements that occur more than once."""

    def put(self, tag: str, value: str) -> None:
        known = self.values.get(tag)
        if not known:
            self.values[tag] = value
        elif value and tag in JOINED:
            self.values[tag] = f"{known} {value}"
        elif value:
            self.twice.append(tag)

    def take(self, other: Node) -> None:
        """What stands in `other`, an empty element that was not closed, stands here."""
        for tag, value in other.values.items():
            self.put(tag, value)
        self.children += other.children
        self.twice += other.twice

    def get(self, tag: str) -> str:
        """The text of an element; empty if it is not there."""
        return self.values.get(tag, "")

    def find(self, *tags: str) -> Node | None:
        return next((child for child in self.children if child.tag in tags), None)

    def every(self, *tags: str) -> list[Node]:
        """The aggregates called one of `tags` at any depth, in printed order, none inside another of them."""
        found: list[Node] = []
        open_nodes = [self]
        while open_nodes:
            node = open_nodes.pop()
            if node.tag in tags:
                found.append(node)
            else:
                open_nodes += reversed(node.children)
        return found


def is_ofx(source: SourceFile) -> bool:
    head = _head(source)
    return bool(_MARK.match(head) and _NAMED.search(head))


def _head(source: SourceFile) -> str:
    codec = "utf-16" if source.data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "latin-1"
    return source.data[:HEAD].decode(codec, "ignore").removeprefix("\xef\xbb\xbf")


def parse_ofx(source: SourceFile, remarks: list[Problem] | None = None) -> Node:
    """The aggregate OFX of `source`; what does not agree in its heading is added to `remarks`.

    Raises `InputErrors`: FileTooLarge, WrongEncoding, NulByte, DoctypeRefused, TagMisplaced, TooDeep or Truncated.
    """
    if source.size > LARGEST:
        raise InputErrors([FileTooLarge(source.size, Place(source.name))])
    text = _decoded(source, [] if remarks is None else remarks).removeprefix("\ufeff")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    if refused := _DECLARATION.search(text):
        row = text.count("\n", 0, refused.start()) + 1
        raise InputErrors([DoctypeRefused(refused[0], Place(source.name, row=row))])
    if "<!" in text:
        text = _without_asides(text)
    root = _ROOT.search(text)
    if root is None:
        raise InputErrors([Truncated("", Place(source.name), says="the file ends before its message begins (<OFX>)")])
    first = text.count("\n", 0, root.end()) + 1
    return _Tree(source, first).read(f"<OFX>{text[root.end() :]}")


def _decoded(source: SourceFile, remarks: list[Problem]) -> str:
    encoding = _encoding(source)
    if not encoding:
        encoding = _CODE_PAGE
        says = f"is not text in UTF-8, and the heading states no code page: it was read as {encoding}"
        remedy = "Names may be misspelt where the bank meant another one; amounts and days are not touched by it."
        remarks.append(WrongEncoding("", Place(source.name), says=f"the file {says}", remedy=remedy))
    remedy = "The copy is damaged, or its heading states another encoding than it has: obtain the file again."
    return decode(source.data, source.name, encoding, remedy)


def _without_asides(text: str) -> str:
    """`text` without comments, and with CDATA written as plain text, every line where it was."""
    parts, at = [], 0
    while match := _ASIDE.search(text, at):
        closing = "-->" if match[0] == "<!--" else "]]>"
        end = text.find(closing, match.end())
        if end < 0:
            break
        inside = text[match.end() : end]
        comment = closing == "-->"
        parts += [text[at : match.start()], "\n" * inside.count("\n") if comment else _escaped(inside)]
        at = end + 3
    return "".join([*parts, text[at:]])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _encoding(source: SourceFile) -> str:
    """The encoding that the file states, empty for none; UTF-8 where its bytes are UTF-8, whatever it states.

    Banks write UTF-8 under the heading of Windows-1252. Text in a code page is not UTF-8 by accident.
    """
    if source.data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        source.data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return _stated_encoding(source)


def _stated_encoding(source: SourceFile) -> str:
    """The code page that the heading states, empty where it states none."""
    head = _head(source).partition("<OFX")[0]
    declared = _DECLARED.search(head)
    if declared and declared[1].upper() not in _UNICODE:
        return _codec(declared[1], source)
    fields = dict(_FIELD.findall(head))
    for name in ("CHARSET", "ENCODING"):
        if fields.get(name, "").upper() not in ("", "NONE", "USASCII", *_UNICODE):
            return _codec(fields[name], source)
    return "utf-8" if declared or fields.get("ENCODING", "").upper() in _UNICODE else ""


def _codec(name: str, source: SourceFile) -> str:
    found = ""
    for attempt in (f"cp{name}", f"iso-{name}", name):
        try:
            found = codecs.lookup(attempt).name
            break
        except LookupError:
            continue
    if not _CODECS.fullmatch(found):
        says = "is the encoding that the heading states, but the file cannot be in it"
        raise InputErrors([WrongEncoding(name, Place(source.name), says=says)])
    return found


class _Tree:
    """Puts tags and texts together, closing what OFX 1.x leaves open."""

    def __init__(self, source: SourceFile, row: int) -> None:
        self.source = source
        self.row = row
        self.stack = [Node("", row)]
        self.leaf = ""

    def read(self, text: str) -> Node:
        pieces = _TAG.split(text)
        for at in range(1, len(pieces), 4):
            after = pieces[at + 3]
            if pieces[at]:
                self._close(pieces[at + 1], after)
            else:
                self._open(pieces[at + 1], " ".join(after.split()), bool(pieces[at + 2]))
            if "\n" in after:
                self.row += after.count("\n")
        if len(self.stack) > 1:
            node = self.stack[-1]
            says = f"is open on row {node.row} and the file ends before it is closed"
            raise InputErrors([Truncated(f"<{node.tag}>", Place(self.source.name, row=self.row), says=says)])
        if len(self.stack[0].children) != 1 or self.stack[0].values:
            raise InputErrors([self._misplaced("<OFX>", "holds not the whole of the file")])
        return self.stack[0].children[0]

    def _open(self, tag: str, value: str, empty: bool) -> None:
        if value and not empty:
            if tag in AGGREGATES and tag not in _AS_ELEMENTS:
                raise InputErrors([self._misplaced(f"<{tag}>", "is followed by a text of its own")])
            self.stack[-1].put(tag, unescaped(value) if "&" in value else value)
            self.leaf = tag
            return
        self.leaf = ""
        if empty:
            self._nothing_after(value)
            if tag in AGGREGATES:
                self.stack[-1].children.append(Node(tag, self.row))
            else:
                self.stack[-1].put(tag, "")
            return
        if len(self.stack) > DEEPEST:
            says = f"elements are nested more than {DEEPEST} levels deep"
            raise InputErrors([TooDeep("", Place(self.source.name, row=self.row), says=says)])
        self.stack.append(Node(tag, self.row))

    def _close(self, tag: str, after: str) -> None:
        if tag == self.leaf:
            self.leaf = ""
        else:
            self._close_aggregate(tag)
        self._nothing_after(after)

    def _close_aggregate(self, tag: str) -> None:
        self.leaf = ""
        while self.stack[-1].tag != tag:
            node = self.stack[-1]
            if node.tag in _LISTS and self.stack[-2].tag == tag:
                self._close_list(node)
                continue
            if node.tag in AGGREGATES:
                raise InputErrors([self._misplaced(f"</{tag}>", f"stands inside <{node.tag}> of row {node.row}")])
            if len(self.stack) == 1:
                raise InputErrors([self._misplaced(f"</{tag}>", "closes what was not opened")])
            self._drop(node)
            self.stack[-1].take(node)
        node = self.stack[-1]
        if node.values or node.children or tag in AGGREGATES:
            self.stack.pop()
            self.stack[-1].children.append(node)
        else:
            self._drop(node)

    def _close_list(self, node: Node) -> None:
        """A list of transactions that ends with its statement: what stands beside such a list is not of it."""
        self.stack.pop()
        self.stack[-1].children.append(node)
        self.stack[-1].children += [child for child in node.children if child.tag in _BESIDE_LISTS]
        node.children = [child for child in node.children if child.tag not in _BESIDE_LISTS]

    def _drop(self, node: Node) -> None:
        """An element without text."""
        self.stack.pop()
        self.stack[-1].put(node.tag, "")

    def _nothing_after(self, text: str) -> None:
        if text and not text.isspace():
            raise InputErrors([self._misplaced(shortened(text.strip()), "stands outside of every element")])

    def _misplaced(self, value: str, says: str) -> Problem:
        return TagMisplaced(value, Place(self.source.name, row=self.row), says=says)


def unescaped(value: str) -> str:
    """`value` with the signs that it writes as references; a reference to no sign stays as it is printed."""
    return _REFERENCE.sub(_sign, value)


def _sign(match: re.Match[str]) -> str:
    name = match[1]
    if name in _NAMES:
        return _NAMES[name]
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    usable = 0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if usable else match[0]
