"""Archives are opened in memory and within limits; what they say of themselves is not believed.

Every bomb is built here, in memory.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.effort import some

from trover.errors import InputErrors, Problem
from trover.sources.archive import COUNT, MIB, SMALL, Opened, may_be_archive, open_archive, path_problem
from trover.sources.custody import source_of
from trover.sources.sandbox import Archive, Refused, opened, read_all


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tarred(*members: tuple[tarfile.TarInfo | str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def contents(data: bytes, name: str = "evidence.zip") -> Opened:
    found = open_archive(name, data)
    assert found is not None
    return found


def refusal(data: bytes, name: str = "evidence.zip") -> str:
    with pytest.raises(InputErrors) as caught:
        open_archive(name, data)
    (problem,) = caught.value.problems
    return str(problem)


def said(problems: list[Problem]) -> list[str]:
    return [f"{type(problem).__name__}: {problem.place}: {problem.says}" for problem in problems]


class TestWhatIsInside:
    def test_members_of_a_zip(self) -> None:
        found = contents(zipped(("2019/jan.csv", b"a"), ("2020/jan.csv", b"b"), ("empty/", b"")))
        assert found.members == [("2019/jan.csv", b"a"), ("2020/jan.csv", b"b")]
        assert found.problems == []

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_members_packed_in_other_ways(self, method: int) -> None:
        assert contents(zipped(("a", b"x" * 999), method=method)).members == [("a", b"x" * 999)]

    def test_members_of_a_tar_packed_or_not(self) -> None:
        data = tarred(("./a.csv", b"a"), ("b/c.csv", b"c"))
        expected = [("a.csv", b"a"), ("b/c.csv", b"c")]
        assert contents(data).members == expected
        assert contents(gzip.compress(data), "evidence.tar.gz").members == expected

    def test_a_gzip_file_is_named_after_itself(self) -> None:
        assert contents(gzip.compress(b"rows"), "may.csv.gz").members == [("may.csv", b"rows")]
        assert contents(gzip.compress(b"one") + gzip.compress(b"two"), "x").members == [("x.content", b"onetwo")]

    def test_archives_inside_are_opened_and_say_where_they_were(self) -> None:
        inner = zipped(("a.csv", b"a"), ("b.csv.gz", gzip.compress(b"b")))
        found = contents(zipped(("year/inner.zip", inner), ("c.csv", b"c")))
        assert found.members == [
            ("year/inner.zip!/a.csv", b"a"),
            ("year/inner.zip!/b.csv.gz!/b.csv", b"b"),
            ("c.csv", b"c"),
        ]

    def test_a_damaged_archive_inside_is_a_member_itself(self) -> None:
        broken = zipped(("a.csv", b"a"))[:-5]
        assert contents(zipped(("inner.zip", broken), ("c.csv", b"c"))).members == [
            ("inner.zip", broken),
            ("c.csv", b"c"),
        ]

    @pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype"])
    def test_a_workbook_is_left_whole(self, name: str) -> None:
        workbook = zipped((name, b"application/x"), ("xl/workbook.xml", b"<x/>"))
        assert open_archive("book.xlsx", workbook) is None
        assert contents(zipped(("book", workbook))).members == [("book", workbook)]

    def test_hidden_files_are_skipped_and_listed(self) -> None:
        found = contents(zipped(("a.csv", b"a"), (".DS_Store", b"x"), ("__MACOSX/._a.csv", b"x")))
        assert [path for path, _ in found.members] == ["a.csv"]
        assert [path for path, _ in found.skipped] == [".DS_Store", "__MACOSX/._a.csv"]


def link(name: str, target: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
        archive.writestr("good.csv", b"good")
    return file.getvalue()


def flagged(data: bytes, flag: int) -> bytes:
    """The first member marked with `flag`, in its own header and in the directory."""
    mixed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        mixed[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | flag)
    return bytes(mixed)


class TestWhatIsLeftOut:
    """One member is named and left out; the others are had."""

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("../evil.csv", "leads out of the archive"),
            ("a/../../evil.csv", "leads out of the archive"),
            ("a//b.csv", "leads out of the archive"),
            ("/etc/passwd", "leads to a place of the machine"),
            ("C:/evil.csv", "leads to a place of the machine"),
            ("..\\evil.csv", "leads to a place of the machine"),
            ("a\x1b[31m.csv", "signs that are not printed"),
            ("\u202egpj.csv", "signs that are not printed"),
            ("x" * 201 + ".csv", "more than 200 bytes"),
        ],
    )
    def test_names_that_are_tricks(self, name: str, says: str) -> None:
        for data in (zipped((name, b"evil"), ("good.csv", b"good")), tarred((name, b"evil"), ("good.csv", b"good"))):
            found = contents(data)
            assert found.members == [("good.csv", b"good")]
            (problem,) = found.problems
            assert says in str(problem)
            assert str(problem).isprintable()

    def test_two_members_of_one_name(self) -> None:
        found = contents(zipped(("a.csv", b"1"), ("b.csv", b"2"), ("a.csv", b"3")))
        assert found.members == [("b.csv", b"2")]
        assert len(found.problems) == 2
        assert "more than once under this name" in str(found.problems[0])

    def test_a_link_in_a_zip(self) -> None:
        found = contents(link("link", "/etc/passwd"))
        assert found.members == [("good.csv", b"good")]
        assert said(found.problems) == ["MemberRefused: evidence.zip, member link: is a link or a device and no file"]

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
    def test_a_link_or_device_in_a_tar(self, kind: bytes) -> None:
        info = tarfile.TarInfo("special")
        info.type, info.linkname = kind, "/etc/passwd"
        found = contents(tarred((info, b""), ("good.csv", b"good")))
        assert found.members == [("good.csv", b"good")]
        assert "is a link, a device or a file with holes" in str(found.problems[0])

    @pytest.mark.parametrize("flag", [0x1, 0x41])
    def test_an_encrypted_member(self, flag: int) -> None:
        found = contents(flagged(zipped(("secret.csv", b"x"), ("good.csv", b"good")), flag))
        assert found.members == [("good.csv", b"good")]
        assert said(found.problems) == ["MemberLocked: evidence.zip, member secret.csv: is encrypted"]

    def test_a_member_whose_checksum_does_not_hold(self) -> None:
        data = bytearray(zipped(("a.csv", b"aaaa"), ("good.csv", b"good"), method=zipfile.ZIP_STORED))
        data[data.index(b"aaaa")] = ord("b")
        found = contents(bytes(data))
        assert found.members == [("good.csv", b"good")]
        assert "ArchiveDamaged: evidence.zip, member a.csv: cannot be unpacked (Bad CRC" in said(found.problems)[0]

    def test_a_method_that_is_not_known(self) -> None:
        data = bytearray(zipped(("a.csv", b"aaaa"), ("good.csv", b"good")))
        for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
            data[data.index(signature) + offset] = 99
        found = contents(bytes(data))
        assert found.members == [("good.csv", b"good")]
        assert "compression" in str(found.problems[0])


def nested(levels: int) -> bytes:
    data = zipped(("a.csv", b"a"))
    for level in range(levels):
        data = zipped((f"{level}.zip", data))
    return data


def overlapping(members: int, size: int) -> bytes:
    """Many entries of the directory that all point at one member."""
    one = zipped(("a", bytes(size)))
    start = one.index(b"PK\x01\x02")
    entry, end = one[start : one.index(b"PK\x05\x06")], one[one.index(b"PK\x05\x06") :]
    entries = b"".join(entry[:46] + f"{n:01x}"[-1:].encode() for n in range(members))
    counts = struct.pack("<HHII", members, members, len(entries), start)
    return one[:start] + entries + end[:8] + counts + end[20:]


def understated(size: int) -> bytes:
    """A member that claims one byte and unpacks to `size`."""
    data = bytearray(zipped(("a", bytes(size))))
    data[22:26] = struct.pack("<I", 1)
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 1)
    return bytes(data)


BIG = 4 * SMALL
TOO_MUCH = "unpacks to more than"
BOMBS: dict[str, Callable[[], bytes]] = {
    "one zip member": lambda: zipped(("zeros", bytes(BIG))),
    "many zip members": lambda: zipped(*[(f"{n}", bytes(MIB)) for n in range(40)]),
    "zip in zip": lambda: zipped(*[(f"{n}.zip", zipped(("zeros", bytes(MIB)))) for n in range(40)]),
    "gzip": lambda: gzip.compress(bytes(BIG)),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(bytes(BIG))),
    "gzip of many parts": lambda: gzip.compress(bytes(MIB)) * 40,
    "tar in gzip": lambda: gzip.compress(tarred(("zeros", bytes(BIG)))),
}


class TestWhatGoesTooFar:
    """The whole archive is refused, and says by which limit."""

    @pytest.mark.parametrize("kind", BOMBS)
    def test_a_bomb(self, kind: str) -> None:
        data = BOMBS[kind]()
        assert len(data) < MIB
        assert f"{TOO_MUCH} {max(SMALL, 200 * len(data)) // MIB} MiB" in refusal(data)

    def test_members_that_overlap(self) -> None:
        found = contents(overlapping(16, 2 * MIB))
        assert len(found.members) <= 1
        assert len(found.problems) >= 15

    def test_a_member_that_understates_its_size_is_damaged(self) -> None:
        found = contents(understated(BIG))
        assert found.members == []
        assert "Bad CRC" in str(found.problems[0])

    def test_archives_inside_one_another(self) -> None:
        assert [path for path, _ in contents(nested(2)).members] == ["1.zip!/0.zip!/a.csv"]
        assert "4 archives inside one another are more than the 3 that are opened" in refusal(nested(3))

    def test_too_many_members(self) -> None:
        data = zipped(*[(f"{n}", b"") for n in range(COUNT + 1)], method=zipfile.ZIP_STORED)
        assert "10001 members are more than the 10,000 that an archive may have" in refusal(data)

    @pytest.mark.parametrize("cut", [1, 10, 30, 60])
    def test_a_cut_zip(self, cut: int) -> None:
        assert "cannot be unpacked" in refusal(zipped(("a.csv", b"a" * 50))[:-cut])

    def test_a_cut_tar_is_not_taken_for_a_short_one(self) -> None:
        data = tarred(("a.csv", b"a" * 600), ("b.csv", b"b" * 600))
        first = data.index(b"b.csv")
        for end in (first, first + 100, first + 700, len(data) - 9000):
            assert "cannot be unpacked" in refusal(data[:end])

    def test_a_tar_with_a_broken_header_does_not_end_early_in_silence(self) -> None:
        data = bytearray(tarred(("a.csv", b"a"), ("b.csv", b"b")))
        data[data.index(b"b.csv") + 148] ^= 1
        assert "cannot be unpacked" in refusal(bytes(data))

    @pytest.mark.parametrize(
        "data", [gzip.compress(b"a" * 99, mtime=0)[:-9], gzip.compress(b"a", mtime=0) + b"rest", b"\x1f\x8b\x08"]
    )
    def test_a_damaged_gzip_file(self, data: bytes) -> None:
        assert "cannot be unpacked" in refusal(data)


@settings(max_examples=some(150))
@given(st.data())
def test_any_damage_is_named_or_harmless(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(ARCHIVES))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    members, problems = attempt(damaged)
    assert all(str(problem).startswith("evidence") for problem in problems)
    assert not any(path_problem(part) for path, _ in members for part in path.split("!/"))


def attempt(data: bytes) -> tuple[list[tuple[str, bytes]], list[Problem]]:
    try:
        found = open_archive("evidence", data) if may_be_archive(data) else None
    except InputErrors as errors:
        return [], list(errors.problems)
    return (found.members, found.problems) if found else ([], [])


ARCHIVES = [
    zipped(("a.csv", b"a" * 40), ("d/b.csv", b"b")),
    tarred(("a.csv", b"a"), ("d/b.csv", b"b")),
    gzip.compress(b"a" * 100),
    gzip.compress(tarred(("a.csv", b"a"))),
    nested(1),
]

STATEMENT = b'{"family":"account"}'


def test_members_become_sources_that_name_their_archive() -> None:
    source = source_of("evidence.zip", zipped(("may/a.json", STATEMENT), ("../b.json", b"{}")))
    alone = source_of("c.json", b"{}")
    archive, other = opened([source, alone])
    assert isinstance(archive, Archive)
    assert other is alone
    (member,) = archive.members
    assert (member.name, member.data, member.archive, member.member) == (
        "a.json",
        STATEMENT,
        source.sha256,
        "may/a.json",
    )
    assert said(list(archive.problems)) == [
        "MemberRefused: evidence.zip, member ../b.json: has a name that leads out of the archive"
    ]
    (answer,) = read_all([(member, None)])
    assert answer.source is member


def test_an_archive_that_goes_too_far_is_refused_by_name_and_a_workbook_is_passed_on() -> None:
    bomb = source_of("bomb.gz", gzip.compress(bytes(BIG)))
    book = source_of("book.xlsx", zipped(("[Content_Types].xml", b"<x/>")))
    refused, whole = opened([bomb, book])
    assert isinstance(refused, Refused)
    assert "bomb.gz: unpacks to more than 10 MiB" in str(refused.problems[0])
    assert whole is book


def test_what_a_checksum_is_of_is_the_content() -> None:
    data = gzip.compress(b"rows")
    assert zlib.crc32(contents(data, "a.gz").members[0][1]) == struct.unpack("<I", data[-8:-4])[0]
