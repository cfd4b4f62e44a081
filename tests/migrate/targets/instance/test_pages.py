"""What the pages of an instance say: the installer's, the console's of configurations, bundles and products."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from grammar.values import Float32, Float64, Shape, Value
from migrate.integration.profile import PROVIDER
from migrate.targets.base import Kind
from migrate.targets.instance import dav, installer, live, rights, versions
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.live import Live
from migrate.targets.opening import target_of
from migrate.targets.places import each_by_itself
from tests.migrate.targets.instance.author import Author, U
from tests.migrate.targets.instance.servers import Reply, serving
from tests.migrate.targets.instance.test_reader import reading
from tests.migrate.targets.instance.test_session import refused, session

# --- addresses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("http://localhost:4502", "http://localhost:4502"),
        ("HTTPS://Author.Example:443/", "https://author.example"),
        ("http://author.example:80/ctx/", "http://author.example/ctx"),
        ("https://[::1]:4502/a/b", "https://[::1]:4502/a/b"),
        ("https://author.example/aem", "https://author.example/aem"),
    ],
)
def test_base_addresses(name: str, root: str) -> None:
    target = target_of(name)
    assert (target.kind, target.root, target.location, target.name) == (Kind.INSTANCE, root, root, name)
    assert target.edited_file is None
    assert target.shown("apps/x") == "apps/x"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("https://ann:p8e-canary@author.example", "holds a user name or a password"),
        ("https://ann@author.example", "holds a user name or a password"),
        ("https://p8e@canary@author.example:x", "not a URL"),
        ("https://", "not a URL"),
        ("https://author.example:0", "not a URL"),
        ("https://author.example:99999", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://author example", "not a URL"),
        ("https://author.example/?x", "without ? and #"),
        ("https://author.example/#", "without ? and #"),
        ("https://author.example/a//b", "written plainly"),
        ("https://author.example/../b", "written plainly"),
        ("https://author.example/aem/start.html", "is a page"),
        ("https://author.example/ctx/system/console/configMgr", "without /ctx/system/console/configMgr"),
    ],
)
def test_what_is_no_base_address(name: str, words: str) -> None:
    with pytest.raises(InstanceError) as error:
        target_of(name)
    assert words in str(error.value)
    assert (error.value.usage, "p8e" in str(error.value), "canary" in str(error.value)) == (
        True,
        False,
        False,
    )


def test_two_context_paths_are_two_instances() -> None:
    names = ["https://a.example/", "https://a.example/author", "HTTPS://A.example"]
    assert [one.name for one in each_by_itself([target_of(name) for name in names])] == names[:2]


# --- the installer's page ------------------------------------------------------------------------------------------

PAGE = f"""*** OSGi Installer:
Apache Sling OSGi Installer
===========================
Active Resources
----------------

Processed Resources
-------------------
Bundles:
* org.x: 1795802655000/50, launchpad:resources/install/0/x.jar (1.9.2), INSTALLED
Configurations:
* com.adobe.granite~{U}: 39dc/200, jcrinstall:/apps/system/config/{PROVIDER}.{U}.config, INSTALLED
* {PROVIDER}~89: e98e/201, jcrinstall:/apps/system/config.author/{PROVIDER}-89.cfg.json, INSTALLED
  - 89f1/200, jcrinstall:/apps/proj/config/{PROVIDER}-89.config, INSTALL
* {PROVIDER}.88: f442/200, jcrinstall:/apps/system/config/{PROVIDER}.88, IGNORED
* with.alias
old.name: 5c12/100, jcrinstall:/libs/a, b/config/with.alias.config, INSTALLED
* some.pid: 5c12/50, launchpad:resources/config/some.pid.config, INSTALLED

