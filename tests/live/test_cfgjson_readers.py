"""`.cfg.json`: our models against the installer core builds that can run here."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import grammar
from grammar import Shape, Value, forms
from grammar.cfgjson import reader
from grammar.platforms import PLATFORMS

Check = Callable[[Iterable[tuple[bytes, str]]], None]

NAME = "com.example.My~x.cfg.json"
SCALARS = ["String", "Integer", "Long", "Float", "Double", "Byte", "Short", "Character", "Boolean"]
PRIMITIVES = ["int", "long", "float", "double", "byte", "short", "char", "boolean"]
TYPES = [
    None, *SCALARS, *PRIMITIVES, *(f"{name}[]" for name in [*SCALARS, *PRIMITIVES]),
    *(f"Collection<{name}>" for name in SCALARS), "Collection", "Collection<int>", "", "string", "binary", "a:Integer",
]  # fmt: skip
VALUES = [
    '""', '"x"', '"xy"', '"5"', '" 5 "', '"5.0"', '"-0"', '"+7"', '"0x1"', '"1e3"', '"NaN"', '"300"', '"3000000000"',
    '"true"', '"TRUE"', '"yes"', '"€"', '"😀"', '"$[env:X]"', '"\\u0000"', '"\\ud83d"', "true", "false", "null", "0",
    "-0", "5", "-1", "65", "127", "128", "300", "65536", "3000000000", "9223372036854775807", "9223372036854775808",
    "99999999999999999999", "1.0", "1.50", "5.7", "-5.7", "0.1", "1e3", "1E-3", "1e400", "-1e400", "1e-400", "-0.0",
    "16777216.0", "1e10", "12345678.9", "3.4e39", "{}", '{"b":[1, "x"], "c":null}', "[]", '["x"]', '["x","y"]',
    "[1,2]", "[true,false]", "[1.5,2.5]", "[1,2.5]", "[1.5,2]", '["x",1]', '[1,"2"]', '[true,"x"]', "[null]",
    '["x",null]', "[1,null]", "[[1],[2]]", '[{"a":1},{}]', '[{"a":1},"y"]', '["5","6"]', '["1.5"]', '["",""]',
    "[65,66]",
]  # fmt: skip
TEMPLATE = b'// head\n{\n  "a": "x//y", /* c */\r\n  "b:Integer[]":[1,-2.5e0],\n  "c:Boolean" : true\n}\n'
PIECES = [
    "{", "}", "[", "]", ",", ":", '"', "'", "\\", "/", "//", "/*", "*/", "/**/", "#", " ", "\t", "\n", "\r", "\r\n",
    "\x00", "\x01", "\x0b", "\u00a0", "\ufeff", "\u2028", "0", "1", "-", "+", ".", "e", "é", "😀", "\\n",
    "\\/", "\\u0041", "\\u12", "\\x", "\\'", "null", "true", "True", "NaN", '"a"', '"a":1', ',"A":2', ',"a:Long":3',
    '":configurator:x":1,',
    "\\😀",
    "\\[",
    ":configurator:y\":1e9999999999,\"",
    "/*\0*/",
    '"C:\\\\"', '"http://x"', "01", "1.", ".5", "1e5", "x",
]  # fmt: skip


def every_typed_value() -> Iterator[bytes]:
    for type_name, value in itertools.product(TYPES, VALUES):
        key = "k" if type_name is None else f"k:{type_name}"
        yield f'{{"{key}":{value}}}'.encode()


def every_insertion() -> Iterator[bytes]:
    for at in range(len(TEMPLATE) + 1):
        yield TEMPLATE[:at]
        yield TEMPLATE[:at] + TEMPLATE[at + 1 :]
        yield TEMPLATE[:at] + b"\xff" + TEMPLATE[at:]
        for piece in PIECES:
            yield TEMPLATE[:at] + piece.encode() + TEMPLATE[at:]


def random_texts(rng: random.Random, count: int) -> Iterator[bytes]:
    gaps = ["", "", " ", "\n  ", "\r\n\t", "/* c */", "// c\n", '/*"*/', '// "\n', "/**/"]
    strings = [
        "x",
        "http://x",
        "/*",
        "*/",
        "C:\\\\",
        '\\"',
        "\\\\\\\\",
        "é",
        "\\n",
        "\\u0041",
        "a,b",
        "//",
        "'",
    ]
    keys = [
        "a",
        "b",
        "A",
        "c d",
        "e=",
        ":configurator:ranking",
        ":configurator:policy",
        "service.pid",
        "é",
        "a:b",
    ]
    for _ in range(count):
        members = []
        for _ in range(rng.randrange(4)):
            key = json.dumps(rng.choice(keys) + rng.choice(["", "", "", ":Integer", ":String[]"]))
            made = '"' + "".join(rng.choices(strings, k=rng.randrange(4))) + '"'
            value = rng.choice([made, made, *rng.choices(VALUES, k=2)])
            members.append(
                f"{rng.choice(gaps)}{key}{rng.choice(gaps)}:{rng.choice(gaps)}{value}{rng.choice(gaps)}"
            )
        text = f"{rng.choice(gaps)}{{{','.join(members)}}}{rng.choice(gaps)}"
        yield text.encode()
        for _ in range(rng.choice((1, 1, 2))):
            at = rng.randrange(len(text) + 1)
            cut = rng.choice((0, 0, 1, 3))
            text = text[:at] + rng.choice(["", *PIECES]) + text[at + cut :]
        yield text.encode()


def numbers(rng: random.Random, count: int) -> Iterator[bytes]:
    """Numbers around every edge of Java's types, plain, in quotes, in lists and in objects, under every type."""
    whole = [
        "0",
        "1",
        "65",
        "127",
        "128",
        "16777217",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
    ]
    powers = [
        "0",
        "1",
        "2",
        "3",
        "10",
        "18",
        "20",
        "308",
        "324",
        "400",
        "2147483647",
        "2147483648",
        "99999999999",
    ]
    for _ in range(count):
        text = rng.choice(["", "-"]) + rng.choice([*whole, str(rng.randrange(10**25))])
        if rng.random() < 0.5:
            text += "." + rng.choice(["0", "5", "00", "999999999999999999", str(rng.randrange(10**20))])
        if rng.random() < 0.5:
            text += rng.choice("eE") + rng.choice(["", "+", "-"]) + rng.choice(powers)
        other = rng.choice(["1", "2.5", "-0.0", "true", "null", '"7"', "9e18"])
        shapes = [text, text, f'"{text}"', f"[{text},{other}]", f'{{"b":{text}}}', f"[[{text}],{other}]"]
        type_name = rng.choice(TYPES[:-4])
        yield f'{{"k{"" if type_name is None else ":" + type_name}":{rng.choice(shapes)}}}'.encode()


