"""Where a ``java.util.HashMap`` has its keys: the order in which Java goes through what was put in without one."""

from __future__ import annotations

from grammar.java import units

_INT = 0xFFFFFFFF


def string_hash(text: str) -> int:
    """``String.hashCode``, as an unsigned number."""
    found = 0
    for unit in units.to_units(text):
        found = (31 * found + ord(unit)) & _INT
    return found


def position(found: int, count: int) -> int:
    """The place of a key in a map; those of one place stand in the order in which they were put in.

    Args:
        found: the key's ``hashCode``, as an unsigned number.
        count: how many keys the map has.
    """
    size = 16
    while count > size * 3 // 4:
        size *= 2
    return (found ^ (found >> 16)) & (size - 1)
