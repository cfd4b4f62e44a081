"""Packages in packages: found, read and rewritten from the inside out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from migrate.targets.package.archive import Archive, Budget, Limits
from migrate.targets.package.nested import open_nested, opened, rewrite_nested, walk
from migrate.targets.package.paths import is_package
from migrate.targets.package.rewrite import Rewrite
from migrate.targets.package.window import ArchiveError, Window

CONFIG = "jcr_root/apps/x/config/F.1.config"
INNER = "jcr_root/apps/x/install/inner.zip"
SUB = "jcr_root/etc/packages/group/sub-1.0.zip"


def pack(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def over(data: bytes, limits: Limits | None = None) -> Archive:
    return Archive.over(Window(io.BytesIO(data), 0, len(data)), "p.zip", Budget(limits or Limits()))


@pytest.fixture(params=[zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED], ids=["deflated", "stored"])
def method(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def package(method: int) -> bytes:
    deepest = pack({CONFIG: b"deep", "x": b""}, method)
    inner = pack({CONFIG: b"inner", SUB: deepest}, method)
    return pack({CONFIG: b"outer", INNER: inner, SUB: b"not a zip at all"}, method)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (INNER, True),
        (SUB, True),
        ("jcr_root/etc/packages/a.zip", True),
        ("jcr_root/apps/x/install.author/10/a.zip", True),
        ("jcr_root/install/a.zip", True),
        ("jcr_root/apps/x/install/a.jar", False),
        ("jcr_root/apps/x/reinstall/a.zip", False),
        ("jcr_root/content/dam/a.zip", False),
        ("jcr_root/apps/install.zip", False),
        ("META-INF/install/a.zip", False),
        ("jcr_root/etc/packages/.zip/x", False),
    ],
)
def test_is_package(name: str, expected: bool) -> None:
    assert is_package(name) is expected


def test_walk_gives_every_package_and_every_refusal(package: bytes) -> None:
    seen = {}
    with over(package) as archive:
        for at, found in walk(archive):
            seen[at] = found.read(CONFIG) if isinstance(found, Archive) else str(found)
    assert seen == {
        (): b"outer",
        (INNER,): b"inner",
        (INNER, SUB): b"deep",
        (SUB,): f"p.zip!/{SUB}: not a zip file, or cut off: there is no end record",
    }


def test_display_names_lead_to_the_place(package: bytes) -> None:
    with over(package) as archive, opened(archive, (INNER, SUB)) as found:
        assert found.display == f"p.zip!/{INNER}!/{SUB}"
        assert found.read(CONFIG) == b"deep"
        with pytest.raises(ArchiveError) as caught:
            found.read("missing")
        assert str(caught.value) == f"p.zip!/{INNER}!/{SUB}: there is no entry missing"
    with over(package) as archive, opened(archive, ()) as found:
        assert found is archive


def test_a_package_is_unpacked_once_for_several_reads(method: int) -> None:
    inner = pack({CONFIG: b"inner"}, method)
    package = pack({INNER: inner, SUB: inner}, method)
    with over(package) as archive:
        for _ in range(3):
            with opened(archive, (INNER,)) as found:
                assert found.read(CONFIG) == b"inner"
        unpacked = len(inner) if method == zipfile.ZIP_DEFLATED else 0
        assert archive.budget.spent == unpacked + 3 * len(b"inner")
        with opened(archive, (SUB,)) as other:
            assert other.read(CONFIG) == b"inner"
        assert found.window.file.closed is (method == zipfile.ZIP_DEFLATED)
    assert other.window.file.closed


def test_rewrite_in_several_depths(package: bytes, method: int) -> None:
    out = io.BytesIO()
    changes = {
        (): Rewrite(rename={CONFIG: "jcr_root/apps/x/config/F-1.config"}),
        (INNER,): Rewrite(delete=frozenset({CONFIG})),
        (INNER, SUB): Rewrite(replace={CONFIG: b"changed"}),
    }
    with over(package) as archive:
        rewrite_nested(archive, out, changes)
    deepest = pack({CONFIG: b"changed", "x": b""}, method)
    expected = {
        "jcr_root/apps/x/config/F-1.config": b"outer",
        INNER: pack({SUB: deepest}, method),
        SUB: b"not a zip at all",
    }
    assert out.getvalue() == pack(expected, method)


def test_what_belongs_to_an_entry_goes_with_it(method: int) -> None:
    node = "jcr_root/apps/x/config/G.1"
    files = {
        CONFIG: b"x",
        f"{CONFIG}.dir/": b"",
        f"{CONFIG}.dir/.content.xml": b"<a/>",
        f"{CONFIG}.director": b"",
        f"{node}/": b"",
        f"{node}/.content.xml": b"<b/>",
        f"{node}/child/.content.xml": b"<c/>",
    }
    new = "jcr_root/apps/x/config/F-1.config"
    out = io.BytesIO()
    renamed = Rewrite(rename={CONFIG: new, f"{node}/.content.xml": "jcr_root/apps/x/config/G-1/.content.xml"})
    with over(pack(files, method)) as archive:
        rewrite_nested(archive, out, {(): renamed})
    with over(out.getvalue()) as archive:
        assert [entry.name for entry in archive.entries] == [
            new,
            f"{new}.dir/",
            f"{new}.dir/.content.xml",
            f"{CONFIG}.director",
            "jcr_root/apps/x/config/G-1/",
            "jcr_root/apps/x/config/G-1/.content.xml",
            "jcr_root/apps/x/config/G-1/child/.content.xml",
        ]
    out = io.BytesIO()
    with over(pack(files, method)) as archive:
        rewrite_nested(archive, out, {(): Rewrite(delete=frozenset({CONFIG, f"{node}/.content.xml"}))})
    with over(out.getvalue()) as archive:
        assert [entry.name for entry in archive.entries] == [f"{CONFIG}.director"]


def test_no_change_gives_the_same_bytes(package: bytes) -> None:
    for changes in ({}, {(): Rewrite()}, {(INNER, SUB): Rewrite()}):
        out = io.BytesIO()
        with over(package) as archive:
            rewrite_nested(archive, out, changes)
        assert out.getvalue() == package


def test_an_inner_package_can_be_renamed_while_it_changes(package: bytes) -> None:
    out = io.BytesIO()
    changes = {
        (): Rewrite(rename={INNER: "jcr_root/apps/x/install/other.zip"}),
        (INNER,): Rewrite(replace={CONFIG: b"new"}),
    }
    with over(package) as archive:
        rewrite_nested(archive, out, changes)
    with over(out.getvalue()) as archive, opened(archive, ("jcr_root/apps/x/install/other.zip",)) as found:
        assert found.read(CONFIG) == b"new"


@pytest.mark.parametrize("own", [Rewrite(replace={INNER: b""}), Rewrite(delete=frozenset({INNER}))])
def test_a_package_changes_as_a_whole_or_inside(package: bytes, own: Rewrite) -> None:
    with over(package) as archive, pytest.raises(ArchiveError) as caught:
        rewrite_nested(archive, io.BytesIO(), {(): own, (INNER,): Rewrite(delete=frozenset({CONFIG}))})
    assert str(caught.value) == f"p.zip: {INNER} cannot be changed both as a whole and inside"


def test_a_wrong_crc_of_a_stored_package_is_not_mended_in_passing() -> None:
    package = bytearray(pack({INNER: pack({CONFIG: b"inner"}, zipfile.ZIP_STORED)}, zipfile.ZIP_STORED))
    at = package.index(b"inner", package.index(CONFIG.encode()))
    package[at - 2 : at - 2] = b""
    package[package.index(b"inner", at) : package.index(b"inner", at) + 5] = b"INNER"
    with over(bytes(package)) as archive, pytest.raises(ArchiveError, match="is damaged: its CRC is wrong"):
        rewrite_nested(archive, io.BytesIO(), {(INNER,): Rewrite(delete=frozenset({CONFIG}))})


def test_packages_are_followed_only_so_deep(method: int) -> None:
    package = pack({CONFIG: b"x"}, method)
    for _ in range(8):
        package = pack({SUB: package}, method)
    with over(package, Limits(depth=3)) as archive:
        *found, (path, last) = list(walk(archive))
        assert len(found) == 4
        assert isinstance(last, ArchiveError)
        assert last.rule == "zip-depth"
        assert len(path) == 4
        assert str(last).endswith(f"{SUB}: more than 3 packages are nested in one another")


def test_limits_hold_for_all_packages_together() -> None:
    inner = pack({f"f{number}": bytes(1000) for number in range(3)}, zipfile.ZIP_STORED)
    package = pack({f"jcr_root/etc/packages/{number}.zip": inner for number in range(5)})
    with over(package, Limits(nested_bytes=1000)) as archive, pytest.raises(ArchiveError) as caught:
        open_nested(archive, "jcr_root/etc/packages/1.zip")
    assert caught.value.rule == "zip-bomb"
    assert f"it unpacks to {len(inner)} bytes, more than the 1000 that are read" in str(caught.value)
    with over(package, Limits(total_bytes=3 * len(inner) + 10)) as archive:
        errors = [found for _, found in walk(archive) if isinstance(found, ArchiveError)]
    assert [error.rule for error in errors] == ["zip-bomb", "zip-bomb"]


def test_a_package_that_is_a_lying_bomb_is_refused_and_the_walk_goes_on() -> None:
    package = pack({SUB: bytes(3 << 20), INNER: pack({CONFIG: b"x"})})
    with over(package) as archive:
        found = {at: entry for at, entry in walk(archive) if at}
        error = found[(SUB,)]
        assert isinstance(error, ArchiveError)
        assert "unpacks to more than 200 times its size" in str(error)
        assert isinstance(found[(INNER,)], Archive)


def test_a_duplicated_package_is_an_error_once() -> None:
    inner = pack({CONFIG: b"x"})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(INNER, inner)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(INNER, inner)
    with over(buffer.getvalue()) as outer:
        found = [entry for at, entry in walk(outer) if at]
    assert [type(entry) for entry in found] == [ArchiveError]