def blanks(rng: random.Random, count: int) -> Iterator[bytes]:
    """Rows of blanks around the size of a reader's buffer, broken by comments or not."""
    for _ in range(count):
        length = rng.choice((262_143, 262_144, 262_145, 300_000))
        cut = rng.randrange(length)
        row = "".join((rng.choice(" \n\t") * cut, rng.choice(("", "/*c*/", "//c\n")), " " * (length - cut)))
        places = [
            '{0}{{"a":1}}',
            '{{{0}"a":1}}',
            '{{"a":{0}1}}',
            '{{"a":1,{0}"b":2}}',
            '{{"a":1}}{0}',
            '{{"a":"{0}"}}',
        ]
        yield rng.choice(places).format(row).encode()


def _nested(rng: random.Random, depth: int = 0) -> str:
    kind = rng.random()
    if depth > 3 or kind < 0.5:
        return rng.choice(VALUES)
    if kind < 0.8:
        return f"[{','.join(_nested(rng, depth + 1) for _ in range(rng.randrange(4)))}]"
    names = rng.sample(["b", "c", "", "b:Integer", "é", "a\\nb", "\\u0041"], rng.randrange(3))
    return "{" + ",".join(f'"{name}":{_nested(rng, depth + 1)}' for name in names) + "}"


def nested(rng: random.Random, count: int) -> Iterator[bytes]:
    """Lists and objects in one another, under every type."""
    for _ in range(count):
        type_name = rng.choice(TYPES)
        value = (
            f"[{','.join(_nested(rng) for _ in range(rng.randint(1, 3)))}]"
            if rng.random() < 0.7
            else _nested(rng)
        )
        yield f'{{"k{"" if type_name is None else ":" + type_name}":{value}}}'.encode()


def many_keys(rng: random.Random, count: int) -> Iterator[bytes]:
    """Names that are nearly the same, with types and without, some twice, and those that mean something."""
    names = [
        "a",
        "A",
        "\\u0061",
        "a ",
        "ä",
        "Ä",
        "ß",
        "SS",
        "\\u0130",
        "i\\u0307",
        "a.b",
        "",
        "service.pid",
        "I",
        "ı",
    ]
    names += [
        ":configurator:a",
        ":configurator:resource-version",
        "x:y",
        "component.name",
        "\\ud83d",
        "\\/",
        "\\t",
    ]
    types = [
        "",
        "",
        "",
        ":",
        ":Integer",
        ":String",
        ":Integer[]",
        ":int",
        ":Collection<String>",
        ":Nope",
        ":String:x",
    ]
    values = ["1", '"x"', "[1]", "null", "[]", "true", '{"a":1}', "1.5", '"5"']
    for _ in range(count):
        members = (
            f'"{rng.choice(names)}{rng.choice(types)}":{rng.choice(values)}' for _ in range(rng.randint(2, 4))
        )
        yield ("{" + ",".join(members) + "}").encode()


