"""Problems of workbooks and of the mappings of tables."""

from __future__ import annotations

from trover.errors.base import Problem


class NotAWorkbook(Problem):
    says = "is not a workbook (XLSX) that can be read"
    remedy = "Obtain it again and compare the hash, or open it in a spreadsheet and save it as XLSX or CSV."


class SheetMissing(Problem):
    says = "is not a sheet of this workbook"
    remedy = "Name the sheets that hold the table in the mapping (sheet)."


class FormulaWithoutValue(Problem):
    says = "is a formula whose result is not stored in the file"
    remedy = "Open the workbook in a spreadsheet and save it, so that results are stored; keep this file as it is."


class CellError(Problem):
    says = "is an error that the spreadsheet shows in place of a value"
    remedy = "Ask for the table again; nothing is assumed in place of the value."


class CellDigitsLost(Problem):
    says = "has more digits than a number of a workbook keeps (15), so some may be lost"
    remedy = "Ask for the table with this column as text, or as CSV."


class CellMerged(Problem):
    says = "is merged with other cells, and its value stands in another row or column"
    remedy = "Ask for the table without merged cells; no value is copied into other cells."


class NoSuchDay(Problem):
    says = "is formatted as a date and is no day"
    remedy = "Ask for the table again, with dates as text."


class HiddenCells(Problem):
    says = "hidden in the workbook"
    remedy = "Look at why they were hidden; what was read is in the ledger like all other rows."


class MappingReused(Problem):
    says = "was read under a mapping given earlier"
    remedy = (
        "Check that it means the same in this file; if not, withdraw nothing: give the right one for a corrected copy."
    )
