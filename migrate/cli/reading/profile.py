"""`slingshift profile`: the built-in profile, to start one's own from."""

from __future__ import annotations

from typing import Annotated

from migrate.cli import console
from migrate.cli.arguments.declaring import argument
from migrate.cli.errors import UsageError
from migrate.cli.reading import pages

What = Annotated[
    str, argument("show|help", "show: the built-in profile as TOML; help: what a profile may say.")
]


def profile(what: What = "show") -> None:
    """Show the built-in profile, or what a profile may say; `scan --suggest-profile` makes one for another service.

    Exit code 0: shown. 2: neither is asked for.
    """
    if what == "show":
        from importlib.resources import files

        path = files("migrate").joinpath("integration", "profiles", "smart-tags.toml")
        console.result(path.read_text("utf-8"), newline=False)
    elif what == "help":
        console.result(pages.page("profiles.md") or "", newline=False)
    else:
        raise UsageError(f"profile {what}: write `slingshift profile show` or `slingshift profile help`")