Untransformed Resources
-----------------------
- file: jcrinstall:/apps/x/install/broken.zip
"""


def test_every_file_with_its_entity_and_state() -> None:
    index = installer.parsed(PAGE)
    assert not index.is_busy
    assert [(one.entity, one.priority, one.state, one.is_first) for one in index.resources] == [
        (f"com.adobe.granite~{U}", 200, "INSTALLED", True),
        (f"{PROVIDER}~89", 201, "INSTALLED", True),
        (f"{PROVIDER}~89", 200, "INSTALL", False),
        (f"{PROVIDER}.88", 200, "IGNORED", True),
        ("with.alias", 100, "INSTALLED", True),
        ("some.pid", 50, "INSTALLED", True),
    ]
    assert index.resources[4].path == "/libs/a, b/config/with.alias.config"
    assert index.resources[5].path is None
    assert index.at(f"/apps/system/config/{PROVIDER}.88") == index.resources[3]
    assert len(index.of_entity(f"{PROVIDER}~89")) == 2


def test_newer_consoles_go_on_behind_the_state() -> None:
    """With an error, or with nothing; seen on Sling 12, where every file had been overlooked."""
    for end in (", ", ", Configuration, which is NOT, VALID"):
        newer = re.sub(r"(INSTALLED|INSTALL|IGNORED)$", rf"\1{end}", PAGE, flags=re.MULTILINE)
        assert newer != PAGE
        assert installer.parsed(newer) == installer.parsed(PAGE)


def test_a_file_is_never_overlooked() -> None:
    """Without its state another new name would be chosen, and the next restart would lose the configuration."""
    other = PAGE.replace("IGNORED", "in some other form")
    with serving(lambda asked: Reply(200, other.encode())) as server, session(server.base) as one:
        assert refused(lambda: installer.read(one)).rule is Rule.NOT_AS_EXPECTED


@pytest.mark.parametrize("end", [", ", ", org.osgi.framework.BundleException: no, INSTALLED"])
def test_installer_core_3_12_adds_what_went_wrong(end: str) -> None:
    """On Sling 12 every line ends so, also where nothing did."""
    ended = re.sub(r"(INSTALLED|INSTALL|IGNORED)$", rf"\1{end}", PAGE, flags=re.MULTILINE)
    assert installer.parsed(ended) == installer.parsed(PAGE)


def test_an_installer_at_work() -> None:
    work = "Configurations:\n- some.pid: 5c12/200, jcrinstall:/apps/a/config/some.pid.config, INSTALL\n"
    assert installer.parsed(PAGE.replace("----------------\n\n", f"----------------\n{work}\n", 1)).is_busy


def test_a_page_that_is_another() -> None:
    with serving(lambda asked: Reply(200, b"Hello")) as server, session(server.base) as one:
        assert refused(lambda: installer.read(one)).rule is Rule.NOT_AS_EXPECTED


# --- what runs -----------------------------------------------------------------------------------------------------


def told(properties: Mapping[str, Mapping[str, object]], **more: object) -> Live:
    body = [{"pid": "some.pid", "properties": properties, **more}]
    author = Author()
    author.live = {"some.pid": body[0]}
    author.further = {
        "some.pid": {"unknown": "a = b", "list": "[x, y]", "masked": "********", "lines": "1\n2"}
    }
    with reading(author) as (reader, _):
        (found,) = live.of_pids(reader.session, ["some.pid"])
    return found


def test_typed_values() -> None:
    found = told(
        {
            "s": {"is_set": True, "type": 1, "value": "x"},
            "l": {"is_set": True, "type": 2, "value": "30000"},
            "i": {"is_set": True, "type": 3, "value": 5},
            "d": {"is_set": True, "type": 7, "value": 0.5},
            "f": {"is_set": True, "type": 8, "value": "0.5"},
            "big": {"is_set": True, "type": 7, "value": "-Infinity"},
            "suffix": {"is_set": True, "type": 8, "value": "1.5f"},
            "python": {"is_set": True, "type": 7, "value": "1_0"},
            "b": {"is_set": True, "type": 11, "value": True},
            "bt": {"is_set": True, "type": 11, "value": "true"},
            "a": {"is_set": True, "type": 1, "values": ["x", "y, z"]},
            "e": {"is_set": True, "type": 1, "values": []},
            "o": {"is_set": True, "type": {"labels": ["A"], "values": ["a"]}, "value": "a"},
            "odd": {"is_set": True, "type": 3, "value": "many"},
            "p": {"is_set": True, "type": 12, "value": "unmodified"},
            "q": {"is_set": True, "type": 1, "value": "unmodified"},
            "default": {"is_set": False, "type": 1, "value": "of the metatype"},
        },
        factoryPid="some",
    )
    assert found.values == {
        "s": Value.string("x"),
        "l": Value("Long", Shape.SCALAR, (30000,)),
        "i": Value("Integer", Shape.SCALAR, (5,)),
        "d": Value("Double", Shape.SCALAR, (Float64.of(0.5),)),
        "f": Value("Float", Shape.SCALAR, (Float32.of(0.5),)),
        "big": Value("Double", Shape.SCALAR, (Float64.of(float("-inf")),)),
        "suffix": Value("Float", Shape.SCALAR, (Float32.of(1.5),)),
        "python": Value("Double", Shape.SCALAR, ("1_0",)),
        "b": Value.boolean(True),
        "bt": Value.boolean(True),
        "a": Value.array(["x", "y, z"]),
        "e": Value.array([]),
        "o": Value.string("a"),
        "odd": Value("Integer", Shape.SCALAR, ("many",)),
    }
    assert (found.hidden, found.factory_pid) == (("p", "q"), "some")
    assert "default" not in found.names


def test_what_the_metatype_does_not_know_is_on_another_page() -> None:
    found = told({}, additionalProperties="unknown,list,masked,nowhere,lines")
    assert found.texts == {"unknown": "a = b", "list": "[x, y]", "lines": "1\n2"}
    assert found.hidden == ("masked", "nowhere")


AGREES = [
    ("i", Value("Integer", Shape.SCALAR, (5,)), True),
    ("i", Value("Long", Shape.SCALAR, (5,)), True),
    ("i", Value.string("5"), True),
    ("i", Value("Integer", Shape.SCALAR, (6,)), False),
    ("i", None, False),
    ("a", Value.collection(["x", "y"]), True),
    ("a", Value.array(["x"]), False),
    ("a", Value.string("x"), False),
    ("unknown", Value.string("a = b"), True),
    ("list", Value.collection(["x", "y"]), True),
    ("list", Value.array(["x"]), False),
    ("masked", Value.string("?"), None),
    ("masked", None, False),
    ("none", None, True),
    ("none", Value.string(""), False),
]


@pytest.mark.parametrize(("name", "value", "agrees"), AGREES)
def test_whether_a_file_says_what_runs(name: str, value: Value | None, agrees: bool | None) -> None:
    found = told(
        {
            "i": {"is_set": True, "type": 3, "value": 5},
            "a": {"is_set": True, "type": 1, "values": ["x", "y"]},
        },
        additionalProperties="unknown,list,masked",
    )
    assert found.agrees(name, value) is agrees


def test_what_runs_does_not_print_its_values() -> None:
    assert "p8e" not in repr(told({"s": {"is_set": True, "type": 1, "value": "p8e-canary"}}))


def test_what_a_factory_has_and_what_only_looks_like_it() -> None:
    author = Author()
    author.runs(f"{PROVIDER}~x", {"name": "a"}, PROVIDER)
    author.runs("odd.pid", {"name": "b"}, PROVIDER)
    author.runs(f"{PROVIDER}.88", {"name": "c"})
    author.runs(f"{PROVIDER}.1a2b3c4d~5e6f", {"name": "d"}, f"{PROVIDER}.1a2b3c4d")
    author.runs("other", {"name": "e"})
    with reading(author) as (reader, _):
        found = {one.pid: one.text("name") for one in live.of_factory(reader.session, PROVIDER)}
    assert sorted(found.values()) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"x": 1}]', b'[{"pid": '])
def test_a_list_that_is_none(body: bytes) -> None:
    with serving(lambda asked: Reply(200, body)) as server, session(server.base) as one:
        assert refused(lambda: live.of_pids(one, ["x"])).rule is Rule.NOT_AS_EXPECTED
    assert len(server.asked) == 4


def test_pages_that_go_on_contradicting_one_another_are_believed_in_the_end() -> None:
    listed = Reply(200, b'[{"pid": "some.pid", "properties": {}, "additionalProperties": "x"}]')
    page = Reply(200, b"*** Configurations:\n")
    with (
        serving(lambda asked: page if live.PAGE in asked.path else listed) as server,
        session(server.base) as one,
    ):
        (found,) = live.of_pids(one, ["some.pid"])
    assert sum(live.PAGE in asked.path for asked in server.asked) == 4
    assert found.hidden == ("x",)


# --- versions and rights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "way", "words"),
    [
        (None, "unknown", "does not tell AEM's version"),
        ("6.5.0", "none", "no service pack"),
        ("6.5", "none", "no service pack"),
        ("6.5.10.0", "none", "service pack 10: Adobe supports OAuth from service pack 11 on"),
        ("6.5.11.0", "files", "compatibility package of KA-24660"),
        ("6.5.20.0", "files", "service pack 20"),
        ("6.5.21.0", "ui", "hotfix 40772"),
        ("6.5.25.0", "ui", "service pack 25"),
        ("6.6.0", "ui", "6.5 LTS"),
        ("6.4.8.4", "unknown", "AEM 6.4.8.4"),
        ("2026.1", "unknown", "AEM 2026.1"),
    ],
)
def test_adobes_way(product: str | None, way: str, words: str) -> None:
    found = versions.way(product)
    assert found.id == way
    assert words in found.message


@pytest.mark.parametrize(
    ("page", "product"),
    [
        ("<td>Adobe Experience Manager (6.5.21.0)</td>", "6.5.21.0"),
        ("Installed Products\n  Adobe Experience Manager (6.5.0)\n", "6.5.0"),
        ("Adobe Experience Manager, version 6.4.8.4", "6.4.8.4"),
        ("Adobe Experience Manager", None),
    ],
)
def test_the_product_as_its_page_tells_it(page: str, product: str | None) -> None:
    def answering(asked: object) -> Reply:
        path = asked.path  # type: ignore[attr-defined]
        if path.endswith("bundles.json"):
            return Reply(200, b'{"s": [2, 1, 0, 0, 0], "data": [{"symbolicName": "x", "version": "1"}]}')
        return Reply(200, page.encode()) if "productinfo" in path else Reply(404)

    with serving(answering) as server, session(server.base) as one:
        found = versions.read(one)
    assert found.product == product
    assert (found.run_modes, found.is_settled, found.factory_configuration) == (None, False, None)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"data": [1]}'])
def test_bundles_that_are_none(body: bytes) -> None:
    with serving(lambda asked: Reply(200, body)) as server, session(server.base) as one:
        assert refused(lambda: versions.read(one)).rule is Rule.NOT_AS_EXPECTED


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ({"jcr:all"}, ()),
        ({"jcr:read", "rep:write"}, ()),
        ({"jcr:read", "jcr:write"}, ("jcr:nodeTypeManagement",)),
        ({"jcr:read"}, rights.NEEDED),
        (set(rights.NEEDED) - {"jcr:modifyProperties"}, ("jcr:modifyProperties",)),
        (
            {*rights.NEEDED, "rep:addProperties", "rep:alterProperties", "rep:removeProperties"}
            - {"jcr:modifyProperties"},
            (),
        ),
    ],
)
def test_missing_privileges(held: set[str], missing: tuple[str, ...]) -> None:
    assert rights.missing(frozenset(held)) == missing


def test_without_webdav_rights_cannot_be_told() -> None:
    with reading(Author(searches=False)) as (reader, _):
        assert [one.missing for one in reader.rights(["apps/system/config"])] == [None]


@pytest.mark.parametrize(
    "body", [b"", b"<a>", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b"no XML", b"<a xmlns:d='DAV:'></b>"]
)
def test_an_answer_of_webdav_that_is_none(body: bytes) -> None:
    with serving(lambda asked: Reply(207, body)) as server, session(server.base) as one:
        assert refused(lambda: dav.search(one, "SELECT")).rule is Rule.NOT_AS_EXPECTED


def test_who_takes_a_search_for_a_get_is_no_webdav_server() -> None:
    with serving(lambda asked: Reply(200, b"<html></html>")) as server, session(server.base) as one:
        assert dav.search(one, "SELECT") is None
