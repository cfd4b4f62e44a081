"""`grammar.xml_reader` against real FileVault versions: generated sling:OsgiConfig files, value by value.

The generators are plain functions of a seeded `random.Random`, so a run is repeatable and a failure names the
bytes. Thousands of files go through one import; where that import and the model disagree, the file is imported
once more alone, and that verdict counts (one bad file may take its neighbours with it on some versions).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from grammar.documents import Document, Loaded
from grammar.errors import ParseError
from grammar.values import Float64, Shape, Value

pytestmark = pytest.mark.live

FOLDER = "apps/x/config"
NODE = "com.example.C-n"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
JCR = 'xmlns:jcr="http://www.jcp.org/jcr/1.0"'
SLING = 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
OSGI_CONFIG = 'jcr:primaryType="sling:OsgiConfig"'

TYPES = [
    "String",
    "Long",
    "Double",
    "Boolean",
    "Date",
    "Decimal",
    "Name",
    "Path",
    "URI",
    "Reference",
    "Binary",
]
TYPES += [
    "WeakReference",
    "undefined",
    "BinaryRef",
    "long",
    "Integer",
    "STRING",
    "",
    " Long",
    "Long ",
    "0,date",
]
NUMBERS = [
    "0",
    "5",
    "-5",
    "+5",
    " 5",
    "5 ",
    "5L",
    "0x10",
    "1_0",
    "٣",
    "9223372036854775807",
    "9223372036854775808",
]
NUMBERS += [
    "-9223372036854775808",
    "1.5",
    "1e3",
    "1E-3",
    ".5",
    "5.",
    "1.5d",
    "0x1p3",
    "NaN",
    "Infinity",
    "-Infinity",
]
NUMBERS += [
    "+Infinity",
    "nan",
    "-0.0",
    "1e400",
    "4.9e-324",
    "2e-324",
    "1.7976931348623159e308",
    "\t1.5\n",
    "1.5F",
]
DATES = [
    "2020-01-02T03:04:05.678Z",
    "2020-01-02",
    "2020-01-02T03:04:05.678+01:00",
    "2020-13-02T03:04:05.678Z",
]
WORDS = [
    "true",
    "TRUE",
    "True",
    "false",
    "yes",
    "a",
    "b",
    "ä",
    "€",
    "😀",
    "sling:Folder",
    "/apps/x",
    "mailto:a@b",
]
PIECES = [
    "{",
    "}",
    "[",
    "]",
    "\\",
    ",",
    "\\,",
    "\\\\",
    "\\[",
    "\\{",
    "\\0",
    "\\u0041",
    "\\u00e4",
    "\\ud83d\\ude00",
]
PIECES += [
    "\\u12",
    "\\uzzzz",
    "\\u+041",
    "\\n",
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    '"',
    "'",
    "<",
    ">",
    "&",
    "=",
    "$[env:X]",
]
PIECES += ["\u00a0", "\u0085", "\u2028", "\u007f", "\ufffd", "\U0001f600", "x" * 50]
REAL = [
    "https://ims-na1.adobelogin.com/ims/token/v3",
    '{"a":1}',
    "{0,date,dd.MM.yyyy HH:mm:ss.SSS} *{4}* [{2}] {3} {5}",
]
REAL += [
    "{da39a3ee5e6b4b0d}",
    "\\{da39a3ee5e6b4b0d}",
    "[org.x:sub=[svc1\\,svc2]]",
    "(\\\\\\|\\|)",
    "C:\\temp\\new",
]
REAL += [
    '"iss" : "1@AdobeOrg"',
    '["iss" : "1@AdobeOrg"]',
    "read_pc.dma_smart_content, openid",
    "^/(.*)$",
    "[a,b,]",
]
REAL += [
    "{String}[a,b]",
    "{Boolean}true",
    "{Long}[1,2,3]",
    "{Long}[1, 2]",
    "{Double}[1.5,x]",
    "[\\0]",
    "[]",
    "{Long}[]",
]
NAMES = [
    "p",
    "q",
    "auth.token.provider.scope",
    "a-b",
    "P",
    "ä",
    "a_x0020_b",
    "_x0031_a",
    "a_x002F_b",
    "a_x002f_b",
]
NAMES += [
    "a_x005f_x0020_b",
    "a_x20_b",
    "_x",
    "a_x003a_b",
    "_x007b_a",
    "a_xd83d__xde00_",
    "my:p",
    "jcr:title",
    "sling:p",
]


def docview_text(rng: random.Random) -> str:
    """An attribute's value before XML escaping: well-formed docview, near misses and junk."""
    kind = rng.random()
    if kind < 0.4:
        text = _typed(rng)
    elif kind < 0.6:
        text = rng.choice(REAL)
    else:
        text = "".join(rng.choice(PIECES if rng.random() < 0.6 else WORDS) for _ in range(rng.randint(0, 6)))
    if rng.random() < 0.25 and text:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(["", *PIECES]) + text[at + rng.randint(0, 2) :]
    return text


