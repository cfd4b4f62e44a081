"""XML 1.1 for a parser of XML 1.0: what the later version reads otherwise, every character at its place.

U+0085 and U+2028 end lines there, and references to control characters are allowed. What only 1.1 takes in a name is
not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grammar import patterns

_LINE_ENDS = str.maketrans({"\x85": "\n", "\u2028": "\n"})
_CONTROL = patterns.lazy(r"&#(?:0*([1-9]|[12][0-9]|3[01])|x0*([1-9a-fA-F]|1[0-9a-fA-F]));")
_REFERENCE = patterns.lazy(r"&#(?:0*([0-9]{1,7})|x0*([0-9a-fA-F]{1,6}));")
_SPACE = (0x9, 0xA, 0xD)
"""Controls whose references XML 1.0 takes, too."""
_PRIVATE = range(0xF0000, 0xFFFFE)
FORBIDDEN = patterns.lazy("[\x7f-\x84\x86-\x9f]")
"""What must not stand in the text: 1.1 takes it as a reference only."""


def as_earlier(text: str) -> tuple[str, Mapping[int, int | None]]:
    """A text of XML 1.1 as one of XML 1.0, of the same length.

    Returns:
        The text with characters that it does not have in place of references to control characters, and what
        `str.translate` is to make of those characters in a value.
    """
    text = text.translate(_LINE_ENDS)
    controls = {_code(found) for found in _CONTROL.finditer(text)}.difference(_SPACE)
    if not controls:
        return text, {}
    taken = {*map(ord, text), *map(_code, _REFERENCE.finditer(text))}
    free = (code for code in _PRIVATE if code not in taken)
    pad = next(free)
    stands_for = {control: next(free) for control in controls}

    def stand_in(found: re.Match[str]) -> str:
        control = _code(found)
        if control in _SPACE:
            return found[0]
        return chr(stands_for[control]) + chr(pad) * (len(found[0]) - 1)

    meanings: dict[int, int | None] = {code: control for control, code in stands_for.items()}
    return _CONTROL.sub(stand_in, text), {**meanings, pad: None}


def _code(reference: re.Match[str]) -> int:
    return int(reference[1]) if reference[1] else int(reference[2], 16)
