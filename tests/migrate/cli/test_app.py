"""The command as a whole: help, versions, typing errors, crashes, pipes."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate import __version__
from migrate.cli import exits
from migrate.cli.arguments.verbs import VERBS
from migrate.cli.exits import worst

Run = Callable[..., "object"]


def test_version(slingshift: Run, slingshift_process: Run) -> None:
    assert slingshift("--version").out == f"slingshift {__version__}\n"
    assert slingshift_process("--version").out == f"slingshift {__version__}\n"


def test_help_names_every_verb(slingshift: Run) -> None:
    ended = slingshift("--help")
    assert ended.code == 0
    for verb in VERBS:
        assert f" {verb} " in ended.out
    assert slingshift().code in (0, 2)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help(verb: str, slingshift: Run) -> None:
    ended = slingshift(verb, "--help")
    assert ended.code == 0
    assert "Usage: slingshift" in ended.out


def test_an_unknown_verb_is_a_usage_error(slingshift: Run) -> None:
    ended = slingshift("plam", "x")
    assert ended.code == 2
    assert "plam" in ended.err


def test_a_bug_is_70_and_quotes_nothing(
    slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrate.plans import target_plan

    def broken(*_: object) -> None:
        raise RuntimeError("CANARY-in-exception")

    monkeypatch.setattr(target_plan, "plan_target", broken)
    ended = slingshift("plan", tmp_path)
    assert ended.code == 70
    assert re.search(
        rf"this is a bug in slingshift {re.escape(__version__)}: RuntimeError at test_app\.py:\d+\. Please",
        ended.err,
    )
    assert "CANARY" not in ended.err + ended.out


@pytest.mark.parametrize("place", ["migrate.cli.console.tell", "migrate.cli.console.note"])
def test_a_bug_while_something_is_told_is_70_too(
    slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The interpreter's traceback would quote the error that was to be told."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("CANARY-in-exception")

    monkeypatch.setattr(place, broken)
    ended = slingshift("plan", tmp_path, "--profile", tmp_path / "missing")
    assert ended.code == 70
    assert "CANARY" not in ended.err + ended.out


def test_interruption_is_130(slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from migrate.plans import target_plan

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(target_plan, "plan_target", interrupted)
    ended = slingshift("plan", tmp_path)
    assert ended.code == 130
    assert "stopped" in ended.err


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m migrate --help | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.fixture
def pending(case: Callable[[str], Path], oauth_options: list[str]) -> list[str]:
    """`plan` with edits pending, whose diff is larger than a pipe."""
    root = case("digits-written-back")
    file = next(root.rglob("*provider.123456.config"))
    file.write_bytes(file.read_bytes() + b"# line\r\n" * 3 + b'filler="' + b"x" * 200_000 + b'"\r\n')
    return [sys.executable, "-m", "migrate", "plan", str(root), *oauth_options]


def through_shell(command: list[str], how: str) -> tuple[int, str]:
    """Exit code and standard error of a command with some redirections."""
    line = f"{shlex.join(command)} {how}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "how", ["| true; exit ${PIPESTATUS[0]}", "2>&1 | head -n 1; exit ${PIPESTATUS[0]}", ">&-", "2>&-", "<&-"]
)
def test_without_a_stream_the_exit_code_is_the_same(how: str, pending: list[str]) -> None:
    code, err = through_shell(pending, how)
    assert code == 1
    assert "Traceback" not in err
    assert "bug" not in err


def test_apply_goes_on_when_nobody_reads_the_plan(pending: list[str]) -> None:
    pending[3] = "apply"
    code, err = through_shell([*pending, "--yes"], "| true; exit ${PIPESTATUS[0]}")
    assert (code, "done; " in err) == (0, True)


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
@pytest.mark.parametrize(("how", "expected"), [("| true; exit ${PIPESTATUS[0]}", 1), ("> /dev/full", 4)])
def test_large_reports_behave_the_same(form: str, how: str, expected: int, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"com.example.Service{number}.config").write_text('a="x=y"\n')
    command = [sys.executable, "-m", "migrate", "lint", str(tmp_path), "--format", form]
    code, err = through_shell(command, how)
    assert (code, "bug" in err, "Traceback" in err) == (expected, False, False)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_a_full_disk_under_a_stream(pending: list[str]) -> None:
    code, err = through_shell(pending, "> /dev/full")
    assert (code, err) == (4, "slingshift: standard output cannot be written: No space left on device\n")
    assert through_shell(pending, "2> /dev/full")[0] == 1
    assert through_shell([*pending, "--wrong"], "2> /dev/full")[0] == 2


@pytest.mark.posix
def test_ctrl_c_in_a_process_leaves_no_traceback(tmp_path: Path) -> None:
    waited_for = tmp_path / "credentials.json"
    os.mkfifo(waited_for)
    command = [sys.executable, "-m", "migrate", "check-token", "--credentials", waited_for]
    # The pipe opens when the command opens its other end, so it is at work for sure.
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child,
        waited_for.open("wb"),
    ):
        child.send_signal(signal.SIGINT)
        _, err = child.communicate()
    assert b"Traceback" not in err
    assert child.returncode == 130


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), 0),
        ((0, 1), 1),
        ((1, 5), 5),
        ((5, 6), 6),
        ((6, 3), 3),
        ((3, 4), 4),
        ((4, 70), 70),
        ((4, 2), 2),
        ((70, 130), 130),
        ((0,), exits.OK),
    ],
)
def test_the_worst_code_wins(codes: tuple[int, ...], expected: int) -> None:
    assert worst(codes) == expected


@pytest.mark.parametrize("code", [7, 99, -1, 1000])
def test_an_unknown_code_is_an_error(code: int) -> None:
    with pytest.raises(ValueError, match=str(code)):
        worst([0, code])


def test_an_unknown_code_of_a_verb_is_a_bug(
    slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "X.config").write_text('a="1"\n')
    monkeypatch.setattr(exits, "CONFLICT", 44)
    assert slingshift("show", tmp_path / "gone").code == 70


def test_every_code_stands_in_the_table_once() -> None:
    codes = [value for name, value in vars(exits).items() if name.isupper() and type(value) is int]
    assert sorted(codes) == sorted(known.code for known in exits.TABLE)
    for known in exits.TABLE:
        assert worst([known.code]) == known.code


def test_what_typer_refuses_is_never_taken_for_work_to_do(
    slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of its errors have the code 1 of their own."""
    from migrate.cli.arguments import full

    class RefusedError(Exception):
        exit_code = 1

        def show(self) -> None:
            pass

    def refuse(*_: object) -> None:
        raise RefusedError

    monkeypatch.setattr(full, "_app", refuse)
    assert slingshift("lint", "--no-such-option", tmp_path).code == 2
