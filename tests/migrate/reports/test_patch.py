"""The diffs of `fmt` and `lint`: git applies them, and gets what the command itself would write."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.reports import patch

FILES = {
    "plain.config": b'b="1"\na = "2"\n',
    "crlf.config": b'b="1"\r\na = "2"\r\n# end\r\n',
    "no newline.config": b'b = "1"',
    "sub/F~ü x.config": b'a = "1"\n',
    "other.cfg.json": b'{"b": 1,\n "a": ["x",  "y"]}\n',
    "empty.config": b"",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "core.autocrlf", "false"], check=True)
    _write(tmp_path)
    return tmp_path


def _write(root: Path) -> None:
    for name, data in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)


def _contents(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in FILES}


@pytest.mark.parametrize(
    ("shows", "writes"),
    [
        (["fmt", "--diff"], ["fmt"]),
        (["fmt", "--diff", "--eol", "keep"], ["fmt", "--eol", "keep"]),
        (["fmt", "--diff", "--eol", "lf", "--keep-order"], ["fmt", "--eol", "lf", "--keep-order"]),
        (["lint", "--diff"], ["lint", "--fix"]),
    ],
    ids=lambda command: " ".join(command),
)
@pytest.mark.parametrize("target", [".", "absolute"])
def test_git_applies_it(
    repository: Path,
    shows: list[str],
    writes: list[str],
    target: str,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    named = str(repository) if target == "absolute" else target
    if "lint" not in shows:
        # What no reader takes, fmt leaves alone.
        assert run(["lint", "--fix", "."]) == 0
    before = _contents(repository)
    capsysbinary.readouterr()
    run([*shows, named])
    shown = capsysbinary.readouterr().out
    assert shown.startswith(b"diff --git a/")
    assert _contents(repository) == before
    subprocess.run(["git", "apply", "-"], input=shown, check=True)
    applied = _contents(repository)
    for name, data in before.items():
        (repository / name).write_bytes(data)
    run([*writes, named])
    assert applied == _contents(repository) != before


def test_people_see_carriage_returns() -> None:
    shown = patch.render("./F.config", b'a="1"\n', b'a="1"\r\n', carriage_return="^M")
    assert shown == (
        'diff --git a/F.config b/F.config\n--- a/F.config\n+++ b/F.config\n@@ -1 +1 @@\n-a="1"\n+a="1"^M\n'
    )
