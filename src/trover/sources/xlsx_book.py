"""A workbook (XLSX) opened within limits: its sheets, shared texts and the formats of its cells.

The parts of a workbook are XML in a zip. Sizes are counted as they unpack; names, links and styles are read as far
as the values of cells need them. Macros, pictures and links to other files are never looked at.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass

from trover.errors import FileTooLarge, InputErrors, NotAWorkbook, Place
from trover.sources.archive import COUNT, DAMAGED, RATIO, SMALL, path_problem
from trover.sources.custody import SourceFile, source_of
from trover.sources.xml_safe import LARGEST, Element, parse_xml

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_A_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")
NUMBER, DATE, DATETIME, TIME = "number", "date", "datetime", "time"
_BUILT_IN = {**dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), DATE), 22: DATETIME} | dict.fromkeys(
    (18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), TIME
)
_LONGEST_FORMAT = 255
"""Signs of a number format; a spreadsheet takes no more."""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of older workbooks (XLS), and of encrypted new ones."""


@dataclass(frozen=True, slots=True)
class Format:
    """How cells of one style show a number: as a day, a time, or digits; `width` > 0 where zeros fill them up."""

    kind: str = NUMBER
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    data: bytes


class Book:
    """One workbook. Raises `InputErrors` if it is none, is damaged, or unpacks to more than it may."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        if source.data.startswith(OLD):
            says = "is a workbook of the older kind (XLS), or an encrypted one"
            remedy = "Open it in a spreadsheet, with its password, and save it as XLSX; keep this file as it is."
            raise InputErrors([NotAWorkbook("", Place(source.name), says=says, remedy=remedy)])
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except DAMAGED as error:
            raise self._damaged(str(error)) from None
        self._room = min(LARGEST * 4, max(SMALL, RATIO * source.size))
        self._names = self._members()
        links = self._links("_rels/.rels", "")
        main = next((target for kind, target in links.values() if kind == "officeDocument"), "xl/workbook.xml")
        root = self._xml(main)
        self._parts = self._links(_rels_of(main), posixpath.dirname(main))
        properties = root.find("{*}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.texts = self._texts()
        self.formats = self._formats()
        self.sheets = tuple(self._sheet(element) for element in root.iterfind("{*}sheets/{*}sheet"))

    def _damaged(self, reason: str, member: str = "") -> InputErrors:
        says = f"{NotAWorkbook.says}: {reason}" if reason else ""
        return InputErrors([NotAWorkbook(member, Place(self.source.name), says=says)])

    def _members(self) -> frozenset[str]:
        infos = self._zip.infolist()
        if len(infos) > COUNT:
            raise self._damaged(f"it has {len(infos)} parts")
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise self._damaged("it has two parts of one name")
        for info in infos:
            problem = path_problem(info.filename.rstrip("/"))
            if problem:
                raise self._damaged(f"a part {problem}", info.filename[:60])
            if info.flag_bits & 0x1:
                raise self._damaged("a part of it is encrypted")
        return frozenset(names)

    def _read(self, name: str) -> bytes:
        """The bytes of one part, counted as they unpack."""
        limit = min(self._room, LARGEST)
        try:
            with self._zip.open(name) as member:
                data = member.read(limit + 1)
        except DAMAGED as error:
            raise self._damaged(str(error), name[:60]) from None
        if len(data) > limit:
            says = f"unpacks to more than the {limit} bytes that a workbook of this size may hold"
            raise InputErrors([FileTooLarge(name[:60], Place(self.source.name), says=says)])
        self._room -= len(data)
        return data

    def _xml(self, name: str) -> Element:
        if name not in self._names:
            raise self._damaged("it has no such part", name[:60])
        return parse_xml(source_of(f"{self.source.name}: {name}", self._read(name)))

    def _links(self, name: str, folder: str) -> dict[str, tuple[str, str]]:
        """Id of a link -> its kind and the part it leads to."""
        if name not in self._names:
            return {}
        links = {}
        for link in self._xml(name).iterfind("{*}Relationship"):
            target = link.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            links[link.get("Id", "")] = link.get("Type", "").rpartition("/")[2], posixpath.normpath(path)
        return links

    def _part(self, kind: str) -> Element | None:
        found = next((target for each, target in self._parts.values() if each == kind), None)
        return self._xml(found) if found in self._names else None

    def _texts(self) -> list[str]:
        root = self._part("sharedStrings")
        return [] if root is None else [text_of_item(item) for item in root.iterfind("{*}si")]

    def _formats(self) -> list[Format]:
        root = self._part("styles")
        if root is None:
            return []
        codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind("{*}numFmts/{*}numFmt")}
        return [_format(x.get("numFmtId", "0"), codes) for x in root.iterfind("{*}cellXfs/{*}xf")]

    def _sheet(self, element: Element) -> Sheet:
        link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        kind, target = self._parts.get(link, ("", ""))
        if kind != "worksheet" or target not in self._names:
            return Sheet(element.get("name", ""), True, b"")
        if not target.endswith(".xml"):
            raise self._damaged("it is a binary workbook (XLSB)", target[:60])
        return Sheet(element.get("name", ""), element.get("state", "visible") != "visible", self._read(target))


def text_of_item(item: Element) -> str:
    """The text of a shared or inline string: its runs joined, without the guides to pronunciation."""
    runs = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    text = "".join(run.text or "" for run in runs)
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code >= 0x20 and not 0xD800 <= code < 0xE000 else " "


def _rels_of(part: str) -> str:
    return posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")


def _format(id: str, codes: dict[str | None, str]) -> Format:
    code = codes.get(id)
    if code is None:
        return Format(_BUILT_IN.get(int(id), NUMBER)) if id.isascii() and id.isdigit() and len(id) < 6 else Format()
    if _ZEROS.fullmatch(code):
        return Format(NUMBER, len(code))
    letters = set(_NOT_A_FORMAT.sub("", code[:_LONGEST_FORMAT].split(";")[0]).lower()) & set("ymdhsg")
    days, times = letters & set("yd"), letters & set("hs")
    if days and times:
        return Format(DATETIME)
    if days or letters == {"m"}:
        return Format(DATE)
    return Format(TIME) if times else Format()
