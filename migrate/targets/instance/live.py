"""What ConfigAdmin runs: the instances of a factory, by ``service.factoryPid`` and never by the look of a PID.

configMgr gives typed values of the properties that AEM's metatype knows, and only the names of the others; those are
on the console's page of all configurations, as text. It tells arrays and collections alike, shows a password as
``unmodified``, and shows defaults as if they were set, but for ``is_set``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from grammar.java import numbers
from grammar.values import Float32, Float64, Scalar, Shape, Value
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

CONFIGMGR = "/system/console/configMgr"
PAGE = "/system/console/status-Configurations.txt"
_TYPES = {
    1: "String",
    2: "Long",
    3: "Integer",
    4: "Short",
    5: "Character",
    6: "Byte",
    7: "Double",
    8: "Float",
    11: "Boolean",
    12: "String",
}
"""``AttributeDefinition``'s numbers, and the console's 12 for a password."""
_PASSWORD = 12
_HIDDEN = frozenset({"unmodified", "********"})
_BLOCK = patterns.lazy(r"^PID = ", re.MULTILINE)
_ENTRY = patterns.lazy(r"^ {2}(\S+) = ", re.MULTILINE)
_HEADS = frozenset({"Factory", "BundleLocation"})
_LOOKS = 4
_PAUSE = 0.5
"""Seconds before lists that contradict one another are asked for again: a configuration came or went between them."""


class Live(NamedTuple):
    """One configuration that runs. Prints without its values.

    Attributes:
        pid: its PID.
        factory_pid: of a factory's instance; None for a singleton.
        values: the properties of which the console tells types; of several values it tells no shape, so these are
            arrays.
        texts: the properties of which it tells only a text.
        hidden: the names of the properties whose values it does not show.
    """

    pid: str
    factory_pid: str | None
    values: Mapping[str, Value]
    texts: Mapping[str, str]
    hidden: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Live({self.pid!r}, {len(self.names)} properties)"

    @property
    def names(self) -> frozenset[str]:
        return frozenset({*self.values, *self.texts, *self.hidden})

    def text(self, name: str) -> str | None:
        """A single value as text; None for what is not there, not shown, or several."""
        value = self.values.get(name)
        if value is None:
            return self.texts.get(name)
        return _printed_item(value.items[0]) if value.shape is Shape.SCALAR else None

    def agrees(self, name: str, value: Value | None) -> bool | None:
        """Whether a property runs as a file has it, as far as the console tells; None where it does not.

        Args:
            value: the file's; None where it has none.
        """
        if name in self.hidden:
            return None if value is not None else False
        runs = self.values.get(name)
        if runs is None:
            text = self.texts.get(name)
            return text == (None if value is None else printed(value))
        if value is None:
            return False
        both = Shape.SCALAR in (runs.shape, value.shape)
        if both and runs.shape is not value.shape:
            return False
        return [_printed_item(item) for item in runs.items] == [_printed_item(item) for item in value.items]


def printed(value: Value) -> str:
    """A value as the page of all configurations prints it."""
    items = [_printed_item(item) for item in value.items]
    return items[0] if value.shape is Shape.SCALAR else f"[{', '.join(items)}]"


def _printed_item(item: Scalar) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    return str(item.number) if isinstance(item, (Float32, Float64)) else str(item)


def of_factory(session: Session, factory_pid: str) -> list[Live]:
    """The instances of a factory, and whatever else has a PID that begins like it: singletons and bogus factories.

    Raises:
        InstanceError: the console does not answer, or not us.
    """
    return _read(session, [f"(service.factoryPid={factory_pid})", f"{factory_pid}*"])


def of_pids(session: Session, pids: Iterable[str]) -> list[Live]:
    """Some configurations, those of them that there are; of a factory's PID all instances.

    Raises:
        InstanceError: the console does not answer, or not us.
    """
    return _read(session, [wanted for pid in pids for wanted in (pid, f"(service.factoryPid={pid})")])


def _read(session: Session, filters: Sequence[str]) -> list[Live]:
    """What the list and the page say together; where one of them was told before a change, both are asked again."""
    for turn in range(_LOOKS):
        if turn:
            session.sleep(_PAUSE)
        found = session.whole(lambda: _listed(session, filters))
        further = {pid for pid, one in found.items() if one.get("additionalProperties")}
        texts = page(session.page(PAGE)) if further else {}
        if further <= texts.keys():
            break
    return [_live(one, texts.get(pid, {})) for pid, one in sorted(found.items())]


def _listed(session: Session, filters: Iterable[str]) -> dict[str, Mapping[str, object]]:
    """The objects of the console's lists, by PID."""
    found: dict[str, Mapping[str, object]] = {}
    for wanted in filters:
        path = f"{CONFIGMGR}/{wanted}.json"
        objects = session.json_once(path)
        if not isinstance(objects, list) or not all(
            isinstance(one, dict) and "pid" in one for one in objects
        ):
            message = "not the list of configurations that the web console gives there"
            raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(path), message, "Check the address")
        found |= {str(one["pid"]): one for one in objects}
    return found


