"""A configuration held to what its service says about it: what the rules that need `--schema` have in common."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns, placeholders
from grammar.documents import Property
from grammar.hazards import Hazard
from grammar.java import numbers, units
from grammar.pids import Pid
from grammar.values import Float32, Float64, Scalar, Shape

if TYPE_CHECKING:
    from migrate.lint.schema import Described, Service
    from migrate.lint.subject import Subject

_WHOLE = {
    "Long": 64,
    "Integer": 32,
    "Short": 16,
    "Byte": 8,
}
_OF_ALL = (
    "service.", "component.", "osgi.", "felix.", "webconsole.", "jcr:", "sling:",
    "event.", "hc.", "jmx.", "job.", "scheduler.", "sling.auth.requirements", "sling.core.", "sling.filter.",
    "sling.servlet.",
)  # fmt: skip
"""How properties begin that any service may be given, since those who look for services of a kind ask for them; and
``x.target`` chooses what a reference x takes."""
_SCHEME = patterns.lazy(r"\s*(?:url:)?(?:file|ftp|https?|jar|mailto):", re.IGNORECASE)
_LOOKS: Mapping[str, Callable[[str], bool]] = {
    "Url": lambda text: _SCHEME.match(text) is not None,
    "Email": lambda text: "@" in text,
    "Path": lambda text: text.startswith("/"),
}
"""Texts of a configuration API, as Sling's validator looks at them; Java knows no other protocols by itself."""


class Known(NamedTuple):
    """A property and what its service says about it; None for nothing."""

    property: Property
    described: Described | None

    def __repr__(self) -> str:
        return f"Known({self.property.name!r}, {self.described!r})"

    def hazard(self, message: str, fix: str = "") -> Hazard:
        """One of the property, whose value is shown as it is loaded."""
        return Hazard("", self.property.line, self.property.column, message, fix, self.property.name)


def service_of(subject: Subject) -> Service | None:
    """What is known about a configuration."""
    if subject.schema is None or not subject.node:
        return None
    return subject.schema.of(Pid.from_filename(subject.node))


def properties_of(subject: Subject) -> Iterator[Known]:
    """Its properties; none when nothing is known about it."""
    service = service_of(subject)
    if service is not None:
        yield from (Known(found, service.properties.get(found.name)) for found in subject.document.properties)


def is_of_all(name: str) -> bool:
    """Whether any service may be given a property of this name."""
    return name.startswith(_OF_ALL) or name.endswith(".target") or ":" in name


def items_of(found: Property) -> Iterator[Scalar]:
    """The values that stand there; what a placeholder becomes, nobody knows here."""
    return (item for item in found.value.items if not holds_placeholder(item))


def holds_placeholder(item: Scalar) -> bool:
    """Whether an item is a text with a placeholder in it."""
    return isinstance(item, str) and placeholders.begins_in(item)


def fits(item: Scalar, kind: str) -> bool:
    """Whether a service gets a value of a type from an item, as Declarative Services converts it."""
    if kind == "Boolean":
        return isinstance(item, bool) or (isinstance(item, str) and item.lower() in ("true", "false"))
    if kind == "Character":
        return not isinstance(item, str) or len(item) == 1
    if kind in _WHOLE:
        return _is_whole(item, _WHOLE[kind])
    if kind in ("Double", "Float"):
        return isinstance(item, (Float32, Float64)) or number_of(item) is not None or item == "NaN"
    return kind not in _LOOKS or (isinstance(item, str) and _LOOKS[kind](item))


def _is_whole(item: Scalar, bits: int) -> bool:
    if isinstance(item, str):
        try:
            units.parse_integer(item, bits)
        except units.NumberFormatError:
            return False
        return True
    number = number_of(item)
    return number is not None and number % 1 == 0 and -(1 << (bits - 1)) <= number < 1 << (bits - 1)


def number_of(item: Scalar) -> float | int | None:
    """The number that an item is, or says to Java."""
    if isinstance(item, bool) or item is None:
        return None
    if isinstance(item, int):
        return item
    if isinstance(item, str):
        try:
            return units.parse_integer(item, 64)
        except units.NumberFormatError:
            pass
        try:
            item = numbers.parse_double(item)
        except units.NumberFormatError:
            return None
    return None if math.isnan(item.number) else item.number


def is_single(found: Property) -> bool:
    """Whether there is one value, however it is held: a service takes the first of several."""
    return found.value.shape is Shape.SCALAR or len(found.value.items) <= 1
