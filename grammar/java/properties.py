"""What ``java.util.Properties.load`` reads: the installer's form for `.cfg` and `.properties`.

Source: ``Properties.LineReader`` and ``loadConvert`` of the JDK. Bytes are ISO-8859-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import patterns
from grammar.places import LINE_END

_BLANKS = " \t\f"
_KEY = patterns.lazy(r"(?:\\.|[^\\=: \t\f])*", re.DOTALL)
_SEPARATOR = patterns.lazy(r"[ \t\f]*(?:[=:][ \t\f]*)?")
_ESCAPE = patterns.lazy(r"\\(u[0-9a-fA-F]{4}|u|.|\Z)", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class PropertiesError(ValueError):
    """A text that Java refuses; its words."""


def load(data: bytes) -> dict[str, str]:
    """Keys and values, the last of equal keys.

    Raises:
        PropertiesError: an escape that is cut off.
    """
    found = {}
    for line in _logical(data.decode("latin-1")):
        key = _KEY.match(line)
        assert key is not None  # It matches nothing, too.
        separator = _SEPARATOR.match(line, key.end())
        assert separator is not None
        found[_unescaped(key[0])] = _unescaped(line[separator.end() :])
    return found


def _logical(text: str) -> Iterator[str]:
    """Lines without comments, each with those that continue it."""
    so_far, is_open = "", False
    lines = LINE_END.split(text)
    for line in lines if lines[-1] else lines[:-1]:
        line = line.lstrip(_BLANKS)
        if not so_far and line[:1] in ("", "#", "!"):
            is_open = False
            continue
        is_open = (len(line) - len(line.rstrip("\\"))) % 2 == 1
        if is_open:
            so_far += line[:-1]
            continue
        yield so_far + line
        so_far = ""
    # A backslash at the very end continues nothing, and is a line of its own.
    if is_open and (so_far or not text.endswith("\r\n")):
        yield so_far


def _unescaped(text: str) -> str:
    units = _ESCAPE.sub(lambda found: _character(found[1]), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escaped: str) -> str:
    if escaped == "u":
        raise PropertiesError("Malformed \\uxxxx encoding.")
    return chr(int(escaped[1:], 16)) if escaped[:1] == "u" else _PLAIN.get(escaped, escaped)
