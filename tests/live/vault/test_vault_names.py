"""File names against repository names: `grammar.xml.names` and `migrate.targets.package.paths`, by real imports.

A name that the repository does not take makes no node (the import fails); then there is nothing to compare.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from grammar.errors import ParseError
from grammar.xml.document import parse
from grammar.xml.names import node_of
from migrate.targets.package.paths import repository_path

pytestmark = pytest.mark.live

COUNT = 400
Build = Callable[..., bytes]
CONFIG = b"""<?xml version="1.0" encoding="UTF-8"?>
<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"
    jcr:primaryType="sling:OsgiConfig"
    p="x"/>
"""
# fmt: off
PIECES = [
    "com.example.F",
    "F", "a", "b", "-1", "~1", ".", "-", "%7e", "%7E", "%25", "%20", "%3a", "%5b", "%2f", "%c3%a4", "%zz",
    "%",
    "_", "__", "_a", "_x007e_", "_x0020_", "_jcr_", "_sling_", "ä", "😀", " ", "+", "#", "(1)", "[1]", "[2]", ".config",
    ".cfg.json", ".dir", ".xml", "&", "'", "=", ",", "$", "!", ";", "@",
]
# fmt: on


def _name(rng: random.Random) -> str:
    plain = rng.random() < 0.3
    return rng.choice(["F-1", "com.example.F~x", "F.1"]) if plain else _pieces(rng)


def _pieces(rng: random.Random) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 4)))


def _document_path(rng: random.Random) -> str:
    form = rng.choice(["{}.xml", "{}.xml", "{}/.content.xml", "{}.dir/.content.xml", "{}"])
    return f"apps/x/config/{form.format(_name(rng))}"


def _usable(path: str) -> bool:
    """Whether the path has names that are no mere dots."""
    return not any(part.strip(".") in ("", "dir", "xml", "config") for part in path.split("/")[3:])


def _nodes(found: Any, kind: str) -> list[str]:
    return [path for path, node in found.nodes.items() if node["type"] == kind]


def test_nodes_of_document_views(vault: Any, package: Build) -> None:
    rng = random.Random(30)
    wrong = []
    made = 0
    for path in filter(_usable, (_document_path(rng) for _ in range(COUNT))):
        found = vault.run(package({path: CONFIG}))
        theirs = _nodes(found, "sling:OsgiConfig")
        node = node_of(path)
        made += bool(theirs)
        if theirs and theirs != ([f"/{node.path}"] if node else []):
            wrong.append((path, node, theirs))
    assert not wrong, f"{len(wrong)}: {sorted(wrong, key=lambda case: len(case[0]))[:20]}"
    assert made > COUNT / 3


def test_a_document_is_taken_when_its_node_is_made(vault: Any, package: Build) -> None:
    rng = random.Random(32)
    odd = [*PIECES, "%2a", "%7c", "%00", "%7f", "[x]", "{a}", "{", "_cq_", "_vlt_", "%5d", "\u2003"]
    wrong = []
    for _ in range(COUNT):
        name = "".join(rng.choice(odd) for _ in range(rng.randint(1, 4)))
        path = (
            f"apps/x/config/{rng.choice(['{}.xml', '{}/.content.xml', '{}.dir/.content.xml']).format(name)}"
        )
        if not _usable(path):
            continue
        found = vault.run(package({path: CONFIG}))
        node = node_of(path)
        made = not found.imports[-1]["errors"] and _nodes(found, "sling:OsgiConfig")
        if _is_taken(path) != (bool(made) and node is not None and made == [f"/{node.path}"]):
            wrong.append((path, made))
    assert not wrong, f"{len(wrong)}: {sorted(wrong, key=lambda case: len(case[0]))[:20]}"


def _is_taken(path: str) -> bool:
    try:
        parse(CONFIG, path)
    except ParseError:
        return False
    return True


def test_paths_of_plain_files(vault: Any, package: Build) -> None:
    rng = random.Random(31)
    wrong = []
    made = 0
    for path in filter(_usable, (f"apps/x/config/{_name(rng)}.config" for _ in range(COUNT))):
        found = vault.run(package({path: b'p="x"'}))
        theirs = _nodes(found, "nt:file")
        ours = repository_path(f"jcr_root/{path}")
        made += bool(theirs)
        if theirs and theirs != [ours]:
            wrong.append((path, ours, theirs))
    assert not wrong, f"{len(wrong)}: {sorted(wrong, key=lambda case: len(case[0]))[:20]}"
    assert made > COUNT / 3
