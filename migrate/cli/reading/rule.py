"""`slingshift rule`: the page of a rule of lint."""

from __future__ import annotations

from typing import Annotated

from migrate.cli import console
from migrate.cli.arguments.declaring import argument
from migrate.cli.errors import UsageError
from migrate.cli.reading import pages

Name = Annotated[str | None, argument("RULE", "The rule; a list of all without it.")]


def rule(name: Name = None) -> None:
    """Show the page of a rule: what is written, what AEM loads, why, and how to write it right.

    Exit code 0: shown. 2: there is no such rule.
    """
    if name is None:
        console.result(pages.table(pages.titles("rules")), newline=False)
        return
    text = pages.page("rules", f"{name}.md")
    if text is None:
        import difflib

        known = [rule for rule, _ in pages.titles("rules")]
        near = difflib.get_close_matches(name, known, 3)
        hint = f"; is it {' or '.join(near)}?" if near else "; `slingshift rule` lists them"
        raise UsageError(f"there is no rule {name!r}{hint}")
    console.result(text, newline=False)
