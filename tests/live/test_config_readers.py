"""`.config`: our models, our grammar and our verdicts against ConfigAdmin 1.8.12, 1.9.26 and Sling's installer."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import grammar
from grammar import forms
from grammar.config import installer
from grammar.config import reader as felix
from grammar.platforms import PLATFORMS

Check = Callable[[Iterable[tuple[bytes, str]]], None]

PLAIN = [
    "a", "Z", "0", "-", ".", "/", ":", ";", "~", "$[env:X]", "${y}", "'", "ä", "€", "😀", "\u00a0", "\u2028", "\ufeff",
    "\ufffd", "\uffff", "\x85", "\x7f", "\x01", "\x00", "#", "[", "]", "(", ")", ",", "{hex}", "T", "I", "true", "é",
]  # fmt: skip
ESCAPES = [
    "\\\\", '\\"', "\\=", "\\ ", "\\n", "\\t", "\\r", "\\b", "\\f", "\\u0041", "\\u00e4", "\\uD83D\\uDE00", "\\ud83d",
    "\\u0000", "\\.", "\\:", "\\,", "\\[", "\\é", "\\😀", "\\\n", "\\\r\n", "\\\t", "\\U", "\\/",
]  # fmt: skip
BAD_ESCAPES = [
    "\\u", "\\u1", "\\u12\"", "\\uzzzz", "\\u+041", "\\u-041", "\\u-001", "\\u 041", "\\u٠٠٤١", "\\u００４１",
    "\\uＡＢＣＤ",    "\\u12=4", "\\u12\\4", "\\u1\n23", "\\u𝟎𝟎𝟎𝟏", "\\",
]  # fmt: skip
BLANKS = [
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1f",
    "\u2003",
    "\u3000",
    "\u1680",
    "\u2007",
    "\u202f",
]
NUMBERS = [
    "0", "1", "-1", "+1", "--1", "+-1", "+", "-", "", " 1", "1 ", "1\n", "0x10", "1_0", "1L", "1.5", "1e3", "NaN",
    "007", "127", "128", "-128", "-129", "32767", "32768", "-32768", "-32769", "2147483647", "2147483648",
    "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "-9223372036854775809",    "99999999999999999999999999", "00000000000000000000000000000001",
    "1065353216", "2143289344", "2139095041",
    "-4194304", "9221120237041090561", "٣", "１２", "𝟏", "-٣", "١٢٣", "Ⅷ", "²", "\\u0031", "\\1", "1\\", "1=", "½", "߁",
    "true", "TRUE", "tRuE", "yes", "trué", "TRU\\u0045", "ſ", "x", "xy", "\ud83d\ude00", "\\ud83d", "\\\"", "\\=", "₁",
]  # fmt: skip
GOOD_NUMBERS = ("0", "1", "-1", "127", "+5", "007", "٣")
GOOD_ITEMS = {"B": ("true", "TRUE", "false", "no", ""), "C": ("x", "xy", "€", "\\\\", "\\u0041")}
CODES = [*felix.ELEMENT_OF, "", "Q", "t", "A", "u", "TT", "II", "I ", "\\u0049", "é"]
UTF8 = [
    b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc2", b"\xc3(", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xe2\x82",
    b"\xe2\x28\xa1", b"\xe2\x82\x28", b"\xed\xa0\x80", b"\xed\xa0", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80",
    b"\xed\xa0\x80\xa0", b"\xed", b"\xed\xb0", b"\xed\xa0x", b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xf0\x9f\x98",
    b"\xf0\x9f", b"\xf0", b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80", b"\xf4\x8f\xbf\xbf", b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80", b"\xfc", b"\xfe", b"\xff", b"\xff\xfe", b"\xef\xbf\xbf", b"\xef\xbf", b"\xef\xbb\xbf",
    b"\xef\xbb", b"\xf0\x9f\x98\xf0\x9f\x98\x80", b"\xe2\xe2\x82\xac", b"\xf0\x28\x8c\xbc", b"\xf0\x90\x28\xbc",
]  # fmt: skip
HEAD_LINE = re.compile(rb"#[^\r\n]*(?:\r(?!\n)|\Z)")
# A head line that does not end in a line feed: the installer takes away more than the line.
TEMPLATE = b'# c\r\na.b="x\\=y"\r\nB=I["1", \\\r\n  "2",]\n\nc=( "p" , "q" )  # d\nlast=B"true"'


def some_blank(rng: random.Random) -> str:
    return "".join(rng.choices(BLANKS[:3], k=rng.choice((0, 0, 1, 2))))


def quoted(rng: random.Random, code: str) -> str:
    """A quoted item that every reader takes for the type."""
    if code == "" or code == "T":
        return '"' + "".join(rng.choices([*PLAIN, *ESCAPES, " ", "\n"], k=rng.randrange(6))) + '"'
    item = rng.choice(GOOD_ITEMS.get(code.upper(), GOOD_NUMBERS))
    return f'"{item}"'


def entry(rng: random.Random) -> str:
    inner = rng.choices(["a", "b.c", "-", "#", "[", "\\ ", "\\=", '\\"', "é", "\\u0041"], k=2)
    key = rng.choice("abckZéx") + "".join(inner) + rng.choice("xyz9")
    code = rng.choice(["", "", "", *felix.ELEMENT_OF])
    shape = rng.choice(("scalar", "scalar", "array", "collection"))
    if shape == "scalar":
        return f"{key}={code}{quoted(rng, code)}"
    gaps = ["", " ", "\n", "\r\n\t", " \\\n  ", " \\\r\n ", "\\\n\\\n"]
    items = [rng.choice(gaps) + quoted(rng, code) + rng.choice(gaps) for _ in range(rng.randrange(4))]
    trail = rng.choice(("", "", ",", ", \\\r\n", ",,")) if items else ""
    opener, closer = "[]" if shape == "array" else "()"
    return f"{key}={code}{opener}{rng.choice((',', ',,')).join(items)}{trail}{rng.choice(gaps)}{closer}"


def valid(rng: random.Random) -> bytes:
    """A text without a hazard: the grammar must accept it."""
    eol = rng.choice(("\n", "\n", "\r\n"))
    lines: list[str] = []
    for _ in range(rng.randrange(1, 6)):
        lines += rng.choice(([], [], [""], ['# note = "x"'], ["#"]))
        lines.append(entry(rng) + rng.choice(("", "", " # why", some_blank(rng))))
    text = eol.join(lines) + rng.choice(("", eol))
    return text.encode("utf-8", "surrogatepass")


def mutated(rng: random.Random, data: bytes, other: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
        piece = rng.choice(
            [*PLAIN, *BAD_ESCAPES, *BLANKS, '"', "=", "\\", ",", "]", ")", "[", "(", '="', '",', "\n#"]
        )
        match rng.randrange(8):
            case 0:
                data = data[:at] + piece.encode("utf-8", "surrogatepass") + data[at:]
            case 1:
                data = data[:at] + data[at + 1 :]
            case 2:
                data = data[:at] + data[min(end, at + 12) :]
            case 3:
                data = data[:at]
            case 4:
                data = data[:at] + other[rng.randrange(len(other) + 1) :]
            case 5 if data:
                at = min(at, len(data) - 1)
                data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
            case 6:
                data = data[:at] + rng.choice(UTF8) + data[at:]
            case _:
                data = data[:end] + data[at:end] + data[end:]
    return data


def soup(rng: random.Random) -> bytes:
    """Tokens in any order."""
    pieces = [
        *PLAIN,
        *ESCAPES,
        *BAD_ESCAPES,
        *BLANKS,
        *['"', "=", "[", "]", "(", ")", ",", "#", "\\", "a=", '="', '"\n'] * 6,
    ]
    return "".join(rng.choices(pieces, k=rng.randrange(1, 14))).encode("utf-8", "surrogatepass")


def every_number() -> Iterator[bytes]:
    """Every type code and shape with every spelling of a number, a flag or a character."""
    for code, number in itertools.product(CODES, NUMBERS):
        item = f'"{number}"'
        for text in (f"{code}{item}", f"{code}[{item},]", f'{code}( {item}, "1")'):
            yield f'k={text}\nnext="1"\n'.encode("utf-8", "surrogatepass")


def every_tail() -> Iterator[bytes]:
    """Every three characters that mean something, after every kind of beginning."""
    alphabet = ["a", "=", '"', "\n", "\r", "[", "]", "(", ")", ",", "\\", " ", "#", "I", "1", "u"]
    starts = [
        "",
        "a=",
        'a="',
        'a="x"',
        "a=[",
        'a=["x"',
        'a=("x",',
        "a=I",
        "# c",
        'a="x"\n',
        'a="\\',
        "\ufeff",
    ]
    for start, tail in itertools.product(starts, itertools.product(alphabet, repeat=3)):
        yield (start + "".join(tail)).encode()


def every_insertion() -> Iterator[bytes]:
    """One piece more, or one byte less, at every place of a text that uses the whole format."""
    pieces = [
        "=",
        '"',
        "\\",
        ",",
        "[",
        "]",
        "(",
        ")",
        "#",
        " ",
        "\n",
        "\r",
        "a",
        "\\u",
        "\ufeff",
        "\uffff",
        "\x0b",
        "\u2007",
    ]
    for at in range(len(TEMPLATE) + 1):
        yield TEMPLATE[:at]
        yield TEMPLATE[:at] + TEMPLATE[at + 1 :]
        for piece in pieces:
            yield TEMPLATE[:at] + piece.encode() + TEMPLATE[at:]


def every_encoding() -> Iterator[bytes]:
    """Well and badly formed UTF-8 wherever a text may stand."""
    for piece in UTF8:
        for before, after in (
            (b"", b'a="1"'),
            (b"a", b'="1"'),
            (b'a="', b'"'),
            (b'a="', b""),
            (b'a=C"', b'"'),
            (b"#", b'\na="1"'),
        ):
            yield before + piece + after
            yield before + b"x" + piece + piece + b"x" + after
        yield b'a="\\' + piece + b'"\nb="1"'
        yield b'a="\\u00' + piece + b'41"\nb="1"'
        yield b'a="\\u' + piece + b'09"\nb="1"'
        yield b"a\\u" + piece + b'09="1"\nb="1"'


def random_texts(rng: random.Random, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield mutated(rng, valid(rng), valid(rng))
        yield soup(rng)
        yield valid(rng)


SOURCES: dict[str, Callable[[random.Random, int], Iterator[bytes]]] = {
    "numbers": lambda _rng, _rounds: every_number(),
    "tails": lambda _rng, _rounds: every_tail(),
    "insertions": lambda _rng, _rounds: every_insertion(),
    "encodings": lambda _rng, _rounds: every_encoding(),
    "random": lambda rng, rounds: random_texts(rng, 4000 * rounds),
}


@pytest.fixture(params=SOURCES)
def texts(request: pytest.FixtureRequest, rng: random.Random, rounds: int) -> list[bytes]:
    return list(dict.fromkeys(SOURCES[request.param](rng, rounds)))


@pytest.mark.parametrize("version", [*felix.VERSIONS, "1.9.12"])
def test_the_models_load_what_the_readers_load(
    readers: Any, check: Check, texts: list[bytes], version: str
) -> None:
    # AEM 6.5's ConfigAdmin reads as the installer does.
    model = felix.INSTALLER if version == "1.9.12" else version

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for data, real in zip(texts, readers.read(f"felix-{version}", texts), strict=True):
            ours = felix.load(data, model)
            if ours.properties != real.values or real.odd:
                yield data, f"{version} loads {real.values} {real.error}, our model {ours}"
            elif ours.properties is None and ours.error != real.error:
                yield data, f"{version} fails with {real.error!r}, our model with {ours.error!r}"

    check(disagreements())


@pytest.mark.parametrize("reader", ["felix-1.8.12", "felix-1.9.26", "installer-3.9.0", "installer-3.14.2"])
def test_what_the_grammar_accepts_every_reader_loads_as_it_says(
    readers: Any, check: Check, texts: list[bytes], reader: str
) -> None:
    accepted = {data: values for data in texts if (values := by_our_grammar(data)) is not None}
    if reader.startswith("installer"):
        accepted = {data: values for data, values in accepted.items() if not HEAD_LINE.match(data)}
        assert all(installer.load(data).properties == values for data, values in accepted.items())
    assert accepted
    inputs = list(accepted)

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for data, real in zip(inputs, readers.read(reader, inputs), strict=True):
            if real.values != accepted[data]:
                yield data, f"{reader} loads {real.values} {real.error}, we say {accepted[data]}"

    check(disagreements())


def by_our_grammar(data: bytes) -> dict[str, grammar.Value] | None:
    """What we say is loaded; None for what we refuse, after a look at the refusal."""
    try:
        document = grammar.parse(data)
    except grammar.ParseError as refusal:
        error = refusal
    else:
        assert document.source == data
        return {found.name: found.value for found in document.properties}
    assert error.rule, data
    assert error.message, data
    assert "\n" not in str(error), data
    assert 1 <= error.line <= len(data.splitlines()) + 1, data
    assert 1 <= error.column <= len(data) + 1, data
    return None


HEADS = [
    "#",
    "# c",
    "#\r",
    "# c\r",
    "# c\n",
    "# c\r\n",
    '#a="1"\r',
    "#\r\r",
    "#\n\r",
    "##\r#\n",
    "\n#",
    " #c\r",
    "#\\\n",
]


def headed(rng: random.Random, count: int) -> Iterator[bytes]:
    """Texts whose first line is a comment, or nearly; some of them nothing else."""
    yield from (head.encode() for head in HEADS)
    for data in random_texts(rng, count):
        yield rng.choice(HEADS).encode() + data


@pytest.mark.parametrize("version", ["3.9.0", "3.14.2"])
def test_the_installer_takes_a_first_comment_line_away(
    readers: Any, check: Check, rng: random.Random, rounds: int, version: str
) -> None:
    """It ends at a line feed for it; a carriage return does not end it."""
    texts = list(dict.fromkeys(headed(rng, 2000 * rounds)))

    def disagreements() -> Iterator[tuple[bytes, str]]:
        for data, real in zip(texts, readers.read(f"installer-{version}", texts), strict=True):
            ours = installer.load(data)
            if ours.properties != real.values:
                yield data, f"{version} loads {real.values} {real.error}, our model {ours}"
            try:
                document = forms.parse(data, platform=PLATFORMS["aem65"])
            except grammar.ParseError:
                continue
            said = {one.name: one.value for one in document.properties}
            if said != real.values:
                yield data, f"{version} loads {real.values} {real.error}, accepted as {said}"

    check(disagreements())


def test_the_grammar_accepts_what_has_no_hazard(rng: random.Random, rounds: int) -> None:
    for _ in range(2000 * rounds):
        data = valid(rng)
        assert grammar.parse(data).source == data
