"""Problems of statements keyed from paper, and of scans read by a program."""

from __future__ import annotations

from trover.errors.base import Problem


class NotAForm(Problem):
    says = "is not a keying form"
    remedy = "Make an empty one with trover key form, and save it as CSV in UTF-8."


class FormAlone(Problem):
    says = "is one keying form, and a statement needs two"
    remedy = "Let a second person key the same paper, then join the two with trover key join."


class KeyedByNobody(Problem):
    says = "has not been keyed by a person"
    remedy = "Write who typed it in 'keyed by'; of two forms at least one is typed by a person."


class KeyedTwiceByOne(Problem):
    says = "has keyed both forms"
    remedy = "A second person keys the paper without seeing the first form."


class SameForm(Problem):
    says = "is the same form given twice"
    remedy = "Give the forms of two persons, each typed from the paper."


class FormsDiffer(Problem):
    says = "is not the same in both forms"
    remedy = "List the differences with trover key compare, look at the paper, and correct the form that is wrong."


class FormAltered(Problem):
    says = "is not the SHA-256 of the form that stands beside it"
    remedy = "Join the two forms again; what was changed after it was joined is not evidence."


class ChangedByNobody(Problem):
    says = "is not what the program read"
    remedy = "Name in 'corrected by' who changed the form, or put back what was read."


class TesseractMissing(Problem):
    says = "is not installed, so no scan can be read"
    remedy = (
        "Install it (Debian, Ubuntu: apt install tesseract-ocr; macOS: brew install tesseract) with the language of "
        "the paper, or let two persons key it."
    )


class ScanRefused(Problem):
    says = "cannot be read"
    remedy = "Make a clear image of each page (PNG, JPEG or TIFF, 300 dots an inch), or let two persons key the paper."


class NotTsv(Problem):
    says = "is not what Tesseract prints"
    remedy = "Use Tesseract 4 or 5; report this with its version."
