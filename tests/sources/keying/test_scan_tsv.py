"""The TSV of Tesseract: read exactly, refused where it is something else."""

from __future__ import annotations

import pytest
from scan_pages import HEADER, STATEMENT, page, word

from trover.errors import InputErrors
from trover.sources.scan_tsv import Box, Word, read_tsv


def test_words_have_text_confidence_and_box() -> None:
    (found,) = read_tsv(STATEMENT, "p.png")
    assert (found.width, found.height, len(found.words)) == (1000, 1000, 11)
    assert found.words[4] == Word("January", 5512, Box(350, 299, 80, 20))
    assert found.words[10].confidence == 3000


def test_several_pages_stay_apart_and_empty_words_are_no_words() -> None:
    second = page(word("b", 1, 1)).split("\n", 1)[1].replace("1\t1\t0", "1\t2\t0")
    pages = read_tsv(page(word("a", 1, 1), word("  ", 9, 9)) + second, "p.tif")
    assert [[word.text for word in found.words] for found in pages] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not a table", "p.png, row 1: 'not a table' is not what Tesseract prints"),
        (HEADER + "\n", "p.png: what Tesseract printed holds no page"),
        (page(width=0), "p.png: what Tesseract printed holds no page"),
        (page("5\t1\t1"), "p.png, row 4: '5\\t1\\t1' is not what Tesseract prints"),
        (page(word("a", 1, 1, "101")), "p.png, row 4: '101' is not a confidence from 0 to 100"),
        (page(word("a", 1, 1, "-1")), "p.png, row 4: '-1' is not a confidence from 0 to 100"),
        (page(word("a", -5, 1)), "p.png, row 4: '-5' is not a number of pixels"),
        (HEADER + "\n" + word("a", 1, 1), "p.png, row 2: "),
    ],
)
def test_anything_else_is_refused_with_its_row(text: str, message: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read_tsv(text, "p.png")
    assert str(caught.value).startswith(message)
