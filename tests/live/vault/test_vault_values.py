"""`grammar.xml.reader` and `grammar.xml.document` against real FileVault versions, on generated files.

The generators are plain functions of a seeded `random.Random`, so every run sees the same files and a failure
names the bytes. Each file is imported alone: one bad file may take the whole package with it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from grammar import forms
from grammar.documents import Loaded
from grammar.errors import EditError, ParseError
from grammar.platforms import PLATFORMS
from grammar.values import Float64, Shape, Value
from grammar.xml import document as xml_document
from grammar.xml import reader
from grammar.xml.folders import beyond

pytestmark = pytest.mark.live

COUNT = 1_000
"""Files of each kind and version."""
NAME = "com.example.C-n"
NODE = f"/apps/x/config/{NAME}"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
JCR = 'xmlns:jcr="http://www.jcp.org/jcr/1.0"'
SLING = 'xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
OSGI_CONFIG = 'jcr:primaryType="sling:OsgiConfig"'

MODELS = {"3.8.4": "3.8.2", "4.1.4": "3.8.2"}
"""Versions that load as another one does."""

# fmt: off
COMMON_TYPES = ["String", "Long", "Double", "Boolean"]
TYPES = [
    *COMMON_TYPES, "Date", "Decimal", "Name", "Path", "URI", "Reference", "Binary", "WeakReference", "undefined",
    "BinaryRef", "long", "Integer", "STRING", "", " Long", "Long ", "0,date",
]
NUMBERS = [
    "0", "5", "-5", "+5", " 5", "5 ", "5L", "0x10", "1_0", "٣", "9223372036854775807", "9223372036854775808", "007",
    "-9223372036854775808", "1.5", "1e3", "1E-3", ".5", "5.", "1.5d", "0x1p3", "NaN", "Infinity", "-Infinity", "-0",
    "+Infinity", "nan", "-0.0", "1e400", "4.9e-324", "2e-324", "1.7976931348623159e308", "\t1.5\n", "1.5F", "", "--5",
]
DATES = [
    "2020-01-02T03:04:05.678Z", "2020-01-02", "2020-01-02T03:04:05.678+01:00", "2020-13-02T03:04:05.678Z",
    "2020-02-30T03:04:05.678Z", "+2020-01-02T03:04:05.678Z", "2020-01-02T24:00:00.000Z", "2020-01-02T03:04:05Z",
]
WORDS = ["true", "TRUE", "True", "false", "yes", "a", "b", "ä", "€", "😀", "sling:Folder", "/apps/x", "mailto:a@b"]
PIECES = [
    "{", "}", "[", "]", "\\", ",", "\\,", "\\\\", "\\[", "\\{", "\\0", "\\u0041", "\\u00e4", "\\ud83d\\ude00",
    "\\ud83d", "\\u12", "\\uzzzz", "\\u+041", "\\n", " ", "\t", "\n", "\r", "\r\n", '"', "'", "<", ">", "&",
    "=", "$[env:X]", "\u00a0", "\u0085", "\u2028", "\u007f", "\ufffd", "\U0001f600", "x" * 50,
    "\\u0000", "\\uFFFF", "\\u0009", "\x01",
]
REAL = [
    "https://ims-na1.adobelogin.com/ims/token/v3", '{"a":1}', "{0,date,dd.MM.yyyy HH:mm:ss.SSS} *{4}* [{2}] {3} {5}",
    "{da39a3ee5e6b4b0d}", "\\{da39a3ee5e6b4b0d}", "[org.x:sub=[svc1\\,svc2]]", "(\\\\\\|\\|)", "C:\\temp\\new",
    '"iss" : "1@AdobeOrg"', '["iss" : "1@AdobeOrg"]', "read_pc.dma_smart_content, openid", "^/(.*)$", "[a,b,]",
    "{String}[a,b]", "{Boolean}true", "{Long}[1,2,3]", "{Long}[1, 2]", "{Double}[1.5,x]", "[\\0]", "[]", "{Long}[]",
    "{String}", "{Long}", "{Name}[]", "{Date}[]", "{Boolean}[true,no]", "{Binary}", "{Decimal}1", "{Path}[/a,/b]",
]
NAMES = [
    "p", "q", "auth.token.provider.scope", "a-b", "P", "ä", "a_x0020_b", "_x0031_a", "a_x002F_b", "_x", "a_x20_b",
    "a_x005f_x0020_b", "a_xd83d__xde00_", "my:p", "jcr:title", "sling:p", "a_x002c_b", "a_x0025_b",
    "a_x0024__x007b_b_x007d_",
]
ODD_PIECES = [
    "a", "b", "x", "1", "jcr", "sling", "primaryType",
    *(f"_x{ord(char):04x}_" for char in "{}[]:/*|. \0\x7f\u00a0\u2028\ufffe"),
]
DECLARATIONS = [
    "", "<?xml version='1.0'?>\n", '<?xml version="1.1" encoding="UTF-8"?>\n', " " + HEAD, "\n" + HEAD,
    '<?xml version="1.0" encoding="ISO-8859-1"?>\n', '<?xml version="1.0" encoding="UTF-16"?>\n',
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>', '<?xml version="1.0" encoding="nope"?>',
    '<?xml version="2.0"?>', '<?xml encoding="UTF-8"?>', '<?xml version="1.0" encoding="US-ASCII"?>',
    '<?xml version="1.0" encoding="UTF8"?>',
]
PROLOGS = ["<!-- short -->\n", "<?pi x?>\n", "## velocity\n", "<!-- a -- b -->", "<!---->\n\n", " \t\n", "<!DOCTYPE x>"]
NAMESPACES = [
    f"{JCR} {SLING}", JCR, SLING, f"{SLING} xmlns:jcr='http://www.jcp.org/jcr/1.0'", f'{JCR} xmlns:sling="x"',
    f'{SLING} {JCR} xmlns:my="http://example.com/my"', f"{JCR} {JCR}", f'{SLING} xmlns:jcr="http://www.jcp.org/jcr/2.0"',
    f'{SLING} xmlns:jcr = "http://www.jcp.org/jcr/1.0"', f'{SLING} {JCR} xmlns="http://example.com/default"',
    " ".join(f'xmlns:n{i}="http://example.com/namespace/{i}"' for i in range(22)) + f" {SLING} {JCR}",
    f'{SLING} {JCR} xmlns:s2="http://sling.apache.org/jcr/sling/1.0"', f'{JCR} {SLING} xmlns:bad=""',
]
NODE_TYPES = [
    "", 'jcr:primaryType="sling:Folder"', 'jcr:primaryType="sling:osgiConfig"', 'jcr:primaryType="nt:unstructured"',
    'jcr:primaryType="{Name}sling:OsgiConfig"', 'jcr:primaryType="[sling:OsgiConfig]"', 'jcr:primaryType=""',
    'jcr:primaryType="OsgiConfig"', f"{OSGI_CONFIG} {OSGI_CONFIG}", "jcr:primaryType='sling:OsgiConfig'",
    'jcr:primaryType="{String}sling:OsgiConfig"', 'jcr:primaryType="sling\\:OsgiConfig"',
    'jcr:primaryType="{http://sling.apache.org/jcr/sling/1.0}OsgiConfig"',
]
EXTRA_ATTRIBUTES = [
    'jcr:mixinTypes="[mix:title]"', 'jcr:title="t"', 'sling:resourceType="a/b"', 'c="1" c="2"', "d=x", "e",
    'f="&unknown;"', 'g="&#0;"', 'h="&#x1;"', 'i="&#xd800;"', 'j="<"', "k='\"'", 'l = "x"', 'm="1"n="2"', '1a="x"',
    'a.b-c_d="x"', 'jcr:uuid="5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab"', 'P="y"', 'xml:lang="de"', 'jcr:created="x"',
    'jcr:lastModified="{Date}2020-01-02T03:04:05.678Z"', 'my:p="x"', 'xmlns:late="http://example.com/l" late:p="x"',
    'jcr:mixinTypes="[mix:versionable]"', 'jcr:mixinTypes="mix:title"', 'jcr:title="[a,b]"', 'sling:x="{Long}x"',
]
OWN = [
    "jcr:created", "jcr:createdBy", "jcr:uuid", "jcr:lockOwner", "jcr:lockIsDeep", "jcr:isCheckedOut", "jcr:title",
    "jcr:currentLifecycleState", "jcr:activity", "jcr:lastModified", "jcr:lastModifiedBy",
]
MIXINS = ["mix:lockable", "mix:lifecycle", "mix:title", "mix:referenceable", "mix:lastModified", "mix:created"]
OWN_VALUES = [
    "x", "", "[]", "[x]", "{Long}[]", "5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab",
    "[5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab,x]",
    "{Name}5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab", "{Name}a", "{String}a", "{Long}5", "{Long}x", "{Boolean}true",
    "{Date}2020-01-02T03:04:05.678Z", "{Date}x", "{Decimal}1", "{URI}a", "{undefined}x", "{Name}[a]", "true",
]
MIXIN_VALUES = [
    "{}", "{{Name}}[{}]", "{{Name}}{}", "{{String}}[{}]", "{{String}}{}", "{{Long}}[{}]", "{{undefined}}[{}]",
]
CHILDREN = [
    "", "text", "\n", "<child/>", '<child jcr:primaryType="nt:unstructured" q="y"/>', f"<child {OSGI_CONFIG} q='y'/>",
    "<!-- c -->", "<![CDATA[x]]>", "<?pi?>", '<child jcr:primaryType="nt:unstructured" q="{Foo}y"/>', "<a><b/></a>",
    "&amp;", "&nope;", '<jcr:x jcr:primaryType="nt:unstructured"/>', '<a_x0020_b jcr:primaryType="nt:unstructured"/>',
]
# fmt: on

Generator = Callable[[random.Random], bytes]
Build = Callable[..., bytes]
Difference = tuple[bytes, object, object]


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
    kind = rng.choice(COMMON_TYPES if rng.random() < 0.6 else TYPES)
    prefix = "" if rng.random() < 0.3 else "{" + kind + "}"
    if rng.random() < 0.5:
        return prefix + _item(rng)
    comma = rng.choice([",", ",", ",", ", "])
    return prefix + "[" + comma.join(_item(rng) for _ in range(rng.randint(0, 4))) + "]"


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
    """A plain configuration: one to four attributes with generated values."""
    names = ["p", *rng.sample(["a", "z", "Q"], rng.randint(0, 2))]
    return _with_names(rng, rng.sample(NAMES, 2) if rng.random() < 0.1 else names)


def odd_name_file(rng: random.Random) -> bytes:
    """A configuration with a property name that some or all versions do not take as it is."""
    return _with_names(rng, ["".join(rng.choices(ODD_PIECES, k=rng.randint(1, 5))), "p"])


def own_property_file(rng: random.Random) -> bytes:
    """A configuration with properties that the repository defines, and types of nodes that have them."""
    mixins = rng.choice([*["[{}]"] * 6, *MIXIN_VALUES]).format(rng.choice(MIXINS))
    lines = [f'{name}="{rng.choice(OWN_VALUES)}"' for name in rng.sample(OWN, rng.randint(1, 2))]
    if rng.random() < 0.6:
        lines.append(f'xmlns:mix="http://www.jcp.org/jcr/mix/1.0" jcr:mixinTypes="{mixins}"')
    rng.shuffle(lines)
    return f'{HEAD}<jcr:root {SLING} {JCR} {OSGI_CONFIG} {" ".join(lines)} p="x"/>'.encode()


def _with_names(rng: random.Random, names: list[str]) -> bytes:
    lines = [f"    {name}={quoted(rng, docview_text(rng))}" for name in names]
    last = ['    zz="last"'] if rng.random() < 0.5 else []
    body = "\n".join([f"<jcr:root {SLING} {JCR}", f"    {OSGI_CONFIG}", *lines, *last])
    return f"{HEAD}{body}/>\n".encode("utf-8", "surrogatepass")


def whole_file(rng: random.Random) -> bytes:
    """A configuration whose frame varies: declaration, prolog, namespaces, node type, children, encoding."""
    declaration = _mostly(rng, HEAD, DECLARATIONS)
    prolog = _mostly(rng, "", [*PROLOGS, f"<!--{'c' * rng.randint(700, 1000)}-->\n"])
    namespaces = _mostly(rng, f"{SLING} {JCR}", NAMESPACES)
    node_type = _mostly(rng, OSGI_CONFIG, NODE_TYPES)
    name = rng.choice(["jcr:root"] * 30 + ["jcr:Root", "root", "jcr:root2", "sling:root"])
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
    head, tail = data[:at], data[at + 1 :]
    return rng.choice([head, head + tail, head + junk + data[at:], head + junk + tail])


def reached(found: Any, path: str = NODE) -> dict[str, Value] | None:
    """The dictionary that ConfigAdmin takes for the node; None when there is none."""
    node = found.nodes.get(path, {})
    if "dictionary" not in node or "refused" in node or found.imports[-1]["errors"]:
        return None
    return {name: _value(json["type"], json["values"]) for name, json in node["dictionary"].items()}


def _value(type_name: str, items: list[Any]) -> Value:
    element = type_name.removesuffix("[]")
    if element == "Double":
        items = [Float64(int(bits, 16)) for bits in items]
    return Value(element, Shape.ARRAY if type_name.endswith("[]") else Shape.SCALAR, tuple(items))


def _files(generator: Generator, seed: int) -> list[bytes]:
    rng = random.Random(seed)
    return [generator(rng) for _ in range(COUNT)]


def _import(vault: Any, package: Build, data: bytes) -> Any:
    return vault.run(package({f"apps/x/config/{NAME}.xml": data}))


def _report(wrong: list[Difference]) -> str:
    shown = sorted(wrong, key=lambda case: len(case[0]))[:15]
    lines = (f"{data!r}\n  ours:   {ours}\n  theirs: {theirs}" for data, ours, theirs in shown)
    return f"{len(wrong)} differ\n" + "\n".join(lines)


def _is_repositorys(found: Any) -> bool:
    """Whether the verdict rests on node types that another repository may have."""
    return any("NoSuchNodeTypeException" in text for text in found.imports[-1]["errors"].values())


def _is_refused(data: bytes, ours: Loaded) -> bool:
    """Where the model knowingly gives up on what FileVault reads.

    An encoding that the byte order mark denies, and ``{Path}`` and ``{Name}`` values that are none, of which Oak
    takes some as text. No document is accepted with either.
    """
    error = ours.error or ""
    return "declared encoding" in error or (
        (b"Path}" in data or b"Name}" in data) and "Invalid name" in error
    )


@pytest.mark.parametrize(
    ("generator", "seed"), [(value_file, 1), (whole_file, 2), (own_property_file, 19), (odd_name_file, 22)]
)
def test_models_agree_with_filevault(
    every_vault: Any, package: Build, generator: Generator, seed: int
) -> None:
    wrong: list[Difference] = []
    loaded = 0
    for data in _files(generator, seed):
        found = _import(every_vault, package, data)
        theirs = reached(found)
        ours = reader.load(data, MODELS.get(every_vault.version, every_vault.version), f"{NAME}.xml")
        loaded += theirs is not None
        if ours.properties != theirs and not _is_repositorys(found) and not _is_refused(data, ours):
            wrong.append((data, ours, theirs if theirs is not None else _why(found)))
    assert not wrong, _report(wrong)
    assert loaded > COUNT / 20


@pytest.mark.parametrize(
    ("generator", "seed"), [(value_file, 3), (whole_file, 4), (odd_name_file, 5), (own_property_file, 20)]
)
def test_every_version_loads_what_a_document_says(
    vault: Any, package: Build, generator: Generator, seed: int
) -> None:
    wrong: list[Difference] = []
    for data in _files(generator, seed):
        try:
            document = xml_document.parse(data)
        except ParseError:
            continue
        found = _import(vault, package, data)
        theirs = reached(found)
        if _loaded_by(vault.version, _properties(document)) != theirs and not _is_repositorys(found):
            wrong.append((data, document.properties, theirs if theirs is not None else _why(found)))
    assert not wrong, _report(wrong)


@pytest.mark.parametrize(
    ("version", "name"), [("3.2.8", "aem65"), ("3.8.4", "aem65-lts"), ("4.1.4", "aem65-lts")]
)
@pytest.mark.parametrize(
    ("generator", "seed"), [(value_file, 11), (whole_file, 12), (odd_name_file, 13), (own_property_file, 21)]
)
def test_what_is_accepted_for_a_platform_its_filevault_loads(
    vaults: Any, package: Build, version: str, name: str, generator: Generator, seed: int
) -> None:
    wrong: list[Difference] = []
    vault, platform = vaults(version), PLATFORMS[name]
    for data in _files(generator, seed)[: COUNT // 2]:
        try:
            document = forms.parse(data, form="xml", platform=platform)
        except ParseError:
            continue
        found = _import(vault, package, data)
        ours = {one.name: one.value for one in document.properties}
        theirs = reached(found)
        if ours != theirs and not _is_repositorys(found):
            wrong.append((data, document.properties, theirs if theirs is not None else _why(found)))
    assert not wrong, _report(wrong)


LATER = [
    'p="a\u2028b"', 'p="a\x85b"', 'p="a\r\x85b"', 'p="&#x85;&#x2028;"', 'p="&#1;&#x1f;"', 'p="&#x7f;"',
    '\x85p="x"\u2028', 'p="&#1;&#x10ff01;&#xf0000;\U0010fffd"', 'p="\x7f"', 'p="\x9f"', 'p="\x01"', 'p="&#0;"',
]  # fmt: skip
PREFIXED = [
    f'xmlns:j="http://www.jcp.org/jcr/1.0" {JCR}', f'{JCR} xmlns:j="http://www.jcp.org/jcr/1.0"',
    f'{JCR} xmlns:n="http://www.jcp.org/jcr/nt/1.0" xmlns:nt="http://www.jcp.org/jcr/nt/1.0"',
    f'{JCR} xmlns:nt="http://www.jcp.org/jcr/nt/1.0" xmlns:n="http://www.jcp.org/jcr/nt/1.0"',
]  # fmt: skip


def test_the_later_xml_and_second_prefixes(every_vault: Any, package: Build) -> None:
    texts = [f'<?xml version="1.1"?><jcr:root {SLING} {JCR} {OSGI_CONFIG} {one}/>' for one in LATER]
    texts += [f'<jcr:root {SLING} {one} {OSGI_CONFIG} p="1"/>' for one in PREFIXED]
    accepted = 0
    for data in (text.encode() for text in texts):
        try:
            document = xml_document.parse(data)
        except ParseError:
            continue
        accepted += 1
        assert reached(_import(every_vault, package, data)) == _properties(document), data
    assert accepted == 10


NODE_PIECES = [*ODD_PIECES, "_x005b_", "_x005b_1_x005d_", "_x005b_2_x005d_", "_x003a_"]


def _folder_file(rng: random.Random) -> bytes:
    """A folder's ``.content.xml`` with nodes of several kinds in it, configurations among them."""

    def element(depth: int) -> str:
        name = rng.choice(
            ["com.example.F-1", "com.example.F_x007e_1", "_x0031_", "a_x0020_b", "sling:c", "G", "ä", "G"]
        )
        if rng.random() < 0.1:
            start = rng.choice(["_", "G", "sling:c"])
            name = start + "".join(rng.choices(NODE_PIECES, k=rng.randint(1, 3)))
        kind = rng.choice(["sling:OsgiConfig"] * 3 + ["sling:Folder"] * 3 + ["nt:unstructured"])
        value = quoted(rng, docview_text(rng)) if rng.random() < 0.3 else '"x"'
        below = "".join(element(depth + 1) for _ in range(rng.randint(0, 2 if depth < 3 else 0)))
        property_ = f"p={value} " if kind != "sling:Folder" or rng.random() < 0.1 else ""
        type_ = rng.choice(["primaryType"] * 20 + ["primary_x0054_ype"])
        if rng.random() < 0.05:
            return f"<{name}>{below}</{name}>"
        return f'<{name} {property_}jcr:{type_}="{kind}">{below}</{name}>'

    body = "".join(element(1) for _ in range(rng.randint(1, 3)))
    text = f'{HEAD}<jcr:root {SLING} {JCR} jcr:primaryType="sling:Folder">{body}</jcr:root>'
    return text.encode("utf-8", "surrogatepass")


