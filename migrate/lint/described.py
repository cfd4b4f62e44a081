"""A configuration held to what its service says about it: what the rules that need `--schema` have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grammar import placeholders
from grammar.documents import Property
from grammar.hazards import Hazard
from grammar.pids import Pid
from grammar.values import Float32, Float64, Scalar, Shape

if TYPE_CHECKING:
    from migrate.lint.checks import Subject
    from migrate.lint.schema import Described, Service

_WHOLE = {
    "Long": 63,
    "Integer": 31,
    "Short": 15,
    "Byte": 7,
}
_OF_ALL = ("service.", "component.", "osgi.", "felix.", "webconsole.", "jcr:", "sling:")
"""How properties begin that any service may be given; and ``x.target`` chooses what a reference x takes."""


class Known(NamedTuple):
    """A property and what its service says about it; None for nothing."""

    property: Property
    described: Described | None

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
    return (i for i in found.value.items if not (isinstance(i, str) and placeholders.begins_in(i)))


def fits(item: Scalar, kind: str) -> bool:
    """Whether a service gets a value of a type from an item, as Declarative Services converts it."""
    if kind == "Boolean":
        return isinstance(item, bool) or (isinstance(item, str) and item.lower() in ("true", "false"))
    if kind == "Character":
        return not isinstance(item, str) or len(item) == 1
    if kind in _WHOLE:
        number = number_of(item)
        return number is not None and number == int(number) and abs(number) <= 2 ** _WHOLE[kind]
    return number_of(item) is not None if kind in ("Double", "Float") else True


def number_of(item: Scalar) -> float | int | None:
    """The number that an item is, or says."""
    if isinstance(item, (Float32, Float64)):
        return item.number if abs(item.number) != float("inf") and item.number == item.number else None
    if isinstance(item, bool) or item is None:
        return None
    try:
        return int(item) if isinstance(item, int) or item.strip().lstrip("+-").isdecimal() else float(item)
    except ValueError:
        return None


def is_single(found: Property) -> bool:
    """Whether there is one value, however it is held: a service takes the first of several."""
    return found.value.shape is Shape.SCALAR or len(found.value.items) <= 1
