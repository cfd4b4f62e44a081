"""Zip files read, rewritten and proven: identity of everything else, and every refusal."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets.package import directory as zips
from migrate.targets.package.archive import Archive, Budget, Limits
from migrate.targets.package.rewrite import Rewrite, rewrite
from migrate.targets.package.verify import verify
from migrate.targets.package.window import CHUNK, ArchiveError, Window

FILES = {
    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
    "META-INF/vault/filter.xml": b"<workspaceFilter/>",
    "jcr_root/": b"",
    "jcr_root/apps/x/config/F.1.config": b'a="b"\r\n' * 50,
    "jcr_root/apps/x/config/G.config": b"",
    "jcr_root/logo.png": random.Random(1).randbytes(3000),
}
CONFIG = "jcr_root/apps/x/config/F.1.config"


def over(data: bytes, limits: Limits | None = None) -> Archive:
    return Archive.over(Window(io.BytesIO(data), 0, len(data)), "p.zip", Budget(limits or Limits()))


class _Unseekable(io.RawIOBase):
    """Makes zipfile write data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += data
        return len(data)


def _plain(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in FILES.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 3, 4, 5, 6, 8)), data, method)
    return buffer.getvalue()


def _streamed() -> bytes:
    out = _Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in FILES.items():
            archive.writestr(name, data)
    return bytes(out.data)


def _zip64_extras() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            if name.endswith("/"):
                continue
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(data)
    return buffer.getvalue()


def _zip64_central() -> bytes:
    """The directory, too, keeps sizes and offset of the first entry in a Zip64 field."""
    name, data = b"a.txt", b"content"
    local = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 45, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), 5, 0)
        + name
    )
    extra = struct.pack("<HH", 0x5555, 0) + struct.pack("<HHQQQ", 1, 24, len(data), len(data), 0)
    none = 0xFFFFFFFF
    head = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 0, 0, 33, zlib.crc32(data), none, none, 5, len(extra), 0, 0, 0, 0, none
    )  # fmt: skip
    record = head + name + extra
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(record), len(local + data), 0)
    return local + data + record + end


def _decorated() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(reversed(FILES.items())):
            info = zipfile.ZipInfo(name, (1999, 1, 1, 0, 0, 2 * number))
            info.external_attr = (0o100640 + number) << 16
            info.create_system = 3
            info.comment = f"entry {number}".encode()
            info.extra = struct.pack("<HHI", 0x7788, 4, number)
            info.internal_attr = 1
            archive.writestr(info, data, zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED)
        archive.comment = b"archive comment"
    return buffer.getvalue()


def _names_without_flag() -> bytes:
    """A name in UTF-8 without flag 0x800, as many Java tools write it."""
    data = _plain(zipfile.ZIP_DEFLATED)
    return data.replace(b"jcr_root/logo.png", "jcr_root/lög.png".encode())


def _with_gaps() -> bytes:
    """Bytes that belong to nothing between two entries."""
    data = _plain(zipfile.ZIP_STORED)
    with over(data) as archive:
        at, directory = archive.entries[2].start, archive.directory.start
        moved = [entry.start for entry in archive.entries if entry.start >= at]
        records = [entry.central for entry in archive.entries]
    gap = b"\0" * 7
    patched = [
        record[:42] + struct.pack("<I", start + len(gap)) + record[46:]
        if (start := int.from_bytes(record[42:46], "little")) in moved
        else record
        for record in records
    ]
    body = data[:at] + gap + data[at:directory]
    directory_data = b"".join(patched)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 6, 6, len(directory_data), len(body), 0)
    return body + directory_data + end


ZIPS: dict[str, Callable[[], bytes]] = {
    "deflated": lambda: _plain(zipfile.ZIP_DEFLATED),
    "stored": lambda: _plain(zipfile.ZIP_STORED),
    "data descriptors": _streamed,
    "zip64 local fields": _zip64_extras,
    "attributes, extra fields, comments": _decorated,
    "names without flag": _names_without_flag,
    "bytes before": lambda: b"#!/bin/sh\nexit 1\n" + _decorated(),
    "bytes after": lambda: _plain(zipfile.ZIP_DEFLATED) + b"\n-- signature --\n",
    "gaps": _with_gaps,
    "empty": lambda: struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0),
    "zip64 central fields": _zip64_central,
}


