"""`grammar.xml.writing.writer` against FileVault's export, byte for byte."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import Any

import pytest

from grammar.values import Float64, Shape, Value
from grammar.xml.writing import writer

pytestmark = pytest.mark.live

COUNT = 1_500
Build = Callable[..., bytes]
# fmt: off
TEXTS = [
    "", " ", "a", "b ", "\\", "\\\\", ",", "[", "]", "{", "}", "{Long}5", "[a,b]", '"', "'", "<", ">", "&", "&amp;",
    "\t", "\n", "\r", "\x01", "\x1f", "\x7f", "\x80", "\u2028", "\ufeff", "\ufffd", "\ufffe", "ä", "😀", "$[env:X]",
    "\\u0041", "\\0",
    "https://ims-na1.adobelogin.com/ims/token/v3", '"iss" : "1@AdobeOrg"', "openid, AdobeID", "0" * 300, "_x0020_",
]
NAMES = [
    "a", "B", "m", "z", "A.b", "a.B", "a-b", "a_b", "ä", "Z", "é", "p q", "1x", "_x0041_", "_", "x_y", "a,b", "a$b",
    "a+b", "ß",
    "auth.token.provider.scope", "auth.token.provider.orgId", "name", "Name.x", "😀", "a(b)", "a%b", "ı", "İ",
    "µ", "_xab",
]
# fmt: on


def _value(rng: random.Random) -> Value:
    kind = rng.choice(["String", "String", "String", "Long", "Double", "Boolean"])
    many = rng.random() < 0.4
    items = tuple(_item(rng, kind) for _ in range(rng.randint(1, 4) if many else 1))
    return Value(kind, Shape.ARRAY if many else Shape.SCALAR, items)


def _item(rng: random.Random, kind: str) -> str | int | bool | Float64:
    if kind == "Long":
        return rng.choice([0, -1, 2**63 - 1, -(2**63), rng.randint(-(10**9), 10**9)])
    if kind == "Boolean":
        return rng.random() < 0.5
    if kind == "Double":
        return _double(rng)
    return "".join(rng.choice(TEXTS) for _ in range(rng.choice([0, 1, 1, 2, 3])))


def _double(rng: random.Random) -> Float64:
    usual = [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e-3,
        9.999999e-4,
        1e7,
        9999999.0,
        1e16,
        123456789.125,
        5e-324,
        float("inf"),
        float("-inf"),
    ]
    number = rng.choice([*usual, float("nan"), struct.unpack(">d", rng.randbytes(8))[0]])
    return Float64.of(float("nan")) if number != number else Float64.of(number)


def _properties(rng: random.Random) -> dict[str, Value]:
    names = rng.sample(NAMES, rng.randint(0, 6))
    unlike = {name.casefold(): name for name in names}
    return {name: _value(rng) for name in unlike.values()}


def test_written_bytes_are_those_of_an_export(vault: Any, package: Build) -> None:
    rng = random.Random(40)
    cases = {f"F-{number}": _properties(rng) for number in range(COUNT)}
    files = {f"apps/x/config/{name}.xml": writer.write(case, vault.version) for name, case in cases.items()}
    found = vault.run(package(files), export=True)
    assert "exception" not in found.imports[0]
    wrong = [
        (data, theirs)
        for path, data in files.items()
        if (theirs := found.exported.get(f"jcr_root/{path}")) != data
    ]
    assert not wrong, f"{len(wrong)}: {sorted(wrong, key=lambda case: len(case[0]))[:8]}"


def test_written_values_are_loaded(vault: Any, package: Build) -> None:
    rng = random.Random(41)
    cases = {f"F-{number}": _properties(rng) for number in range(COUNT)}
    files = {f"apps/x/config/{name}.xml": writer.write(case, vault.version) for name, case in cases.items()}
    found = vault.run(package(files))
    for name, case in cases.items():
        dictionary = found.nodes[f"/apps/x/config/{name}"]["dictionary"]
        expected = {
            key: {"type": value.type_name, "values": [_json(item) for item in value.items]}
            for key, value in case.items()
        }
        assert dictionary == expected


def _json(item: object) -> object:
    return f"{item.bits:x}" if isinstance(item, Float64) else item
