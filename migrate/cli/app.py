"""The command line: finds the verb, imports that one, and turns every end into an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from migrate.cli import console, exits
from migrate.cli.arguments import plain, verbs
from migrate.errors import MigrateError, bug


def run(arguments: Sequence[str]) -> int:
    """Run the command with some arguments; gives the exit code and never raises."""
    try:
        return _ended(arguments)
    except Exception as error:
        return _bug(error)


def _ended(arguments: Sequence[str]) -> int:
    console.open_missing_streams()
    if os.name == "nt":
        from migrate.cli import windows

        windows.prepare()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except exits.Exit as end:
        code = end.code
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    except MigrateError as error:
        # The only place that turns what the library says went wrong into an exit code.
        console.tell(error)
        code = exits.of(error)
    if code == exits.INTERRUPTED:
        _complain("stopped")
    return code


def _run(arguments: Sequence[str]) -> int:
    line = plain.read(arguments)
    if line is None:
        from migrate.cli.arguments import full

        return full.run(arguments)
    verbs.call(*line)
    return exits.OK


def _bug(error: Exception) -> int:
    # What fails here, too, is not to be told by the interpreter, which would quote everything.
    with contextlib.suppress(Exception):
        _complain(bug(error))
    return exits.BUG


def _complain(text: str) -> None:
    console.note(f"slingshift: {text}")
