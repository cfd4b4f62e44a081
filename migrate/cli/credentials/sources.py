"""Where a secret may come from: an environment variable, a file, another command, a prompt. Never the command line.

What is typed on a terminal is never shown there.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from migrate.cli import console
from migrate.ims.credentials.errors import GIVE_SECRET, CredentialsError
from migrate.ims.credentials.files import STDIN, limited, mode_findings, read_limited
from migrate.integration.findings import Finding
from migrate.integration.secret import Secret

MAX_SECRET_BYTES = 64 * 1024
MAX_TYPED_BYTES = 4 * 1024 * 1024
"""Of standard input, which may be a whole file."""
COMMAND_SECONDS = 60.0
"""How long a command may take; the person whom it asks for a password needs some of it."""


class What(NamedTuple):
    """A secret, by its names.

    Attributes:
        name: as people call it.
        option: as the options do that say where it is.
    """

    name: str
    option: str


CLIENT_SECRET = What("client secret", "--client-secret")
PASSWORD = What("password", "--password")


def given(
    what: What, env: str | None, file: str | None, command: str | None
) -> tuple[Secret | None, tuple[Finding, ...]]:
    """The secret of `--client-secret-env`, `-file` or `-command`, and what is worth saying; None without them.

    Raises:
        CredentialsError: more than one is given, or the one that is has none.
    """
    options = {"env": env, "file": file, "command": command}
    names = [f"{what.option}-{name}" for name, value in options.items() if value is not None]
    if len(names) > 1:
        raise CredentialsError(f"{' and '.join(names)} exclude each other", rule="two-sources")
    if env is not None:
        return from_env(env), ()
    if command is not None:
        return from_command(command, what), ()
    with option(f"{what.option}-file"):
        return from_file(file, what.name.capitalize()) if file is not None else (None, ())


def from_env(name: str) -> Secret:
    """The value of an environment variable, as it is.

    Raises:
        CredentialsError: not set, or empty.
    """
    value = os.environ.get(name) if name and "=" not in name and "\0" not in name else None
    if not value:
        # What does not look like a variable's name may be the secret itself, given where its name belongs.
        shown = name if re.fullmatch("[A-Z][A-Z_]{0,39}", name) else "of that name"
        state = "is not set" if value is None else "is empty"
        raise CredentialsError(
            f"the environment variable {shown} {state}",
            rule="secret-env",
            fix="Give the variable's name, not the secret, and export it for this command only",
        )
    return _utf8(value, "the environment variable")


def from_file(path: str, what: str = "Client secret") -> tuple[Secret, tuple[Finding, ...]]:
    """The content of a file (``-``: standard input) without the one line break that editors put at the end.

    Returns:
        The secret, and a warning when the file can be read by others.

    Raises:
        CredentialsError: cannot be read, empty, too big, or not UTF-8.
    """
    with _terminal(path) as terminal:
        if terminal is not None:
            return _secret(_typed_line(what, terminal), STDIN), ()
    if path == "-":
        return _secret(standard_input(MAX_SECRET_BYTES), STDIN), ()
    return _secret(read_limited(path, MAX_SECRET_BYTES), path), mode_findings(path)


_remembered: dict[tuple[str, What | None], Secret | CredentialsError] | None = None


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Within the block, the outermost one, a command runs once, however many targets have their secret from it, and
    what was typed is not asked for again.
    """
    global _remembered
    before, _remembered = _remembered, {} if _remembered is None else _remembered
    try:
        yield
    finally:
        _remembered = before


def from_command(command: str, what: What = CLIENT_SECRET) -> Secret:
    """The standard output of a command, which runs without a shell, without the one line break at its end.

    Standard input and standard error are the command's own, so that it can ask for a password and say what is wrong.
    Its output is never shown.

    Raises:
        CredentialsError: it cannot be run, fails, takes too long, or prints no secret.
    """
    if _remembered is None:
        return _of_command(command, what)
    if (command, what) not in _remembered:
        try:
            _remembered[command, what] = _of_command(command, what)
        except CredentialsError as error:
            # Asked for each of sixty targets, a vault that says no may lock its user out.
            _remembered[command, what] = error
    found = _remembered[command, what]
    if isinstance(found, CredentialsError):
        raise found
    return found


def _of_command(command: str, what: What) -> Secret:
    import shlex

    source, output = f"the command for the {what.name}", f"the output of the command for the {what.name}"
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise CredentialsError(f"{what.option}-command has quotes that do not match", rule="secret-command")
    data, code = _output(words, source)
    if code is None:
        problem = f"{source} took longer than {COMMAND_SECONDS:g} s and was stopped"
        raise CredentialsError(problem, rule="secret-command")
    if code != 0:
        end = f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
        raise CredentialsError(f"{source} {end}", rule="secret-command")
    return _secret(data, output)