def _typed(rng: random.Random) -> str:
    prefix = (
        ""
        if rng.random() < 0.3
        else "{" + (rng.choice(TYPES[:4]) if rng.random() < 0.6 else rng.choice(TYPES)) + "}"
    )
    if rng.random() < 0.5:
        return prefix + _item(rng)
    return (
        prefix
        + "["
        + rng.choice([",", ",", ",", ", "]).join(_item(rng) for _ in range(rng.randint(0, 4)))
        + "]"
    )


def _item(rng: random.Random) -> str:
    return rng.choice(rng.choice([NUMBERS, NUMBERS, WORDS, DATES, PIECES]))


def quoted(rng: random.Random, text: str) -> str:
    """The text as an XML attribute value with its quotes; characters raw or as references."""
    quote = '"' if rng.random() < 0.9 else "'"
    named = {"<": "&lt;", "&": "&amp;", quote: "&quot;" if quote == '"' else "&apos;", ">": "&gt;"}
    out = []
    for char in text:
        if char in named and (char != ">" or rng.random() < 0.5):
            out.append(named[char])
        elif char in "\t\n\r" and rng.random() < 0.7:
            out.append(f"&#x{ord(char):x};")
        elif rng.random() < 0.02:
            out.append(f"&#{ord(char)};" if rng.random() < 0.5 else f"&#x{ord(char):X};")
        else:
            out.append(char)
    return quote + "".join(out) + quote


def value_file(rng: random.Random) -> bytes:
    """A plain configuration with one to four attributes, a sentinel last."""
    names = (
        ["p", *rng.sample(["a", "z", "Q"], rng.randint(0, 2))] if rng.random() < 0.8 else rng.sample(NAMES, 2)
    )
    lines = [f"    {name}={quoted(rng, docview_text(rng))}" for name in names]
    return _document(lines + (['    zz="last"'] if rng.random() < 0.5 else []))


def _document(lines: list[str], head: str = HEAD, namespaces: str = f"{SLING} {JCR}") -> bytes:
    body = "\n".join([f"<jcr:root {namespaces}", f"    {OSGI_CONFIG}", *lines])
    return f"{head}{body}/>\n".encode("utf-8", "surrogatepass")


def whole_file(rng: random.Random) -> bytes:
    """A configuration whose frame varies: declaration, prolog, namespaces, node type, children, encoding."""
    declaration = _mostly(rng, HEAD, DECLARATIONS)
    prolog = _mostly(rng, "", [*PROLOGS, f"<!--{'c' * rng.randint(700, 1000)}-->\n"])
    namespaces = _mostly(rng, f"{SLING} {JCR}", NAMESPACES)
    node_type = _mostly(rng, OSGI_CONFIG, NODE_TYPES)
    name = _mostly(rng, "jcr:root", ["jcr:Root", "root", "jcr:root2", "sling:root"])
    extra = _mostly(rng, "", EXTRA_ATTRIBUTES)
    attributes = (
        f"p={quoted(rng, docview_text(rng))}" if rng.random() < 0.3 else 'p="x"\n    b="{Boolean}true"'
    )
    end = _mostly(rng, "/>", [*(f">{child}</{name}>" for child in CHILDREN), ">", f"></{name}x>"])
    tail = _mostly(rng, "\n", ["", "\n<!-- c -->\n", "x", "<a/>", "\n\n", "\x00"])
    text = f"{declaration}{prolog}<{name} {namespaces}\n    {node_type}\n    {extra}\n    {attributes}{end}{tail}"
    text = rng.choice([text, text, text, text.replace("\n", "\r\n"), text.replace("\n", "\r")])
    return _mutated(rng, _encoded(rng, text))


def _mostly(rng: random.Random, usual: str, others: list[str]) -> str:
    return usual if rng.random() < 0.88 else rng.choice(others)


def _encoded(rng: random.Random, text: str) -> bytes:
    if "8859" in text and rng.random() < 0.8:
        return text.encode("iso-8859-1", "xmlcharrefreplace")
    if "UTF-16" in text and rng.random() < 0.8:
        return text.encode("utf-16")
    data = text.encode("utf-8", "surrogatepass")
    return b"\xef\xbb\xbf" + data if rng.random() < 0.05 else data


