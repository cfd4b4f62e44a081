"""The two streams: results go to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn, TextIO

from migrate.cli import exits
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.errors import MigrateError
    from migrate.texts.writer import Writer, Written


_AT_ONCE = 1 << 16
"""Characters that are written at once: a write for each piece of a large report takes most of its time."""


def result(text: str, *, newline: bool = True) -> None:
    """Write a result. UTF-8 whatever the locale; lone surrogates are escaped, never an error.

    When the reader has gone away (`| head -1`) the command goes on without one: what it does, and its exit code,
    are the same. When the disk is full it leaves with code 4.
    """
    raw((text + ("\n" if newline else "")).encode("utf-8", "backslashreplace"))


def carriage_return() -> str:
    """What stands for one at the end of a line of a diff: people must see it, and `git apply` must find it."""
    return "^M" if sys.stdout.isatty() else "\r"


def pieces(texts: Iterable[str]) -> None:
    """Write a result bit by bit, and a line end after it: it may be larger than memory should hold twice."""
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text)
        if size > _AT_ONCE:
            result("".join(some), newline=False)
            some, size = [], 0
    result("".join(some))


def raw(data: bytes) -> None:
    """Write a result that is a file's content, byte for byte."""
    shown, is_seen = _bar, bool(_bar) and sys.stdout.isatty()
    try:
        if is_seen:
            draw("")
        _write(sys.stdout, data)
        if is_seen and data.endswith(b"\n"):
            draw(shown)
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        fail(f"standard output cannot be written: {error.strerror}", exits.CONFLICT)


_CLEAR = "\r\x1b[K"
_bar = ""
"""What is drawn on the last line of the terminal at present."""


def draw(bar: str) -> None:
    """Draw a bar in the place of the last one; none at all with an empty text. Messages go above it."""
    global _bar
    if bar or _bar:
        with contextlib.suppress(OSError):
            _write(sys.stderr, f"{_CLEAR if _bar else ''}{bar}".encode())
    _bar = bar


def _above_the_bar(data: bytes) -> bytes:
    return _CLEAR.encode() + data + _bar.encode() if _bar and data.endswith(b"\n") else data


def note(text: str, *, end: str = "\n") -> None:
    """Write a message for the person at the terminal; what comes from files cannot steer it.

    Where it cannot be written there is nobody to tell.
    """
    data = "\n".join(map(printable, text.split("\n"))) + end
    try:
        _write(sys.stderr, _above_the_bar(data.encode("utf-8", "backslashreplace")))
    except OSError:
        _silence(sys.stderr)


def line(text: str) -> None:
    """Write a message of one line, even when a file name in it has more of them."""
    note(printable(text))


def colored(text: str) -> None:
    """Write a message of one line that has colours of our own; the rest of it was made printable before."""
    try:
        _write(sys.stderr, _above_the_bar(f"{text}\n".encode("utf-8", "backslashreplace")))
    except OSError:
        _silence(sys.stderr)


def error(text: str) -> None:
    """Print one line about what went wrong; never silenced."""
    note(f"slingshift: {text}")


def tell(problem: MigrateError) -> None:
    """Print what the library says went wrong, and which files it concerns where there are several."""
    for path in getattr(problem, "files", ()):
        note(f"  {path}")
    error(str(problem))


def fail(text: str, code: int = exits.USAGE) -> NoReturn:
    """Print one line and leave with `code`."""
    error(text)
    raise exits.Exit(code)


def agree(yes: bool, question: str) -> None:
    """Ask before something is changed, unless the user has said `yes` beforehand; without consent the command ends."""
    if yes:
        return
    if not can_ask():
        fail("nothing was changed: there is no terminal to ask on; say --yes")
    if not confirm(question):
        fail("nothing was changed", exits.PENDING)


def confirm(question: str) -> bool:
    """Ask on the terminal. Ctrl-C and the end of the input stop the command."""
    import typer

    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise exits.Exit(exits.INTERRUPTED) from None


def finish(writer: Writer) -> tuple[Written, list[int]]:
    """Let a writer write, and say what went wrong; gives what came of it, and a code for each error."""
    written = writer.finish()
    for failed in written.errors:
        error(printable(str(failed)))
    return written, [exits.of(failed) for failed in written.errors]


def can_ask() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def refuse_to_show(secrets: bool) -> None:
    """Secrets in clear are for the eyes of whoever asked: not for a file, a pipe or a log."""
    if secrets and not sys.stdout.isatty():
        fail("--show-secrets works on a terminal only")


def use_color(choice: str, stream: object = None) -> bool:
    """Resolve --color auto|always|never; NO_COLOR (https://no-color.org) turns `auto` off."""
    if choice != "auto":
        return choice == "always"
    isatty = getattr(stream or sys.stdout, "isatty", lambda: False)
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(isatty())


def open_missing_streams() -> None:
    """Give the process the streams that whoever started it closed, before a file of ours takes their numbers."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _write(stream: TextIO, data: bytes) -> None:
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(data.decode("utf-8", "backslashreplace"))
        return
    stream.flush()
    buffer.write(data)
    buffer.flush()


def _silence(stream: TextIO) -> None:
    """Nothing more can be written there; keep Python from complaining about what is left in its buffer."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
