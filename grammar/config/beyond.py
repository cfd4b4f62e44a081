"""What is wrong with a `.config` behind its first mistake, as if that were mended.

The readers never look back and seldom find their way again. So each mistake is mended for the sake of what follows
it, character for character, so that places stay what they are; or, where nobody can say how it would be mended,
reading goes on where a line begins as the file's entries do. Where a quote is in doubt, what looks wrong behind it may
be a part of a value: then silence is better than a mistake that is none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from grammar import patterns, places
from grammar.config import errors, scanner
from grammar.config.document import ConfigDocument
from grammar.config.errors import Problem
from grammar.config.scanner import Entry
from grammar.errors import ParseError

MOST = 100
"""How many mistakes of a file are mended; each may copy the text."""

MAX_BYTES = 64 * 1024
"""What is larger has its first mistake only."""

_VALUE = r'[TILFDXSCBilfdxscb]?["\[(]'
_CLOSED = patterns.lazy(r'((?:[^"\\]|\\.)*+)"[ \t]*(?:[,\])#\\\r\n]|\Z)', re.DOTALL)
_NEXT_KEY = patterns.lazy(rf"[\r\n][ \t]*[\w.\-:]+[ \t]*=[ \t]*{_VALUE}")
_ENTRY_LINE = patterns.lazy(r'(?:(?<=[\r\n])|\A)([ \t]*+)[\w.\-:]++[ \t]*+=[ \t]*+[A-Za-z]?["\[(]')
_ANY_ENTRY = patterns.lazy(r"(?:(?<=[\r\n])|\A)([ \t]*+)[\w.\-:]++[ \t]*+=")
_PLAIN_KEY = patterns.lazy(r"[\w.\-:]++")
_BLANKS_OF_VALUE = patterns.lazy(rf"[ \t]++(?={_VALUE})")
_CODE_OF_VALUE = patterns.lazy(r'[A-Za-z][ \t]*+(?=["\[(])')
_WORD = patterns.lazy(r'[^\s",\[\]()#\\=]{2,}(?=[ \t]*(?:[,\])\r\n]|\\[\r\n]))')
_NOTHING_MORE = patterns.lazy(r"[ \t]*(?:[\r\n#]|\Z)")
_QUOTED_LINE = patterns.lazy(r'[^"\r\n]*"[^"=\\\r\n]*"[ \t]*(?=[\r\n]|\Z)')
_KEY_OR_END = patterns.lazy(r"\s*(?:[\w.\-:#]|\Z)")


class _Step(NamedTuple):
    """How to go on behind a mistake: with another text of the same length, or from another place in it.

    Attributes:
        text: the text from now on.
        at: where reading goes on.
        is_mended: whether the entry that begins there is the one with the mistake.
        is_certain: whether no quote is in doubt.
    """

    text: str
    at: int
    is_mended: bool = False
    is_certain: bool = True


def end_of_cut(text: str, at: int) -> int | None:
    """The closing quote of a value behind the unescaped ``=`` that ends it for AEM; None where that is in doubt."""
    closed = _CLOSED.match(text, at + 1)
    return None if closed is None or _NEXT_KEY.search(closed[1]) else closed.end(1)


def beyond(data: bytes) -> tuple[list[ParseError], ConfigDocument | None]:
    """Every mistake of a `.config`, the first one too, and a document of the entries that have none.

    Args:
        data: the file's bytes, any bytes.
    """
    reading = _read(data)
    if reading is None:
        return [], None
    found = [places.error_at(reading.source, *problem) for problem in reading.problems]
    return found, ConfigDocument(data, reading.source, reading.entries)


def problems(data: bytes) -> Sequence[Problem]:
    """Every mistake of a `.config` with its offset in the text: what `beyond` tells with line and column."""
    reading = _read(data)
    return [] if reading is None else reading.problems


@functools.lru_cache(maxsize=1)
def _read(data: bytes) -> _Reading | None:
    """Read once for both: who asks what is wrong asks how to mend it next."""
    if len(data) > MAX_BYTES:
        return None
    reading = _Reading(data.decode("utf-8", "surrogateescape"))
    reading.run()
    return reading


class _Reading:
    """One way through a text with mistakes.

    Attributes:
        source: the text.
        problems: its mistakes.
        entries: those that have none.
    """

    def __init__(self, text: str) -> None:
        self.source = self.text = text
        self.at = 0
        self.problems: list[Problem] = []
        self.entries: list[Entry] = []
        self.is_mended = False
        self.certain: tuple[int, int] | None = None
        """How many mistakes and entries were found before a quote was in doubt; None while none is."""

    def run(self) -> None:
        while len(self.problems) < MOST:
            if not self.take_entries():
                return self.forget()
            if scanner.ends(self.text, self.at):
                return None
            problem = errors.of_syntax(self.text, self.at)
            if self.certain is not None and _is_doubtful(self.text, problem):
                return self.forget()
            self.problems.append(problem)
            step = _step(self.text, self.at, problem)
            if step is None:
                return None
            self.text, self.at, self.is_mended = step.text, step.at, step.is_mended
            if not step.is_certain and self.certain is None:
                self.certain = len(self.problems), len(self.entries)
        return None

    def forget(self) -> None:
        """What was found since a quote was in doubt is a part of a value."""
        problems, entries = self.certain or (0, 0)
        del self.problems[problems:], self.entries[entries:]

    def take_entries(self) -> bool:
        """Take what is well-formed from here on; False where a part of a value looks so."""
        for entry in scanner.entries(self.text, self.at):
            plain = _PLAIN_KEY.fullmatch(self.text, entry.key_start, entry.key_end)
            if self.certain is not None and not plain:
                return False
            problem = errors.of_entry(self.text, entry)
            if problem is not None and not (self.is_mended and problem.rule == "blank-around-key"):
                self.problems.append(problem)
            elif not self.is_mended:
                self.entries.append(entry)
            self.at, self.is_mended = entry.value_end, False
        return True


def _is_doubtful(text: str, problem: Problem) -> bool:
    """Whether a mistake is perhaps none, once a quote has been in doubt: it is about a quote itself."""
    if problem.rule == "unclosed-quote":
        return _NEXT_KEY.search(text, problem.offset) is None
    return problem.rule == "stray-quote" or _is_behind_quote(text, problem)


def _is_behind_quote(text: str, problem: Problem) -> bool:
    return problem.rule == "missing-equals" and text[: problem.offset].endswith('"')


def _step(text: str, at: int, problem: Problem) -> _Step | None:
    """How to go on behind a mistake in the entry that begins at an offset; None where nothing more can be said."""
    mended = _mended(text, problem)
    if mended is not None:
        return _Step(mended, at, is_mended=True)
    rule, offset = problem.rule, problem.offset
    next_one = _behind(text, problem)
    if next_one is not None:
        return _Step(text, next_one)
    line = _next_entry(text, offset + 1)
    if line is None:
        return None
    doubtful = rule in ("unclosed-quote", "unescaped-equals", "stray-quote") or _is_behind_quote(
        text, problem
    )
    return _Step(text, line, is_certain=not doubtful)


def _behind(text: str, problem: Problem) -> int | None:
    """Where reading goes on when nothing that is left out could hold the end of a value."""
    rule, offset = problem.rule, problem.offset
    end = places.end_of_line(text, offset)
    if rule == "unclosed-list" and _ENTRY_LINE.match(text, offset):
        return offset
    if rule == "stray-character" and text[offset] in ",;])" and _NOTHING_MORE.match(text, offset + 1):
        return offset + 1
    if rule in ("missing-value", "unquoted-value", "blank-around-key"):
        bare = not re.search(r'["\[(]', text[offset:end]) and _KEY_OR_END.match(text, end)
        return end if bare else None
    if rule == "missing-equals" and not _is_behind_quote(text, problem):
        line = _QUOTED_LINE.match(text, offset)
        return line.end() if line else None
    return None


def _next_entry(text: str, at: int) -> int | None:
    """The next line that begins an entry, indented as the entries of this file are."""
    usual = _ANY_ENTRY.search(text)
    indent = usual[1] if usual else ""
    return next((found.start() for found in _ENTRY_LINE.finditer(text, at) if found[1] == indent), None)


def _mended(text: str, problem: Problem) -> str | None:
    """The text without a mistake, every other character at its place; None when there is more than one way."""
    at = problem.offset
    match problem.rule:
        case "unescaped-equals":
            end = end_of_cut(text, at)
            return None if end is None else _put(text, at, text[at:end].replace("=", "-"))
        case "bad-unicode-escape":
            return _put(text, at, "--")
        case "comment-in-list":
            return _put(text, at, " " * (places.end_of_line(text, at) - at))
        case "missing-comma":
            return _put(text, at - 1, ",") if text[at - 1] in " \t" else None
        case "unquoted-item":
            word = _WORD.match(text, at)
            return _put(text, at, '""'.ljust(len(word[0]))) if word else None
        case "wrong-bracket":
            return _put(text, at, ")" if text[at] == "]" else "]")
        case "blank-around-key":
            return _equals_moved(text, at - 1, _BLANKS_OF_VALUE.match(text, at))
        case "blank-after-type" | "unknown-type":
            return _equals_moved(text, at - 1, _CODE_OF_VALUE.match(text, at))
    return None


def _equals_moved(text: str, equals: int, found: re.Match[str] | None) -> str | None:
    """The text with the equals sign directly before the value; what stood between them goes to the key."""
    if found is None or text[equals] != "=":
        return None
    return _put(text, equals, f"{' ' * (found.end() - equals - 1)}=")


def _put(text: str, at: int, characters: str) -> str:
    return text[:at] + characters + text[at + len(characters) :]
