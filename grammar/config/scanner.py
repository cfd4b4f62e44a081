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

from grammar import patterns
from grammar.config import compiled

_REST = r"|([\s\S]+)"
"""What fits nothing, up to the end of the text."""
_ENTRY = patterns.lazy(compiled.ENTRY + _REST)
_TRIVIA = patterns.lazy(compiled.TRIVIA)
_ASCII_ENTRY = patterns.lazy(compiled.ASCII_ENTRY + _REST)
_ASCII_TRIVIA = patterns.lazy(compiled.ASCII_TRIVIA)
_ASCII_OUTLINE = patterns.lazy(compiled.ASCII_OUTLINE + _REST)
_regs = operator.attrgetter("regs")


class Entry(NamedTuple):
    """Where one occurrence of a property stands, as offsets into the text."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int


def entries(text: str, at: int = 0) -> Iterator[Entry]:
    """The entries from an offset on, up to the first that is none, each when it is asked for."""
    # One match after the other, as in re.Scanner; not finditer, which looks for the next one further on.
    entry = _ASCII_ENTRY if text.isascii() else _ENTRY
    matches = iter(entry.scanner(text, at).match, None)  # type: ignore[attr-defined]
    for (_, value_end), (key_start, equals), _ in map(_regs, matches):
        # The end, and what fits nothing, have no key.
        if equals >= 0:
            yield Entry(key_start, equals, equals + 1, value_end)


class Keys(NamedTuple):
    """What most files are asked for, and nothing else.

    Attributes:
        raw: the key of every entry as the text has it, in order.
        is_plain: whether no key is known to have a backslash, and in strings none is known to do more than to keep a
            blank, an equals sign, a quote or another one. False where nobody has looked.
    """

    raw: list[str]
    is_plain: bool = False


def keys(text: str) -> Keys | None:
    """The keys of a text; None for one that is none of the grammar.

    It takes half the time of `entries`, or less.
    """
    found = _of_outline(text)
    if found is not None:
        return Keys(found, is_plain=True)
    found = _keys(_ASCII_ENTRY if text.isascii() else _ENTRY, text)
    return None if found is None else Keys(found)


def _of_outline(text: str) -> list[str] | None:
    """The keys of a plain text; None of every other one.

    The strings are taken out at their quotes first: what they hold is most of a text, and a search goes character by
    character.
    """
    outline = text
    for escape in (r"\\", r"\""):
        # From the left, so that of a row of backslashes two at a time belong together.
        outline = outline.replace(escape, r"\ ") if escape in outline else outline
    parts = outline.split('"')
    strings = '"'.join(parts[1::2]).replace(r"\ ", "").replace(r"\=", "")
    if len(parts) % 2 == 0 or "\\" in strings or "=" in strings:
        return None
    outline = '"'.join(parts[::2])
    found = _keys(_ASCII_OUTLINE, outline) if outline.isascii() else None
    return None if found is None or "\\" in "".join(found) else found


def _keys(pattern: re.Pattern[str], text: str) -> list[str] | None:
    found = pattern.findall(text)
    # Behind the last entry, and behind the rest, there is a match without either.
    if any(rest for _, rest in found[-2:]):
        return None
    return [key for key, _ in found if key]


def ends(text: str, at: int) -> bool:
    """Whether nothing but blank lines and comments follows."""
    trivia = _ASCII_TRIVIA if text.isascii() else _TRIVIA
    return trivia.fullmatch(text, at) is not None
