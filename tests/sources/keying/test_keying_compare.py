"""Two forms beside each other: every difference is found, and each only once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from keying_forms import ROWS, form_of

from trover.sources.keying_compare import LARGEST_BLOCK, Difference, differences, forms_differ, pairs, unfit


def lines(count: int) -> list[str]:
    return [f"1,{n},2020-01-{n % 28 + 1:02},payment {n},payee {n % 7},,{n}.00,,{1000 - n}.00" for n in range(1, count)]


def renumbered(rows: list[str]) -> list[str]:
    return [",".join(["1", str(n), *row.split(",")[2:]]) for n, row in enumerate(rows, 1)]


def test_forms_that_agree_do_not_differ() -> None:
    one, other = form_of(), form_of("B. Bo", decimal_sign=".", date_order="YYYY-MM-DD")
    assert (differences(one, other), forms_differ(one, other)) == ([], None)


def test_how_numbers_and_days_are_written_makes_no_difference() -> None:
    other = form_of(
        "B. Bo",
        ("1,1,02.01.2020,Salary,Employer,,0,100.5,200.50", "1,2,3.1.2020, Rent ,Landlord,,50,,150.50"),
        date_order="DD.MM.YYYY",
        account="EE773300333487040004",
    )
    assert differences(form_of(), other) == []


def test_each_field_that_differs_is_named_with_its_place_and_both_values() -> None:
    other = form_of("B. Bo", (ROWS[0].replace("100.50", "100.60"), ROWS[1].replace("Rent", "Bent")), closing="150.05")
    assert differences(form_of(), other) == [
        Difference("closing", "150.50", "150.05"),
        Difference("credit", "100.50", "100.60", "1", "1"),
        Difference("text", "Rent", "Bent", "1", "2"),
    ]


def test_another_scan_is_a_difference() -> None:
    one, other = form_of(), form_of("B. Bo")
    changed = type(other)(**{**vars(other), "scans": ()})
    assert differences(one, changed) == [Difference("scan", "scan.pdf (abababababababab)", "")]


def test_a_forgotten_row_is_one_difference_where_lines_are_numbered_on_the_paper() -> None:
    rows = lines(60)
    found = differences(form_of(rows=rows), form_of("B. Bo", [*rows[:20], *rows[21:]]))
    assert [(d.field, d.page, d.line, d.second) for d in found] == [("", "1", "21", "")]
    assert found[0].first.startswith("2020-01-22 | payment 21 | payee 0 | debit 21.00")


def test_a_forgotten_row_leaves_the_others_paired_where_lines_were_only_counted() -> None:
    rows = lines(60)
    found = differences(form_of(rows=rows), form_of("B. Bo", renumbered([*rows[:20], *rows[21:]])))
    assert [d for d in found if d.field != "line"] == [
        Difference("", "2020-01-22 | payment 21 | payee 0 | debit 21.00 | balance 979.00", "", "1", "21")
    ]
    assert len([d for d in found if d.field == "line"]) == 38


def test_a_row_with_two_slips_is_a_pair_and_two_strangers_are_not() -> None:
    slips = form_of("B. Bo", (ROWS[0], "1,2,2020-01-08,Rent,Landlord,,5.00,,150.50"))
    assert [d.field for d in differences(form_of(), slips)] == ["date", "debit"]
    stranger = form_of("B. Bo", (ROWS[0], "1,3,2020-02-09,Cash,,,7.00,,99.00"))
    assert [(d.field, d.line, bool(d.first)) for d in differences(form_of(), stranger)] == [
        ("", "2", True),
        ("", "3", False),
    ]


def test_a_long_stretch_of_rows_that_all_differ_is_paired_in_order() -> None:
    size = int(LARGEST_BLOCK**0.5) + 2
    one = form_of(rows=lines(size))
    other = form_of("B. Bo", [row.replace("payment", "transfer") for row in lines(size)])
    found = differences(one, other)
    assert len(found) == size - 1
    assert {d.field for d in found} == {"text"}


@given(st.data())
def test_every_row_of_both_forms_is_in_exactly_one_pair_in_order(data: st.DataObject) -> None:
    pool = renumbered(lines(9))
    one, other = (
        form_of(by, renumbered(data.draw(st.lists(st.sampled_from(pool), max_size=12)))) for by in ("A. Ali", "B. Bo")
    )
    found = list(pairs(one.rows, other.rows))
    assert tuple(a for a, _ in found if a) == one.rows
    assert tuple(b for _, b in found if b) == other.rows
    assert (None, None) not in found


def test_one_person_or_one_file_is_not_two() -> None:
    said = [str(problem).partition(". A ")[0].partition(". Give")[0] for problem in unfit(form_of(), form_of())]
    assert said == [
        f"a.csv: '{form_of().source.sha256[:16]}' is the same form given twice",
        "a.csv, row 2, column keyed by: 'A. Ali' has keyed both forms",
    ]
    assert [type(p).__name__ for p in unfit(form_of("A. Ali"), form_of("a ali", closing="1"))] == ["KeyedTwiceByOne"]


def test_who_corrected_a_programs_form_cannot_have_keyed_the_other() -> None:
    read = form_of("", read_by="tesseract 5.3.0", corrected_by="B. Bo")
    assert [type(p).__name__ for p in unfit(form_of("B. Bo"), read)] == ["KeyedTwiceByOne"]
    assert unfit(form_of("A. Ali"), read) == []


def test_two_programs_are_no_person() -> None:
    one, other = form_of("", read_by="tesseract 5.3.0"), form_of("", read_by="tesseract 4.1.1")
    assert [type(p).__name__ for p in unfit(one, other)] == ["KeyedByNobody"]
