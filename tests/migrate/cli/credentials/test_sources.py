"""Where secrets come from: environment, file, command, prompt; and that a terminal never shows them."""

from __future__ import annotations

import io
import json
import os
import shlex
import stat
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli.credentials import sources
from migrate.ims.credentials.errors import CredentialsError
from migrate.integration.secret import Secret

CANARY = "p8e-canary-0f3a-DO-NOT-SHOW"
Run = Callable[..., "object"]


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


# --- a command -----------------------------------------------------------------------------------------------------


def python(code: str) -> str:
    return f"{sys.executable} -c {shlex.quote(code)}"


@pytest.mark.parametrize(
    ("printed", "secret"),
    [("a\\n", "a"), ("a\\r\\n", "a"), ("a\\n\\n", "a\n"), (" a b=", " a b="), ("\u00e4", "\u00e4")],
)
def test_the_output_of_a_command_is_the_secret(printed: str, secret: str) -> None:
    command = python(f"import sys; sys.stdout.buffer.write('{printed}'.encode())")
    assert sources.from_command(command) == Secret(secret)


def test_a_command_runs_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import sys; print(sys.argv[1:])"
    assert (
        sources.from_command(f"{python(code)} '$HOME' ; touch x").reveal() == "['$HOME', ';', 'touch', 'x']"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (python(f"print('{CANARY}'); raise SystemExit(3)"), "ended with code 3"),
        (
            python(f"import os; print('{CANARY}', flush=True); os.kill(os.getpid(), 9)"),
            "was ended by signal 9",
        ),
        (python("pass"), "is empty, so it holds no secret"),
        (python("import sys; sys.stdout.buffer.write(b'\\xff')"), "not UTF-8"),
        (python(f"print('{CANARY}' * 10_000)"), "bigger than 64 KiB"),
        (CANARY, "cannot be run: No such file or directory. Give the command that prints the secret"),
        (f"{CANARY}\0", "cannot be run: not a command"),
        (f"'{CANARY}", "quotes that do not match"),
        ("", "quotes that do not match"),
    ],
)
def test_commands_that_give_no_secret(command: str, text: str) -> None:
    """Whatever went wrong: neither the output nor the command is in the error."""
    with pytest.raises(CredentialsError) as caught:
        sources.from_command(command)
    assert text in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert "canary" not in shown
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_a_command_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "COMMAND_SECONDS", 0.5)
    mark = tmp_path / "pid"
    code = (
        f"import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    with pytest.raises(CredentialsError, match=r"took longer than 0\.5 s and was stopped"):
        sources.from_command(python(code))
    if mark.exists():  # on a busy machine it may not have come that far
        with pytest.raises(ProcessLookupError):
            os.kill(int(mark.read_text()), 0)


def test_a_command_that_leaves_a_child_with_the_pipe_is_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "COMMAND_SECONDS", 0.5)
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)'])"
    with pytest.raises(CredentialsError, match="was stopped"):
        sources.from_command(python(child))


def test_what_a_command_complains_of_passes(capfd: pytest.CaptureFixture[str]) -> None:
    command = python("import sys; print('vault: please log in', file=sys.stderr); sys.exit(1)")
    with pytest.raises(CredentialsError):
        sources.from_command(command)
    assert capfd.readouterr().err == "vault: please log in\n"


def test_one_source_is_enough() -> None:
    with pytest.raises(
        CredentialsError, match="--client-secret-env and --client-secret-command exclude each other"
    ):
        sources.given(sources.CLIENT_SECRET, "A", None, "true")


# --- a command and a saved plan ------------------------------------------------------------------------------------

NEW = ["--client-id", "0123456789abcdef0123456789abcdef", "--org-id", "5A3B1C9D5E7F81234A495E22@AdobeOrg"]


def test_plan_and_apply_take_the_secret_from_a_command(slingshift: Run, case: Callable[[str], Path]) -> None:
    root = case("hand-written")
    given = [*NEW, "--client-secret-command", python(f"print('{CANARY}')")]
    ended = slingshift("plan", root, *given)
    assert (ended.code, CANARY in ended.out + ended.err) == (1, False)
    assert slingshift("apply", root, *given, "--yes").code == 0
    assert any(CANARY in path.read_text() for path in root.rglob("*-43.config"))


def test_a_saved_plan_runs_no_command(slingshift: Run, case: Callable[[str], Path], tmp_path: Path) -> None:
    """Whoever can hand a plan over must not choose what is run here; so the command has to be given again."""
    root, plan, mark = case("hand-written"), tmp_path / "plan.json", tmp_path / "ran"
    command = python(f"import pathlib; pathlib.Path({str(mark)!r}).touch(); print('{CANARY}')")
    slingshift("plan", root, *NEW, "--client-secret-command", command, "--out", plan)
    mark.unlink()
    assert "client_secret_command" not in plan.read_text()
    ended = slingshift("apply", "--plan", plan, "--yes")
    assert (ended.code, "sets a client secret, and holds none. Give it with" in ended.err) == (2, True)
    forged = json.loads(plan.read_text())
    forged["inputs"]["client_secret_command"] = command
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    ended = slingshift("apply", "--plan", tmp_path / "forged.json", "--yes")
    assert (ended.code, "is damaged at inputs.client_secret_command" in ended.err) == (2, True)
    assert not mark.exists()
    assert slingshift("apply", "--plan", plan, "--yes", "--client-secret-command", command).code == 0
