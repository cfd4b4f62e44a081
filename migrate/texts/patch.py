"""A diff of two texts for people, without the values of properties that sound like secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.integration.secret import MASK
from migrate.masking.names import is_secret
from migrate.masking.texts import masked_texts, secrets_of, without_known
from migrate.terminal import in_diff

_KEY = re.compile(r'([\w.\-:]+)"?[ \t]*\\?[=:]')
_COMMENT = re.compile(r"[ \t]*(?:#|//)")
_ENDS_VALUE = re.compile(r'[ \t]*(?:"?[\w.\-:]+"?[ \t]*[=:]|[}\])>#/<])')


def render(path: str, before: bytes, after: bytes) -> str:
    """A unified diff; empty when the bytes are the same."""
    import difflib

    if before == after:
        return ""
    old_lines, new_lines = _by_document(path, before, after) or _by_line(before, after)
    lines = difflib.unified_diff(old_lines, new_lines, f"a/{path}", f"b/{path}", lineterm="")
    # Line ends that differ are what such a diff is about, so a carriage return is visible.
    return "".join(in_diff(line, "^M") + "\n" for line in lines)


def _by_document(path: str, before: bytes, after: bytes) -> tuple[list[str], list[str]] | None:
    """Both texts without their secrets, where both can be read as configurations; None where not."""
    from grammar import forms
    from grammar.errors import ParseError

    form = forms.form_of(path) or "config"
    try:
        old, new = forms.parse(before, path, form=form), forms.parse(after, path, form=form)
    except ParseError:
        return None
    known = {*secrets_of(old), *secrets_of(new)}
    old_text, new_text = (without_known(text, known) for text in masked_texts(old, new))
    return old_text.split("\n"), new_text.split("\n")


def _by_line(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    old, new = before.decode("utf-8", "backslashreplace"), after.decode("utf-8", "backslashreplace")
    return _masked(old, set(_secrets(new)), "before"), _masked(new, set(_secrets(old)), "after")


def _masked(text: str, other: set[str], side: str) -> list[str]:
    """The lines, with each secret as `***`; with the side's name where the other text has another one."""
    lines = []
    for line, secret in _lines(text):
        if secret is None:
            lines.append(line)
        elif secret:
            shown = f"{MASK}" if secret in other else f"{MASK} ({side})"
            lines.append(line.removesuffix(secret) + shown)
    return lines


def _secrets(text: str) -> Iterator[str]:
    return (secret for _, secret in _lines(text) if secret)


def _lines(text: str) -> Iterator[tuple[str, str | None]]:
    """Each line with the part of it that is secret, None for no part; a list's lines are secret as a whole."""
    inside = False
    for line in text.split("\n"):
        comment = _COMMENT.match(line)
        if comment is not None:
            yield line, line[comment.end() :] if is_secret(line) else None
            continue
        found = next((key for key in _KEY.finditer(line) if is_secret(key[1])), None)
        if found is not None:
            inside = True
            yield line, line[found.end() :]
        elif inside and not _ENDS_VALUE.match(line):
            yield line, line
        else:
            inside = False
            yield line, None
