"""Filter patterns: `java.util.regex` as Python's `re`, where the two mean the same.

FileVault asks `Pattern.compile(pattern).matcher(path).matches()` for each pattern of a `filter.xml`
(`DefaultPathFilter.matches`): does the whole path match? What reads differently in the two, and what differs between
versions of Java, is refused by name: back references, possessive quantifiers, atomic groups, look-behind, flags,
`\\p{...}`, unions and intersections of classes. So is what could run away in an engine that backtracks, as both do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns
from migrate.errors import MigrateError

MAX_ENDLESS = 3
"""Repetitions without an end that a pattern may have: the time of each one multiplies with the path's length."""
MAX_WAYS = 10_000_000
"""Ways to try a pattern on a path, counted from above: they take less than a second."""
MAX_DEPTH = 100
_SPECIAL = frozenset("\\.[]{}()*+?^$|")
_LINE_ENDS = frozenset("\n\r\x85\u2028\u2029")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}

_ESCAPE = r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)"
_TOKEN = patterns.lazy(
    r"(?P<quote>\\Q(?P<quoted>.*?)(?:\\E|\Z))"
    r"|(?P<open>\((?:\?(?:[:=!]|(?P<odd>.{0,2})))?)"
    rf"|(?P<class>\[(?P<negative>\^?)(?P<items>(?:{_ESCAPE}|[^\\\]])*)\])"
    r"|(?P<count>(?:[*+?]|\{(?P<least>[0-9]{1,5})(?P<range>,(?P<most>[0-9]{0,5}))?\}))(?P<manner>[?+]?)"
    rf"|(?P<escape>{_ESCAPE})"
    r"|(?P<char>.)",
    re.DOTALL,
)
_ITEM = patterns.lazy(rf"(?P<short>\\[dDwWsS])|(?P<low>{_ESCAPE}|.)(?:-(?P<high>{_ESCAPE}|.))?", re.DOTALL)


class UnknownPatternError(MigrateError):
    """A pattern whose meaning in Java this module does not vouch for; the text says why."""


def escape(text: str) -> str:
    """A pattern that matches exactly `text`."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)


class JavaPattern:
    """A compiled pattern; make it with :func:`compile_pattern`."""

    def __init__(self, source: str, translated: _Part) -> None:
        self.source = source
        self._compiled = re.compile(translated.text, re.ASCII | re.DOTALL)
        self._translated = translated

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches, as `Matcher.matches()` says.

        Raises:
            UnknownPatternError: `text` has a line break, around which Java's `$` has rules of its own, or is so long
                that the pattern could take too much time.
        """
        if not _LINE_ENDS.isdisjoint(text):
            raise UnknownPatternError("the path contains a line break")
        endless = self._translated.endless
        if self._translated.ways * math.comb(len(text) + endless, endless) > MAX_WAYS:
            raise UnknownPatternError(f"the pattern could take too long on a path of {len(text)} characters")
        return self._compiled.fullmatch(text) is not None


def compile_pattern(source: str) -> JavaPattern:
    """Compile a pattern.

    Raises:
        UnknownPatternError: not a valid pattern, or one with syntax that this module does not vouch for.
    """
    translation = _Translation(source)
    whole = translation.alternatives(0)
    if translation.ended_by:
        raise UnknownPatternError("a ) without its (")
    if whole.endless > MAX_ENDLESS:
        raise UnknownPatternError(
            f"more than {MAX_ENDLESS} repetitions without an end; it could take too long"
        )
    if whole.ways > MAX_WAYS:
        raise UnknownPatternError("too many ways to match; it could take too long")
    return JavaPattern(source, whole)


class _Part(NamedTuple):
    """A part of a pattern.

    Attributes:
        text: as Python writes it.
        ways: in how many ways it may be tried at one place, from above, but for
        endless: how many repetitions without an end multiply them.
        bar: why no quantifier may follow it; empty where one may.
    """

    text: str
    ways: int = 1
    endless: int = 0
    bar: str = ""