@pytest.fixture(params=list(ZIPS))
def package(request: pytest.FixtureRequest) -> bytes:
    return ZIPS[request.param]()


def rewritten(data: bytes, change: Rewrite) -> bytes:
    """The result, proven by `verify` and the same when made twice."""
    results = []
    for _ in range(2):
        out = io.BytesIO()
        with over(data) as archive:
            rewrite(archive, out, change)
            verify(archive.window.as_file(), out, change)
        results.append(out.getvalue())
    assert results[0] == results[1]
    return results[0]


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="utf-8") as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_no_change_gives_the_same_bytes(package: bytes) -> None:
    assert rewritten(package, Rewrite()) == package


def test_entries_are_read_as_zipfile_reads_them(package: bytes) -> None:
    with over(package) as archive, zipfile.ZipFile(io.BytesIO(package), metadata_encoding="utf-8") as model:
        assert [entry.name for entry in archive.entries] == model.namelist()
        assert archive.directory.comment == model.comment
        for entry in archive.entries:
            info = model.getinfo(entry.name)
            assert archive.read(entry.name) == model.read(info)
            assert (entry.size, entry.compressed, entry.crc) == (info.file_size, info.compress_size, info.CRC)
            assert (entry.method, entry.start, entry.flags) == (
                info.compress_type,
                info.header_offset,
                info.flag_bits,
            )
            assert entry.is_folder == info.is_dir()
            assert entry.attributes == info.external_attr


def test_each_entry_can_be_changed_renamed_and_deleted(package: bytes) -> None:
    before = contents(package)
    for name in [name for name in before if not name.endswith("/")]:
        after = contents(rewritten(package, Rewrite(replace={name: b"changed" * 99})))
        assert after == {**before, name: b"changed" * 99}
        for new_name in (f"{name}.renamed", f"{name}-\u00fc\U0001f600"):
            found = contents(rewritten(package, Rewrite(rename={name: new_name})))
            assert found == {new_name if key == name else key: value for key, value in before.items()}
            both = contents(rewritten(package, Rewrite(replace={name: b""}, rename={name: new_name})))
            assert both == {**found, new_name: b""}
        gone = contents(rewritten(package, Rewrite(delete=frozenset({name}))))
        assert gone == {key: value for key, value in before.items() if key != name}


def test_entries_can_be_added(package: bytes) -> None:
    added = {"new/ü.txt": b"x" * 70_000, "new/file": io.BytesIO(b"from a file" * 30_000)}
    after = contents(rewritten(package, Rewrite(add=added)))
    assert after == {**contents(package), "new/ü.txt": b"x" * 70_000, "new/file": b"from a file" * 30_000}


def test_a_changed_entry_keeps_what_describes_it() -> None:
    package = _decorated()
    after = rewritten(package, Rewrite(replace={CONFIG: b"new"}, rename={CONFIG: "jcr_root/F-1.config"}))
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(io.BytesIO(after)) as new,
    ):
        one, two = old.getinfo(CONFIG), new.getinfo("jcr_root/F-1.config")
        for key in (
            "date_time",
            "compress_type",
            "comment",
            "extra",
            "external_attr",
            "internal_attr",
            "create_system",
        ):
            assert getattr(one, key) == getattr(two, key), key
        assert new.infolist().index(two) == old.infolist().index(one)
        assert new.comment == old.comment


def test_a_changed_entry_has_no_data_descriptor_and_no_zip64_field() -> None:
    for package in (_streamed(), _zip64_extras(), _zip64_central()):
        name = list(contents(package))[-1]
        with over(rewritten(package, Rewrite(replace={name: b"new"}))) as archive:
            entry = archive.entry(name)
            assert not entry.flags & zips.DESCRIPTOR_FLAG
            assert struct.pack("<H", zips.ZIP64_EXTRA) not in entry.local[30 + len(name) :]
            assert entry.size == 3


