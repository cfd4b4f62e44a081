"""How an option or an argument is declared for typer: spelled as help spells it, and what it does."""

from __future__ import annotations

from typing import Any

import typer


def option(spelled: str, told: str, between: tuple[float, float] | None = None) -> Any:
    """An option.

    Args:
        spelled: its names and, where help shows a word for the value, that: ``--scope SCOPES``, ``--quiet -q``.
        told: what it does, as help says it.
        between: the least and the greatest number that it takes.
    """
    words = spelled.split(" ")
    names = [word for word in words if word.startswith("-")]
    metavar = words[-1] if words[-1] not in names else None
    least, greatest = between or (None, None)
    return typer.Option(*names, metavar=metavar, help=told, min=least, max=greatest)


def argument(metavar: str | None, told: str) -> Any:
    """An argument: the word that help shows for it, the parameter's own name by default, and what it does."""
    return typer.Argument(metavar=metavar, help=told)