MIX = 'xmlns:mix="http://www.jcp.org/jcr/mix/1.0"'
WRONG_TYPES = ["", 'jcr:primaryType=""', 'jcr:primaryType="[{}]"', 'jcr:primaryType="{{String}}{}"']


def _rich_folder_file(rng: random.Random) -> bytes:
    """The same with all that may be wrong with attributes, each node's name its own; one in six cut or damaged."""
    numbers = iter(range(1, 1_000))

    def attribute() -> str:
        name, value = rng.choice(["p", "q", "r", "P"]), "x"
        if rng.random() < 0.2:
            name = rng.choice([*NAMES[:-1], "".join(rng.choices(ODD_PIECES, k=rng.randint(1, 4)))])
            name = "p" if name.startswith("my:") else name
        if rng.random() < 0.1:
            name, value = rng.choice(OWN), rng.choice(OWN_VALUES)
        elif rng.random() < 0.3:
            value = docview_text(rng)
        return f"{name}={quoted(rng, value)}"

    def element(depth: int) -> str:
        name = f"N{next(numbers)}"
        if rng.random() < 0.08:
            name = rng.choice(["_", "sling:c", name]) + "".join(rng.choices(NODE_PIECES, k=rng.randint(1, 3)))
        below = "".join(element(depth + 1) for _ in range(rng.randint(0, 2 if depth < 3 else 0)))
        if rng.random() < 0.03:
            return f"<{name}>{below}</{name}>"
        kind = rng.choice(
            ["sling:OsgiConfig"] * 4 + ["sling:Folder"] * 3 + ["nt:unstructured", "sling:OrderedFolder"]
        )
        type_ = rng.choice(['jcr:primaryType="{}"'] * 9 + WRONG_TYPES).format(kind)
        parts = {part.partition("=")[0]: part for part in [attribute() for _ in range(rng.randint(0, 3))]}
        if rng.random() < 0.08:
            mixins = rng.choice(["[{}]", *MIXIN_VALUES]).format(rng.choice(MIXINS))
            parts["jcr:mixinTypes"] = f'jcr:mixinTypes="{mixins}"'
        lines = [*parts.values(), type_]
        rng.shuffle(lines)
        return f"<{name} {' '.join(lines)}>{below}</{name}>"

    body = "".join(element(1) for _ in range(rng.randint(1, 4)))
    text = f'{HEAD}<jcr:root {SLING} {JCR} {MIX} jcr:primaryType="sling:Folder">{body}</jcr:root>'
    if rng.random() < 1 / 6:
        at = rng.randrange(len(text) - len(body), len(text))
        text = text[:at] + rng.choice(["", "<", ">", "&", text[at + 1 :]])
    return text.encode("utf-8", "surrogatepass")


