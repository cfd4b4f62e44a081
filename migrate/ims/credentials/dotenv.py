"""Reading `.env` files: `KEY=value` lines as shells, aio and App Builder write them.

Nothing is expanded: a `$` stays a `$`, because a secret may contain one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grammar import patterns
from grammar.places import LINE_END
from migrate.ims.credentials.errors import GET_OAUTH, CredentialsError

_KEY = patterns.lazy(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*")
_DOUBLE = patterns.lazy(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_SINGLE = patterns.lazy(r"'([^']*)'", re.DOTALL)
_REST = patterns.lazy(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")
_LINE = patterns.lazy(r"[^\r\n]*")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment.

    Attributes:
        key: the name, as written.
        value: the value without its quotes.
        number: the line it starts on, from 1.
    """

    key: str
    value: str
    number: int

    def __repr__(self) -> str:
        return f"Line({self.key!r}, ***, {self.number})"


def parse(text: str) -> tuple[Line, ...]:
    """Every assignment, in order.

    Raises:
        CredentialsError: some line is neither `KEY=value`, a comment, nor blank; never quotes the line.
    """
    found: list[Line] = []
    position, number = 0, 1
    while position < len(text):
        start = position
        key = _KEY.match(text, position)
        if key:
            value, position = _value(text, key.end())
            found.append(Line(key[1], value, number))
        else:
            line = _LINE.match(text, position)
            if line is not None:
                position = line.end()
            stripped = text[start:position].strip()
            if stripped and not stripped.startswith("#"):
                raise CredentialsError(
                    f"is neither JSON nor an .env file: line {number} is not KEY=value",
                    rule="not-json",
                    fix=GET_OAUTH,
                )
        eol = LINE_END.match(text, position)
        position = eol.end() if eol else position + 1
        number += len(LINE_END.findall(text, start, position))
    return tuple(found)


def _value(text: str, start: int) -> tuple[str, int]:
    """The value that starts here and where it ends. A quote that never closes is an ordinary character."""
    for quoted, escapes in ((_DOUBLE, True), (_SINGLE, False)):
        match = quoted.match(text, start)
        rest = _REST.match(text, match.end()) if match else None
        if match and rest:
            inner = match[1]
            if escapes:
                inner = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), inner, flags=re.DOTALL)
            return inner, rest.end()
    line = _LINE.match(text, start)
    raw = line[0] if line else ""
    comment = re.search(r"(?:^|[ \t])#", raw)
    return (raw[: comment.start()] if comment else raw).strip(" \t"), start + len(raw)
