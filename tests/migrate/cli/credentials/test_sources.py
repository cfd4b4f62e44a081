"""Where secrets come from: environment, file, command, prompt; and that a terminal never shows them."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path

import pytest

from migrate.cli.credentials import sources
from migrate.ims.credentials.errors import CredentialsError
from migrate.integration.secret import Secret

CANARY = "p8e-canary-0f3a-DO-NOT-SHOW"


def test_secret_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMS_SECRET", CANARY + "\n")
    assert sources.from_env("IMS_SECRET") == Secret(CANARY + "\n")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("IMS_SECRET", None, "IMS_SECRET is not set"),
        ("IMS_SECRET", "", "IMS_SECRET is empty"),
        (CANARY, None, "of that name is not set"),
        ("a=b", None, "of that name is not set"),
        ("", None, "of that name is not set"),
    ],
)
def test_secret_not_in_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, text: str
) -> None:
    monkeypatch.delenv("IMS_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialsError) as caught:
        sources.from_env(name)
    assert text in str(caught.value)
    assert CANARY not in str(caught.value)


def test_environment_that_is_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMS_SECRET", "abc\udcff")
    with pytest.raises(CredentialsError, match="not UTF-8"):
        sources.from_env("IMS_SECRET")


@pytest.mark.parametrize(
    ("content", "secret"), [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), (" a ", " a ")]
)
def test_secret_file_loses_one_line_break(tmp_path: Path, content: str, secret: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content.encode())
    path.chmod(0o600)
    assert sources.from_file(str(path)) == (Secret(secret), ())


@pytest.mark.parametrize(
    ("content", "text"), [(b"\n", "is empty"), (b"\xff", "not UTF-8"), (b"x" * 70_000, "bigger than 64 KiB")]
)
def test_secret_files_that_hold_none(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(CredentialsError) as caught:
        sources.from_file(str(path))
    assert text in str(caught.value)
    assert caught.value.__context__ is None


def test_secret_file_that_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(CANARY)
    path.chmod(0o644)
    _, (finding,) = sources.from_file(str(path))
    assert (finding.id, finding.path) == ("secret-file-mode", str(path))
    assert "mode 0644" in str(finding)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_secret_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CANARY.encode() + b"\n")))
    assert sources.from_file("-") == (Secret(CANARY), ())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(CredentialsError, match="no terminal to ask on"):
        sources.from_prompt()
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: CANARY)
    assert sources.from_prompt() == Secret(CANARY)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "")
    with pytest.raises(CredentialsError, match="was given"):
        sources.from_prompt()
