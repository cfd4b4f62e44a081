"""The command line as data, read from what the verbs declare: for the manual and for the shells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli.arguments import full
from migrate.cli.arguments.verbs import VERBS

if TYPE_CHECKING:
    from typer.core import TyperCommand


class Option(NamedTuple):
    """An option.

    Attributes:
        names: its spellings.
        value: what its value is called; empty for a flag.
        choices: the values that it takes, if they can be counted.
        help: one line.
    """

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str


class Command(NamedTuple):
    """A verb.

    Attributes:
        name: of the verb.
        summary: one line.
        about: what its help says.
        argument: how its arguments are written.
        options: in the order of the help.
    """

    name: str
    summary: str
    about: str
    argument: str
    options: tuple[Option, ...]


HELP = Option(("-h", "--help"), "", (), "Show this help and leave.")
VERSION = Option(("--version",), "", (), "Print the version and leave.")


def commands() -> list[Command]:
    """Every verb, in the order of the help."""
    return [_command(name, summary) for name, (_, summary) in VERBS.items()]


def _command(name: str, summary: str) -> Command:
    declared = full.command(name)
    argument = next(one for one in declared.params if one.param_type_name == "argument")
    written = argument.metavar or (argument.name or "").upper()
    if argument.nargs == -1 and "..." not in written:
        written += "..."
    if not argument.required and not written.startswith("["):
        written = f"[{written}]"
    about = "\n\n".join(" ".join(part.split()) for part in (declared.help or "").split("\n\n"))
    return Command(name, summary, about, written, (*_options(declared), HELP))


def _options(declared: TyperCommand) -> Iterator[Option]:
    for one in declared.params:
        if one.param_type_name != "option" or getattr(one, "hidden", False):
            continue
        choices = tuple(str(getattr(choice, "value", choice)) for choice in getattr(one.type, "choices", ()))
        value = "" if getattr(one, "is_flag", False) else one.metavar or (one.name or "").upper()
        names = tuple(sorted((*one.opts, *one.secondary_opts), key=len))
        yield Option(names, value, choices, " ".join((getattr(one, "help", "") or "").split()))
