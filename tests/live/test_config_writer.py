"""`.config`: our canonical writer against ``ConfigurationHandler.write``, and what is read back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import grammar
from grammar import Float32, Float64, Shape, Value
from grammar.values import PRIMITIVE_TYPES, SCALAR_TYPES, WRAPPER_OF, Scalar

Check = Callable[[Iterable[tuple[bytes, str]]], None]

BITS = {"Integer": 32, "Long": 64, "Byte": 8, "Short": 16, "Float": 32, "Double": 64}
UNITS = [
    *map(chr, range(0x80)),
    "\x85",
    "\u00a0",
    "é",
    "€",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "\uffff",
    "😀",
    "𝟏",
]
LONE = "\ud83d"


def text(rng: random.Random) -> str:
    return "".join(rng.choices([*UNITS, *'\\" =\r\n#[](),' * 3], k=rng.choice((0, 1, 2, 5, 20))))


def key(rng: random.Random) -> str:
    """A key that Felix's own writer can bring back, in all readers."""
    return rng.choice("abcIZ0é") + text(rng) + rng.choice("xyz")


def item(rng: random.Random, element: str) -> Scalar:
    kind = WRAPPER_OF.get(element, element)
    if kind == "String":
        return text(rng)
    if kind == "Boolean":
        return rng.random() < 0.5
    if kind == "Character":
        return rng.choice([unit for unit in UNITS if len(unit.encode("utf-16-le")) == 2])
    bits = BITS[kind]
    edge = rng.choice((0, 1, (1 << bits) - 1, 1 << (bits - 1), (1 << (bits - 1)) - 1, rng.getrandbits(bits)))
    if kind == "Float":
        return Float32(rng.choice((edge, 0x7FC00001, 0x7F800000, 0xFF800000, 0x7FA00001)))
    if kind == "Double":
        return Float64(rng.choice((edge, 0x7FF8000000000001, 0x7FF0000000000000)))
    return edge - (1 << bits) if edge >> (bits - 1) else edge


def value(rng: random.Random) -> Value:
    shape = rng.choice(list(Shape))
    element = rng.choice((*SCALAR_TYPES, *PRIMITIVE_TYPES) if shape is Shape.ARRAY else SCALAR_TYPES)
    count = 1 if shape is Shape.SCALAR else rng.choice((0, 1, 2, 3))
    if shape is Shape.COLLECTION and count == 0:
        return Value.collection(())
    return Value(element, shape, tuple(item(rng, element) for _ in range(count)))


@pytest.fixture
def configurations(rng: random.Random, rounds: int) -> list[dict[str, Value]]:
    return [{key(rng): value(rng) for _ in range(rng.randrange(5))} for _ in range(3000 * rounds)]


@pytest.mark.parametrize("writer", ["felix-1.8.12", "felix-1.9.26", "installer-3.14.2"])
def test_our_writer_gives_the_bytes_of_the_real_one(
    readers: Any, check: Check, configurations: list[dict[str, Value]], writer: str
) -> None:
    def disagreements() -> Iterator[tuple[bytes, str]]:
        for values, real in zip(configurations, readers.write(writer, configurations), strict=True):
            ours = grammar.write_config(values)
            if ours != real:
                yield ours, f"{writer} writes {real!r} for {values}"

    check(disagreements())


@pytest.mark.parametrize("reader", ["felix-1.8.12", "felix-1.9.26", "installer-3.14.2"])
def test_what_is_written_is_read_back_alike(
    readers: Any, check: Check, configurations: list[dict[str, Value]], reader: str
) -> None:
    written = [grammar.write_config(values) for values in configurations]

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for values, data, real in zip(configurations, written, readers.read(reader, written), strict=True):
            if real.values != values:
                yield data, f"{reader} loads {real.values} {real.error} for {values}"

    check(disagreements())


def test_lone_surrogates_are_written_as_java_writes_them(readers: Any) -> None:
    values = {"a" + LONE: Value.string(LONE + "x"), "b": Value("Character", Shape.SCALAR, (LONE,))}
    assert readers.write("felix-1.8.12", [values]) == [grammar.write_config(values)]
