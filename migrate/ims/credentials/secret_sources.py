"""Where a secret may come from: an environment variable, a file, a prompt. Never the command line."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

from migrate.ims.credentials.credential import CredentialsError, read_limited
from migrate.integration.findings import WARNING, Finding
from migrate.integration.secret import Secret

MAX_SECRET_BYTES = 64 * 1024


def from_options(env: str | None, file: str | None) -> tuple[Secret | None, tuple[Finding, ...]]:
    """The secret of `--client-secret-env` or `--client-secret-file`, with the findings on the file; None without both.

    Raises:
        CredentialsError: both are given, or the one that is has none.
    """
    if env is not None and file is not None:
        raise CredentialsError(
            "--client-secret-env and --client-secret-file exclude each other", rule="two-sources"
        )
    if env is not None:
        return from_env(env), ()
    return from_file(file) if file is not None else (None, ())


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


def from_file(path: Path | str) -> tuple[Secret, tuple[Finding, ...]]:
    """The content of a file (``-``: standard input) without the one line break that editors put at the end.

    Returns:
        The secret, and a warning when the file can be read by others.

    Raises:
        CredentialsError: cannot be read, empty, too big, or not UTF-8.
    """
    source = "<stdin>" if str(path) == "-" else str(path)
    if source != "<stdin>" and not _exists(path):
        # What names no file may be the secret itself, given where the file's name belongs.
        raise CredentialsError(
            "there is no secret file of that name",
            rule="unreadable",
            fix="Give the file's name, not the secret",
        )
    data = read_limited(path, source, MAX_SECRET_BYTES)
    for ending in (b"\r\n", b"\n", b"\r"):
        if data.endswith(ending):
            data = data[: -len(ending)]
            break
    if not data:
        raise CredentialsError("is empty, so it holds no client secret", rule="secret-empty", source=source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise CredentialsError(
            "is not UTF-8 text, so it is not a client secret", rule="not-text", source=source
        )
    return Secret(text), mode_findings(path)


def _exists(path: Path | str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def from_prompt(
    what: str = "Client secret",
    fix: str = "Give it with --client-secret-env NAME or --client-secret-file FILE",
) -> Secret:
    """Ask on the terminal, without echo.

    Args:
        what: the question.
        fix: how else it can be given, for when there is no terminal.

    Raises:
        CredentialsError: there is no terminal, or nothing was typed.
    """
    import getpass

    if not sys.stdin.isatty():
        raise CredentialsError(
            f"no {what.lower()}, and there is no terminal to ask on",
            rule="secret-missing",
            fix=fix,
        )
    try:
        text = getpass.getpass(f"{what}: ")
    except (EOFError, OSError):
        text = ""
    if not text:
        raise CredentialsError(f"no {what.lower()} was given", rule="secret-missing")
    return _utf8(text, "the answer")


def _utf8(text: str, where: str) -> Secret:
    """A secret from outside; undecodable bytes arrive as lone surrogates, which nothing can send."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise CredentialsError(f"{where} is not UTF-8 text, so it is not a secret", rule="not-text")
    return Secret(text)


def mode_findings(path: Path | str) -> tuple[Finding, ...]:
    """A warning when a secret's file has a mode that lets others read it. Pipes and Windows have no such mode."""
    try:
        info = os.stat(path) if str(path) != "-" else None
    except OSError:
        info = None
    if os.name != "posix" or info is None or not stat.S_ISREG(info.st_mode) or not info.st_mode & 0o044:
        return ()
    return (
        Finding(
            "secret-file-mode",
            WARNING,
            f"other users of this machine can read this file (mode {stat.S_IMODE(info.st_mode):04o})",
            "Run: chmod 600 on it",
            str(path),
        ),
    )
