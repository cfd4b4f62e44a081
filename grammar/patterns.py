"""Regular expressions that are compiled when they are first used.

A command that reads one file needs a third of those that its modules know, and compiling them all takes longer than
its work.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` makes of a pattern, made at its first use; a wrong one fails then, so a test asks each."""
    # A stand-in, not a pattern: `re` functions do not take it, its methods are the pattern's own.
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


class _Lazy(Generic[AnyStr]):
    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self.pattern, self._flags)
        for method in ("match", "fullmatch", "search", "finditer", "findall", "sub", "split", "scanner"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
