"""What real FileVault versions make of a package's names, companions, timestamps and zip details."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.live

Build = Callable[..., bytes]
CONFIG = "/apps/x/config"
OLD = f"{CONFIG}/com.example.F.123.config"
NEW = f"{CONFIG}/com.example.F-123.config"
COMPANION = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:nt="http://www.jcp.org/jcr/nt/1.0"
    jcr:primaryType="nt:file">
    <jcr:content
        jcr:lastModified="{Date}2020-01-02T03:04:05.678Z"
        jcr:mimeType="text/x-osgi"
        jcr:primaryType="nt:resource"/>
</jcr:root>
"""
CONFIG_NODE = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="%s"/>
"""


def test_companion_is_renamed_with_its_file(vault: Any, package: Build) -> None:
    before = package({OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    after = package({NEW[1:]: b"a=2", f"{NEW[1:]}.dir/.content.xml": COMPANION})
    found = vault.run(before, after)
    assert found.files() == {NEW: b"a=2"}
    assert found.nodes[NEW]["content"]["jcr:mimeType"]["values"] == ["text/x-osgi"]


def test_companion_left_behind_rolls_the_import_back(vault: Any, package: Build) -> None:
    before = package({OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    after = package({NEW[1:]: b"a=2", f"{OLD[1:]}.dir/.content.xml": COMPANION})
    found = vault.run(before, after)
    assert "jcr:data" in found.imports[1]["exception"]
    assert found.files() == {OLD: b"a=1"}


@pytest.mark.parametrize(
    ("entry", "root", "node"),
    [
        ("F%7e1.config", "F~1.config", "F~1.config"),
        ("F%7e1.config", "F%7e1.config", None),
        ("F~1.xml", "F~1", "F~1"),
        ("F~1.xml", "F~1.xml", None),
    ],
)
def test_filter_root_is_a_repository_path(
    vault: Any, package: Build, entry: str, root: str, node: str | None
) -> None:
    data = CONFIG_NODE % b"x" if entry.endswith(".xml") else b"a=1"
    found = vault.run(package({f"{CONFIG[1:]}/{entry}": data}, filters=f'<filter root="{CONFIG}/{root}"/>'))
    names = {path.rsplit("/", 1)[1] for path in found.nodes if path.startswith(f"{CONFIG}/")}
    assert names == ({node} if node else set())


def test_only_changed_content_gets_a_new_time(vault: Any, package: Build) -> None:
    # The installer notices an nt:file by jcr:lastModified; zip times and the companion's value do not matter.
    first = {OLD[1:]: b"a=1", f"{OLD[1:]}.dir/.content.xml": COMPANION, NEW[1:]: b"b=1"}
    once = vault.run(package(first))
    edited = vault.run(package(first), package({**first, NEW[1:]: b"b=2"}))
    assert edited.nodes[NEW]["modified"] > once.nodes[NEW]["modified"]
    assert edited.data(NEW) == b"b=2"
    assert edited.nodes[OLD]["modified"] == 1577934245678


def test_export_and_import_are_inverse(vault: Any, package: Build) -> None:
    files = {OLD[1:]: b"a=1", f"{CONFIG[1:]}/F~1.xml": CONFIG_NODE % b"\\{x} \xc3\xa4 &quot; \\\\"}
    once = vault.run(package(files), export=True)
    entries = {name.removeprefix("jcr_root/"): data for name, data in once.exported.items()}
    again = vault.run(package(entries), export=True)
    assert again.exported == once.exported
    assert again.nodes[f"{CONFIG}/F~1"]["dictionary"] == {"p": {"type": "String", "values": ['{x} ä " \\']}}


def _with_descriptors(package: bytes) -> bytes:
    return _rezip(package, lambda buffer: zipfile.ZipFile(_Unseekable(buffer), "w", zipfile.ZIP_DEFLATED))


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


def test_package_manager_imports_alike(vault: Any, package: Build) -> None:
    # Upload and install, as the package manager of AEM does, against the plain importer of the other tests.
    both = (package({OLD[1:]: b"a=1"}), package({NEW[1:]: b"a=2"}))
    assert vault.run(*both, manager=True).files() == vault.run(*both).files() == {NEW: b"a=2"}
