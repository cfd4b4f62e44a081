"""Properties that the repository defines: what real imports gave (tests/live/vault)."""

from __future__ import annotations

import pytest

from grammar import ParseError, forms
from grammar.platforms import PLATFORMS
from grammar.xml import document
from grammar.xml.docview import Reach
from grammar.xml.reader import VERSIONS, load
from grammar.xml.stored.defined import Given, refusal

UUID = "5a7e7a2c-6f0f-4d2a-9b1e-0123456789ab"
CONFIG = {"sling:OsgiConfig"}
NODE, REST, ALL = Reach.NODE, Reach.REST, Reach.ALL


def _given(text: str) -> Given:
    kind, _, rest = text.removeprefix("{").rpartition("}")
    values = [one for one in rest.strip("[]").split(",") if one] if rest.startswith("[") else [rest]
    return Given(kind or "undefined", rest.startswith("["), tuple(values))


@pytest.mark.parametrize(
    ("name", "types", "texts", "costs"),
    [
        ("created", CONFIG, ["x", "{undefined}x", "{Date}x", ""], (None, None, None)),
        (
            "created",
            CONFIG,
            ["{String}x", "{Long}5", "{Name}x", "[x]", "[]", "{Date}[x]"],
            (None, NODE, NODE),
        ),
        ("createdBy", {"sling:Folder"}, ["x", "{String}x"], (None, None, None)),
        ("createdBy", {"mix:created"}, ["{Name}x", "{Date}x", "{Boolean}true", "[a,b]"], (None, NODE, NODE)),
        ("createdBy", {"nt:unstructured"}, ["{Name}x", "[a,b]"], (None, None, None)),
        ("lockIsDeep", {"mix:lockable"}, ["x", "{Boolean}x", "[a]"], (None, None, None)),
        ("lockIsDeep", {"mix:lockable"}, ["{String}x"], (None, NODE, NODE)),
        ("lockIsDeep", CONFIG, ["{String}x"], (None, None, None)),
        ("activity", {"mix:versionable"}, ["{String}x"], (None, NODE, NODE)),
        ("title", {"mix:title"}, ["{Long}5", "[a]"], (None, None, None)),
        ("isCheckedOut", CONFIG, ["[]"], (REST, None, None)),
        ("isCheckedOut", CONFIG, ["x", "[x]"], (None, None, None)),
        ("mixinTypes", CONFIG, ["[mix:title]", "{Name}[mix:title]", "mix:title", "[]"], (None, None, None)),
        (
            "mixinTypes",
            CONFIG,
            ["{String}[mix:title]", "{Boolean}mix:title", "{String}mix:title"],
            (None, NODE, NODE),
        ),
        ("mixinTypes", CONFIG, ["{String}mix:created"], (None, None, None)),
        ("mixinTypes", CONFIG, ["{String}[mix:created]"], (None, NODE, NODE)),
        ("mixinTypes", CONFIG, ["{Long}[]"], (None, None, NODE)),
        ("mixinTypes", CONFIG, [""], (REST, REST, REST)),
        ("uuid", CONFIG, [UUID, f"{{Name}}{UUID}", f"{{Long}}{UUID}"], (None, None, None)),
        ("uuid", CONFIG, ["x", "", "[x]"], (NODE, NODE, NODE)),
        ("uuid", CONFIG, [f"[{UUID}]", f"[{UUID},x]"], (None, ALL, ALL)),
        ("uuid", CONFIG, ["[]"], (REST, None, ALL)),
        ("uuid", {"mix:referenceable"}, [f"{{String}}{UUID}"], (None, None, None)),
        ("uuid", {"mix:referenceable"}, [f"{{Name}}{UUID}", f"[{UUID}]"], (None, NODE, NODE)),
    ],
)
def test_what_a_value_costs(
    name: str, types: set[str], texts: list[str], costs: tuple[Reach | None, ...]
) -> None:
    for text in texts:
        found = [refusal(name, _given(text), types, version) for version in VERSIONS]
        assert found == [costs[0], *costs], text


def _file(attribute: str) -> bytes:
    return (
        '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0" '
        f'xmlns:mix="http://www.jcp.org/jcr/mix/1.0" jcr:primaryType="sling:OsgiConfig" {attribute} p="1"/>'
    ).encode()


@pytest.mark.parametrize(
    ("attribute", "platforms"),
    [
        ('jcr:createdBy="{Name}x"', ["aem65"]),
        ('jcr:created="[x]"', ["aem65"]),
        ('jcr:mixinTypes="{String}[mix:title]"', ["aem65"]),
        ('jcr:mixinTypes="[mix:lockable]" jcr:lockOwner="{Name}x"', ["aem65"]),
        (f'jcr:uuid="[{UUID}]"', ["aem65"]),
        ('jcr:isCheckedOut="[]"', ["aem65-lts", "cloud"]),
        (
            'jcr:createdBy="x" jcr:created="{Date}x" jcr:lockOwner="{Name}x"',
            ["aem65", "aem65-lts", "cloud", "any"],
        ),
    ],
)
def test_it_is_accepted_where_the_import_passes_over_it(attribute: str, platforms: list[str]) -> None:
    data = _file(attribute)
    accepted = []
    for name, platform in PLATFORMS.items():
        try:
            forms.parse(data, "F.xml", platform=platform)
        except ParseError as error:
            assert error.rule == "xml-own-property"
        else:
            accepted.append(name)
    assert accepted == platforms
    loaded = [load(data, version, "F.xml").properties is not None for version in ("3.2.8", "3.8.2")]
    assert loaded == ["aem65" in platforms, "aem65-lts" in platforms]


@pytest.mark.parametrize("attribute", ['uuid="x"', 'the.uuid="x"', 'mixinTypes=""', 'created="{String}x"'])
def test_a_property_without_that_prefix_is_the_configurations_own(attribute: str) -> None:
    data, name = _file(attribute), attribute.partition("=")[0]
    assert list(forms.parse(data, "F.xml")) == [name, "p"]
    for version in VERSIONS:
        assert sorted(load(data, version, "F.xml").properties or {}) == sorted([name, "p"])


@pytest.mark.parametrize(
    ("attribute", "message", "fix"),
    [
        (
            'jcr:created="[x]"',
            "the repository defines jcr:created otherwise",
            "Remove it: the repository makes one",
        ),
        (
            'jcr:mixinTypes="{String}[mix:title]"',
            "the repository defines jcr:mixinTypes otherwise",
            'Write jcr:mixinTypes="[...]" plainly',
        ),
    ],
)
def test_what_is_said_of_it(attribute: str, message: str, fix: str) -> None:
    with pytest.raises(ParseError) as caught:
        forms.parse(_file(attribute), "F.xml")
    error = caught.value
    assert (error.rule, error.line, error.fix) == ("xml-own-property", 1, fix)
    assert error.message.startswith(message)


@pytest.mark.parametrize(
    ("attribute", "versions", "reach"),
    [
        ('jcr:createdBy="{Name}x"', ("3.8.2",), NODE),
        ('jcr:isCheckedOut="[]"', ("3.2.8",), REST),
        ('jcr:mixinTypes=""', ("3.8.2",), REST),
        ('jcr:mixinTypes=""', None, ALL),
        (f'jcr:uuid="[{UUID}]"', None, ALL),
    ],
)
def test_how_far_it_reaches(attribute: str, versions: tuple[str, ...] | None, reach: Reach) -> None:
    (mistake,) = document.read(_file(attribute), "F.xml", versions).mistakes
    assert mistake.reach is reach
