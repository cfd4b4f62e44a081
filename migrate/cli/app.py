"""The command line: finds the verb, imports that one, and turns every end into an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from migrate import __version__
from migrate.cli import console, exits

VERBS = {
    "plan": ("migrate.cli.plan", "plan", "Show what would change, as a masked diff."),
    "apply": ("migrate.cli.apply", "apply", "Carry a plan out, with a journal."),
    "undo": ("migrate.cli.undo", "undo", "Take a run back, byte for byte."),
    "scan": ("migrate.cli.scan", "scan", "List every provider and customizer."),
    "check-token": ("migrate.cli.check_token", "check_token", "Ask IMS for a token, as AEM would."),
    "sandbox": ("migrate.cli.sandbox", "sandbox", "Stand in for IMS, to rehearse."),
    "lint": ("migrate.cli.lint", "lint", "Find what AEM reads otherwise than it looks."),
    "fmt": ("migrate.cli.fmt", "fmt", "Lay out configurations as AEM's writers do."),
    "convert": ("migrate.cli.convert", "convert", "Write configurations in another form."),
    "show": ("migrate.cli.show", "show", "Print the typed values that AEM loads."),
}
"""Each verb's module and function, and its line in the list of commands."""


def run(arguments: Sequence[str]) -> int:
    """Run the command with some arguments; gives the exit code and never raises."""
    console.open_missing_streams()
    try:
        code = _app(arguments)(list(arguments), prog_name="slingshift", standalone_mode=False)
        sys.stdout.flush()
        if code == exits.INTERRUPTED:
            # What typer makes of Ctrl-C, without a word.
            _complain("stopped")
        return code if isinstance(code, int) else exits.OK
    except KeyboardInterrupt:
        _complain("stopped")
        return exits.INTERRUPTED
    except SystemExit:
        # What typer makes of a reader that went away while it prints the help (`--help | head -1`).
        return exits.OK
    except Exception as error:
        return _ended(error)


def _ended(error: Exception) -> int:
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):
        with contextlib.suppress(OSError):
            show()
        return code
    if type(error).__name__ == "Abort":
        _complain("stopped")
        return exits.INTERRUPTED
    if isinstance(error, typer.Exit):
        return error.exit_code
    return _bug(error)


def _bug(error: Exception) -> int:
    """A bug: name it without its text, which may quote a file."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = ""
    if traceback is not None:
        name = os.path.basename(traceback.tb_frame.f_code.co_filename)
        where = f" at {name}:{traceback.tb_lineno}"
    _complain(
        f"this is a bug in slingshift {__version__}: {type(error).__name__}{where}. Please report this line"
    )
    return exits.BUG


def _complain(text: str) -> None:
    console.note(f"slingshift: {text}")


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The app with the verb that is asked for, or with all of them for help and for typing errors."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_slingshift)
    verb = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name in [verb] if verb in VERBS else VERBS:
        module, function, summary = VERBS[name]
        app.command(name, short_help=summary)(getattr(import_module(module), function))
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"slingshift {__version__}\n")
        raise typer.Exit


def _slingshift(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Move AEM 6.5 configurations from JWT to OAuth Server-to-Server, without moving another byte.

    Exit codes: 0 done or nothing pending, 1 edits pending or hazards found, 2 usage, 3 some files refused,
    4 I/O error or stale plan, 5 token refused, 6 endpoint unreachable, 70 a bug.
    """
