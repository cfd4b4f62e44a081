"""Zip files as real FileVault versions read them, and `migrate.targets.package.rewrite` held to that.

A rewritten package has to leave in the repository what the original leaves there, but for the change.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrate.targets.package.archive import Archive
from migrate.targets.package.nested import rewrite_nested
from migrate.targets.package.rewrite import Rewrite, rewrite
from migrate.targets.package.verify import verify

pytestmark = pytest.mark.live

Build = Callable[..., bytes]
CONFIG = "/apps/x/config"
NEW = f"{CONFIG}/com.example.F-123.config"
CONFIG_NODE = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="%s"/>
"""


def _with_descriptors(package: bytes) -> bytes:
    return _rezip(package, lambda buffer: zipfile.ZipFile(_Unseekable(buffer), "w", zipfile.ZIP_DEFLATED))


def _without_utf8_flag(package: bytes) -> bytes:
    """Names in UTF-8 that do not say so, as Java's own jar tool of old wrote them."""
    data = bytearray(package)
    for signature, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        found = data.find(signature)
        while found >= 0:
            data[found + at] &= ~0x08
            found = data.find(signature, found + 4)
    return bytes(data)


def _with_method(method: int) -> Callable[[bytes], bytes]:
    return lambda package: _rezip(package, lambda buffer: zipfile.ZipFile(buffer, "w", method))


def _with_comment(package: bytes) -> bytes:
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"a comment"
    return buffer.getvalue()


def _meta_inf_last(package: bytes) -> bytes:
    return _rezip(
        package, lambda buffer: zipfile.ZipFile(buffer, "w"), key=lambda name: name.startswith("META")
    )


def _zip64_extras(package: bytes) -> bytes:
    return _rezip(package, lambda buffer: zipfile.ZipFile(buffer, "w"), zip64=True)


