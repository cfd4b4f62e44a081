"""Reading the files that hold credentials, keys and secrets: bounded, and never quoting what may be one itself."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grammar import patterns
from migrate.ims.credentials.errors import CredentialsError
from migrate.integration.findings import WARNING, Finding

MAX_BYTES = 1024 * 1024
"""A credential file has a few hundred bytes; a project JSON a few thousand."""
STDIN = "<stdin>"
"""What to call bytes that came in a pipe."""
_LIKE_A_NAME = patterns.lazy(r"[\w .~/\\:+-]{1,200}\.(?:json|env|txt|zip|pem|key|crt|cer|der|p12|pfx)")


def read_limited(path: Path | str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, also of a pipe.

    Raises:
        CredentialsError: cannot be read, is a folder, or is bigger than the limit.
    """
    source = str(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(limit + 1)
        problem = ""
    except IsADirectoryError:
        problem = "is a folder; name the file in it"
    except (OSError, ValueError) as error:
        problem = f"cannot be read: {getattr(error, 'strerror', None) or 'not a file name'}"
    if problem and not (_exists(path) or _LIKE_A_NAME.fullmatch(source)):
        # What names no file may be the secret itself, or a JSON with one, given where the file's name belongs.
        raise CredentialsError(
            "there is no file of the name that was given",
            rule="unreadable",
            fix="Give the file's name, not the secret or the file's content",
        )
    if problem:
        raise CredentialsError(problem, rule="unreadable", source=source)
    return limited(data, source, limit)


def limited(data: bytes, source: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes, when they are few enough to be what they should be.

    Raises:
        CredentialsError: they are not.
    """
    if len(data) <= limit:
        return data
    raise CredentialsError(
        f"is bigger than {limit // 1024} KiB, which no credential file is",
        rule="too-big",
        fix="Check that this is the file you meant",
        source=source,
    )


def _exists(path: Path | str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def mode_findings(path: Path | str) -> tuple[Finding, ...]:
    """A warning when a secret's file has a mode that lets others read it. Pipes and Windows have no such mode."""
    try:
        info = os.stat(path)
    except (OSError, ValueError):
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
