"""XML 1.1 for a parser of XML 1.0: what the later version reads otherwise, every character at its place.

U+0085 and U+2028 end lines there, and references to control characters are allowed. What only 1.1 takes in a name is
not read.
"""

from __future__ import annotations

import re

from grammar import patterns

_LINE_ENDS = str.maketrans({"\x85": "\n", "\u2028": "\n"})
_CONTROL = patterns.lazy(r"&#(?:0*(?:[1-9]|[12][0-9]|3[01])|x0*(?:[1-9a-fA-F]|1[0-9a-fA-F]));")
_FIRST = 0x10FF00
_PAD = "\U0010fffd"
_STANDS_FOR = patterns.lazy("[\U0010ff01-\U0010ff1f]|\U0010fffd")
FORBIDDEN = patterns.lazy("[\x7f-\x84\x86-\x9f\U0010ff01-\U0010ff1f\U0010fffd]")
"""What must not stand in the text: 1.1 takes it as a reference only, or it is a stand-in here."""


def as_earlier(text: str) -> str:
    """A text of XML 1.1 as one of XML 1.0, of the same length; values read from it are to be `restored`."""
    return _CONTROL.sub(_stand_in, text.translate(_LINE_ENDS))


def restored(value: str) -> str:
    """A value with its control characters."""
    return _STANDS_FOR.sub(lambda found: "" if found[0] == _PAD else chr(ord(found[0]) - _FIRST), value)


def _stand_in(found: re.Match[str]) -> str:
    reference = found[0]
    digits = reference[2:-1]
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    if chr(code) in "\t\n\r":
        return reference
    return chr(_FIRST + code) + _PAD * (len(reference) - 1)
