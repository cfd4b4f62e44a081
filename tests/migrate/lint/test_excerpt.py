"""The line with a caret below a hazard."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.cli.app import run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> list[str]:
    run(["lint", "--quiet", *arguments])
    return capsysbinary.readouterr().out.decode().split("\n")


def test_the_caret_stands_below_the_column(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('# c\nü="1"\nkey = "2"\nb=B"yes"\n')
    lines = said(capsysbinary, ".")
    at = next(number for number, line in enumerate(lines) if "blank-around-key" in line)
    _, _, column = lines[at].split(" ")[0].rstrip(":").split(":")
    assert lines[at + 1] == '    key = "2"'
    assert lines[at + 2] == " " * (4 + int(column) - 1) + "^"


def test_every_form_and_what_is_accepted(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "a.config").write_text('a="1"\nb=B"yes"\n')
    (here / "b.cfg.json").write_text('{\n  "a": 1,\n}')
    lines = said(capsysbinary, ".")
    assert '    b=B"yes"' in lines
    assert any(line.strip() == "^" for line in lines)
    assert sum(line.strip() == "^" for line in lines) == 2


def test_none_for_names_and_secrets(here: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (here / "com.example.F.12.config").write_text('a="1"\n')
    (here / "b.config").write_text('password="CANARY-4f8e12aa77"\nx=B"no"\n')
    (here / "c.config").write_text('a = "CANARY-4f8e12aa77"\n')
    lines = said(capsysbinary, ".")
    assert any("dotted-number" in line for line in lines)
    assert not any("CANARY" in line for line in lines)
    assert sum(line.strip() == "^" for line in lines) == 1


def test_standard_input_is_not_read_twice(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a=true\n")))
    assert "unquoted-value" in said(capsysbinary, "-")[0]


@pytest.mark.parametrize("length", range(0, 30, 5))
def test_a_line_that_is_cut_shows_no_half_of_a_password(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes], length: int
) -> None:
    url = f"https://me:CANARY4f8e12aa77CANARY@h.example/{'x' * length}"
    (here / "a.cfg.json").write_text(f'{{"url": "{url}", "x:Integer": "z"}}')
    lines = said(capsysbinary, ".")
    assert lines[1].endswith('", "x:Integer": "z"}')
    assert lines[2].index("^") == lines[1].index('"z"')
    assert not any("ARY" in line for line in lines)


def test_of_a_neighbours_secret_no_half_is_shown(
    here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "b.config").write_text(f'password="{"CANARY" * 10}"\n')
    (here / "a.cfg.json").write_text(f'{{"a": "{"CANARY" * 10}", "x:Integer": "z"}}')
    lines = said(capsysbinary, "a.cfg.json")
    assert lines[1] == '    {"a": "***", "x:Integer": "z"}'
    assert lines[2].index("^") == lines[1].index('"z"')