def _mutated(rng: random.Random, data: bytes) -> bytes:
    """One time in six: a byte changed, removed or inserted, or the end cut off."""
    if rng.random() > 1 / 6:
        return data
    at = rng.randrange(len(data))
    junk = bytes([rng.choice([0, 9, 10, 32, 34, 38, 39, 60, 62, 92, 0x80, 0xC3, 0xFF, rng.randrange(256)])])
    return rng.choice(
        [
            data[:at],
            data[:at] + data[at + 1 :],
            data[:at] + junk + data[at:],
            data[:at] + junk + data[at + 1 :],
        ]
    )


DECLARATIONS = [
    "",
    "<?xml version='1.0'?>\n",
    '<?xml version="1.1" encoding="UTF-8"?>\n',
    " " + HEAD,
    "\n" + HEAD,
]
DECLARATIONS += ['<?xml version="1.0" encoding="ISO-8859-1"?>\n', '<?xml version="1.0" encoding="UTF-16"?>\n']
DECLARATIONS += [
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>',
    '<?xml version="1.0" encoding="nope"?>',
]
DECLARATIONS += ['<?xml version="2.0"?>', '<?xml encoding="UTF-8"?>']
PROLOGS = ["<!-- short -->\n", "<?pi x?>\n", "## velocity\n", "<!-- a -- b -->", "<!---->\n\n", " \t\n"]
NAMESPACES = [
    f"{JCR} {SLING}",
    JCR,
    SLING,
    f"{SLING} xmlns:jcr='http://www.jcp.org/jcr/1.0'",
    f'{JCR} xmlns:sling="x"',
]
NAMESPACES += [
    f'{SLING} {JCR} xmlns:my="http://example.com/my"',
    f"{JCR} {JCR}",
    f'{SLING} xmlns:jcr="http://www.jcp.org/jcr/2.0"',
]
NAMESPACES += [
    f'{SLING} xmlns:jcr = "http://www.jcp.org/jcr/1.0"',
    f'{SLING} {JCR} xmlns="http://example.com/default"',
]
NAMESPACES += [
    " ".join(f'xmlns:n{i}="http://example.com/namespace/{i}"' for i in range(22)) + f" {SLING} {JCR}"
]
NODE_TYPES = [
    "",
    'jcr:primaryType="sling:Folder"',
    'jcr:primaryType="sling:osgiConfig"',
    'jcr:primaryType="nt:unstructured"',
]
NODE_TYPES += [
    'jcr:primaryType="{Name}sling:OsgiConfig"',
    'jcr:primaryType="[sling:OsgiConfig]"',
    'jcr:primaryType=""',
]
NODE_TYPES += [
    'jcr:primaryType="OsgiConfig"',
    f"{OSGI_CONFIG} {OSGI_CONFIG}",
    "jcr:primaryType='sling:OsgiConfig'",
]
EXTRA_ATTRIBUTES = [
    'jcr:mixinTypes="[mix:title]"',
    'jcr:title="t"',
    'sling:resourceType="a/b"',
    'c="1" c="2"',
    "d=x",
    "e",
]
EXTRA_ATTRIBUTES += [
    'f="&unknown;"',
    'g="&#0;"',
    'h="&#x1;"',
    'i="&#xd800;"',
    'j="<"',
    "k='\"'",
    'l = "x"',
    'm="1"n="2"',
]
EXTRA_ATTRIBUTES += [
    '1a="x"',
    'a.b-c_d="x"',
    'jcr:mixinTypes="[nope:nope]"',
    'jcr:uuid="x"',
    'P="y"',
    'xml:lang="de"',
]
EXTRA_ATTRIBUTES += [
    'jcr:lastModified="{Date}2020-01-02T03:04:05.678Z"',
    'my:p="x"',
    'xmlns:late="http://example.com/l" late:p="x"',
]
CHILDREN = [
    "",
    "text",
    "\n",
    "<child/>",
    f'<child jcr:primaryType="nt:unstructured" q="y"/>',
    f"<child {OSGI_CONFIG} q='y'/>",
]
CHILDREN += [
    "<!-- c -->",
    "<![CDATA[x]]>",
    "<?pi?>",
    '<child jcr:primaryType="nt:unstructured" q="{Foo}y"/>',
    "<a><b/></a>",
    "&amp;",
]


def loaded(found: Any, path: str) -> dict[str, Value] | None:
    """The dictionary that reaches ConfigAdmin for a node; None when there is none."""
    node = found.nodes.get(path, {})
    if "dictionary" not in node or "refused" in node:
        return None
    return {name: _value(json["type"], json["values"]) for name, json in node["dictionary"].items()}


def _value(type_name: str, items: list[Any]) -> Value:
    element = type_name.removesuffix("[]")
    if element == "Double":
        items = [Float64(int(bits, 16)) for bits in items]
    return Value(element, Shape.ARRAY if type_name.endswith("[]") else Shape.SCALAR, tuple(items))
