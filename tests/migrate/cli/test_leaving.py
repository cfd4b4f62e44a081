"""What every verb leaves out of a folder, and reads when it is named or asked for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli.app import run
from migrate.cli.processes import git

BROKEN = "com.example.F-a.config"
PROVIDER = "com.adobe.granite.auth.oauth.accesstoken.provider-1.config"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One configuration that counts, and one in each place that is left out."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\ntracked/\n")
    (tmp_path / "slingshift.toml").write_text('exclude = ["excluded"]\n')
    for folder in ("kept", "target", "node_modules", "ignored", "excluded", "tracked"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / BROKEN).write_text('a="1"\n')
        (tmp_path / folder / PROVIDER).write_text('name="x"\n')
    subprocess.run(["git", "add", "-f", "tracked"], check=True)
    return tmp_path


@pytest.fixture
def read(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., set[str]]:
    """The folders whose files `show` reads."""

    def read(*arguments: str) -> set[str]:
        assert run(["show", *arguments]) == 0
        shown = json.loads(capsysbinary.readouterr().out)["configurations"]
        return {Path(one["path"]).parent.name for one in shown}

    return read


def test_what_is_left_out(repository: Path, read: Callable[..., set[str]]) -> None:
    assert read(".") == {"kept", "tracked"}
    assert read(str(repository)) == {"kept", "tracked"}
    assert read(".", "--no-ignore") == {"kept", "target", "node_modules", "ignored", "tracked"}


@pytest.mark.parametrize("folder", ["target", "node_modules", "ignored"])
def test_what_is_named_is_read(repository: Path, read: Callable[..., set[str]], folder: str) -> None:
    assert read(folder) == {folder}
    assert read(f"{folder}/{BROKEN}") == {folder}
    assert read(f"excluded/{BROKEN}") == {"excluded"}


def test_every_verb(repository: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    def count(*arguments: str) -> int:
        run(list(arguments))
        out, err = capsysbinary.readouterr()
        return sum(
            f"{folder}/".encode() in out + err for folder in ("target", "node_modules", "ignored", "excluded")
        )

    for verb in (
        ["lint"],
        ["fmt", "--check"],
        ["convert", "--to", "cfg.json", "--dry-run"],
        ["scan"],
        ["plan"],
    ):
        assert count(*verb, ".") == 0
    for verb in (
        ["fmt", "--check"],
        ["convert", "--to", "cfg.json", "--dry-run"],
        ["scan", "--format", "json"],
    ):
        assert count(*verb, ".", "--no-ignore") == 3
    assert run(["lint", ".", "--no-ignore", "--format", "json"]) in (0, 1)
    assert json.loads(capsysbinary.readouterr().out)["files"] == 10


def test_a_repository_inside_has_its_own_rules(repository: Path, read: Callable[..., set[str]]) -> None:
    inner = repository / "ignored" / "inner"
    inner.mkdir()
    subprocess.run(["git", "init", "-q", str(inner)], check=True)
    (inner / BROKEN).write_text('a="1"\n')
    assert read(".") == {"kept", "tracked", "inner"}


def test_git_that_refuses_ignores_nothing(repository: Path) -> None:
    said: list[str] = []
    (repository / ".git" / "config").write_text("[core\n")
    assert git.ignored(".", [f"./ignored/{BROKEN}"], said.append) == frozenset()
    (line,) = said
    assert "git cannot be asked" in line
    assert line.endswith("what it ignores is read, too")


def test_a_table_that_cannot_be_read_is_2(repository: Path) -> None:
    (repository / "slingshift.toml").write_text("nonsense = 1\n")
    for verb in ("show", "scan", "plan", "lint"):
        assert run([verb, "."]) == 2
