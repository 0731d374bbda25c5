"""A saved page as text, read by the parser of the standard library: no tree, no script, no picture, no depth.

libxml2 drops all that lies deeper than 256 elements; a page made to hide something would be deeper. This parser hands
on each piece as it comes, with line and column, and remembers of the tree only the way to the place it is at.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from trover.sources.darkweb.flow import ATTRIBUTE, Flow, Spot

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike"
    " strong sub sup time tt u var wbr".split()
)
"""Elements within a line of text: an address that one of them cuts in two is one address to whoever reads it."""
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
ENDS_ITS_LIKE = frozenset("li p td th tr option dt dd".split())
MEDIA = frozenset("img image video audio source embed object picture svg canvas track".split())
LINKS = ("src", "data", "href", "xlink:href", "poster")
DATA_URI = re.compile(r"data:(?P<type>[\w.+/-]{0,80})(?:;[\w=.+-]{1,80})*,[A-Za-z0-9+/=%_.~-]*", re.I)
DEEPEST_SHOWN = 30
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture, film or sound that a page shows or holds: its element, its name or kind and size, and its place."""

    tag: str
    name: str
    spot: Spot


@dataclass
class PageText:
    """What a page says. `seen` is its text, `unseen` its attributes, comments, scripts and styles."""

    seen: Flow = field(default_factory=Flow)
    unseen: Flow = field(default_factory=Flow)
    media: list[Medium] = field(default_factory=list)
    elements: list[tuple[int, str, int]] = field(default_factory=lambda: [(0, "", 0)])

    def path(self, element: int) -> str:
        """The way to an element: html/body/div[2]/p[1]; of a deep one the last steps."""
        steps: list[str] = []
        while element and len(steps) < DEEPEST_SHOWN:
            element, tag, number = self.elements[element]
            steps.append(f"{tag}[{number}]" if tag not in ("html", "head", "body") else tag)
        return "/".join([*(["..."] if element else []), *reversed(steps)])


def page_text(html: str) -> PageText:
    """Read a page whole; there is none that cannot be read."""
    parser = _Parser()
    end = _closed(html)
    parser.feed(html[:end])
    parser.close()
    if end < len(html):
        parser.left_open(html, end)
    return parser.page


def _closed(html: str) -> int:
    """Where the first thing opens that never closes: the parser would look for its end again and again."""
    end = len(html)
    for opens, closes in (("<!--", "-->"), ("<![", "]]>"), ("<!", ">"), ("<", ">")):
        at = html.find(opens, html.rfind(closes, 0, end) + 1, end)
        end = end if at < 0 else at
    return end


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.page = PageText()
        self.open: list[tuple[str, int]] = []
        self.opened: Counter[str] = Counter()
        self.counts: Counter[tuple[int, str]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag[:LONGEST_NAME]
        if tag in ENDS_ITS_LIKE and self.open and self.open[-1][0] == tag:
            self._pop()
        above = self.open[-1][1] if self.open else 0
        self.counts[above, tag] += 1
        self.page.elements.append((above, tag, self.counts[above, tag]))
        element = len(self.page.elements) - 1
        self._break(tag)
        if tag not in VOID:
            self.open.append((tag, element))
            self.opened[tag] += 1
        self._attributes(tag, element, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = tag[:LONGEST_NAME]
        self._break(tag)
        if self.opened[tag]:
            while self.open[-1][0] != tag:
                self._pop()
            self._pop()

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in ("script", "style"):
            self._unseen(data, self.cdata_elem)
        else:
            self.page.seen.add(self._without_data(data, "text", self._spot()), self._spot())

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._unseen(data, "comment", len("<!--"))

    def handle_decl(self, decl: str) -> None:
        self._unseen(decl, "declaration")

    def handle_pi(self, data: str) -> None:
        self._unseen(data, "instruction")

    def unknown_decl(self, data: str) -> None:
        self._unseen(data, "declaration")

    def left_open(self, html: str, at: int) -> None:
        """What follows something that never closes, for which a browser shows nothing of it or all."""
        line = html.count("\n", 0, at) + 1
        spot = Spot(line, at - html.rfind("\n", 0, at), self.open[-1][1] if self.open else 0, "not closed")
        self.page.unseen.add(self._without_data(html[at:], "text", spot), spot)

    def _reference(self, reference: str) -> None:
        try:
            text = unescape(reference)
        except (ValueError, OverflowError):
            text = reference
        self.page.seen.add(text, self._spot())

    def _attributes(self, tag: str, element: int, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        named = False
        for name, value in attrs:
            spot = Spot(line, column + 1, element, f"{ATTRIBUTE} {name[:LONGEST_NAME]}")
            if value and tag in MEDIA and name in LINKS and not named and value.lstrip()[:5].lower() != "data:":
                named = True
                self.page.media.append(Medium(tag, _file_name(value), spot))
            if value:
                self.page.unseen.add(self._without_data(value, tag, spot), spot)
                self.page.unseen.join("\n")

    def _unseen(self, text: str, where: str, opening: int = 0) -> None:
        spot = self._spot(where, opening)
        self.page.unseen.add(self._without_data(text, where, spot), spot)
        self.page.unseen.join("\n")

    def _without_data(self, text: str, tag: str, spot: Spot) -> str:
        """`text` without what is embedded in it, which is named and counted and not looked into."""

        def named(found: re.Match[str]) -> str:
            kind = found["type"] or "text/plain"
            self.page.media.append(Medium(tag, f"{kind}, embedded, {len(found[0]):,} characters", spot))
            return " " * len(found[0]) if ";base64," in found[0].lower() else found[0]

        return DATA_URI.sub(named, text) if "data:" in text.lower() else text

    def _spot(self, where: str = "", opening: int = 0) -> Spot:
        line, column = self.getpos()
        return Spot(line, column + 1 + opening, self.open[-1][1] if self.open else 0, where)

    def _break(self, tag: str) -> None:
        if tag not in INLINE:
            self.page.seen.join("\n")

    def _pop(self) -> None:
        tag, _ = self.open.pop()
        self.opened[tag] -= 1


def _file_name(link: str) -> str:
    return link.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1].strip()[:LONGEST_NAME]
