"""A saved page or text as evidence: what it names and where. It holds no row of the ledger."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from trover.errors import AddressWrong, ChecksumFails, PageSpoiled, Place, Problem
from trover.sources.custody import SourceFile
from trover.sources.darkweb.find import Failed, find_all
from trover.sources.darkweb.flow import Flow, Spot
from trover.sources.darkweb.listing import Listing
from trover.sources.darkweb.mention import ADDRESS, MEDIA, Mention
from trover.sources.darkweb.page_listing import page_listing
from trover.sources.darkweb.page_text import PageText, page_text
from trover.sources.mapping import TEXT, Mapping
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.text import shortened

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*<(?:!doctype\s+html|html|head|body|title)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_KNOWN = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|us-?ascii|ascii|windows-?12\d\d|cp12\d\d|iso-?8859-?\d+|latin-?1|koi8-[ru]|gbk|gb2312|gb18030"
    r"|big5|shift_?jis|euc-(jp|kr)", re.I
)  # fmt: skip
WIDE = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class PageReader:
    """HTML as a browser saves it."""

    name = "page"

    def sniff(self, source: SourceFile) -> bool:
        head = source.data[:8192]
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            head = head.decode("utf-16", "replace").encode("utf-8", "replace")
        return bool(_BEGINS.match(head))

    def read(self, source: SourceFile, mapping: Mapping | None = None) -> Reading:
        remarks: list[Problem] = []
        page = page_text(_decoded(source, remarks))
        mentions = [*_mentions(source, page.seen, page, remarks), *_mentions(source, page.unseen, page, [])]
        mentions += [
            _mention(source, page, medium.spot, MEDIA, medium.tag, medium.name, medium.name) for medium in page.media
        ]
        listing = page_listing(source, page, mapping.head if mapping else {}, remarks)
        return _reading(source, self.name, mentions, remarks, (listing,) if listing else ())


def read_text(source: SourceFile) -> Reading:
    """A plain text, which only a person can tell from a table without a mapping."""
    remarks: list[Problem] = []
    page = PageText()
    page.seen.add(_decoded(source, remarks), Spot(1, 1))
    return _reading(source, TEXT, list(_mentions(source, page.seen, page, remarks)), remarks)


def _reading(
    source: SourceFile, name: str, mentions: list[Mention], remarks: list[Problem], listings: tuple[Listing, ...] = ()
) -> Reading:
    mentions.sort(key=lambda each: (each.pointer.row, each.column, each.kind))
    return Reading(source, name, (), mentions=tuple(mentions), listings=listings, remarks=tuple(remarks))


def _mentions(source: SourceFile, flow: Flow, page: PageText, remarks: list[Problem]) -> Iterator[Mention]:
    for found in find_all(flow.text):
        spot = flow.spot(found.start)
        if isinstance(found, Failed):
            remarks.append(_failure(found, Place(source.name, page.path(spot.element), spot.line)))
        else:
            yield _mention(
                source, page, spot, found.kind, found.system, found.value, found.printed, found.checked, found.detail
            )


def _failure(found: Failed, place: Place) -> Problem:
    kind = AddressWrong if found.kind == ADDRESS else ChecksumFails
    return kind(shortened(found.printed), place, says=found.reason)


def _mention(
    source: SourceFile, page: PageText, spot: Spot, kind: str, system: str, value: str, printed: str,
    checked: bool = False, detail: str = "",
) -> Mention:  # fmt: skip
    pointer = Pointer(source.sha256, "", spot.line)
    path = page.path(spot.element)
    return Mention(pointer, spot.column, path, spot.where, kind, system, value, printed, checked, detail)


def _decoded(source: SourceFile, remarks: list[Problem]) -> str:
    """The text in the encoding it states or has; what cannot be decoded is marked, counted and said."""
    data, place = source.data, Place(source.name)
    encoding = next((name for mark, name in WIDE if data.startswith(mark)), "")
    if not encoding:
        stated = _CHARSET.search(data[:4096])
        named = stated[1].decode("ascii", "replace") if stated else "utf-8"
        if not _KNOWN.fullmatch(named):
            says = "is the encoding the page states, which is not read; it was taken as UTF-8"
            remarks.append(PageSpoiled(named, place, says=says))
            named = "utf-8"
        encoding = "utf-8" if named.lower().startswith(("utf-16", "utf16")) else named
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost:
        says = f"is the encoding, and {lost:,} signs are none of it; what stands around them was read"
        remarks.append(PageSpoiled(encoding, place, says=says))
    if "\x00" in text:
        remarks.append(PageSpoiled("\\x00", place, says="stands in the page; each was taken as a space"))
        text = text.replace("\x00", " ")
    return text.replace("\r\n", "\n") if "\r\n" in text else text
