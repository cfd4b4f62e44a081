"""Places in a text: what ends a line, which line and column an offset is, and errors that point at one.

Lines are those of AEM's readers, of editors and of git hosts alike: CR, LF and CRLF each end one. Offsets, columns
and lengths count code points.
"""

from __future__ import annotations

import bisect
import functools
import itertools

from grammar import patterns
from grammar.errors import ParseError

LINE_END = patterns.lazy(r"\r\n|\r|\n")
LINE_END_OF_BYTES = patterns.lazy(rb"\r\n|\r|\n")


@functools.lru_cache(maxsize=1)
def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line; kept for the next one who asks about the same text."""
    if text.count("\r") == text.count("\r\n"):
        lengths = [len(line) + 1 for line in text.split("\n")[:-1]]
        return list(itertools.accumulate(lengths, initial=0))
    return [0, *(found.end() for found in LINE_END.finditer(text))]


def end_of_line(text: str, offset: int) -> int:
    """Where the line of an offset ends, before its line end."""
    found = LINE_END.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """Where the line after that of an offset begins; the end of the text when there is none."""
    found = LINE_END.search(text, offset)
    return found.end() if found else len(text)


def before_line_end(text: str, offset: int) -> int:
    """Where the line end just before an offset begins; the offset itself when there is none."""
    if text.endswith("\r\n", 0, offset):
        return offset - 2
    return offset - 1 if text.endswith(("\n", "\r"), 0, offset) else offset


class Lines:
    """A text whose lines are looked up more than once; they are counted when somebody asks."""

    raw: str

    @functools.cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        return line_starts(self.raw)

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.line_starts[bisect.bisect_right(self.line_starts, offset) - 1]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        return _position(self.line_starts, offset)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    return _position(line_starts(text), offset)


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect.bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def error_at(text: str, offset: int, rule: str, message: str, fix: str = "") -> ParseError:
    """A ParseError for a place in a text."""
    line, column = position(text, offset)
    start = offset - column + 1
    source_line = text[start : end_of_line(text, start)]
    return ParseError(message, rule=rule, line=line, column=column, fix=fix, source_line=source_line)
