"""Exit codes of the command, and which one wins when several apply (docs/exit-codes.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrate.errors import MigrateError

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


_OF_ERRORS = {
    "MigrateError": USAGE,
    "TargetError": CONFLICT,
    "PackageError": CONFLICT,
    "OverlapError": USAGE,
    "ApplyError": CONFLICT,
    "StalePlanError": CONFLICT,
    "FileError": CONFLICT,
    "TokenError": UNREACHABLE,
}
"""By the names of the classes, so that nothing has to be loaded to fail; the nearest base class counts."""


def of(error: MigrateError) -> int:
    """The code for an error of the library. A token error says by itself whether IMS refused, or nothing was sent."""
    if getattr(error, "refused", False):
        return TOKEN_REFUSED
    if getattr(error, "usage", False):
        return USAGE
    if getattr(error, "kind", None) == "stopped":
        return INTERRUPTED
    return next(_OF_ERRORS[base.__name__] for base in type(error).__mro__ if base.__name__ in _OF_ERRORS)
