"""`.cfg.json`: our writer against the one in the installer core."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from grammar import Float32, Float64, Shape, Value
from grammar.cfgjson import writer
from grammar.values import PRIMITIVE_TYPES, SCALAR_TYPES, WRAPPER_OF, Scalar

Check = Callable[[Iterable[tuple[bytes, str]]], None]

BITS = {"Integer": 32, "Long": 64, "Byte": 8, "Short": 16}
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
NUMBERS = [
    0.0,
    -0.0,
    1.0,
    0.1,
    -5.7,
    16777216.0,
    1e10,
    1e7,
    9999999.0,
    1e-3,
    1e-4,
    12345678.9,
    1e100,
]


def text(rng: random.Random) -> str:
    return "".join(rng.choices([*UNITS, *'\\"/\n\t' * 4], k=rng.choice((0, 1, 2, 5, 20))))


def item(rng: random.Random, element: str) -> Scalar:
    kind = WRAPPER_OF.get(element, element)
    if kind == "String":
        return text(rng)
    if kind == "Boolean":
        return rng.random() < 0.5
    if kind == "Character":
        return rng.choice([unit for unit in UNITS if len(unit.encode("utf-16-le")) == 2])
    if kind == "Float":
        return Float32.of(rng.choice((*NUMBERS[:12], rng.randrange(-(1 << 24), 1 << 24) / 1024)))
    if kind == "Double":
        digits, exponent = rng.randrange(-(10**15), 10**15), rng.randrange(-200, 1)
        large = float(rng.getrandbits(rng.randrange(50, 66)))
        power = 2.0 ** rng.randrange(-1074, 1024)
        return Float64.of(rng.choice((*NUMBERS, float(f"{digits}e{exponent}"), large, power)))
    value = rng.getrandbits(rng.choice((3, BITS[kind])))
    return value - (1 << BITS[kind]) if value >> (BITS[kind] - 1) else value


def value(rng: random.Random, *, empty_collections: bool) -> Value:
    shape = rng.choice(list(Shape))
    element = rng.choice((*SCALAR_TYPES, *PRIMITIVE_TYPES) if shape is Shape.ARRAY else SCALAR_TYPES)
    count = 1 if shape is Shape.SCALAR else rng.choice((0, 1, 2, 3))
    if shape is Shape.COLLECTION and count == 0:
        if empty_collections:
            return Value.collection(())
        count = 1
    return Value(element, shape, tuple(item(rng, element) for _ in range(count)))


@pytest.mark.parametrize("version", ["3.10.0", "3.12.0", "3.14.2"])
def test_our_writer_gives_the_bytes_of_the_real_one(
    readers: Any, check: Check, rng: random.Random, rounds: int, version: str
) -> None:
    configurations = [
        {
            f"k{number}{text(rng)}": value(rng, empty_collections=version != "3.10.0")
            for number in range(rng.randrange(1, 4))
        }
        for _ in range(2500 * rounds)
    ]
    written = readers.write(f"installer-{version}", configurations, "cfg.json")

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for values, real in zip(configurations, written, strict=True):
            ours = writer.write(values, version)
            if ours != real:
                yield ours, f"{version} writes {real!r} for {values}"

    check(disagreements())
