"""The entries of a `.config`, as fast as Python can find them.

The language of ``config.lark`` is regular, so one regular expression reads an entry. `make tables` derives it from the
grammar (:mod:`grammar.config.compiled`); nothing here says in other words what the grammar says. Where it does not
match, the text does not fit the grammar, and :mod:`grammar.config.errors` says why.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from typing import NamedTuple

from grammar.config import compiled

_ENTRY = re.compile(compiled.ENTRY)
_TRIVIA = re.compile(compiled.TRIVIA)
_regs = operator.attrgetter("regs")


class Entry(NamedTuple):
    """Where one occurrence of a property stands, as offsets into the text."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int


def entries(text: str, at: int = 0) -> Iterator[Entry]:
    """The entries from an offset on, up to the first that is none, each when it is asked for."""
    # One match after the other, as in re.Scanner; not finditer, which looks for the next one further on. Empty
    # groups stand before the key and before the equals sign.
    matches = iter(_ENTRY.scanner(text, at).match, None)  # type: ignore[attr-defined]
    for (_, value_end), (key_start, _), (equals, _) in map(_regs, matches):
        yield Entry(key_start, equals, equals + 1, value_end)


def ends(text: str, at: int) -> bool:
    """Whether nothing but blank lines and comments follows."""
    return _TRIVIA.fullmatch(text, at) is not None
