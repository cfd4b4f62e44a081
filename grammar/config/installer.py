"""What Sling's installer does with a `.config` before Felix reads it: it takes a first comment line away.

That line ends at a line feed for it; without any it gives up (``InternalResource.readDictionary`` of installer core,
alike in 3.9.0, of AEM 6.5, and 3.14.2; held to both in tests/live). Felix ends a comment at a carriage return, too.
"""

from __future__ import annotations

from grammar import patterns
from grammar.documents import Loaded
from grammar.places import error_at

RULE = "lone-comment"
FIX = "End the line with LF or CRLF"
_FIRST = patterns.lazy(r"#[^\r\n]*+(?:(\r)(?!\n)|\Z)")


def first_comment(text: str) -> str | None:
    """What is wrong with the first line of a text as the installer reads it; None for nothing."""
    found = _FIRST.match(text)
    if found is None:
        return None
    if found[1]:
        return "the first comment ends in CR alone: the installer takes away all up to the next line feed"
    return "one comment without a line end: the installer fails with “Unable to read configuration”"


def check(data: bytes, path: str | None = None) -> None:
    """Refuse what Felix reads, but not as the installer leaves it.

    Raises:
        ParseError: its first line is a comment without a line feed.
    """
    text = data.decode("utf-8", "replace")
    message = first_comment(text)
    if message is not None:
        error = error_at(text, 0, RULE, message, FIX)
        raise error.at(path) if path else error


def load(data: bytes) -> Loaded:
    """What the installer makes of the bytes. Never raises on any bytes."""
    if data.startswith(b"#"):
        _, feed, data = data.partition(b"\n")
        if not feed:
            return Loaded(None, "java.io.IOException: Unable to read configuration.")
    from grammar.config import reader  # Whoever only asks for the first line needs no model.

    return reader.load(data, reader.INSTALLER)