def test_the_utf8_flag_is_set_only_where_a_new_name_needs_it() -> None:
    package = _plain(zipfile.ZIP_STORED)
    with over(rewritten(package, Rewrite(rename={CONFIG: "a/ü", "jcr_root/logo.png": "a/b"}))) as archive:
        assert archive.entry("a/ü").flags == zips.UTF8_FLAG
        assert archive.entry("a/b").flags == 0
    with over(rewritten(_names_without_flag(), Rewrite(rename={CONFIG: "a/b"}))) as archive:
        assert archive.entry("jcr_root/lög.png").flags == 0


def test_a_renamed_entry_loses_the_field_that_repeats_its_name() -> None:
    info = zipfile.ZipInfo("a.txt", (2020, 1, 1, 0, 0, 0))
    field = struct.pack("<HHBI", 0x7075, 5 + 5, 1, zlib.crc32(b"a.txt")) + b"a.txt"
    info.extra = field + struct.pack("<HH", 0x7777, 0) + b"\1"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, b"content")
    after = rewritten(buffer.getvalue(), Rewrite(rename={"a.txt": "b.txt"}))
    assert contents(after) == {"b.txt": b"content"}
    with over(after) as found:
        assert found.entry("b.txt").central.endswith(b"b.txt" + struct.pack("<HH", 0x7777, 0) + b"\1")


