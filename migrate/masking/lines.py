"""The secrets of a text that no reader takes, guessed line by line: such a text is what a repair is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import patterns
from grammar.placeholders import is_name_alone
from migrate.integration.secret import MASK
from migrate.masking.names import is_secret, may_name_secret
from migrate.masking.texts import is_header, is_recognizable

_KEY = patterns.lazy(r'([\w.\-:]+)"?[ \t]*\\?[=:]')
_COMMENT = patterns.lazy(r"[ \t]*(?:#|//)")
_ENDS_VALUE = patterns.lazy(r'[ \t]*(?:"?[\w.\-:]+"?[ \t]*[=:]|[}\])>#/<])')
_QUOTED = patterns.lazy(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_VALUE = patterns.lazy(r'[ \t]*"?([^"]*)"?[ \t]*\\?,?[ \t\r]*')


def masked_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of both texts, each secret as `***`; with the side's name where the other text has another one."""
    return _masked(before, set(_parts(after)), "before"), _masked(after, set(_parts(before)), "after")


def secrets_of_lines(text: str) -> Iterator[str]:
    """What may be secrets, and is long enough to be known again elsewhere: as it is written, without its quotes."""
    for part in _parts(text):
        found = [quoted[1] for quoted in _QUOTED.finditer(part)] or [part.strip()]
        yield from filter(is_recognizable, found)


def _masked(text: str, other: set[str], side: str) -> list[str]:
    lines = []
    for line, secret in _lines(text):
        if secret is None:
            lines.append(line)
        elif secret:
            shown = f"{MASK}" if secret in other else f"{MASK} ({side})"
            lines.append(line.removesuffix(secret) + shown)
    return lines


def _parts(text: str) -> Iterator[str]:
    return (secret for _, secret in _lines(text) if secret)


def _lines(text: str) -> Iterator[tuple[str, str | None]]:
    """Each line with the part of it that is secret, None for no part; a list's lines are secret as a whole."""
    inside, is_hidden = False, may_name_secret(text)
    for line in text.split("\n"):
        comment = _COMMENT.match(line)
        if comment is not None:
            yield line, line[comment.end() :] if is_hidden and not is_header(line.rstrip("\r")) else None
            continue
        found = next((key for key in _KEY.finditer(line) if is_secret(key[1])), None)
        if found is not None:
            inside = True
            yield line, None if _is_placeholder(line[found.end() :]) else line[found.end() :]
        elif inside and not _ENDS_VALUE.match(line):
            yield line, line
        else:
            inside = False
            yield line, None


def _is_placeholder(part: str) -> bool:
    value = _VALUE.fullmatch(part)
    return value is not None and is_name_alone(value[1])
