"""XML is parsed in one place only, and nothing that a document type can do is ever done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trover
from trover.errors import DoctypeRefused, FileTooLarge, InputErrors, NotXml, Problem, WrongEncoding
from trover.sources import xml_safe
from trover.sources.custody import source_of
from trover.sources.xml_safe import parse_xml

PARSERS = re.compile(r"^\s*(?:from|import) (?:lxml|xml|xmltodict|defusedxml|bs4|html5lib|pyexpat)\b", re.MULTILINE)


def problem_of(data: bytes) -> Problem:
    with pytest.raises(InputErrors) as caught:
        parse_xml(source_of("any.xml", data))
    (problem,) = caught.value.problems
    return problem


def test_no_other_module_parses_xml() -> None:
    package = Path(trover.__file__).parent
    found = [path.name for path in package.rglob("*.py") if PARSERS.search(path.read_text(encoding="utf-8"))]
    assert found == ["xml_safe.py"]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a/>",
        "\ufeff<!DOCTYPE a><a/>",
        "<?xml version='1.0'?>\n<!-- <a> -->\n<?pi <!DOCTYPE ?><!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>",
        "<!doctype a><a/>",
        "\n\n<!ENTITY x 'y'><a/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_document_type_is_refused_in_every_encoding(text: str, encoding: str) -> None:
    declared = text.removeprefix("\ufeff") if encoding == "utf-16-le" else text
    assert type(problem_of(declared.strip("\n").encode(encoding))) is DoctypeRefused


def test_a_document_type_inside_a_comment_or_a_text_is_none() -> None:
    root = parse_xml(source_of("any.xml", b"<!-- <!DOCTYPE x> --><a><![CDATA[<!DOCTYPE x>]]></a>"))
    assert root.text == "<!DOCTYPE x>"


def test_other_files_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    text = (
        f'<a xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:x {secret.as_uri()}"><xi:include parse="text" href="{secret.as_uri()}"/></a>'
    )
    assert "hidden" not in "".join(parse_xml(source_of("any.xml", text.encode())).itertext())


@pytest.mark.parametrize("name", ["utf-7", "zip", "unicode_escape", "idna", "rot13", "no-such"])
def test_encodings_that_could_hide_something_are_refused(name: str) -> None:
    data = f"<?xml version='1.0' encoding='{name}'?><a/>".encode()
    assert type(problem_of(data)) is WrongEncoding


def test_what_the_parser_never_expands() -> None:
    assert type(problem_of(b"<a>&undeclared;</a>")) is NotXml


def test_a_file_too_large_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_safe, "LARGEST", 10)
    assert type(problem_of(b"<a>0123456789</a>")) is FileTooLarge


def test_lines_are_those_of_the_file() -> None:
    data = b"<?xml version='1.0'\n  encoding='iso-8859-1'?>\n<a>\n  <b/>\n</a>"
    assert parse_xml(source_of("any.xml", data))[0].sourceline == 4
