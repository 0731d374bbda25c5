"""What Tesseract would print of small pages, written by hand."""

from __future__ import annotations

from trover.sources.scan_layout import Area, Layout

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
LAYOUT = Layout(
    columns={
        "date": Area(0, 200, 200, 900),
        "text": Area(200, 500, 200, 900),
        "debit": Area(500, 700, 200, 900),
        "balance": Area(700, 1000, 200, 900),
    },
    fields={"opening": Area(700, 1000, 0, 100, 1)},
    date_order="DD.MM.YYYY",
    decimal=",",
    thousands=".",
)


def word(text: str, left: int, top: int, conf: str = "96.5", width: int = 80, height: int = 20) -> str:
    return f"5\t1\t1\t1\t1\t1\t{left}\t{top}\t{width}\t{height}\t{conf}\t{text}"


def page(*words: str, width: int = 1000, height: int = 1000) -> str:
    """The TSV of one page."""
    size = f"1\t1\t0\t0\t0\t0\t0\t0\t{width}\t{height}\t-1\t"
    return "\n".join([HEADER, size, "2\t1\t1\t0\t0\t0\t5\t5\t900\t900\t-1\t", *words, ""])


STATEMENT = page(
    word("Opening", 400, 50),
    word("1.100,00", 800, 50, "91.99"),
    word("02.01.2020", 50, 300),
    word("Salary", 250, 301),
    word("January", 350, 299, "55.123456"),
    word("12,50", 550, 302),
    word("1.087,50", 800, 298),
    word("Employer", 250, 330),
    word("03.01.2020", 50, 400),
    word("Rent", 250, 400),
    word("1O,25", 550, 400, "30"),
)