def _live(one: Mapping[str, object], texts: Mapping[str, str]) -> Live:
    properties = one.get("properties")
    values: dict[str, Value] = {}
    hidden: list[str] = []
    for name, told in (properties if isinstance(properties, dict) else {}).items():
        if not isinstance(told, dict) or not told.get("is_set"):
            continue
        value = _value(told)
        if value is None:
            hidden.append(name)
        else:
            values[name] = value
    further = str(one.get("additionalProperties") or "")
    names = [name.strip() for name in further.split(",") if name.strip()]
    known = {name: texts[name] for name in names if name in texts and texts[name] not in _HIDDEN}
    hidden += [name for name in names if name not in known]
    factory_pid = one.get("factoryPid")
    return Live(
        str(one["pid"]),
        str(factory_pid) if factory_pid else None,
        values,
        known,
        tuple(hidden),
    )


def _value(told: Mapping[str, object]) -> Value | None:
    """A property as configMgr tells it; None where it does not show the value."""
    kind = told.get("type")
    element = _TYPES.get(kind, "String") if isinstance(kind, int) else "String"
    items = told.get("values")
    if isinstance(items, list):
        shape = Shape.ARRAY
    else:
        items, shape = [told.get("value")], Shape.SCALAR
    if kind == _PASSWORD or (len(items) == 1 and items[0] in _HIDDEN):
        return None
    return Value(element, shape, tuple(_item(element, item) for item in items))


def _item(element: str, item: object) -> Scalar:
    """An item as its type has it; what does not fit stays text."""
    text = "" if item is None else str(item)
    try:
        if element == "Boolean":
            return item if isinstance(item, bool) else text.lower() == "true"
        if element in ("Long", "Integer", "Short", "Byte"):
            return int(text)
        if element == "Double":
            return Float64.of(item) if isinstance(item, float) else numbers.parse_double(text)
        if element == "Float":
            return Float32.of(item) if isinstance(item, float) else numbers.parse_float(text)
    except ValueError:
        pass
    return text


def page(text: str) -> dict[str, dict[str, str]]:
    """The properties of all configurations on the console's page, as text, by PID."""
    blocks = _BLOCK.split(text)[1:]
    return {pid: dict(_entries(rest)) for pid, _, rest in (block.partition("\n") for block in blocks)}


def _entries(block: str) -> Iterator[tuple[str, str]]:
    """A value may have line breaks of its own; it ends where the next entry begins."""
    starts = list(_ENTRY.finditer(block))
    for number, found in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(block.rstrip("\n")) + 1
        if found[1] not in _HEADS:
            yield found[1], block[found.end() : end].removesuffix("\n").removesuffix("\r")
