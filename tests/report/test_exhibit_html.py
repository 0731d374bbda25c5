"""The page: links that resolve, text that cannot act, figures that read back, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from material_for_tests import case, made_up

import trover.report
from trover.errors import UnknownEdition
from trover.report.exhibit import Exhibit, assemble
from trover.report.html import html
from trover.report.words import visible

HOSTILE = "<script>alert(1)</script> \"'>&amp; \u202egnp.exe\u202c {{ 7*7 }} =1+1"


class Page(HTMLParser):
    """What a browser would see: tags, links, ids, text, and tables as rows of (text, value)."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.tables: dict[str, list[list[tuple[str, str]]]] = {}
        self.section = ""
        self.inside = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.inside = tag
        if identity := found.get("id"):
            self.ids.append(identity)
        if (link := found.get("href")) is not None:
            self.links.append(link)
        if tag == "section" and found.get("class") == "table":
            self.section = found["id"] or ""
            self.tables[self.section] = []
        rows = self.tables.get(self.section, [])
        if tag == "tr":
            rows.append([])
        if tag in ("td", "th") and rows:
            rows[-1].append(("", ""))
        if tag == "data" and rows and rows[-1]:
            rows[-1][-1] = (rows[-1][-1][0], found.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.inside in ("style", "script"):
            return
        self.text.append(data)
        rows = self.tables.get(self.section, [])
        if rows and rows[-1]:
            text, value = rows[-1][-1]
            rows[-1][-1] = (text + data, value)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""
        if tag == "section":
            self.section = ""


@pytest.fixture(scope="module")
def demo_page(demo: Exhibit) -> bytes:
    return html(demo)


@pytest.fixture(scope="module")
def hostile_page() -> bytes:
    return html(assemble(made_up(HOSTILE)))


def test_every_link_of_the_page_resolves_and_every_anchor_is_unique(demo_page: bytes, hostile_page: bytes) -> None:
    for page in (Page(demo_page), Page(hostile_page)):
        assert len(page.ids) == len(set(page.ids))
        assert {link for link in page.links if not link.startswith("#")} == set()
        assert {link[1:] for link in page.links} <= set(page.ids)


def test_every_figure_leads_to_its_rows_and_every_row_to_its_source(demo: Exhibit, demo_page: bytes) -> None:
    page = demo_page.decode()
    entries = dict(re.findall(r'<li id="(F\d+)">(.*?)</li>', page, re.S))
    assert set(entries) == set(demo.figures)
    for figure in demo.figures.values():
        linked = set(re.findall(r'href="#(row-[^"]+)"', entries[figure.id]))
        assert linked == {demo.rows[row].anchor for row in figure.rows}
    rows = re.findall(r'<tr id="row-\d+".*?</tr>', page, re.S)
    assert len(rows) == 215
    assert all('href="#document-D1"' in row for row in rows)


def test_user_text_is_text(hostile_page: bytes) -> None:
    page = Page(hostile_page)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert visible(HOSTILE) in "".join(page.text)
    assert "\u202e" not in hostile_page.decode()
    assert "49" not in "".join(page.text).split("{{ 7*7 }}")[1][:5]
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]


def test_hiding_and_reordering_characters_are_written_out() -> None:
    assert visible("a\u202eb\u0000c\u200bd\nE") == "a[U+202E]b[U+0000]c[U+200B]d E"


def test_nothing_is_loaded_and_only_our_style_and_script_run(hostile_page: bytes) -> None:
    text = hostile_page.decode()
    page = Page(hostile_page)
    assert not {tag for tag, _ in page.tags} & {"img", "link", "iframe", "object", "embed", "base", "form", "source"}
    assert not [found for _, found in page.tags if "src" in found or "style" in found]
    policy = next(found["content"] or "" for _, found in page.tags if found.get("http-equiv"))
    for tag in ("style", "script"):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(body) == 1
        digest = base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "url(" not in text
    assert "@import" not in text


