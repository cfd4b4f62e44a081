"""The two streams: results go to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import typer

from migrate.cli import exits
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.lint.packed import Writer


def result(text: str, *, newline: bool = True) -> None:
    """Write a result. UTF-8 whatever the locale; lone surrogates are escaped, never an error."""
    _write(sys.stdout, text, newline)


def raw(data: bytes) -> None:
    """Write a result that is a file's content, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """Write a message for the person at the terminal; what comes from files cannot steer it."""
    _write(sys.stderr, "\n".join(map(printable, text.split("\n"))), True)


def line(text: str) -> None:
    """Write a message of one line, even when a file name in it has more of them."""
    note(printable(text))


def fail(text: str, code: int = exits.USAGE) -> NoReturn:
    """Print one line and leave with `code`."""
    note(f"slingshift: {text}")
    raise typer.Exit(code)


def finish(writer: Writer, *, quiet: bool = False) -> list[int]:
    """Let a writer rewrite the packages, and say so; gives an exit code for each one that stays as it was."""
    codes = []
    for line in writer.finish():
        if isinstance(line, Exception):
            codes.append(exits.CONFLICT)
            note(f"slingshift: {line}")
        elif not quiet:
            note(line)
    return codes


def use_color(choice: str, stream: object = None) -> bool:
    """Resolve --color auto|always|never; NO_COLOR (https://no-color.org) turns `auto` off."""
    if choice != "auto":
        return choice == "always"
    isatty = getattr(stream or sys.stdout, "isatty", lambda: False)
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(isatty())


def _write(stream: object, text: str, newline: bool) -> None:
    data = (text + ("\n" if newline else "")).encode("utf-8", "backslashreplace")
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(data.decode("utf-8"))  # type: ignore[attr-defined]
        return
    stream.flush()  # type: ignore[attr-defined]
    buffer.write(data)
    buffer.flush()
