"""What the raw text of a `.config` stands for: its escapes, its broken bytes, the items of its values."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from grammar import patterns
from grammar.config import compiled, scanner
from grammar.config.codes import SIMPLE_ESCAPES
from grammar.config.scanner import Entry, Keys
from grammar.java import units
from grammar.places import Lines

ITEM = patterns.lazy(compiled.ITEM)
"""One string in quotes within an accepted value; its group is what stands between them."""

_ESCAPE = patterns.lazy(r"\\u(.{4})|\\(\r\n|.)|\r\n?", re.DOTALL)
_BROKEN_BYTE = patterns.lazy("[\udc80-\udcff]")


class ConfigText(Lines):
    """A text and its entries.

    Attributes:
        raw: the text; a byte that is not UTF-8 is one of U+DC80 to U+DCFF in it.
        raw_keys: the key of every entry as the text has it, in order.
        joined_keys: all of them in one text, an equals sign between two; without a backslash no key holds another one.
        is_plain: whether the text is known to have no escape but those of :func:`grammar.config.scanner.keys`.
    """

    def __init__(self, raw: str, entries: Sequence[Entry] | None = None, found: Keys | None = None) -> None:
        """A text, with what is known of it: its entries where it has others than those of the grammar, or its keys."""
        self.raw = raw
        if entries is not None:
            self.entries = tuple(entries)
        if found is None:
            found = Keys([raw[start:end] for start, end, _, _ in self.entries])
        self.raw_keys, self.is_plain = found
        # Always asked for, and so not by cached_property, which takes longer than this does.
        self.joined_keys = "=".join(self.raw_keys)
        if self.is_plain and "\r" not in self.joined_keys:
            self.names = tuple(self.raw_keys)

    @functools.cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every occurrence of a property, in order."""
        return tuple(scanner.entries(self.raw))

    def raw_key(self, entry: Entry) -> str:
        """The key as the text has it."""
        return self.raw[entry.key_start : entry.key_end]

    def raw_value(self, entry: Entry) -> str:
        """The value as the text has it, type code, quotes and brackets included."""
        return self.raw[entry.value_start : entry.value_end]

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """What they stand for."""
        keys = self.joined_keys
        is_plain = keys.isascii() and "\\" not in keys and "\r" not in keys
        return tuple(self.raw_keys if is_plain else map(decode, self.raw_keys))

    @functools.cached_property
    def sorted_names(self) -> list[bytes] | None:
        """The keys in the order of Java's strings; None where the text has them in another one."""
        names = [units.utf16_order(name) for name in self.names]
        return names if names == sorted(names) else None


def items(raw_value: str) -> list[str]:
    """The items of a value as they stand between their quotes."""
    return ITEM.findall(raw_value)


def decode(raw: str) -> str:
    """The characters that a raw key, or a raw text between quotes, stands for.

    Raises:
        java.NumberFormatError: ``\\u`` with four characters that are no number, as Java does.
    """
    if not raw.isascii() and _BROKEN_BYTE.search(raw):
        raw = units.decode_utf8(raw.encode("utf-8", "surrogateescape"))
    if "\\" not in raw and "\r" not in raw:
        return raw
    return units.from_units(_ESCAPE.sub(_unescaped, raw))


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is not None:
        return chr(units.parse_integer(units.to_units(found[1]), 32, 16) & 0xFFFF)
    if found[2] is None:
        return "\n"
    return SIMPLE_ESCAPES.get(found[2], "\n" if found[2][0] == "\r" else found[2])
