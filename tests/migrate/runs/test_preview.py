"""What an undo would bring back, of packages: entry by entry, and no traceback for whatever became of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.runs.errors import ApplyError, Kind
from migrate.runs.listing import list_runs
from migrate.runs.preview import returning
from tests.conftest import Ended
from tests.places import FIXTURES

Run = Callable[..., Ended]
INNER = "jcr_root/apps/example/install/inner.zip"


def packed(extra: dict[str, bytes]) -> bytes:
    root, data = FIXTURES / "demo" / "content-package", io.BytesIO()
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in sorted({**files, **extra}.items()):
            package.writestr(name, content)
    return data.getvalue()


@pytest.fixture
def package(tmp_path: Path, slingshift: Run, oauth_options: list[str]) -> Path:
    """A migrated package with one inside; the run can be taken back."""
    file = tmp_path / "outer.zip"
    file.write_bytes(packed({INNER: packed({}), "jcr_root/other.bin": bytes(range(256)) * 99}))
    assert slingshift("apply", file, *oauth_options, "--yes").code == 0
    return file


def test_the_entries_that_differ_those_of_inner_packages_too(package: Path) -> None:
    (run,) = list_runs()
    found = list(returning(run.id))
    assert {one.path.partition("!/")[2].rpartition("!/")[0] for one in found} == {"", INNER}
    names = [one.path.rpartition("!/")[2] for one in found]
    assert not any("other.bin" in name for name in names)
    assert len(found) == 2 * 5  # A pair under its new and its old name, and the filter: in each package.
    assert all((one.now is None) != (one.then is None) for one in found if ".config" in one.path[-10:])


def damages(data: bytes) -> dict[str, bytes]:
    """One of each kind: an entry's data cut, its method another, encrypted, the whole cut, no zip at all."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = next(one for one in archive.infolist() if "-3f2a1b0c" in one.filename)
    start = entry.header_offset + 30 + len(entry.filename)
    central = data.index(b"PK\x01\x02")
    while data[central + 46 : central + 46 + len(entry.filename)] != entry.filename.encode():
        central = data.index(b"PK\x01\x02", central + 1)

    def patched(*changes: tuple[int, bytes]) -> bytes:
        found = bytearray(data)
        for at, new in changes:
            found[at : at + len(new)] = new
        return bytes(found)

    return {
        "data": patched((start, b"\xff" * 20)),
        "lzma": patched((entry.header_offset + 8, b"\x0e\0"), (central + 10, b"\x0e\0")),
        "encrypted": patched((entry.header_offset + 6, b"\x01\0"), (central + 8, b"\x01\0")),
        "cut": data[: len(data) // 2],
        "nonsense": b"nonsense",
        "empty": b"",
    }


@pytest.mark.parametrize("kind", ["data", "lzma", "encrypted", "cut", "nonsense", "empty"])
def test_a_package_that_was_damaged_since(package: Path, kind: str, slingshift: Run) -> None:
    package.write_bytes(damages(package.read_bytes())[kind])
    (run,) = list_runs()
    with pytest.raises(ApplyError, match="cannot be read as a package any more") as caught:
        list(returning(run.id))
    assert caught.value.kind is Kind.CONFLICT
    ended = slingshift("undo", "--diff")
    assert (ended.code, "Traceback" in ended.err) == (4, False)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_byte_changed(package: Path, data: st.DataObject) -> None:
    good = package.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    package.write_bytes(good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :])
    (run,) = list_runs()
    try:
        list(returning(run.id))
    except ApplyError as error:
        assert error.kind is Kind.CONFLICT
    finally:
        package.write_bytes(good)