class _Translation:
    """Recursive descent over the tokens of a pattern; groups deeper than MAX_DEPTH are refused."""

    def __init__(self, source: str) -> None:
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(source)
        self.ended_by = ""
        """What ended the last branch: ``|``, ``)``, or nothing at the end of the pattern."""

    def alternatives(self, depth: int) -> _Part:
        if depth > MAX_DEPTH:
            raise UnknownPatternError(f"groups nested deeper than {MAX_DEPTH}")
        branches = [self._branch(depth)]
        while self.ended_by == "|":
            branches.append(self._branch(depth))
        text = "|".join(branch.text for branch in branches)
        return _Part(
            text, sum(branch.ways for branch in branches), max(branch.endless for branch in branches)
        )

    def _branch(self, depth: int) -> _Part:
        parts: list[_Part] = []
        self.ended_by = ""
        for token in self._tokens:
            if token["char"] in ("|", ")"):
                self.ended_by = token["char"]
                break
            if token["count"]:
                if not parts:
                    raise UnknownPatternError(f"a {token['count'][0]} with nothing before it to repeat")
                parts.append(_repeated(parts.pop(), token))
            elif token["quote"]:
                # A quantifier after it belongs to its last character.
                quoted = [_Part(re.escape(char)) for char in token["quoted"]]
                parts += quoted or [_Part("", bar="a quantifier after an empty quotation")]
            elif token["open"]:
                parts.append(self._group(token, depth))
            else:
                parts.append(_one(token, first=not parts))
        ways = math.prod(part.ways for part in parts)
        return _Part("".join(part.text for part in parts), ways, sum(part.endless for part in parts))

    def _group(self, token: re.Match[str], depth: int) -> _Part:
        if token["odd"] is not None:
            raise UnknownPatternError(f"a group that starts with {token['open']}")
        inner = self.alternatives(depth + 1)
        if self.ended_by != ")":
            raise UnknownPatternError("a ( without its )")
        self.ended_by = ""
        if token["open"] in ("(?=", "(?!"):
            return inner._replace(text=f"{token['open']}{inner.text})", bar=_NO_WIDTH)
        return inner._replace(text=f"(?:{inner.text})")


_NO_WIDTH = "a quantifier after something that has no width"


def _repeated(part: _Part, token: re.Match[str]) -> _Part:
    if part.bar:
        raise UnknownPatternError(part.bar)
    if token["manner"] == "+":
        raise UnknownPatternError("a possessive quantifier")
    least, most = _bounds(token)
    # A lazy quantifier matches the same whole paths.
    text, bar = part.text + token["count"], "a quantifier of a quantifier"
    if most is None:
        if part.ways > 1 or part.endless:
            raise UnknownPatternError(
                "a repetition without an end of what matches in several ways; it could take too long"
            )
        return _Part(text, endless=1, bar=bar)
    if most < least:
        raise UnknownPatternError("a repetition whose bounds are the wrong way round")
    ways = (most - least + 1) * part.ways ** min(most, MAX_WAYS.bit_length())
    return _Part(text, ways, part.endless * most, bar)


def _bounds(token: re.Match[str]) -> tuple[int, int | None]:
    if token["least"] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[token["count"]]
    least = int(token["least"])
    if token["range"] is None:
        return least, least
    return least, int(token["most"]) if token["most"] else None


def _one(token: re.Match[str], *, first: bool) -> _Part:
    """What stands for one character, or for a place."""
    if token["class"]:
        return _Part(_class(token))
    if token["escape"]:
        return _Part(token["escape"] if token["escape"][1] in "dDwWsS" else re.escape(_char(token["escape"])))
    char = token["char"]
    if char in "^$":
        return _Part("^" if char == "^" else r"\Z", bar=_NO_WIDTH)
    if char == "{":
        raise UnknownPatternError(
            "a { with nothing before it to repeat" if first else "a { that starts no repetition"
        )
    if char in "\\[":
        raise UnknownPatternError("the pattern ends too early")
    return _Part("." if char == "." else re.escape(char))


def _char(text: str) -> str:
    """The character that an escape stands for; any other character is itself."""
    if text[0] != "\\":
        return text
    letter = text[1]
    if len(text) > 2:
        code = int(text[2:], 16)
        if 0xD800 <= code <= 0xDFFF:
            raise UnknownPatternError("a surrogate")
        return chr(code)
    if letter in "xu":
        raise UnknownPatternError(f"\\{letter} without {2 if letter == 'x' else 4} hexadecimal digits")
    if letter.isascii() and letter.isalnum() and letter not in _CONTROL:
        raise UnknownPatternError(text)
    return _CONTROL.get(letter, letter)


def _class(token: re.Match[str]) -> str:
    items = token["items"]
    if not items:
        raise UnknownPatternError("a class that starts with ]")
    if re.search(r"&&|\[", re.sub(_ESCAPE, " ", items, flags=re.DOTALL)):
        raise UnknownPatternError("a union or intersection of classes")
    return f"[{token['negative']}{''.join(map(_item, _ITEM.finditer(items)))}]"


def _item(item: re.Match[str]) -> str:
    if item["short"]:
        return item["short"]
    if item["low"] in ("\\Q", "\\E"):
        raise UnknownPatternError("a quotation inside a class")
    low = _char(item["low"])
    if item["high"] is None:
        return re.escape(low)
    if re.fullmatch(r"\\[dDwWsS]", item["high"]):
        raise UnknownPatternError("a range that ends in a class")
    high = _char(item["high"])
    if high < low:
        raise UnknownPatternError("a range whose ends are the wrong way round")
    return f"{re.escape(low)}-{re.escape(high)}"
