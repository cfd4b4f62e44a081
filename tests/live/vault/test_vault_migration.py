"""The whole way: a package with JWT configurations, `slingshift apply`, and both packages imported in turn."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grammar.values import Value
from grammar.xml import document as xml_document
from migrate.integration.profile import CUSTOMIZER, PROVIDER

pytestmark = pytest.mark.live

FOLDER = "/apps/x/config"
UUID = "3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c"
PROVIDER_VALUES = {
    "auth.access.token.request": "https://ims-na1.adobelogin.com/ims/exchange/jwt",
    "auth.token.provider.client.id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "auth.token.provider.scope": "",
    "auth.token.validator.type": "default",
    "name": "adobe-ims-similaritysearch",
    "token.request.customizer.type": "adobe-ims-similaritysearch",
}
CUSTOMIZER_VALUES = {
    "auth.ims.client.secret": "old-secret",
    "customizer.type": "adobe-ims-similaritysearch",
}
OTHER_VALUES = {"name": "adobe-target", "token.request.customizer.type": "adobe-target"}


def _config(values: dict[str, str]) -> bytes:
    return "".join(f'{key}="{value}"\n' for key, value in values.items()).encode()


def _xml(values: dict[str, str]) -> bytes:
    attributes = "".join(f'\n    {key}="{value}"' for key, value in values.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
        'xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
        f'    jcr:primaryType="sling:OsgiConfig"{attributes}/>\n'
    ).encode()


FORMS: dict[str, tuple[str, Callable[[dict[str, str]], bytes]]] = {
    "config": (".config", _config),
    "cfg.json": (".cfg.json", lambda values: json.dumps(values, indent=2).encode()),
    "xml": (".xml", _xml),
    "config.xml": (".config.xml", _xml),
    "folder": ("/.content.xml", _xml),
}


KEPT = {"config": ".config", "cfg.json": ".cfg.json", "config.xml": ".config"}
"""What the node's name has of the file's ending."""


def _roots(names: list[str]) -> str:
    return "".join(f'<filter root="{FOLDER}/{name}"/>' for name in names)


def _includes(names: list[str]) -> str:
    patterns = "".join(f'<include pattern="{FOLDER}/{name.replace(".", "[.]")}(/.*)?"/>' for name in names)
    return f'<filter root="{FOLDER}">{patterns}</filter>'


FILTERS: dict[str, Callable[[list[str]], str]] = {
    "folder root": lambda names: '<filter root="/apps/x"/>',
    "file roots": _roots,
    "includes": _includes,
}


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", ["123", UUID])
def test_applied_package_replaces_the_configurations(
    vaults: Callable[[str], Any],
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    oauth_options: list[str],
    tmp_path: Path,
    form: str,
    filters: str,
    number: str,
) -> None:
    ending, text = FORMS[form]
    kept = KEPT.get(form, "")
    bases = [f"{PROVIDER}.{number}", f"{CUSTOMIZER}.{number}", f"{PROVIDER}.7"]
    values = [PROVIDER_VALUES, CUSTOMIZER_VALUES, OTHER_VALUES]
    files = {f"{FOLDER[1:]}/{base}{ending}": text(of) for base, of in zip(bases, values, strict=True)}
    before = package(files, filters=FILTERS[filters]([base + kept for base in bases]))
    target = tmp_path / "package.zip"
    target.write_bytes(before)

    ended = slingshift("apply", target, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    after = target.read_bytes()
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    renamed = [f"{PROVIDER}-{number}", f"{CUSTOMIZER}-{number}", f"{PROVIDER}.7"]
    for version in ("3.4.10", "3.8.2"):
        found = vaults(version).run(before, after)
        assert not found.imports[1]["errors"]
        standing = {path for path in found.nodes if path.startswith(f"{FOLDER}/")}
        assert standing == {f"{FOLDER}/{base}{kept}" for base in renamed}
        for base in renamed:
            data = entries[f"jcr_root{FOLDER}/{base}{ending}"]
            path = f"{FOLDER}/{base}{kept}"
            if form in ("config", "cfg.json"):
                assert found.data(path) == data
            else:
                assert _dictionary(found.nodes[path]["dictionary"]) == _properties(data)
    assert b"client_credentials" in entries[f"jcr_root{FOLDER}/{renamed[0]}{ending}"]


@pytest.mark.parametrize("filters", FILTERS)
def test_applied_package_replaces_elements_of_a_folder_node(
    vaults: Callable[[str], Any],
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    oauth_options: list[str],
    tmp_path: Path,
    filters: str,
) -> None:
    bases = [f"{PROVIDER}.{UUID}", f"{CUSTOMIZER}.123", f"{PROVIDER}.7"]
    elements = "".join(
        f'<{base} jcr:primaryType="sling:OsgiConfig"'
        + "".join(f'\n    {key}="{value}"' for key, value in values.items())
        + "/>\n"
        for base, values in zip(bases, [PROVIDER_VALUES, CUSTOMIZER_VALUES, OTHER_VALUES], strict=True)
    )
    text = (
        _xml({}).decode().replace("sling:OsgiConfig", "sling:Folder").replace("/>", f">{elements}</jcr:root>")
    )
    node = f"{FOLDER[1:]}/.content.xml"
    before = package({node: text.encode()}, filters=FILTERS[filters](bases))
    target = tmp_path / "package.zip"
    target.write_bytes(before)

    ended = slingshift("apply", target, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    after = target.read_bytes()
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        documents = dict(xml_document.configurations(archive.read(f"jcr_root/{node}"), node))
    assert list(documents) == [f"{PROVIDER}-{UUID}", f"{CUSTOMIZER}-123", f"{PROVIDER}.7"]
    for version in ("3.4.10", "3.8.2"):
        found = vaults(version).run(before, after)
        assert not found.imports[1]["errors"]
        standing = {path.removeprefix(f"{FOLDER}/") for path in found.nodes if path.startswith(f"{FOLDER}/")}
        assert standing == set(documents)
        for base, document in documents.items():
            values = {p.name: (p.value.type_name, list(p.value.items)) for p in document.properties}
            assert _dictionary(found.nodes[f"{FOLDER}/{base}"]["dictionary"]) == values


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_place_in_the_folder_node_does_not_keep_the_old_node(
    vaults: Callable[[str], Any],
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    oauth_options: list[str],
    tmp_path: Path,
    form: str,
    filters: str,
) -> None:
    ending, text = FORMS[form]
    kept = KEPT.get(form, "")
    bases = [f"{PROVIDER}.123", f"{CUSTOMIZER}.123", f"{PROVIDER}.7"]
    values = [PROVIDER_VALUES, CUSTOMIZER_VALUES, OTHER_VALUES]
    files = {f"{FOLDER[1:]}/{base}{ending}": text(of) for base, of in zip(bases, values, strict=True)}
    files[f"{FOLDER[1:]}/.content.xml"] = _places([base + kept for base in bases])
    before = package(files, filters=FILTERS[filters]([base + kept for base in bases]))
    target = tmp_path / "package.zip"
    target.write_bytes(before)
    ended = slingshift("apply", target, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    for version in ("3.4.10", "3.6.0", "3.8.2"):
        found = vaults(version).run(before, target.read_bytes())
        assert not found.imports[1]["errors"]
        standing = {path.removeprefix(f"{FOLDER}/") for path in found.nodes if path.startswith(f"{FOLDER}/")}
        assert standing == {f"{base}{kept}".replace(".123", "-123") for base in bases}


@pytest.mark.parametrize("seed", range(20))
def test_an_import_over_the_old_package_ends_like_a_fresh_one(
    vaults: Callable[[str], Any],
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    oauth_options: list[str],
    tmp_path: Path,
    seed: int,
) -> None:
    choice = random.Random(seed).choice
    before = _any_package(choice, package)
    target = tmp_path / "package.zip"
    target.write_bytes(before)
    ended = slingshift("apply", target, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    after = target.read_bytes()
    assert after != before
    for version in ("3.4.10", "3.8.2"):
        over, fresh = vaults(version).run(before, after), vaults(version).run(after)
        assert not over.imports[1]["errors"]
        assert _standing(over) == _standing(fresh)


def _any_package(choice: Callable[[Sequence[Any]], Any], package: Callable[..., bytes]) -> bytes:
    """A pair in any forms beside another integration, with or without places, under one of several filters."""
    number, separator = choice(["1", "123456", UUID]), choice(["-", ".", ".", "%7e"])
    files: dict[str, bytes] = {}
    nodes = []
    for factory, values in ((PROVIDER, PROVIDER_VALUES), (CUSTOMIZER, CUSTOMIZER_VALUES)):
        form = choice(sorted(FORMS))
        ending, text = FORMS[form]
        files[f"{FOLDER[1:]}/{factory}{separator}{number}{ending}"] = text(values)
        nodes.append(f"{factory}{separator.replace('%7e', '~')}{number}{KEPT.get(form, '')}")
    files[f"{FOLDER[1:]}/{PROVIDER}-target.config"] = _config(OTHER_VALUES)
    nodes.append(f"{PROVIDER}-target.config")
    if choice([True, False]):
        files[f"{FOLDER[1:]}/.content.xml"] = _places(nodes)
    return package(files, filters=FILTERS[choice(sorted(FILTERS))](nodes))


def _places(nodes: Sequence[str]) -> bytes:
    """A folder node that gives its children their order, and says nothing else of them."""
    places = "".join(f"<{node.replace('~', '_x007e_')}/>" for node in nodes)
    text = _xml({}).decode().replace("sling:OsgiConfig", "sling:OrderedFolder")
    return text.replace("/>", f">{places}</jcr:root>").encode()


def _standing(found: Any) -> dict[str, Any]:
    """The nodes of the folder with what they hold."""
    return {
        path: (found.data(path), node.get("dictionary"))
        for path, node in found.nodes.items()
        if path.startswith(f"{FOLDER}/") and "jcr:content" not in path
    }


def _dictionary(found: dict[str, Any]) -> dict[str, tuple[str, list[Any]]]:
    return {name: (value["type"], value["values"]) for name, value in found.items()}


def _properties(data: bytes) -> dict[str, tuple[str, list[Any]]]:
    values: dict[str, Value] = {found.name: found.value for found in xml_document.parse(data).properties}
    return {name: (value.type_name, list(value.items)) for name, value in values.items()}


@pytest.mark.parametrize("number", ["123", UUID])
def test_the_package_of_a_plan_and_its_way_back(
    vault: Any,
    package: Callable[..., bytes],
    slingshift: Callable[..., Any],
    oauth_options: list[str],
    tmp_path: Path,
    number: str,
) -> None:
    """`slingshift package`: both files swapped in one import, the neighbour untouched, and back."""
    bases = [f"{PROVIDER}.{number}", f"{CUSTOMIZER}.{number}", f"{PROVIDER}.7"]
    values = [PROVIDER_VALUES, CUSTOMIZER_VALUES, OTHER_VALUES]
    files = {f"{FOLDER[1:]}/{base}.config": _config(of) for base, of in zip(bases, values, strict=True)}
    before = package(files)
    for path, data in files.items():
        (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / path).write_bytes(data)
    out, back = tmp_path / "oauth.zip", tmp_path / "oauth-back.zip"
    ended = slingshift("package", tmp_path / "source", "--out", out, *oauth_options)
    assert ended.code == 0, ended.err
    neighbour = f"{FOLDER}/{PROVIDER}.7.config"

    found = vault.run(before, out.read_bytes(), manager=True)
    assert not found.imports[1]["errors"]
    new = {f"{FOLDER}/{factory}-{number}.config" for factory in (PROVIDER, CUSTOMIZER)}
    assert found.files().keys() == {*new, neighbour}
    assert b"client_credentials" in found.files()[f"{FOLDER}/{PROVIDER}-{number}.config"]
    assert found.data(neighbour) == _config(OTHER_VALUES)

    found = vault.run(before, out.read_bytes(), back.read_bytes(), manager=True)
    assert not found.imports[2]["errors"]
    separator = "." if number == "123" else "-"
    assert found.files() == {
        f"{FOLDER}/{PROVIDER}{separator}{number}.config": _config(PROVIDER_VALUES),
        f"{FOLDER}/{CUSTOMIZER}{separator}{number}.config": _config(CUSTOMIZER_VALUES),
        neighbour: _config(OTHER_VALUES),
    }