def test_open_by_path_and_close(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(_plain(zipfile.ZIP_DEFLATED))
    with Archive.open(path) as archive:
        assert archive.read(CONFIG) == FILES[CONFIG]
    with pytest.raises(ValueError, match="closed"):
        archive.read(CONFIG)
    with pytest.raises(FileNotFoundError):
        Archive.open(tmp_path / "missing.zip")
    path.write_bytes(b"no zip")
    with pytest.raises(ArchiveError) as caught:
        Archive.open(path)
    assert str(caught.value) == f"{path}: not a zip file, or cut off: there is no end record"


CHANGES = {
    "no such entry": (Rewrite(replace={"nope": b""}), "zip-no-entry", "there is no entry nope"),
    "both": (
        Rewrite(replace={CONFIG: b""}, delete=frozenset({CONFIG})),
        "zip-contradiction",
        f"{CONFIG} cannot be both deleted and changed",
    ),
    "taken": (
        Rewrite(rename={CONFIG: "jcr_root/logo.png"}),
        "zip-name-taken",
        "jcr_root/logo.png is already there",
    ),
    "added twice": (
        Rewrite(rename={CONFIG: "a"}, add={"a": b""}),
        "zip-name-taken",
        "a is already there",
    ),
    "unsafe": (
        Rewrite(add={"../a": b""}),
        "zip-unsafe-name",
        "the entry name '../a' is not a plain relative path",
    ),
    "long": (
        Rewrite(add={"a" * 70_000: b""}),
        "zip-unsafe-name",
        "the new entry name is longer than a zip file can hold",
    ),
    "folder content": (Rewrite(replace={"jcr_root/": b"x"}), "zip-contradiction", "a folder has no content"),
    "folder to file": (
        Rewrite(rename={"jcr_root/": "x"}),
        "zip-contradiction",
        "a folder cannot become a file, nor a file a folder",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_contradictory_changes_are_refused_before_anything_is_written(case: str) -> None:
    change, rule, message = CHANGES[case]
    out = io.BytesIO()
    with pytest.raises(ArchiveError) as caught, over(_plain(zipfile.ZIP_STORED)) as archive:
        rewrite(archive, out, change)
    assert caught.value.rule == rule
    assert message in str(caught.value)
    assert str(caught.value).startswith(("p.zip: ", "<bytes>: "))
    assert out.getvalue() == b""


def test_two_entries_may_swap_names_and_a_deleted_name_is_free() -> None:
    package = _plain(zipfile.ZIP_STORED)
    other = "jcr_root/apps/x/config/G.config"
    swapped = contents(rewritten(package, Rewrite(rename={CONFIG: other, other: CONFIG})))
    assert (swapped[other], swapped[CONFIG]) == (FILES[CONFIG], FILES[other])
    moved = contents(rewritten(package, Rewrite(rename={CONFIG: other}, delete=frozenset({other}))))
    assert moved[other] == FILES[CONFIG]


def test_a_result_that_would_need_zip64_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "NONE32", 5000)
    with over(_plain(zipfile.ZIP_STORED)) as archive:
        with pytest.raises(ArchiveError, match="four gigabytes or more") as caught:
            rewrite(archive, io.BytesIO(), Rewrite(add={"a": random.Random(2).randbytes(4000)}))
        assert caught.value.rule == "zip-zip64"
        with pytest.raises(ArchiveError, match="an entry would have four gigabytes"):
            rewrite(archive, io.BytesIO(), Rewrite(add={"a": b"a" * 6000}))
    monkeypatch.setattr(zips, "NONE16", 7)
    with (
        over(_plain(zipfile.ZIP_STORED)) as archive,
        pytest.raises(ArchiveError, match="more than 65534 entries"),
    ):
        rewrite(archive, io.BytesIO(), Rewrite(add={"a": b""}))


def _patched(data: bytes, magic: bytes, number: int, at: int, layout: str, *values: int) -> bytes:
    """`data` with fields of the n-th header of a kind changed."""
    start = -1
    for _ in range(number + 1):
        start = data.index(magic, start + 1)
    new = bytearray(data)
    struct.pack_into(layout, new, start + at, *values)
    return bytes(new)


def _central(at: int, layout: str, *values: int, number: int = 3) -> bytes:
    return _patched(_plain(zipfile.ZIP_DEFLATED), b"PK\1\2", number, at, layout, *values)


def _start(name: str) -> int:
    with over(_plain(zipfile.ZIP_DEFLATED)) as archive:
        return archive.entry(name).start


def _local(at: int, layout: str, *values: int, number: int = 3) -> bytes:
    return _patched(_plain(zipfile.ZIP_DEFLATED), b"PK\3\4", number, at, layout, *values)


def _end(at: int, layout: str, *values: int) -> bytes:
    return _patched(_plain(zipfile.ZIP_DEFLATED), b"PK\5\6", 0, at, layout, *values)


def _renamed(name: bytes) -> bytes:
    """A package with an entry of this name, in both headers."""
    data = bytearray(_plain(zipfile.ZIP_STORED))
    old = b"jcr_root/logo.png"
    assert len(name) == len(old)
    return bytes(data.replace(old, name))


def _both(local_at: int, central_at: int, layout: str, *values: int) -> bytes:
    data = _patched(_plain(zipfile.ZIP_DEFLATED), b"PK\3\4", 3, local_at, layout, *values)
    return _patched(data, b"PK\1\2", 3, central_at, layout, *values)


def _overlapping() -> bytes:
    """Two directory records that lead to one entry, as in a zip bomb without compression."""
    data = _plain(zipfile.ZIP_STORED)
    with over(data) as archive:
        records = [archive.entry(CONFIG).central] * 2
        body = data[: archive.directory.start]
    directory = b"".join(records)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(body), 0)


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing": (lambda: b"", "zip-no-end", "not a zip file, or cut off: there is no end record"),
    "garbage": (lambda: random.Random(3).randbytes(5000), "zip-no-end", "not a zip file"),
    "cut off": (lambda: _plain(zipfile.ZIP_STORED)[:-30], "zip-no-end", "not a zip file"),
    "beginning cut off": (
        lambda: _plain(zipfile.ZIP_STORED)[500:],
        "zip-truncated",
        "points outside of the file",
    ),
    "encrypted": (
        lambda: _both(6, 8, "<H", 1),
        "zip-encrypted",
        "F.1.config is encrypted: AEM cannot read it",
    ),
    "strongly encrypted": (lambda: _both(6, 8, "<H", 0x40), "zip-encrypted", "is encrypted"),
    "multi-disk": (lambda: _end(4, "<H", 1), "zip-multi-disk", "an archive that is split over several files"),
    "other disk": (lambda: _end(8, "<H", 3), "zip-multi-disk", "an archive that is split over several files"),
    "disk of an entry": (
        lambda: _central(34, "<H", 3),
        "zip-multi-disk",
        "begins in another one of the files that the archive is split over",
    ),
    "zip64 count": (lambda: _end(8, "<HH", 0xFFFF, 0xFFFF), "zip-zip64", "a Zip64 end record"),
    "zip64 size": (lambda: _end(12, "<I", 0xFFFFFFFF), "zip-zip64", "a Zip64 end record"),
    "zip64 locator": (
        lambda: _plain(zipfile.ZIP_STORED).replace(b"PK\5\6", b"PK\6\7" + bytes(16) + b"PK\5\6"),
        "zip-zip64",
        "65535 entries or four gigabytes are more than is handled here. Split the package",
    ),
    "wrong count": (lambda: _end(8, "<HH", 5, 5), "zip-directory", "has 6 entries, its end record says 5"),
    "directory too small": (lambda: _end(12, "<I", 100), "zip-directory", "the central directory is damaged"),
    "directory of an empty archive": (lambda: _end(12, "<I", 0), "zip-directory", "its end record says 6"),
    "directory record cut off": (
        lambda: _central(28, "<H", 60000, number=5),
        "zip-directory",
        "the central directory is damaged",
    ),
    "extra field too long": (
        lambda: _decorated().replace(struct.pack("<HH", 0x7788, 4), struct.pack("<HH", 0x7788, 99)),
        "zip-directory",
        "are damaged. Pack it again",
    ),
    "bzip2": (lambda: _both(8, 10, "<H", 12), "zip-method", "packed with method 12; Java reads only stored"),
    "patch": (
        lambda: _both(6, 8, "<H", 0x20),
        "zip-method",
        "packed with method 8 as a patch; Java reads only",
    ),
    "version": (
        lambda: _central(6, "<H", 64),
        "zip-version",
        "needs version 6.4 of the format, which is not known",
    ),
    "method differs": (lambda: _local(8, "<H", 0), "zip-header-mismatch", "the two headers of"),
    "name differs": (lambda: _local(30, "<B", 0x41), "zip-header-mismatch", "the two headers of"),
    "crc differs": (lambda: _local(14, "<I", 1), "zip-header-mismatch", "the two headers of"),
    "size differs": (lambda: _local(22, "<I", 1), "zip-header-mismatch", "the two headers of"),
    "descriptor flag differs": (lambda: _local(6, "<H", 8), "zip-header-mismatch", "the two headers of"),
    "offset elsewhere": (
        lambda: _central(42, "<I", _start("jcr_root/logo.png") + 1, number=5),
        "zip-header-mismatch",
        "there is no entry where",
    ),
    "offset outside": (lambda: _central(42, "<I", 0xFFFFFF), "zip-overlap", "overlaps what follows it"),
    "local header too long": (lambda: _local(28, "<H", 60000), "zip-overlap", "overlaps what follows it"),
    "data overlaps": (lambda: _both(18, 20, "<I", 60000), "zip-overlap", "overlaps what follows it"),
    "one entry twice": (_overlapping, "zip-overlap", "overlaps what follows it"),
    "stored sizes differ": (
        lambda: _patched(_plain(zipfile.ZIP_STORED), b"PK\1\2", 3, 24, "<I", 9),
        "zip-size",
        "is stored, but its two sizes differ",
    ),
    "symbolic link": (
        lambda: _central(38, "<I", 0o120777 << 16),
        "zip-special-file",
        "is a symbolic link or a device",
    ),
    "device": (
        lambda: _central(38, "<I", 0o060777 << 16),
        "zip-special-file",
        "is a symbolic link or a device",
    ),
    "name not UTF-8": (
        lambda: _renamed(b"jcr_root/\xfcogo.png"),
        "zip-name-encoding",
        "the entry name jcr_root/\\xfcogo.png is not UTF-8",
    ),
    "parent": (lambda: _renamed(b"jcr_root/../o.png"), "zip-unsafe-name", "is not a plain relative path"),
    "dot": (lambda: _renamed(b"jcr_root/./go.png"), "zip-unsafe-name", "is not a plain relative path"),
    "empty part": (lambda: _renamed(b"jcr_root//ogo.png"), "zip-unsafe-name", "is not a plain relative path"),
    "absolute": (lambda: _renamed(b"/cr_root/logo.png"), "zip-unsafe-name", "is not a plain relative path"),
    "backslash": (lambda: _renamed(b"jcr_root\\logo.png"), "zip-unsafe-name", "is not a plain relative path"),
    "drive": (lambda: _renamed(b"c:r_root/logo.png"), "zip-unsafe-name", "is not a plain relative path"),
    "control character": (
        lambda: _renamed(b"jcr_root/\x1bogo.png"),
        "zip-unsafe-name",
        "jcr_root/\\x1bogo.png",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_on_opening(case: str) -> None:
    make, rule, message = REFUSED[case]
    with pytest.raises(ArchiveError) as caught:
        over(make())
    assert caught.value.rule == rule
    assert message in str(caught.value)
    assert str(caught.value).startswith("p.zip: ")


def test_folders_with_the_mode_that_plexus_writes_are_read() -> None:
    with over(_central(38, "<I", 0o171000 << 16)) as archive:
        assert len(archive.entries) == len(FILES)


def test_a_large_directory_is_refused() -> None:
    with pytest.raises(ArchiveError, match=r"its directory has \d+ bytes, more than is read") as caught:
        over(_plain(zipfile.ZIP_STORED), Limits(directory_bytes=100))
    assert caught.value.rule == "zip-bomb"


def _duplicated() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("b", b"2")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"3")
    return buffer.getvalue()


def test_a_name_that_stands_twice_is_not_touched_but_others_are() -> None:
    package = _duplicated()
    with over(package) as archive:
        assert archive.duplicates == {"a"}
        with pytest.raises(ArchiveError) as caught:
            archive.read("a")
        assert str(caught.value) == (
            "p.zip: a stands in the archive more than once: readers disagree which one counts. Pack it again"
        )
    for change in (Rewrite(replace={"a": b""}), Rewrite(rename={"a": "c"}), Rewrite(delete=frozenset({"a"}))):
        with pytest.raises(ArchiveError, match="more than once"):
            rewritten(package, change)
    with pytest.raises(ArchiveError, match="a is already there"):
        rewritten(package, Rewrite(rename={"b": "a"}))
    after = rewritten(package, Rewrite(replace={"b": b"x"}))
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert [archive.read(info) for info in archive.infolist()] == [b"1", b"x", b"3"]


def _one(data: bytes, size: int | None = None, crc: int | None = None, packed: bytes | None = None) -> bytes:
    """A zip with one deflated entry `a`, whose headers say what they are told to."""
    if packed is None:
        packer = zlib.compressobj(9, wbits=-15)
        packed = packer.compress(data) + packer.flush()
    told = (zlib.crc32(data) if crc is None else crc, len(packed), len(data) if size is None else size)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, *told, 1, 0) + b"a" + packed
    record = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, *told, 1, 0, 0, 0, 0, 0, 0) + b"a"
    return local + record + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(record), len(local), 0)