def _rezip(
    package: bytes,
    create: Callable[[io.BytesIO], zipfile.ZipFile],
    key: Callable[[str], Any] = lambda name: 0,
    zip64: bool = False,
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, create(buffer) as new:
        for name in sorted(old.namelist(), key=key):
            with new.open(name, "w", force_zip64=zip64) as entry:
                entry.write(old.read(name))
    return buffer.getvalue()


class _Unseekable(io.RawIOBase):
    """A stream that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._target.write(data)


LAYOUTS: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "deflated": (_with_method(zipfile.ZIP_DEFLATED), True),
    "bzip2": (_with_method(zipfile.ZIP_BZIP2), False),
    "lzma": (_with_method(zipfile.ZIP_LZMA), False),
    "data descriptors": (_with_descriptors, True),
    "zip64 extra fields": (_zip64_extras, True),
    "archive comment": (_with_comment, True),
    "bytes before": (lambda package: b"prefix" + package, True),
    "META-INF last": (_meta_inf_last, True),
    "names without the UTF-8 flag": (_without_utf8_flag, True),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_zip_layouts(vault: Any, package: Build, layout: str) -> None:
    change, accepted = LAYOUTS[layout]
    found = vault.run(change(package({NEW[1:]: b"a=1"})))
    assert ("exception" in found.imports[0]) != accepted
    assert found.files() == ({NEW: b"a=1"} if accepted else {})


def test_of_duplicate_entries_the_last_one_counts(vault: Any, package: Build) -> None:
    buffer = io.BytesIO(package({NEW[1:]: b"a=1"}))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"jcr_root{NEW}", b"a=2")
    assert vault.run(buffer.getvalue()).files() == {NEW: b"a=2"}


ENTRIES = {
    **{f"jcr_root{CONFIG}/com.example.{name}.config": f'a="{name}"'.encode() for name in "ABCDE"},
    **{f"jcr_root{CONFIG}/com.example.{name}.xml": CONFIG_NODE % name.encode() for name in "XYZ"},
    f"jcr_root{CONFIG}/F%7eü.config": b'a="%"',
    f"jcr_root{CONFIG}/big.txt": bytes(range(256)) * 500,
}


def _change(rng: random.Random) -> tuple[Rewrite, dict[str, bytes]]:
    """A change, and the entries as they have to be afterwards."""
    after = dict(ENTRIES)
    names = rng.sample([name for name in ENTRIES if name.endswith((".config", ".xml"))], 5)
    replaced = {
        name: ENTRIES[name].replace(b'"', b'"new ', 1) for name in names[:2] if name.endswith(".config")
    }
    replaced |= {name: CONFIG_NODE % b"new \xc3\xa4" for name in names[:2] if name.endswith(".xml")}
    renamed = {name: f"{name.rpartition('.')[0]}-ä1.{name.rpartition('.')[2]}" for name in names[1:4]}
    deleted = frozenset(names[4:])
    added = {f"jcr_root{CONFIG}/com.example.Added-1.config": b'a="added"'} if rng.random() < 0.5 else {}
    after.update(replaced)
    for old, new in renamed.items():
        after[new] = after.pop(old)
    for name in deleted:
        del after[name]
    return Rewrite(replaced, renamed, deleted, added), after | added


def _rewritten(data: bytes, change: Rewrite, folder: Path) -> bytes:
    path = folder / "package.zip"
    path.write_bytes(data)
    out = io.BytesIO()
    with Archive.open(path) as archive:
        rewrite(archive, out, change)
    verify(io.BytesIO(data), out, change)
    return out.getvalue()


def _standing(found: Any) -> dict[str, Any]:
    """What stands in the repository, but for what differs from one import to the next."""
    times = {"jcr:created", "jcr:lastModified", "jcr:uuid"}
    return {
        path: [
            {name: value for name, value in node.get(part, {}).items() if name not in times}
            for part in ("properties", "content", "dictionary")
        ]
        + [node.get("data")]
        for path, node in found.nodes.items()
    }


@pytest.mark.parametrize("layout", [name for name, (_, accepted) in LAYOUTS.items() if accepted])
def test_rewritten_packages_import_as_meant(vault: Any, package: Build, layout: str, tmp_path: Path) -> None:
    rng = random.Random(layout)
    lay_out, _ = LAYOUTS[layout]
    for _ in range(8):
        change, after = _change(rng)
        original = lay_out(package({name.removeprefix("jcr_root/"): data for name, data in ENTRIES.items()}))
        built = package({name.removeprefix("jcr_root/"): data for name, data in after.items()})
        rewritten = _rewritten(original, change, tmp_path)
        found = vault.run(rewritten)
        assert "exception" not in found.imports[0]
        assert not found.imports[0]["errors"]
        assert _standing(found) == _standing(vault.run(built))
        assert _standing(vault.run(original, rewritten)) == _standing(found)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_rewritten_package_in_a_package(vault: Any, package: Build, compression: int, tmp_path: Path) -> None:
    inner = package({NEW[1:]: b"a=1", f"{CONFIG[1:]}/G.config": b"b=1"}, name="inner")
    place = "jcr_root/etc/packages/slingshift/inner-1.0.zip"
    outer = package(
        {place.removeprefix("jcr_root/"): inner},
        filters='<filter root="/etc/packages/slingshift/inner-1.0.zip"/>',
        compression=compression,
    )
    path = tmp_path / "outer.zip"
    path.write_bytes(outer)
    out = io.BytesIO()
    change = Rewrite(
        {f"jcr_root{NEW}": b"a=2"}, {f"jcr_root{CONFIG}/G.config": f"jcr_root{CONFIG}/G-1.config"}
    )
    with Archive.open(path) as archive:
        rewrite_nested(archive, out, {(place,): change})
    # FileVault installs what it finds in /etc/packages with the package that brought it.
    found = vault.run(outer, out.getvalue(), manager=True)
    assert found.files() == {NEW: b"a=2", f"{CONFIG}/G-1.config": b"b=1"}
