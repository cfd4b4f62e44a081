"""`lint --baseline` and `--fail-on`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli.app import run

Lint = Callable[..., tuple[int, str]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.config").write_text('a=B"yes"\nb=B"no"\n')
    return tmp_path


@pytest.fixture
def lint(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Lint:
    def lint(*arguments: str) -> tuple[int, str]:
        code = run(["lint", *arguments])
        out, err = capsysbinary.readouterr()
        return code, (out + err).decode()

    return lint


def test_what_is_known_passes(here: Path, lint: Lint) -> None:
    assert lint(".")[0] == 1
    code, said = lint(".", "--baseline", "known.json", "--write-baseline")
    assert (code, "2 hazards are let pass" in said) == (0, True)
    assert lint(".", "--baseline", "known.json")[0] == 0
    assert lint(str(here), "--baseline", str(here / "known.json"))[0] == 0
    (here / "sub" / "a.config").write_text('# moved\n\na=B"yes"\nb=B"no"\n')
    assert lint("sub/a.config", "--baseline", "known.json")[0] == 0


def test_it_means_the_same_from_every_folder(here: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint(".", "--baseline", "known.json", "--write-baseline")
    monkeypatch.chdir(here / "sub")
    assert lint("a.config", "--baseline", "../known.json")[0] == 0


def test_what_is_new_does_not_pass(here: Path, lint: Lint) -> None:
    lint(".", "--baseline", "known.json", "--write-baseline")
    (here / "sub" / "a.config").write_text('a=B"yes"\nb=B"no"\nc=B"no"\n')
    code, said = lint(".", "--baseline", "known.json", "--format", "json")
    assert code == 1
    assert len(json.loads(said[: said.rindex("}") + 1])["hazards"]) == 1
    (here / "b.config").write_text('a=B"yes"\n')
    assert lint("b.config", "--baseline", "known.json")[0] == 1


def test_what_is_gone_is_told(here: Path, lint: Lint) -> None:
    lint(".", "--baseline", "known.json", "--write-baseline")
    (here / "sub" / "a.config").write_text('a=B"yes"\n')
    code, said = lint(".", "--baseline", "known.json")
    assert (code, "1 of its hazards are gone" in said) == (0, True)
    lint(".", "--baseline", "known.json", "--write-baseline")
    assert sum(row["count"] for row in json.loads((here / "known.json").read_text())["hazards"]) == 1


def test_no_secret_gets_in(here: Path, lint: Lint) -> None:
    (here / "sub" / "a.config").write_text('password="CANARY=="\nb="2"\n')
    lint(".", "--baseline", "known.json", "--write-baseline")
    assert "CANARY" not in (here / "known.json").read_text()


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"version": 2, "hazards": []}', '{"version": 1, "hazards": [1]}']
)
def test_a_file_that_is_no_baseline_is_2(here: Path, lint: Lint, text: str | None) -> None:
    if text is not None:
        (here / "known.json").write_text(text)
    code, said = lint(".", "--baseline", "known.json")
    assert (code, "known.json: " in said) == (2, True)


def test_usage(here: Path, lint: Lint) -> None:
    assert lint(".", "--write-baseline")[0] == 2
    assert lint(".", "--baseline", "k", "--write-baseline", "--fix")[0] == 2
    assert lint(".", "--baseline", "no/folder", "--write-baseline")[0] == 4


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a=true\n", (1, 1, 1)),
        ('a=B"yes"\n', (0, 1, 1)),
        ('service.pid="x"\n', (0, 0, 1)),
        ('a="1"\n', (0, 0, 0)),
    ],
)
def test_how_bad_it_must_be(here: Path, lint: Lint, text: str, codes: tuple[int, ...]) -> None:
    (here / "sub" / "a.config").write_text(text)
    assert tuple(lint(".", "--fail-on", bound)[0] for bound in ("error", "warning", "info")) == codes
    assert lint(".")[0] == codes[1]


def test_what_counts_is_shown(here: Path, lint: Lint) -> None:
    (here / "sub" / "a.config").write_text('service.pid="x"\n')
    assert "pid-differs" not in lint(".")[1]
    assert "pid-differs" in lint(".", "--fail-on", "info")[1]
    (here / "sub" / "a.config").write_text('a=B"yes"\n')
    assert "bad-boolean" in lint(".", "--fail-on", "error")[1]


@pytest.mark.posix
@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--baseline", "endless: larger than 67108864 bytes; not read"),
        ("--schema", "endless: too large for a bundle or a feature"),
    ],
)
def test_a_file_without_an_end_is_not_waited_for(here: Path, lint: Lint, option: str, told: str) -> None:
    (here / "endless").symlink_to("/dev/zero")
    code, said = lint(".", option, "endless")
    assert (code, told in said) == (2, True), said


@pytest.mark.posix
def test_a_schema_may_come_through_a_pipe(here: Path, lint: Lint) -> None:
    read, write = os.pipe()
    os.write(write, b'{"configuration-api:JSON|optional": {"configurations": {}}}')
    os.close(write)
    assert lint(".", "--schema", f"/dev/fd/{read}")[0] == 1
    os.close(read)