LIES: dict[str, tuple[bytes, str, str]] = {
    "larger than it says": (_one(b"x" * 99, size=9), "zip-size", "does not unpack to the 9 bytes"),
    "smaller than it says": (_one(b"x" * 9, size=99), "zip-size", "does not unpack to the 99 bytes"),
    "wrong crc": (_one(b"x", crc=1), "zip-crc", "a is damaged: its CRC is wrong"),
    "no deflate": (_one(b"x", packed=b"\xff\xff\xff"), "zip-crc", "a is damaged: it does not unpack"),
    "cut off": (_one(b"x" * 9, packed=b"\x4b"), "zip-size", "a is cut off"),
    "bytes after its end": (
        _one(b"", packed=b"\x03\x00more"),
        "zip-size",
        "a has bytes after the end of its compressed data",
    ),
    "bomb that says so": (_one(b"\0" * (2 << 20)), "zip-bomb", "a unpacks to more than 200 times its size"),
    "bomb that lies": (_one(b"\0" * (2 << 20), size=100), "zip-size", "does not unpack to the 100 bytes"),
}


@pytest.mark.parametrize("case", LIES)
def test_lying_entries_are_refused_on_reading(case: str) -> None:
    data, rule, message = LIES[case]
    with over(data) as archive, pytest.raises(ArchiveError) as caught:
        archive.read("a")
    assert caught.value.rule == rule
    assert message in str(caught.value)
    assert str(caught.value).startswith("p.zip: ")