def _output(words: list[str], source: str) -> tuple[bytes, int | None]:
    """What a command prints, and its exit code; None for one that had to be stopped."""
    import subprocess
    import threading

    read: list[bytes] = []
    try:
        child = subprocess.Popen(words, stdout=subprocess.PIPE)
    except (OSError, ValueError) as error:
        # What cannot be found may be the secret itself, given where the command belongs.
        reason = getattr(error, "strerror", None) or "not a command"
        raise CredentialsError(
            f"{source} cannot be run: {reason}",
            rule="secret-command",
            fix="Give the command that prints the secret, not the secret",
        ) from None
    assert child.stdout is not None
    stream = child.stdout

    def take() -> None:
        with stream:
            read.append(stream.read(MAX_SECRET_BYTES + 1))

    # Whatever the command has started may keep the pipe open when it is stopped itself: a thread can be left behind.
    reader = threading.Thread(target=take, daemon=True)
    reader.start()
    try:
        reader.join(COMMAND_SECONDS)
        if not read:
            return b"", None
        return limited(read[0], source, MAX_SECRET_BYTES), child.wait(COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        return b"", None
    finally:
        child.kill()
        child.wait()


def from_prompt(what: str = "Client secret", fix: str = GIVE_SECRET) -> Secret:
    """Ask on the terminal, without echo.

    Args:
        what: the question. It has to say whose secret is meant where there may be several.
        fix: how else it can be given, for when there is no terminal.

    Raises:
        CredentialsError: there is no terminal, or nothing was typed.
    """
    import getpass

    if _remembered is not None and isinstance(known := _remembered.get((what, None)), Secret):
        return known
    if not sys.stdin.isatty():
        raise CredentialsError(
            f"no {what[0].lower()}{what[1:]}, and there is no terminal to ask on",
            rule="secret-missing",
            fix=fix,
        )
    try:
        text = getpass.getpass(f"{what}: ")
    except (EOFError, OSError):
        text = ""
    if not text:
        raise CredentialsError(f"no {what[0].lower()}{what[1:]} was given", rule="secret-missing")
    typed = _utf8(text, "the answer")
    if _remembered is not None:
        _remembered[what, None] = typed
    return typed


def content(path: str) -> bytes | Path:
    """What an option names that may hold secrets: the bytes of standard input for ``-`` or of a terminal, else the
    file.
    """
    with _terminal(path) as terminal:
        if terminal is not None:
            return _typed(terminal, MAX_TYPED_BYTES)
    return standard_input() if path == "-" else Path(path)


@contextlib.contextmanager
def option(name: str) -> Iterator[None]:
    """Let an error that cannot name a file, because it may be none, name the option at least."""
    try:
        yield
    except CredentialsError as error:
        if error.rule == "unreadable" and not error.source:
            error.message = f"{name}: {error.message}"
        raise


def standard_input(limit: int = MAX_TYPED_BYTES) -> bytes:
    """Standard input to its end, and not more of it than one byte beyond the limit. A terminal does not show it.

    Raises:
        CredentialsError: it is too long.
    """
    if sys.stdin.isatty():
        return _typed(sys.stdin.buffer, limit)
    return limited(sys.stdin.buffer.read(limit + 1), STDIN, limit)


@contextlib.contextmanager
def _terminal(path: str) -> Iterator[BinaryIO | None]:
    """The terminal that a file's name stands for, if it is one: ``-`` may be, ``/dev/tty`` and ``/dev/stdin``, too."""
    try:
        is_device = path != "-" and stat.S_ISCHR(os.stat(path).st_mode)
    except (OSError, ValueError):
        is_device = False
    if not is_device:
        yield sys.stdin.buffer if path == "-" and sys.stdin.isatty() else None
        return
    with contextlib.ExitStack() as stack:
        try:
            stream = stack.enter_context(open(path, "rb"))
        except OSError:
            # Whoever reads the file says why it cannot be.
            yield None
        else:
            yield stream if stream.isatty() else None


def _typed(terminal: BinaryIO, limit: int) -> bytes:
    """What is typed on a terminal, to its end."""
    console.note("Reading from the terminal, which does not show it; Ctrl-D ends it")
    with _without_echo(terminal):
        return limited(terminal.read(limit + 1), STDIN, limit)


def _typed_line(what: str, terminal: BinaryIO) -> bytes:
    """One line of a terminal."""
    console.note(f"{what}: ", end="")
    with _without_echo(terminal):
        line = terminal.readline(MAX_SECRET_BYTES + 1)
    console.note("")
    return limited(line, STDIN, MAX_SECRET_BYTES)


@contextlib.contextmanager
def _without_echo(terminal: BinaryIO) -> Iterator[None]:
    """Keep a terminal from showing what is typed. Nothing typed already is thrown away."""
    if sys.platform == "win32":
        raise CredentialsError(
            "standard input is a terminal, which would show what is typed",
            rule="terminal",
            fix="Use a pipe or a file",
        )
    import termios

    number = terminal.fileno()
    before = termios.tcgetattr(number)
    silent = list(before)
    silent[3] = before[3] & ~termios.ECHO
    termios.tcsetattr(number, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _secret(data: bytes, source: str) -> Secret:
    """The text of a secret, without the one line break that editors and commands put at its end."""
    for ending in (b"\r\n", b"\n", b"\r"):
        if data.endswith(ending):
            data = data[: -len(ending)]
            break
    if not data:
        raise CredentialsError("is empty, so it holds no secret", rule="secret-empty", source=source)
    if (lines := len(data.splitlines())) > 1:
        raise CredentialsError(
            f"has {lines} lines, and a secret is one",
            rule="secret-lines",
            fix="Let nothing else be there; of a command, sh -c 'COMMAND | head -n 1' takes the first",
            source=source,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise CredentialsError("is not UTF-8 text, so it is no secret", rule="not-text", source=source)
    return Secret(text)


def _utf8(text: str, where: str) -> Secret:
    """A secret from outside; undecodable bytes arrive as lone surrogates, which nothing can send."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise CredentialsError(f"{where} is not UTF-8 text, so it is not a secret", rule="not-text")
    return Secret(text)
