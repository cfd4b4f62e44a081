"""A `.cfg.json` as text: where its members stand, and where comments do."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from grammar import patterns
from grammar.cfgjson.json import STRING
from grammar.places import Lines

COMMENT = r"//[^\n]*+|/\*(?>[^*]++|\*(?!/))*+\*/"
"""A regular expression for a whole comment; with re.DOTALL, as the others."""
PIECE = patterns.lazy(rf"{STRING}|{COMMENT}|/\*.*+", re.DOTALL)
"""A string, or a comment, which the end of the text may cut short."""

_TOKEN = patterns.lazy(rf'{STRING}|[\[{{]|[\]}}]|[,:]|[^\s"\[\]{{}},:]++', re.DOTALL)
_INSIDE = patterns.lazy(r"/\*(?:(?!\*/)[^\r\n])*\*/")
"""A comment that leaves no line break."""
_SPLIT = patterns.lazy(
    rf"{STRING}|(?<=[\w.+-])((?:(?:{_INSIDE.pattern})++[\w.+-]++)++)|{COMMENT}|/\*.*+", re.DOTALL
)
_NOT_BREAK = patterns.lazy(r"[^\r\n]")


class Entry(NamedTuple):
    """Where one member of the root object stands, as offsets into the text; comma is -1 after the last one."""

    key_start: int
    key_end: int
    value_start: int
    value_end: int
    comma: int


class CfgJsonText(Lines):
    """A text that is JSON with comments.

    Attributes:
        raw: the text; in one with bytes that are not UTF-8 each of them is one of U+DC80 to U+DCFF.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw

    @functools.cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every member of the root object, in order."""
        return tuple(entries(blanked(self.raw)))


def blanked(text: str) -> str:
    """The text with blanks for comments, every other character at its place."""
    if "//" not in text and "/*" not in text:
        return text
    return PIECE.sub(lambda found: _NOT_BREAK.sub(" ", found[0]) if is_comment(found[0]) else found[0], text)


def joined(text: str) -> str:
    """The text with every token that comments split in one piece, as the readers read it, and blanks for the comments.

    Every other character stays at its place.
    """
    return _SPLIT.sub(_in_one_piece, text) if "/*" in text else text


def _in_one_piece(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return _INSIDE.sub("", found[1]).ljust(len(found[1]))


def is_comment(piece: str) -> bool:
    """Whether a piece is a whole comment: no string, and no block comment without an end."""
    return piece.startswith("//") or (piece.startswith("/*") and len(piece) > 3 and piece.endswith("*/"))


def entries(clean: str) -> list[Entry]:
    found: list[Entry] = []
    starts: list[int] = []
    depth = end = 0
    for token in _TOKEN.finditer(clean):
        char = token[0]
        if depth == 1 and char in (",", "}"):
            if starts:
                found.append(
                    Entry(starts[0], starts[1], starts[2], end, token.start() if char == "," else -1)
                )
            starts = []
        elif depth == 1 and char != ":" and len(starts) < 3:
            starts += [token.start()] if starts else [token.start(), token.end()]
        depth += (char in "[{") - (char in "]}")
        end = token.end()
    return found