def test_limits_on_what_is_unpacked() -> None:
    with over(_one(b"ab" * 50), Limits(entry_bytes=99)) as archive, pytest.raises(ArchiveError) as caught:
        archive.read("a")
    assert "a has 100 bytes, more than the 99 that are read" in str(caught.value)
    with over(_one(b"ab" * 50), Limits(total_bytes=150)) as archive:
        archive.read("a")
        with pytest.raises(ArchiveError, match="the package unpacks to more than 150 bytes"):
            archive.read("a")


def test_a_lying_bomb_is_not_unpacked_beyond_its_claim() -> None:
    with over(_one(b"\0" * (50 << 20), size=1000)) as archive, pytest.raises(ArchiveError):
        archive.read("a")
    assert archive.budget.spent == 0


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(_plain(zipfile.ZIP_STORED))
    with Archive.open(path) as archive:
        path.write_bytes(b"PK")
        with pytest.raises(ArchiveError, match="the archive became shorter while it was read"):
            archive.read(CONFIG)


def test_a_window_shows_its_part_only() -> None:
    window = Window(io.BytesIO(b"0123456789"), 2, 5)
    assert window.read(1, 4) == b"3456"
    for at, length in ((3, 3), (-1, 2), (0, -1), (6, 1)):
        with pytest.raises(ArchiveError, match="the archive is cut off or damaged"):
            window.read(at, length)
    file = window.as_file()
    assert file.read() == b"23456"
    assert file.seek(-2, io.SEEK_END) == 3
    assert file.read(9) == b"56"
    assert file.seek(9) == 9
    assert file.read() == b""
    file.seek(1)
    assert file.seek(1, io.SEEK_CUR) == 2
    file.close()
    assert window.read(0, 1) == b"2"


