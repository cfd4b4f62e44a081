"""`slingshift passes`: the steps of the migration."""

from __future__ import annotations

from typing import Annotated

from migrate.cli import console
from migrate.cli.arguments.declaring import argument
from migrate.cli.errors import UsageError
from migrate.cli.reading import pages

Name = Annotated[str | None, argument("PASS", "The pass; a list of all without it.")]


def passes(name: Name = None) -> None:
    """List the passes in their order, or show the page of one; their names are for --only and --skip.

    Exit code 0: shown. 2: there is no such pass.
    """
    from migrate.passes import registered

    if name is None:
        told = dict(pages.titles("passes"))
        console.result(pages.table([(one, told.get(one, "")) for one in registered()]), newline=False)
        return
    text = pages.page("passes", f"{name}.md")
    if text is None or name not in registered():
        raise UsageError(f"no pass is called {name!r}; there are {', '.join(registered())}")
    console.result(text, newline=False)