SOURCES: dict[str, Callable[[random.Random, int], Iterator[bytes]]] = {
    "typed": lambda _rng, _rounds: every_typed_value(),
    "insertions": lambda _rng, _rounds: every_insertion(),
    "blanks": lambda rng, rounds: blanks(rng, 12 * rounds),
    "numbers": lambda rng, rounds: numbers(rng, 3000 * rounds),
    "random": lambda rng, rounds: random_texts(rng, 3000 * rounds),
    "nested": lambda rng, rounds: nested(rng, 3000 * rounds),
    "keys": lambda rng, rounds: many_keys(rng, 3000 * rounds),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("version", reader.VERSIONS)
def test_the_models_load_what_the_readers_load(
    readers: Any, check: Check, rng: random.Random, rounds: int, source: str, version: str
) -> None:
    texts = list(dict.fromkeys(SOURCES[source](rng, rounds)))

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for data, real in zip(texts, readers.read(f"installer-{version}", texts, NAME), strict=True):
            ours = as_java_knows_them(reader.load(data, version, NAME).properties)
            odd = {name: ours[name].type_name for name in real.odd} if ours else {}
            plain = ours and {name: value for name, value in ours.items() if name not in odd}
            if plain != real.values or odd != real.odd:
                yield data, f"{version} loads {real.values} {real.odd} {real.error}, our model {ours}"

    check(disagreements())


QUOTED = ("Unexpected character", "Invalid escape", "Nothing to read", "PID <configuration> : Prop")
NUMBER_FIRST = "Exponent overflow."
"""Numbers are read with the token; we say what is wrong with the text before what is wrong with its numbers."""


@pytest.mark.parametrize("source", ["insertions", "random"])
@pytest.mark.parametrize("version", reader.VERSIONS)
def test_the_models_quote_the_parsers(
    readers: Any, check: Check, rng: random.Random, rounds: int, source: str, version: str
) -> None:
    texts = [data for data in dict.fromkeys(SOURCES[source](rng, rounds)) if b"\0" not in data]

    def disagreements() -> Iterator[tuple[bytes, str]]:
        quoted = 0
        for data, real in zip(texts, readers.read(f"installer-{version}", texts, NAME), strict=True):
            ours = reader.load(data, version, NAME).error or ""
            if ours.startswith(QUOTED) and NUMBER_FIRST not in real.error:
                quoted += 1
                if ours not in real.error:
                    yield data, f"{version} says {real.error}, our model {ours}"
        assert quoted

    check(disagreements())


@pytest.mark.parametrize("source", SOURCES)
def test_what_the_grammar_accepts_every_reader_loads_as_it_says(
    readers: Any, check: Check, rng: random.Random, rounds: int, source: str
) -> None:
    accepted: dict[bytes, dict[str, Value]] = {}
    for data in dict.fromkeys(SOURCES[source](rng, rounds)):
        try:
            document = grammar.parse(data, NAME, form="cfg.json")
        except grammar.ParseError:
            continue
        assert document.source == data
        accepted[data] = {found.name: found.value for found in document.properties}
    assert accepted
    inputs = list(accepted)

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for version in reader.VERSIONS:
            for data, real in zip(inputs, readers.read(f"installer-{version}", inputs, NAME), strict=True):
                if real.values != accepted[data] or real.odd:
                    yield data, f"{version} loads {real.values} {real.error}, we say {accepted[data]}"

    check(disagreements())


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", ["aem65", "cloud"])
def test_what_is_accepted_for_a_platform_its_readers_load(
    readers: Any, check: Check, rng: random.Random, rounds: int, source: str, name: str
) -> None:
    platform = PLATFORMS[name]
    accepted: dict[bytes, dict[str, Value]] = {}
    for data in dict.fromkeys(SOURCES[source](rng, rounds)):
        try:
            document = forms.parse(data, NAME, form="cfg.json", platform=platform)
        except grammar.ParseError:
            continue
        accepted[data] = {found.name: found.value for found in document.properties}
    assert accepted
    inputs = list(accepted)

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for version in platform.own["cfg.json"]:
            for data, real in zip(inputs, readers.read(f"installer-{version}", inputs, NAME), strict=True):
                if real.values != accepted[data] or real.odd:
                    yield data, f"{version} loads {real.values} {real.error}, we say {accepted[data]}"

    check(disagreements())


def as_java_knows_them(values: dict[str, Value] | None) -> dict[str, Value] | None:
    """A collection of nothing but nulls has no element type in Java."""
    return values and {
        name: Value.collection(value.items)
        if value.shape is Shape.COLLECTION and set(value.items) == {None}
        else value
        for name, value in values.items()
    }
