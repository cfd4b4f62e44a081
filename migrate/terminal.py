"""Text from files and file names, made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with everything that is not printable as an escape: no control character, no half of a character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