@pytest.mark.parametrize("size", [*range(CHUNK - 1, CHUNK + 30), 3 * CHUNK + 257])
def test_content_of_any_size_is_read_in_pieces(size: int) -> None:
    data = b"a" * size
    with over(_one(data), Limits(ratio=2000)) as archive:
        chunks = list(archive.chunks(archive.entry("a")))
    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= CHUNK


def test_padding_among_the_extra_fields_is_kept() -> None:
    """Tools that align data, as Android's zipalign, pad with less than a field."""
    info = zipfile.ZipInfo("a", (2020, 1, 1, 0, 0, 0))
    info.extra = struct.pack("<HH", 0x7788, 0) + b"\0\0\0"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, b"content")
    after = rewritten(buffer.getvalue(), Rewrite(replace={"a": b"new"}, rename={"a": "b"}))
    with over(after) as found:
        assert found.entry("b").central.endswith(b"b" + info.extra)
        assert found.entry("b").local.endswith(b"b" + info.extra)


def test_two_end_records_are_refused() -> None:
    data = _plain(zipfile.ZIP_STORED)
    empty = ZIPS["empty"]()
    trap = data[:-2] + struct.pack("<H", len(empty) + 4) + empty + b"last"
    short = data[:-2] + struct.pack("<H", 30) + b"PK\5\6" + b"\xff" * 26
    cut = data[:-2] + struct.pack("<H", 4) + b"PK\5\6"
    for package in (trap, short, cut, data + empty[:-2] + b"\xff\xff"):
        with pytest.raises(ArchiveError) as caught:
            over(package)
        assert str(caught.value) == "p.zip: two end records: readers see different archives. Pack it again"
        assert caught.value.rule == "zip-two-ends"


def _tampered() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "entry changed", lambda data: data.replace(FILES["jcr_root/logo.png"][:9], b"tampered!")
    yield "record changed", lambda data: _patched(data, b"PK\1\2", 1, 38, "<I", 77)
    yield "comment changed", lambda data: data.replace(b"archive comment", b"another comment"[:15])
    yield "cut off", lambda data: data[:-40]
    yield "content damaged", lambda data: data.replace(b"CHANGED", b"DAMAGED")
    yield "local header changed", lambda data: _patched(data, b"PK\3\4", 0, 10, "<H", 7)
    yield "prefix changed", lambda data: b"X" + data[1:]


