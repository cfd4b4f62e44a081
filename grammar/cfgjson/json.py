"""Strict JSON (RFC 8259) to nodes, on top of the standard library's scanner, with every error as our own.

Numbers stay texts and objects keep repeated keys, because the readers of ``.cfg.json`` care about both.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from grammar import patterns
from grammar.cfgjson.values import Node, Number, Pairs

MAX_BYTES = 1024 * 1024
"""Larger files are refused: the largest `.cfg.json` seen in public is a few kB."""

MAX_BLANKS = 256 * 1024
"""Johnzon from 1.2 on has a buffer of this many characters, and no blank is a token."""

MAX_DEPTH = 128
"""Deeper nesting is refused: a property is a value or a list of values."""

_BLANK = patterns.lazy(r"[ \t\n\r]*+")
STRING = r'"(?>[^"\\]++|\\.)*+(?:"|\\?\Z)'
"""A regular expression for a string, or the rest of the text where one is never closed; with re.DOTALL."""

_WHOLE_STRING = patterns.lazy(STRING, re.DOTALL)
_NESTING = patterns.lazy(rf"{STRING}|[\[{{]|[\]}}]", re.DOTALL)
_CONSTANT = patterns.lazy(f"{STRING}|-?Infinity|NaN", re.DOTALL)
_ASTRAL = patterns.lazy(r"\\([\U00010000-\U0010ffff])|\\.", re.DOTALL)
_BLANKS_OR_STRING = patterns.lazy(rf"{STRING}|[ \t\n\r]++", re.DOTALL)
_LENIENT = patterns.lazy(r"\\([\[\]\U00010000-\U0010ffff\ud800-\udfff])|\\.", re.DOTALL)


class JsonError(Exception):
    """No JSON.

    Attributes:
        offset: where in the text.
        kind: ``syntax``, ``depth`` or ``extra`` (text after the end).
    """

    def __init__(self, message: str, offset: int, kind: str = "syntax") -> None:
        super().__init__(message)
        self.offset = offset
        self.kind = kind


class _ConstantError(ValueError):
    """``NaN``, ``Infinity`` or ``-Infinity``, which Python takes for numbers."""


def _constant(name: str) -> Node:
    raise _ConstantError(name)


_DECODER = JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=_constant, strict=True
)


def decode(text: str, *, nul_ends: bool = False) -> Node:
    """The JSON value that a text is.

    Args:
        text: the whole text, without comments.
        nul_ends: take NUL after the value for the end of the text, as Johnzon does.

    Raises:
        JsonError: it is none, or is nested deeper than MAX_DEPTH.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(text)
    try:
        node, end = _DECODER.raw_decode(text, _after_blank(text, 0))
    except JSONDecodeError as error:
        raise JsonError(*_alike(text, error)) from None
    except _ConstantError as error:
        at = next(found.start() for found in _CONSTANT.finditer(text) if found[0] == str(error))
        raise JsonError(f"{error} is no JSON value", at) from None
    end = _after_blank(text, end)
    if end < len(text) and not (nul_ends and text[end] == "\0"):
        raise JsonError("text after the end of the value", end, "extra")
    found: Node = node
    return found


def _alike(text: str, error: JSONDecodeError) -> tuple[str, int]:
    """Message and place, the same in every version of Python: 3.13 points at a trailing comma, 3.11 behind it."""
    if "trailing comma" not in error.msg:
        return error.msg, error.pos
    at = _after_blank(text, error.pos + 1)
    wanted = "property name enclosed in double quotes" if text[at] == "}" else "value"
    return f"Expecting {wanted}", at


def _after_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    assert blank is not None
    return blank.end()


def _check_depth(text: str) -> None:
    depth = 0
    for found in _NESTING.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            raise JsonError(f"nested deeper than {MAX_DEPTH} levels", found.start(), "depth")


def without_astral_escapes(text: str) -> str:
    r"""The text without backslashes before characters beyond U+FFFF, which every Johnzon leaves out."""
    if "\\" not in text or text.isascii():
        return text
    return _WHOLE_STRING.sub(lambda found: _ASTRAL.sub(lambda e: e[1] or e[0], found[0]), text)


def endless_blank(text: str) -> int:
    """The offset of the first row of more than MAX_BLANKS blanks between tokens; -1 without one."""
    if len(text) <= MAX_BLANKS:
        return -1
    rows = (found for found in _BLANKS_OR_STRING.finditer(text) if found[0][0] != '"')
    return next((found.start() for found in rows if len(found[0]) > MAX_BLANKS), -1)


def with_plain_escapes(text: str) -> str:
    r"""The text without the escapes ``\[`` and ``\]`` that Johnzon 1.2 and later take for the plain characters."""
    if "\\[" not in text and "\\]" not in text:
        return text
    return _WHOLE_STRING.sub(lambda found: _LENIENT.sub(lambda e: e[1] or e[0], found[0]), text)
