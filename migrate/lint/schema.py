"""What services say about their configurations: the metatype in bundles, the configuration API in a feature model.

The files are the user's own: bundles, or the `aem-author-sdk` feature of the Cloud's SDK. `schemas` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from migrate.errors import MigrateError

if TYPE_CHECKING:
    from grammar.pids import Pid


class SchemaError(MigrateError):
    """A file that says nothing about configurations, or cannot be read; one line."""


NUMBERS = frozenset({"Long", "Integer", "Short", "Byte", "Double", "Float"})
"""The types of numbers, as Java calls them."""


class Described(NamedTuple):
    """A property.

    Attributes:
        type: ``String``, ``Integer`` ... as Java calls it; of an API also ``Url``, ``Email``, ``Path``, ``Password``.
        is_many: whether it holds several values.
        most: how many at most; None for any number.
        options: the texts of the values that it may have; empty for any.
        is_exact: whether the case of an option counts. A metatype's are what a console offers, and services take
            another case of them.
        low: the smallest number; None without a bound.
        high: the largest.
        pattern: what each text must match as a whole, in Java's words; empty for anything.
        includes: texts that must be among the values.
        excludes: texts that must not.
        is_required: whether it must be there.
        placeholder: ``REQUIRE`` or ``DENY`` for placeholders, else empty.
        instead: what AEM takes in the place of what is wrong; empty where it takes that.
    """

    type: str
    is_many: bool = False
    most: int | None = None
    options: tuple[str, ...] = ()
    is_exact: bool = False
    low: float | int | None = None
    high: float | int | None = None
    pattern: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    is_required: bool = False
    placeholder: str = ""
    instead: str = ""


class Service(NamedTuple):
    """A configuration that a service asks for.

    Attributes:
        properties: by name.
        is_open: whether it may have others.
        is_allowed: whether it may be there at all.
        internal: names that are the product's own.
        is_replaced: whether AEM leaves out what is not allowed.
    """

    properties: Mapping[str, Described]
    is_open: bool = False
    is_allowed: bool = True
    internal: frozenset[str] = frozenset()
    is_replaced: bool = False


@dataclass(slots=True)
class Schema:
    """Services by the PIDs and factory PIDs of their configurations."""

    singletons: dict[str, Service] = field(default_factory=dict)
    factories: dict[str, Service] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.singletons or self.factories)

    def of(self, pid: Pid) -> Service | None:
        """What is known about a configuration; None for nothing."""
        if pid.factory_pid is not None:
            return self.factories.get(pid.factory_pid)
        return self.singletons.get(pid.singleton or "")

    def update(self, other: Schema) -> None:
        """Take over what another one knows, before what stands here."""
        self.singletons |= other.singletons
        self.factories |= other.factories


def number(text: object) -> float | int | None:
    """A bound, as it is written in XML or JSON; None where there is none."""
    try:
        bound = float(str(text))
        return (int(str(text)) if str(text).isdecimal() else bound) if isfinite(bound) else None
    except ValueError:
        return None
