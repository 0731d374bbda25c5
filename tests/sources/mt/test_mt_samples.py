"""Every sample of MT940 and MT942 gives the figures of mt_samples.tsv, or the problem named there.

The figures are counted a second time here, line by line and without the reader. Where the projects that the
samples come from publish what they read (`PUBLISHED`), rows and sums are compared with that too.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from tests.sources.sample_figures import figures, listed

from trover.errors import Place
from trover.ledger.gate import Standing, judge
from trover.sources.custody import read_source
from trover.sources.reader import read_records

pytestmark = pytest.mark.realdata
EXPECTED = listed(Path(__file__).with_name("mt_samples.tsv"))

PUBLISHED = {
    "ASNB/mt940.txt": (8, "56.94"),
    "ASNB/mt940_with_spaces_for_entry_date.txt": (8, "56.94"),
    "betterplace/sepa_mt9401.sta": (97, "-9268316.38"),
    "betterplace/sepa_snippet.sta": (11, "-2143323.39"),
    "betterplace/with_binary_character.sta": (4, "-179066.75"),
    "citi/mt940.txt": (5, "-1142.75"),
    "cmxl/mt940.sta": (16, "12327.30"),
    "jejik/abnamro.sta": (10, "-345.93"),
    "jejik/generic.sta": (2, "-20.00"),
    "jejik/ing.sta": (7, "-45.59"),
    "jejik/knab.sta": (3, "-6260.00"),
    "jejik/postfinance.sta": (4, "159.40"),
    "jejik/rabobank-iban.sta": (4, "-70.00"),
    "jejik/rabobank.sta": (5, "-1589.09"),
    "jejik/sns.sta": (2, "-25.00"),
    "jejik/triodos.sta": (2, "-715.70"),
    "mBank/mt940.sta": (3, "0.03"),
    "mBank/mt942.sta": (3, "0.03"),
    "mBank/with_newline_in_tnr.sta": (2, "89.00"),
    "sberbank/171011_01234945.sta": (3, "-9437.00"),
    "self-provided/details_60-63.sta": (1, "-233.15"),
    "self-provided/february_30.sta": (1, "-6.00"),
    "self-provided/gv_codes.sta": (2, "-257.45"),
    "self-provided/long_statement_number.sta": (0, "0.00"),
    "self-provided/malformed_details.sta": (1, "-233.15"),
    "self-provided/mt942.sta": (1, "-0.42"),
    "self-provided/overly_long_details.sta": (1, "-233.15"),
    "self-provided/raiffeisen-cmi.sta": (7, "-1012213.50"),
    "self-provided/raphaelm.sta": (9, "95000.00"),
    "self-provided/transaction_details_wrapped.sta": (1, "-6.00"),
    "self-provided/whitespace.sta": (1, "-233.15"),
    "self-provided/wrapped_timestamp.sta": (1, "-6.00"),
}
"""File -> rows and what they come to, as the project wolph/mt940 publishes beside each file.

Its sum of sepa_mt9401 counts the two reversals of a credit (RC, 204.88 each) as money that came in. They went out:
only so do the printed closing balances of their statements follow.
"""
REVERSED = {"betterplace/sepa_mt9401.sta": Decimal("-819.52")}


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "bank" / "mt940"


# The second count -------------------------------------------------------------------------------------------------

ROW = re.compile(r":61:\d{6}(?:\d{4}| {4})?(R?)([CD])[A-Z]?(\d+),?(\d*)")
BALANCE = re.compile(r":6[02][FM]:([CD])\d{6}(?:[A-Z]{3})?(\d+),?(\d*)")


def cents(whole: str, part: str) -> int:
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def counted(path: Path) -> tuple[int, int, int, int, int]:
    """Rows with an amount, rows of zero, and the sums of what came, of what went, and of closing less opening."""
    booked = zero = came = went = rise = 0
    for line in path.read_bytes().decode("latin-1").splitlines():
        if row := ROW.match(line):
            amount = cents(row[3], row[4])
            booked, zero = booked + (amount > 0), zero + (amount == 0)
            if (row[2] == "C") != bool(row[1]):
                came += amount
            else:
                went += amount
        elif balance := BALANCE.match(line):
            sign = (1 if balance[1] == "C" else -1) * (1 if line[2] == "2" else -1)
            rise += sign * cents(balance[2], balance[3])
    return booked, zero, came, went, rise


# The tests --------------------------------------------------------------------------------------------------------

READ = sorted(name for name, lines in EXPECTED.items() if lines[0][0])


def test_every_sample_is_in_the_table(folder: Path) -> None:
    every = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".sta", ".txt")}
    assert every == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_gives_its_figures(folder: Path, name: str) -> None:
    assert figures(folder / name) == EXPECTED[name]


@pytest.mark.parametrize("name", READ)
def test_the_figures_are_those_of_a_second_count(folder: Path, name: str) -> None:
    lines = EXPECTED[name]
    booked, zero, came, went, rise = counted(folder / name)
    assert [sum(int(line[at]) for line in lines) for at in (1, 2, 3, 4)] == [booked, zero, came, went]
    if all(line[5] and line[6] for line in lines):
        assert sum(int(line[6]) - int(line[5]) for line in lines) == rise


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_rows_and_sums_are_those_that_are_published(name: str) -> None:
    rows, total = PUBLISHED[name]
    lines = EXPECTED[name]
    assert sum(int(line[1]) + int(line[2]) for line in lines) == rows
    moved = sum(int(line[3]) - int(line[4]) for line in lines)
    assert Decimal(moved) / 100 == Decimal(total) + REVERSED.get(name, 0)


GATE = {"proved": Standing.PROVED, "open": Standing.UNPROVED}


@pytest.mark.parametrize("name", READ)
def test_the_gate_says_so_of_each_statement(folder: Path, name: str) -> None:
    reading = read_records(read_source(folder / name))
    verdicts = judge(reading.records, lambda pointer, column="": Place(name, row=pointer.row), reading.broken_rows)
    assert [verdict.standing for verdict in verdicts] == [GATE.get(line[7], Standing.FAILED) for line in EXPECTED[name]]
