"""Tesseract as a program: what it may take, what becomes of its faults; and the real one, where it is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scan_pages import STATEMENT, page, word

from trover.errors import InputErrors
from trover.sources.custody import source_of
from trover.sources.scan import read_scan
from trover.sources.scan_program import ScanLimits, installed, read_image, version
from trover.sources.scan_tsv import read_tsv

PNG = source_of("page.png", b"\x89PNG\r\n\x1a\n not really")
LAYOUT = """\
format: trover scan layout
version: 1
date_order: DD.MM.YYYY
decimal: ","
thousands: "."
top: 320
bottom: 800
columns:
  date: {left: 30, right: 180}
  text: {left: 180, right: 530}
  debit: {left: 530, right: 690}
  credit: {left: 690, right: 840}
  balance: {left: 840, right: 1000}
fields:
  account: {left: 130, right: 600, top: 50, bottom: 150}
  opening: {left: 800, right: 1000, top: 50, bottom: 150}
"""
PAPER = """\
#set page(width: 200mm, height: 100mm, margin: 0mm)
#set text(size: 11pt)
#let at(x, y, t) = place(top + left, dx: x * 1mm, dy: y * 1mm, t)
#at(10, 8, "Account EE773300333487040004")
#at(130, 8, "Opening")
#at(165, 8, "1.100,00")
#at(10, 35, "02.01.2020")
#at(40, 35, "Salary January")
#at(140, 35, "1.250,50")
#at(170, 35, "2.350,50")
#at(40, 41, "Employer Ltd")
#at(10, 50, "03.01.2020")
#at(40, 50, "Rent")
#at(110, 50, "350,25")
#at(170, 50, "2.000,25")
"""


def program(folder: Path, body: str) -> str:
    """A program that takes the place of Tesseract."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def refused(folder: Path, body: str, **limits: int) -> str:
    with pytest.raises(InputErrors) as caught:
        read_image(PNG, "eng", 6, ScanLimits(**limits), program(folder, body))
    return str(caught.value)


def test_it_is_told_the_language_and_gets_the_bytes_of_the_image(tmp_path: Path) -> None:
    body = 'cat > /dev/null; echo "$@"'
    assert read_image(PNG, "est+eng", 4, program=program(tmp_path, body)) == "stdin stdout -l est+eng --psm 4 tsv\n"
    body = "wc -c"
    assert read_image(PNG, "eng", 6, program=program(tmp_path, body)).strip() == str(PNG.size)


def test_it_sees_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROVER_AUTHOR", "A. Analyst")
    assert "TROVER" not in read_image(PNG, "eng", 6, program=program(tmp_path, "env"))


def test_one_that_hangs_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    assert "takes longer to read than an image may take" in refused(tmp_path, "sleep 60 & sleep 60", wall=1)


def test_one_that_works_for_too_long_is_stopped(tmp_path: Path) -> None:
    assert "takes longer to read than an image may take" in refused(tmp_path, "while :; do :; done", cpu=1)


def test_one_that_floods_is_stopped(tmp_path: Path) -> None:
    assert "gives more text than an image can hold" in refused(tmp_path, "exec yes", output=100_000)


def test_one_that_fails_says_why(tmp_path: Path) -> None:
    said = refused(tmp_path, 'echo "Failed loading language xyz" >&2; exit 1')
    assert said.startswith("page.png: cannot be read by Tesseract: Failed loading language xyz.")
    assert "it ended with status 3" in refused(tmp_path, "exit 3")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("s.pdf", b"%PDF-1.7", "Make an image of each page first, for example with pdftoppm -r 300 -png"),
        ("s.txt", b"02.01.2020", "is no image in PNG, JPEG or TIFF"),
    ],
)
def test_what_is_no_image_is_refused_before_anything_runs(name: str, data: bytes, message: str) -> None:
    with pytest.raises(InputErrors, match=message):
        read_image(source_of(name, data), "eng", 6, program="/nowhere")


def test_a_language_is_a_name_and_not_an_option() -> None:
    with pytest.raises(InputErrors, match="is not the name of a language"):
        read_image(PNG, "eng --user-words /etc/passwd", 6, program="/nowhere")


def test_where_it_is_missing_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputErrors) as caught:
        installed()
    assert "'tesseract' is not installed, so no scan can be read. Install it (Debian, Ubuntu: apt install" in str(
        caught.value
    )


def test_another_program_of_that_name_is_noticed(tmp_path: Path) -> None:
    assert version(program(tmp_path, 'echo "tesseract 5.3.0"; echo more')) == "tesseract 5.3.0"
    with pytest.raises(InputErrors, match="is not a version of Tesseract"):
        version(program(tmp_path, "echo hello"))


def test_all_that_is_wrong_with_several_images_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(program(tmp_path, 'cat; exit 1')).parent}:/usr/bin:/bin")
    (tmp_path / "layout.yml").write_text(LAYOUT)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "b.png").write_bytes(PNG.data)
    with pytest.raises(InputErrors) as caught:
        read_scan([tmp_path / "a.pdf", tmp_path / "b.png"], tmp_path / "layout.yml", "EUR", "c.csv")
    assert [problem.place.file for problem in caught.value.problems] == ["a.pdf", "b.png"]


def test_pages_of_several_images_are_counted_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.tsv").write_text(STATEMENT.replace("1.100,00", "9.999,00"))
    body = f'case "$1" in --version) echo "tesseract 5.3.0";; *) cat {tmp_path}/out.tsv;; esac'
    monkeypatch.setenv("PATH", f"{Path(program(tmp_path, body)).parent}:/usr/bin:/bin")
    (tmp_path / "layout.yml").write_text(LAYOUT)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG.data + name.encode())
    scan = read_scan([tmp_path / "a.png", tmp_path / "b.png"], tmp_path / "layout.yml", "EUR", "c.csv")
    assert sorted({cell.page for cell in scan.cells}) == [1, 2]
    assert scan.form.decode("utf-8-sig").count("\r\nscan,") == 2


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed (apt install tesseract-ocr)")
def test_the_real_program_reads_a_printed_page(tmp_path: Path) -> None:
    import typst

    (tmp_path / "paper.typ").write_text(PAPER)
    (tmp_path / "page.png").write_bytes(typst.compile(str(tmp_path / "paper.typ"), format="png", ppi=200))
    (tmp_path / "layout.yml").write_text(LAYOUT)
    scan = read_scan([tmp_path / "page.png"], tmp_path / "layout.yml", "EUR", "c.csv")
    cells = {(cell.line, cell.field): cell.typed for cell in scan.cells if cell.field}
    assert cells[0, "opening"] == "1100,00"
    assert {name: text for (line, name), text in cells.items() if line == 1} == {
        "date": "02.01.2020",
        "text": "Salary January Employer Ltd",
        "credit": "1250,50",
        "balance": "2350,50",
    }
    assert (cells[2, "debit"], cells[2, "balance"]) == ("350,25", "2000,25")
    assert scan.read_by.startswith("tesseract ")
    assert all(0 < cell.confidence <= 10_000 for cell in scan.cells)


def test_pages_for_tests_are_what_the_program_prints() -> None:
    assert len(read_tsv(page(word("a", 1, 1)), "p")) == 1