def test_the_tables_read_back_add_up(demo: Exhibit, demo_page: bytes) -> None:
    tables = Page(demo_page).tables
    head, *lines = tables["answer-USD"]
    assert [text for text, _ in head[1:4]] == ["FIFO", "LIFO", "Hallett, FIFO"]
    for column in range(1, len(head) - 1):
        amounts = [int(line[column][1]) for line in lines]
        assert abs(sum(amounts[:-1]) - amounts[-1]) <= len(amounts)
        assert amounts[-1] == 5_690_187_00
    flows = [lines for id, lines in tables.items() if id.startswith("bands-")]
    for bands in flows:
        into = sum(int(line[2][1]) for line in bands[1:] if line[1][0] == "METASTAR INVEST LLP")
        out = sum(int(line[2][1]) for line in bands[1:] if line[0][0] == "METASTAR INVEST LLP")
        assert abs(into - out) <= len(bands)


def test_payments_of_each_recipient_read_back_to_their_sum(demo_page: bytes) -> None:
    _, *lines = Page(demo_page).tables["traced-payments"]
    sums: list[int] = []
    rows = 0
    checked = 0
    for line in lines:
        if len(line) == 1:
            sums, rows = [0] * 7, 0
        elif line[0][0] == "Sum":
            assert all(abs(int(line[3 + i][1]) - sums[i]) <= rows for i in range(7))
            checked += 1
        else:
            rows += 1
            sums = [total + int(line[3 + i][1]) for i, total in enumerate(sums)]
    assert checked > 60


def test_people_see_whole_dollars_and_the_page_keeps_the_cents(demo_page: bytes) -> None:
    assert '<data value="46512887">465,129</data>' in demo_page.decode()
    assert "USD to 0 decimals" in "".join(Page(demo_page).text)


def test_the_cautions_come_before_any_figure(demo_page: bytes) -> None:
    text = demo_page.decode()
    assert text.index("exchange legs are missing") < text.index("<data ")


def test_the_page_stays_small_enough_to_mail(demo_page: bytes) -> None:
    assert len(demo_page) < 8_000_000


def test_the_same_material_gives_the_same_bytes() -> None:
    assert html(assemble(made_up())) == html(assemble(made_up()))


def test_every_picture_has_a_title_for_each_band_and_a_table(demo_page: bytes) -> None:
    text = demo_page.decode()
    pictures = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(pictures) == 7
    for picture in pictures:
        bands = re.findall(r'<a href="#(bands-[^"]+)"><path[^>]*><title>([^<]+)</title>', picture)
        assert len(bands) == picture.count("<path")
        assert all("rows cited" in title for _, title in bands)


@pytest.mark.parametrize("name", ["made_up", "C15", "C32", "C29", "C36"])
def test_labels_of_a_picture_do_not_overlap(name: str) -> None:
    exhibit = assemble(
        made_up("A rather long name of a company that deals in timber and steel") if name == "made_up" else case(name)
    )
    for picture in re.findall(r"<svg.*?</svg>", html(exhibit).decode(), re.S):
        labels = re.findall(r'<text class="\w+" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', picture)
        by_column: dict[tuple[str, str], list[float]] = {}
        for x, y, anchor in labels:
            by_column.setdefault((x, anchor), []).append(float(y))
        for heights in by_column.values():
            heights.sort()
            assert all(low - high >= 11 for high, low in itertools.pairwise(heights))


def test_build_writes_what_is_asked_for_and_nothing_else(tmp_path: Path) -> None:
    exhibit = assemble(case("C05"))
    written = trover.report.build(exhibit, tmp_path / "out", ["html"])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["exhibit.html"]
    assert written[0].read_bytes() == html(exhibit)
    with pytest.raises(UnknownEdition, match="docx"):
        trover.report.build(exhibit, tmp_path / "none", ["html", "docx"])
    assert not (tmp_path / "none").exists()


def test_an_exhibit_number_in_hostile_words_is_shown_as_text(tmp_path: Path) -> None:
    material = case("C05")
    cover = dataclasses.replace(material.cover, exhibit_no="</title><script>", title="</style><b>")
    page = Page(html(assemble(dataclasses.replace(material, cover=cover))))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert [tag for tag, _ in page.tags].count("style") == 1
