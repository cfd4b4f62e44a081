"""How far a long job is: a bar on the terminal that is gone when the job is done."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from migrate.cli import console

_FROM = 1_000
_STEP = 250
_WIDTH = 30


class Progress:
    """Draws on standard error, and only where a person looks at it and waits.

    Args:
        total: how many there are; None where nobody knows, and then they are counted only.
        quiet: draw nothing.
        what: of what.
        least: how many there must be to make anybody wait.
    """

    def __init__(
        self, total: int | None, *, quiet: bool = False, what: str = "files", least: int = _FROM
    ) -> None:
        self.total = total
        self.what = what
        is_long = total is None or total >= least
        self.shown = not quiet and is_long and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __call__(self, done: int) -> None:
        """Draw the bar with `done` of them."""
        if self.shown and self.total is None:
            console.draw(f"{done:,} {self.what}")
        elif self.shown and self.total is not None:
            full = _WIDTH * done // self.total
            bar = "#" * full + "-" * (_WIDTH - full)
            console.draw(f"[{bar}] {done:,} of {self.total:,} {self.what}")

    def at(self, number: int) -> None:
        """Hear of every file, draw now and then."""
        if number % _STEP == 0:
            self(number)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            console.draw("")
