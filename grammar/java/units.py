"""What Java does with bytes, characters and numbers where Python would do something else.

The readers of AEM are Java programs: they see UTF-16 units, decode broken UTF-8 in the JDK's way and parse
integers with Unicode digits. Everything here follows the documentation of ``java.lang.Character``,
``java.lang.Integer`` and the JDK's UTF-8 decoder, as tried on Java 17.
"""

from __future__ import annotations

import unicodedata
from array import array

from grammar import patterns

WHITESPACE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"
"""Body of a regular expression class: ``Character.isWhitespace`` (no NBSP, no U+0085, no U+FEFF)."""

_ENCODED_SURROGATE = patterns.lazy(rb"\xed[\xa0-\xbf][\x80-\xbf]?")
_ASTRAL = patterns.lazy("[\U00010000-\U0010ffff]")
_SURROGATE = patterns.lazy("[\ud800-\udfff]")


class NumberFormatError(ValueError):
    """Java's NumberFormatException, with its message."""


def decode_utf8(data: bytes) -> str:
    """Decode as ``InputStreamReader(in, "UTF-8")`` does: never fails, malformed input becomes U+FFFD.

    The JDK replaces an encoded surrogate (ED A0..BF xx) by one U+FFFD, Python by one for each byte; all
    other malformed sequences give the same number of replacements in both.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _ENCODED_SURROGATE.sub(b"\xef\xbf\xbd", data).decode("utf-8", "replace")


def to_units(text: str) -> str:
    """The text with every astral character as its two surrogates: one character is one Java ``char``."""
    if not _ASTRAL.search(text):
        return text
    return "".join(map(chr, array("H", text.encode("utf-16-le", "surrogatepass"))))


def from_units(text: str) -> str:
    """Join surrogate pairs again; lone surrogates stay."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def utf16_order(text: str) -> bytes:
    """Sort key for ``String.compareTo``: by UTF-16 units, not by code points."""
    return text.encode("utf-16-be", "surrogatepass")


def trim(text: str) -> str:
    """``String.trim``: strips every character up to U+0020, the control characters among them."""
    start, end = 0, len(text)
    while start < end and text[start] <= " ":
        start += 1
    while start < end and text[end - 1] <= " ":
        end -= 1
    return text[start:end]


def digit(char: str, radix: int) -> int:
    """``Character.digit(char, radix)``; -1 when it is none."""
    if "\uff21" <= char <= "\uff5a":
        char = chr(ord(char) - 0xFEE0)
    value = unicodedata.decimal(char, -1) if char < "\U00010000" else -1
    if value < 0 and radix == 16 and char in "abcdefABCDEF":
        value = int(char, 16)
    return value if value < radix else -1


def parse_integer(text: str, bits: int, radix: int = 10) -> int:
    """``Byte/Short/Integer/Long.parseX(text, radix)`` for 8, 16, 32 or 64 bits.

    Raises:
        NumberFormatError: with the message that Java gives.
    """
    suffix = "" if radix == 10 else f" under radix {radix}"
    failure = NumberFormatError(f'For input string: "{text}"{suffix}')
    digits = text[1:] if text[:1] in ("+", "-") else text
    if radix == 10 and len(digits) < 20 and digits.isascii() and digits.isdigit():
        value = int(text)
    else:
        magnitude = _magnitude(digits, radix)
        if magnitude is None:
            raise failure
        value = -magnitude if text[0] == "-" else magnitude
    limit = 1 << (max(bits, 32) - 1)
    if not -limit <= value < limit:
        raise failure
    if bits < 32 and not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise NumberFormatError(f'Value out of range. Value:"{text}" Radix:{radix}')
    return value


def _magnitude(digits: str, radix: int) -> int | None:
    """The number that any of Java's digits give; None when one is no digit, or for more than 64 bits can hold."""
    if not digits or any(digit(c, radix) < 0 for c in digits):
        return None
    # No number of 64 bits has more digits than this, leading zeros apart; keeps huge input linear.
    significant = "".join(format(digit(c, radix), "x") for c in digits).lstrip("0") or "0"
    return int(significant, radix) if len(significant) <= 20 else None
