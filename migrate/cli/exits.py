"""Exit codes of the command, and which one wins when several apply (docs/exit-codes.md)."""

from __future__ import annotations

from collections.abc import Iterable

OK = 0
PENDING = 1
"""Edits pending (plan), hazards (lint), would reformat (fmt --check)."""
USAGE = 2
REFUSED = 3
"""Some files refused, the rest handled."""
CONFLICT = 4
"""I/O error, stale plan, or a conflict with a newer run."""
TOKEN_REFUSED = 5
UNREACHABLE = 6
BUG = 70
INTERRUPTED = 130
"""Ctrl-C: 128 and the number of the signal, as shells have it."""


class Exit(Exception):  # noqa: N818 - no error, as SystemExit is none
    """The command ends here, with `code`; what there was to say is said."""

    def __init__(self, code: int = OK) -> None:
        super().__init__(code)
        self.code = code


_WORST_FIRST = (BUG, CONFLICT, REFUSED, UNREACHABLE, TOKEN_REFUSED, PENDING, OK)


def worst(codes: Iterable[int]) -> int:
    """The code that wins."""
    seen = set(codes)
    return next((code for code in _WORST_FIRST if code in seen), OK)