def test_every_version_loads_the_configurations_of_a_folder(vault: Any, package: Build) -> None:
    rng = random.Random(9)
    wrong: list[Difference] = []
    accepted = 0
    folder = NODE.rpartition("/")[0]
    for data in (_folder_file(rng) for _ in range(COUNT // 2)):
        try:
            ours = xml_document.configurations(data, ".content.xml")
        except ParseError:
            continue
        accepted += 1
        found = vault.run(package({f"{folder[1:]}/.content.xml": data}))
        theirs = {
            path.removeprefix(f"{folder}/"): reached(found, path)
            for path, node in found.nodes.items()
            if "dictionary" in node and not _is_inside_configuration(found, path)
        }
        said = {name: _loaded_by(vault.version, _properties(document)) for name, document in ours}
        if said != theirs:
            wrong.append((data, ours, theirs or _why(found)))
    assert not wrong, _report(wrong)
    assert accepted > COUNT / 20


@pytest.mark.parametrize(("generator", "seed"), [(_folder_file, 17), (_rich_folder_file, 18)])
def test_every_version_is_known_to_load_what_it_loads_of_a_folder(
    vault: Any, package: Build, generator: Generator, seed: int
) -> None:
    """`loads` of a folder's ``.content.xml`` with a bad configuration, and what is shown of it all the same."""
    rng = random.Random(seed)
    wrong: list[Difference] = []
    bad = 0
    folder = NODE.rpartition("/")[0]
    for data in (generator(rng) for _ in range(COUNT // 2)):
        nodes = reader.load(data, vault.version, f"{folder}/.content.xml").nodes
        if nodes is None or all(one.error is None for one in nodes.values()):
            continue
        found = vault.run(package({f"{folder[1:]}/.content.xml": data}))
        if _is_repositorys(found) or _is_unknown(nodes):
            continue
        bad += 1
        # Where the converter fails, the installer gives up on all that is there.
        scanned = not any(
            "exception" in node and not _is_inside_configuration(found, path)
            for path, node in found.nodes.items()
        )
        theirs = {name: _of_node(found, f"{folder}/{name}") if scanned else None for name in nodes}
        for name, ours in nodes.items():
            if ours.properties != theirs[name] and not _is_left_over(found, folder, ours, theirs[name]):
                wrong.append((data, (name, ours), theirs[name]))
        known = {f"{folder}/{name}" for name, ours in nodes.items() if ours.properties or theirs[name]}
        # What is left of a node that fails stands under the name that was made of its own.
        failed = {name.rpartition("/")[2].partition("[")[0] for name, ours in nodes.items() if ours.error}
        more = [
            path
            for path in found.nodes
            if _of_node(found, path) and path not in known and path.rpartition("/")[2] not in failed
        ]
        if scanned and any(not _is_inside_configuration(found, path) for path in more):
            wrong.append((data, list(nodes), more))
        wrong += [(data, *one) for one in _shown(data, vault.version, theirs)]
    assert not wrong, _report(wrong)
    assert bad > COUNT / 50


def _is_left_over(found: Any, folder: str, ours: Loaded, theirs: dict[str, Value] | None) -> bool:
    """Whether some properties are left of a node at which the import stops; we call it an error."""
    if not (ours.error or "").startswith("import:") or "stopped before" in (ours.error or ""):
        return False
    return theirs == {} or (theirs is not None and folder in found.imports[-1]["errors"])


def _shown(
    data: bytes, version: str, theirs: Mapping[str, dict[str, Value] | None]
) -> Iterator[tuple[object, object]]:
    """Of the configurations that are accepted beside a bad one those that the version does not load so."""
    for versions in (None, (version,)):
        try:
            documents = beyond.parts(data, ".content.xml", versions).documents
        except ParseError:
            continue
        for name, document in documents:
            said = _loaded_by(version, _properties(document))
            if said != theirs.get(name):
                yield (versions, name, said), theirs.get(name)


def _is_unknown(nodes: Mapping[str, Loaded]) -> bool:
    """Whether the model knowingly says nothing.

    Which of two nodes of a name stays depends on what was there before; some names are read as paths, and an index
    before another one.
    """
    errors = [one.error or "" for one in nodes.values()]
    return any(
        "two nodes of the name" in error
        or re.search(r"no name of a node: .*(\}\{|\]\[|\.\.\}|\uffff)", error)
        for error in errors
    )


FOLDER = 'jcr:primaryType="sling:Folder"'
CUT = [
    f"<B {OSGI_CONFIG} p='2'>", f"<d {FOLDER}><B {OSGI_CONFIG} p='2'/></e>", f"<B {OSGI_CONFIG} {'n' * 1100}='2'/>",
    f"<_x002f_b {OSGI_CONFIG} p='2'/>", f"<B {OSGI_CONFIG} p='2'",
]  # fmt: skip


def test_what_begins_before_the_end_of_what_is_read(vault: Any, package: Build) -> None:
    folder = NODE.rpartition("/")[0]
    for cut in CUT:
        data = f"<jcr:root {SLING} {JCR} {FOLDER}><A {OSGI_CONFIG} p='1'/>{cut}".encode()
        ours = reader.load(data, vault.version, f"{folder}/.content.xml").nodes
        assert ours is not None
        found = vault.run(package({f"{folder[1:]}/.content.xml": data}))
        assert {node: one.properties for node, one in ours.items()} == {
            node: _of_node(found, f"{folder}/{node}") for node in ours
        }, data


def _of_node(found: Any, path: str) -> dict[str, Value] | None:
    """As `reached`, whatever became of other nodes of the package."""
    node = found.nodes.get(path, {})
    if "dictionary" not in node or "refused" in node or path in found.imports[-1]["errors"]:
        return None
    return {name: _value(json["type"], json["values"]) for name, json in node["dictionary"].items()}


def _is_inside_configuration(found: Any, path: str) -> bool:
    """The installer does not look below a configuration."""
    return any(path.startswith(f"{above}/") for above, node in found.nodes.items() if "dictionary" in node)


def test_every_version_loads_an_edited_document(vault: Any, package: Build) -> None:
    rng = random.Random(6)
    wrong: list[Difference] = []
    edits = 0
    for data in _files(whole_file, 7) + _files(value_file, 8):
        try:
            before = xml_document.parse(data)
            name = rng.choice(["p", "b", "new.one", "a", *before])
            after = before.without(name) if rng.random() < 0.2 else before.with_value(name, _any_value(rng))
        except (ParseError, EditError):
            continue
        edits += 1
        expected = {**_properties(before), **({name: after[name].value} if name in after else {})}
        if name not in after:
            expected.pop(name, None)
        found = _import(vault, package, after.source)
        theirs = reached(found)
        if theirs != _loaded_by(vault.version, expected) and not _is_repositorys(found):
            wrong.append((after.source, data, theirs))
    assert not wrong, _report(wrong)
    assert edits > COUNT / 4


def _any_value(rng: random.Random) -> Value:
    kind = rng.random()
    if kind < 0.15:
        return Value("Long", Shape.SCALAR, (rng.randint(-(2**63), 2**63 - 1),))
    if kind < 0.3:
        return Value.boolean(rng.random() < 0.5)
    if kind < 0.45:
        return Value(
            "Double", Shape.ARRAY, tuple(Float64(rng.getrandbits(62)) for _ in range(rng.randint(1, 3)))
        )
    if kind < 0.7:
        return Value.array(_any_text(rng) for _ in range(rng.randint(1, 3)))
    return Value.string(_any_text(rng))


def _any_text(rng: random.Random) -> str:
    pieces = [piece for piece in PIECES if piece != "\x01"]
    return "".join(rng.choice([*pieces, *WORDS, *REAL]) for _ in range(rng.randint(0, 4)))


def _properties(document: xml_document.XmlDocument) -> dict[str, Value]:
    return {found.name: found.value for found in document.properties}


def _loaded_by(version: str, values: dict[str, Value]) -> dict[str, Value]:
    """FileVault 3.6.0, which no AEM 6.5 has, drops empty arrays; they are accepted with a warning."""
    return {name: value for name, value in values.items() if value.items or version != "3.6.0"}


def _why(found: Any) -> object:
    node = found.nodes.get(NODE)
    state = node and {key: node[key] for key in ("type", "exception", "refused", "dictionary") if key in node}
    return found.imports[-1].get("exception"), found.imports[-1]["errors"], state, list(found.files())