@pytest.mark.parametrize(("case", "tamper"), list(_tampered()))
def test_verify_finds_what_should_not_have_changed(case: str, tamper: Callable[[bytes], bytes]) -> None:
    package = b"prefix" + _decorated()
    change = Rewrite(
        replace={CONFIG: b"CHANGED"},
        rename={CONFIG: "jcr_root/F-1.config", "jcr_root/apps/x/config/G.config": "jcr_root/G-1.config"},
    )
    result = rewritten(package, change)
    wrong = tamper(result)
    assert wrong != result
    with pytest.raises(ArchiveError) as caught:
        verify(io.BytesIO(package), io.BytesIO(wrong), change)
    assert caught.value.rule == "zip-verify"
    assert "nothing was written" in str(caught.value)


def test_verify_finds_missing_and_surplus_entries() -> None:
    package = _plain(zipfile.ZIP_STORED)
    result = rewritten(package, Rewrite(add={"a": b""}))
    for change in (Rewrite(), Rewrite(add={"b": b""}), Rewrite(delete=frozenset({CONFIG}), add={"a": b""})):
        with pytest.raises(ArchiveError, match="the entries are not the expected ones"):
            verify(io.BytesIO(package), io.BytesIO(result), change)
    with pytest.raises(ArchiveError, match=r"the bytes of META-INF/vault/filter\.xml changed"):
        verify(io.BytesIO(package), io.BytesIO(_with_gaps()), Rewrite())
    with pytest.raises(ArchiveError, match="a does not read back as it was written"):
        verify(io.BytesIO(package), io.BytesIO(result), Rewrite(add={"a": b"other"}))


_NAME = st.text(
    st.characters(exclude_characters="/\\", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
).filter(lambda name: name not in (".", "..") and name[1:2] != ":")


# A signature in them makes the archive ambiguous, which is refused.
_EXTRA_BYTES = st.binary(max_size=20).filter(lambda data: b"PK" not in data)


@settings(max_examples=60)
@given(st.data())
def test_any_change_of_any_archive(data: st.DataObject) -> None:
    names = data.draw(st.lists(_NAME, unique=True, max_size=8))
    entries = {name: data.draw(st.binary(max_size=200)) for name in names}
    buffer = io.BytesIO(data.draw(_EXTRA_BYTES))
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, content in entries.items():
            method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            archive.writestr(zipfile.ZipInfo(name), content, method)
        archive.comment = data.draw(_EXTRA_BYTES)
    package = buffer.getvalue()
    expected: dict[str, bytes] = {}
    fates: dict[str, str] = {
        name: data.draw(st.sampled_from(["keep", "keep", "set", "rename", "delete"])) for name in names
    }
    for name, fate in fates.items():
        if fate != "delete":
            expected[f"{name}~" if fate == "rename" else name] = b"new" if fate == "set" else entries[name]
    change = Rewrite(
        replace={name: b"new" for name, fate in fates.items() if fate == "set"},
        rename={
            name: f"{name}~" for name, fate in fates.items() if fate == "rename" and f"{name}~" not in names
        },
        delete=frozenset(name for name, fate in fates.items() if fate == "delete"),
    )
    assert rewritten(package, Rewrite()) == package
    after = contents(rewritten(package, change))
    if len(change.rename) == sum(fate == "rename" for fate in fates.values()):
        assert after == expected


@settings(max_examples=200)
@given(st.sampled_from(list(ZIPS)), st.data())
def test_damaged_bytes_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    package = bytearray(ZIPS[kind]())
    for _ in range(data.draw(st.integers(1, 4))):
        package[data.draw(st.integers(0, len(package) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(package)))
    for damaged in (bytes(package), bytes(package[:cut])):
        try:
            with over(damaged) as archive:
                for entry in archive.entries:
                    archive.read(entry.name)
                out = io.BytesIO()
                rewrite(archive, out, Rewrite())
                assert out.getvalue() == damaged
        except ArchiveError:
            continue
