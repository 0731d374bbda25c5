"""The container: path tricks, links, bombs, and .zip files that are not laid out as a bundle's are."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest
from bundle_cases import write_case

from trover.report.bundle import BundleInfo, check
from trover.report.bundle.archive import zipped
from trover.report.verifier import container
from trover.report.verifier.container import Refused, read_bundle

FEW = ("fifo", "lifo", "libr", "haircut")


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> BundleInfo:
    return write_case("C01", tmp_path_factory.mktemp("container") / "bundle", FEW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bundle"
    (made / "steps").mkdir(parents=True)
    (made / "manifest.json").write_text("{}")
    return made


def test_folder_and_zip_are_the_same_files(info: BundleInfo) -> None:
    assert read_bundle(str(info.path)) == read_bundle(str(info.archive))


def test_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "cover.json").symlink_to(tmp_path / "secret")
    with pytest.raises(Refused, match=r"cover\.json: is a symbolic link"):
        read_bundle(str(folder))


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (folder / "results").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="results: is a symbolic link"):
        read_bundle(str(folder))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_plain_file_is_refused_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(Refused, match="pipe: is not a plain file"):
        read_bundle(str(folder))


@pytest.mark.parametrize("name", [".hidden", "a b", "steps/.x", "é.json", "con:x"])
def test_a_name_that_no_bundle_uses_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("x")
    with pytest.raises(Refused, match="not a name a bundle uses"):
        read_bundle(str(folder))


def test_deeper_folders_are_refused(folder: Path) -> None:
    (folder / "steps" / "more").mkdir()
    with pytest.raises(Refused, match="steps/more: is not a plain file"):
        read_bundle(str(folder))


def test_names_that_differ_in_capitals_are_refused(folder: Path) -> None:
    (folder / "A.json").write_text("x")
    (folder / "a.json").write_text("x")
    with pytest.raises(Refused, match="differs from"):
        read_bundle(str(folder))


def test_limits_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        (folder / f"f{number}").write_bytes(bytes(100))
    for limit, value in (("MAX_FILE", 50), ("MAX_TOTAL", 300), ("MAX_FILES", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(container, limit, value)
            with pytest.raises(Refused, match="more or larger files"):
                read_bundle(str(folder))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"manifest.json": bytes(2_000_000)}))
    monkeypatch.setattr(container, "MAX_FILE", 1_000_000)
    with pytest.raises(Refused, match="more or larger files"):
        read_bundle(str(path))


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"manifest.json": bytes(1000)}))
    data[22:26] = (10).to_bytes(4, "little")
    path = tmp_path / "lie.zip"
    path.write_bytes(bytes(data))
    with pytest.raises(Refused, match=r"manifest\.json: its compressed data is damaged"):
        read_bundle(str(path))


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "a\\b", "a/b/c"])
def test_paths_out_of_the_bundle_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "tricks.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, b"x")
    with pytest.raises(Refused, match="is not one Trover wrote"):
        read_bundle(str(path))


@pytest.mark.parametrize("change", ["before", "after", "cut", "twice", "empty"])
def test_a_zip_with_something_around_it_is_refused(info: BundleInfo, tmp_path: Path, change: str) -> None:
    data = info.archive.read_bytes()
    changed = {"before": b"MZ" + data, "after": data + b"\0", "cut": data[:-5], "twice": data + data, "empty": b""}
    path = tmp_path / "other.zip"
    path.write_bytes(changed[change])
    report = check(path, info.fingerprint)
    assert report.failed
    assert "other.zip" in report.failures[0].says


def test_any_changed_byte_of_the_zip_fails(info: BundleInfo, tmp_path: Path) -> None:
    data = info.archive.read_bytes()
    chance = random.Random(7)
    path = tmp_path / "changed.zip"
    for at in [*range(40), *range(len(data) - 60, len(data)), *chance.sample(range(len(data)), 60)]:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        assert check(path, info.fingerprint).failed, at


def test_what_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    report = check(tmp_path / "nothing.zip", "00" * 32)
    assert "cannot be read" in report.failures[0].says
    (tmp_path / "empty").mkdir()
    missing = {failure.file for failure in check(tmp_path / "empty", "00" * 32).failures}
    assert missing == {"manifest.json", "manifest.sig", "signer.pub"}
