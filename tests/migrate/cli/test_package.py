"""`slingshift package`."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli import exits
from tests.conftest import FIXTURES, SECRET, Ended
from tests.migrate.targets.instance.author import Author, console_made

Command = Callable[..., Ended]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "demo" / "author-instance", tmp_path / "author-instance"))


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        return {name.rpartition("/")[2] for name in package.namelist() if name.startswith("jcr_root/")}


def test_both_packages(target: Path, tmp_path: Path, slingshift: Command, oauth_options: list[str]) -> None:
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    out = tmp_path / "oauth.zip"
    done = slingshift("package", str(target), "--out", str(out), *oauth_options)
    assert done.code == exits.OK, done.err
    assert "rename to" in done.out
    assert "/etc/packages" in done.err
    assert SECRET not in done.out + done.err
    back = tmp_path / "oauth-back.zip"
    assert len(names(out)) == len(names(back)) == 2
    assert names(back) <= {path.name for path in before}
    assert {path.stat().st_mode & 0o777 for path in (out, back)} == {0o600}
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before


def test_an_instance_is_only_read(tmp_path: Path, slingshift: Command, oauth_options: list[str]) -> None:
    author = console_made(Author())
    with author.running() as server:
        words = ("--out", str(tmp_path / "a.zip"), "--back", str(tmp_path / "b.zip"), "--user", "admin")
        done = slingshift(
            "package",
            server.base,
            *words,
            "--user",
            "admin",
            "--password-command",
            "echo p8e-canary-password",
            *oauth_options,
        )
        assert done.code == exits.OK, done.err
        assert server.methods <= {"GET", "SEARCH", "PROPFIND"}
    assert "as /apps/system/config/" in done.err
    assert "p8e-canary" not in done.out + done.err
    assert names(tmp_path / "a.zip") == names(tmp_path / "b.zip")


def test_nothing_to_change_writes_nothing(
    target: Path, tmp_path: Path, slingshift: Command, oauth_options: list[str]
) -> None:
    assert slingshift("apply", str(target), "--yes", *oauth_options).code == exits.OK
    out = tmp_path / "oauth.zip"
    assert slingshift("package", str(target), "--out", str(out), *oauth_options).code == exits.OK
    assert not out.exists()


def test_what_cannot_be(target: Path, tmp_path: Path, slingshift: Command, oauth_options: list[str]) -> None:
    out = str(tmp_path / "x.zip")
    assert slingshift("package", str(target), "--out", out, "--back", out, *oauth_options).code == exits.USAGE
    assert slingshift("package", str(target), *oauth_options).code == exits.USAGE
    assert slingshift("package", str(tmp_path / "no"), "--out", out, *oauth_options).code == exits.CONFLICT
    nowhere = str(tmp_path / "no" / "x.zip")
    done = slingshift("package", str(target), "--out", nowhere, *oauth_options)
    assert (done.code, "cannot be written" in done.err) == (exits.CONFLICT, True)
