"""Imports go one way: docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((*(ROOT / "grammar").rglob("*.py"), *(ROOT / "migrate").rglob("*.py")))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importing(prefix: str) -> list[tuple[str, str]]:
    return [
        (name_of(path), found)
        for path in MODULES
        for found in imports_of(path)
        if found == prefix or found.startswith(f"{prefix}.")
    ]


def test_there_are_modules() -> None:
    assert len(MODULES) > 40


def test_grammar_knows_nothing_of_migrate() -> None:
    assert [pair for pair in importing("migrate") if pair[0].startswith("grammar")] == []


def test_grammar_knows_no_property_of_aem() -> None:
    for path in (ROOT / "grammar").rglob("*.py"):
        text = path.read_text("utf-8")
        for word in ("auth.token", "auth.ims", "similaritysearch", "com.adobe"):
            assert word not in text, path


ALLOWED_IN_GRAMMAR = {"lark", "grammar", "defusedxml"}


def test_grammar_imports_lark_and_the_standard_library() -> None:
    import sys

    for path in (ROOT / "grammar").rglob("*.py"):
        for found in imports_of(path):
            top = found.partition(".")[0]
            assert top in ALLOWED_IN_GRAMMAR or top in sys.stdlib_module_names, (path, found)


LAYERS = [
    ("migrate.cli", "everything"),
    ("migrate.running", {"migrate.cli"}),
    ("migrate.undo", {"migrate.cli"}),
    ("migrate.token_check", {"migrate.cli"}),
    ("migrate.oauth", {"migrate.cli"}),
    ("migrate.plans", {"migrate.cli", "migrate.running", "migrate.oauth"}),
    (
        "migrate.planning",
        {"migrate.cli", "migrate.running", "migrate.plans", "migrate.targets", "migrate.oauth"},
    ),
    (
        "migrate.passes",
        {"migrate.cli", "migrate.running", "migrate.plans", "migrate.planning", "migrate.targets"},
    ),
    (
        "migrate.edits",
        {"migrate.cli", "migrate.running", "migrate.plans", "migrate.planning", "migrate.passes"},
    ),
    (
        "migrate.targets",
        {"migrate.cli", "migrate.running", "migrate.plans", "migrate.passes", "migrate.oauth"},
    ),
]


@pytest.mark.parametrize(("layer", "forbidden"), LAYERS, ids=[layer for layer, _ in LAYERS])
def test_the_direction(layer: str, forbidden: set[str] | str) -> None:
    if forbidden == "everything":
        assert [
            p for p in importing("migrate.cli") if not p[0].startswith(("migrate.cli", "migrate.__main__"))
        ] == []
        return
    for path in MODULES:
        module = name_of(path)
        if module != layer and not module.startswith(f"{layer}."):
            continue
        for found in imports_of(path):
            assert not any(found == bad or found.startswith(f"{bad}.") for bad in forbidden), (module, found)


def test_only_one_module_talks_to_the_network() -> None:
    users = {module for module, _ in importing("httpx")}
    assert users <= {"migrate.oauth", "migrate.token_transport_errors", "migrate.token_answers"}, users


@pytest.mark.parametrize("path", sorted((ROOT / "migrate" / "passes").glob("*.py")), ids=lambda p: p.stem)
def test_passes_are_pure(path: Path) -> None:
    for found in imports_of(path):
        assert found.partition(".")[0] not in {
            "os",
            "pathlib",
            "time",
            "datetime",
            "random",
            "socket",
            "httpx",
            "sys",
        }
    text = path.read_text("utf-8")
    assert "print(" not in text
    assert "open(" not in text


@pytest.mark.parametrize("name", ["httpx", "jwt", "cryptography", "rich", "lark", "importlib.resources"])
def test_the_start_stays_light(name: str) -> None:
    """Nothing slow is loaded before a verb needs it."""
    import subprocess
    import sys

    code = f"import sys, migrate.cli.app, migrate.cli.plan; sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
