"""Imports go down only: docs/architecture.md draws the picture that this file holds the code to."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

PATHS = sorted((*(ROOT / "grammar").rglob("*.py"), *(ROOT / "migrate").rglob("*.py")))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in PATHS}


def imports_of(path: Path) -> Iterator[str]:
    """Everything a module imports, in functions and for the type checker, too; submodules by their own names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


IMPORTS = {name: set(imports_of(path)) for name, path in MODULES.items()}

BELOW = {
    # grammar/: text <-> configurations
    "grammar": {"grammar.*"},
    "grammar.patterns": set(),
    "grammar.values": set(),
    "grammar.documents": {"grammar.values"},
    "grammar.errors": {"grammar.documents"},
    "grammar.places": {"grammar.patterns", "grammar.errors"},
    "grammar.pids": {"grammar.patterns"},
    "grammar.hazards": {"grammar.patterns", "grammar.documents", "grammar.pids"},
    "grammar.placeholders": {"grammar.patterns"},
    "grammar.lalr": set(),
    "grammar.tables": set(),
    "grammar.java": {"grammar.patterns", "grammar.places", "grammar.values"},
    "grammar.config": {
        "grammar.patterns",
        "grammar.documents",
        "grammar.errors",
        "grammar.hazards",
        "grammar.java",
        "grammar.lalr",
        "grammar.places",
        "grammar.values",
    },
    "grammar.cfgjson": {
        "grammar.patterns",
        "grammar.documents",
        "grammar.errors",
        "grammar.java",
        "grammar.placeholders",
        "grammar.places",
        "grammar.values",
    },
    "grammar.xml": {
        "grammar.patterns",
        "grammar.documents",
        "grammar.errors",
        "grammar.java",
        "grammar.lalr",
        "grammar.places",
        "grammar.values",
    },
    "grammar.platforms": {"grammar.errors"},
    "grammar.forms": {
        "grammar.cfgjson",
        "grammar.config",
        "grammar.documents",
        "grammar.errors",
        "grammar.hazards",
        "grammar.platforms",
        "grammar.values",
        "grammar.xml",
    },
    # migrate/: the migration. Each room may use grammar/ and the rooms that stand here, no other.
    "migrate": {"migrate.*"},
    "migrate.__main__": {"migrate", "migrate.cli"},
    "migrate.errors": {"migrate.version"},
    "migrate.terminal": set(),
    "migrate.version": set(),
    "migrate.transport": set(),
    "migrate.workers": set(),
    "migrate.remarks": {"migrate.terminal"},
    "migrate.integration": {"migrate.errors", "migrate.terminal"},
    "migrate.masking": {"migrate.integration", "migrate.terminal"},
    "migrate.passes": {"migrate.integration", "migrate.masking"},
    "migrate.targets": {
        "migrate.errors",
        "migrate.integration",
        "migrate.masking",
        "migrate.transport",
        "migrate.workers",
    },
    "migrate.runs": {
        "migrate.version",
        "migrate.errors",
        "migrate.integration",
        "migrate.masking",
        "migrate.targets",
        "migrate.terminal",
    },
    "migrate.plans": {
        "migrate.integration",
        "migrate.masking",
        "migrate.passes",
        "migrate.targets",
        "migrate.terminal",
        "migrate.workers",
    },
    "migrate.ims": {
        "migrate.errors",
        "migrate.integration",
        "migrate.masking",
        "migrate.plans",
        "migrate.targets",
        "migrate.terminal",
        "migrate.transport",
    },
    "migrate.texts": {
        "migrate.errors",
        "migrate.integration",
        "migrate.masking",
        "migrate.plans",
        "migrate.runs",
        "migrate.targets",
        "migrate.terminal",
        "migrate.workers",
    },
    "migrate.lint": {
        "migrate.errors",
        "migrate",
        "migrate.integration",
        "migrate.masking",
        "migrate.plans",
        "migrate.targets",
        "migrate.remarks",
        "migrate.terminal",
        "migrate.texts",
        "migrate.workers",
    },
    "migrate.fleet": {
        "migrate.errors",
        "migrate.integration",
        "migrate.plans",
        "migrate.runs",
        "migrate.targets",
        "migrate.workers",
    },
    "migrate.reports": {
        "migrate.errors",
        "migrate.fleet",
        "migrate.ims",
        "migrate.integration",
        "migrate.masking",
        "migrate.plans",
        "migrate.runs",
        "migrate.targets",
        "migrate.remarks",
        "migrate.terminal",
        "migrate.texts",
        "migrate.workers",
    },
    "migrate.cli": {
        "migrate.errors",
        "migrate.fleet",
        "migrate",
        "migrate.ims",
        "migrate.integration",
        "migrate.lint",
        "migrate.masking",
        "migrate.passes",
        "migrate.plans",
        "migrate.reports",
        "migrate.runs",
        "migrate.targets",
        "migrate.remarks",
        "migrate.terminal",
        "migrate.texts",
        "migrate.workers",
    },
}
"""What each room may import, top-level modules being rooms of one. `migrate` in a list is its version number."""

INSIDE = {
    "grammar.cfgjson.parsers": set(),
    "grammar.xml.folders": {"grammar.xml"},
    "grammar.xml.markup": set(),
    "grammar.xml.reading": {
        "grammar.xml.docview",
        "grammar.xml.markup",
        "grammar.xml.names",
        "grammar.xml.values",
    },
    "grammar.xml.stored": {
        "grammar.xml.docview",
        "grammar.xml.markup",
        "grammar.xml.names",
        "grammar.xml.values",
    },
    "grammar.xml.writing": {"grammar.xml"},
    "migrate.targets.instance": {"migrate.targets.base", "migrate.targets.changes", "migrate.targets.walk"},
    "migrate.targets.package": {
        "migrate.targets.base",
        "migrate.targets.changes",
        "migrate.targets.errors",
        "migrate.targets.system",
        "migrate.targets.walk",
    },
    "migrate.targets.vault": {"migrate.targets.base", "migrate.targets.errors", "migrate.targets.package"},
    "migrate.plans.checks": {
        "migrate.plans.folder_plan",
        "migrate.plans.inventory",
        "migrate.plans.naming",
        "migrate.plans.precedence",
    },
    "migrate.plans.vault": {"migrate.plans"},
    "migrate.runs.cleaning": {"migrate.runs"},
    "migrate.runs.audit": {"migrate.runs.disk", "migrate.runs.errors", "migrate.runs.records"},
    "migrate.runs.disk": set(),
    "migrate.runs.instance": {"migrate.runs"},
    "migrate.cli.credentials": {"migrate.cli.console", "migrate.cli.errors"},
    "migrate.cli.converting": {"migrate.cli.console", "migrate.cli.exits", "migrate.cli.progress"},
    "migrate.ims.credentials": set(),
    "migrate.cli.processes": set(),
    "migrate.cli.reading": {"migrate.cli.arguments", "migrate.cli.console", "migrate.cli.errors"},
    "migrate.cli.instances": {
        "migrate.cli.arguments",
        "migrate.cli.console",
        "migrate.cli.credentials",
        "migrate.cli.errors",
        "migrate.cli.exits",
        "migrate.cli.inputs",
    },
    "migrate.cli.tokens": {"migrate.cli"},
    "migrate.cli.validating": {"migrate.cli"},
    "migrate.lint.checks": {"migrate.lint"},
    "migrate.lint.schemas": {"migrate.lint.schema"},
    "migrate.plans.instance": {
        "migrate.plans.checks",
        "migrate.plans.folder_plan",
        "migrate.plans.inventory",
        "migrate.plans.naming",
    },
    "migrate.plans.validation": {"migrate.plans"},
    "migrate.targets.instance.aem": {"migrate.targets.instance"},
    "migrate.texts.converting": {"migrate.texts.comments", "migrate.texts.layout"},
    "migrate.texts.repository": {
        "migrate.texts.choosing",
        "migrate.texts.known",
        "migrate.texts.listing",
        "migrate.texts.loads",
        "migrate.texts.typed_values",
    },
    "migrate.cli.work": {
        "migrate.cli.instances",
        "migrate.cli.arguments",
        "migrate.cli.console",
        "migrate.cli.credentials",
        "migrate.cli.errors",
        "migrate.cli.exits",
        "migrate.cli.inputs",
        "migrate.cli.leaving",
        "migrate.cli.processes",
        "migrate.cli.progress",
    },
    "migrate.cli.linting": {"migrate.cli"},
    "migrate.reports.evidence": {"migrate.reports.fleet_report"},
    "migrate.cli.arguments": {"migrate.cli.console", "migrate.cli.exits"},
    "migrate.ims.sandbox": {"migrate.ims.credentials"},
}
"""What an inner room may import of the room that it is in."""


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_there_are_modules() -> None:
    assert len(MODULES) > 100


def test_every_room_is_in_the_picture() -> None:
    assert {room_of(name) for name in MODULES} == set(BELOW)


@pytest.mark.parametrize("room", sorted(BELOW))
def test_a_room_imports_the_rooms_below_it_only(room: str) -> None:
    allowed = BELOW[room]
    for module in (name for name in MODULES if room_of(name) == room):
        for found in IMPORTS[module]:
            top, _, _ = found.partition(".")
            if top not in ("grammar", "migrate") or room_of(found) == room:
                continue
            if top == "grammar" and room.startswith("migrate"):
                continue
            assert room_of(found) in allowed or f"{top}.*" in allowed, (module, found)


@pytest.mark.parametrize("room", sorted(INSIDE))
def test_an_inner_room_imports_what_is_below_it_only(room: str) -> None:
    outer = room.rpartition(".")[0]
    for module in (name for name in MODULES if name.startswith(f"{room}.")):
        for found in IMPORTS[module]:
            if found.startswith(f"{outer}.") and not found.startswith(f"{room}."):
                allowed = INSIDE[room]
                assert outer in allowed or any(f"{found}.".startswith(f"{one}.") for one in allowed), (
                    module,
                    found,
                )


def test_rooms_have_no_circle() -> None:
    """The allow-list itself goes one way."""
    left = {room: {b for b in below if b in BELOW and b != "migrate"} for room, below in BELOW.items()}
    while left:
        ready = [room for room, below in left.items() if not below & left.keys()]
        assert ready, f"a circle among {sorted(left)}"
        for room in ready:
            del left[room]


INNER = sorted(name for name, path in MODULES.items() if path.name == "__init__.py" and name.count(".") > 1)


def test_every_inner_room_is_in_the_picture() -> None:
    assert sorted(INSIDE) == INNER


def test_inner_rooms_have_no_circle() -> None:
    """Nor have they with the single modules around them: each inner room stands as one."""

    def of(module: str) -> str:
        return next((room for room in INNER if f"{module}.".startswith(f"{room}.")), module)

    left: dict[str, set[str]] = {}
    for name, found in IMPORTS.items():
        below = {of(one) for one in found if one in MODULES} - {of(name)}
        left.setdefault(of(name), set()).update(below)
    while left:
        ready = [name for name, below in left.items() if not below & left.keys()]
        assert ready, f"a circle among {sorted(left)}"
        for name in ready:
            del left[name]


def test_modules_have_no_circle() -> None:
    left = {
        name: {found for found in IMPORTS[name] if found in MODULES and found != name} for name in MODULES
    }
    while left:
        ready = [name for name, below in left.items() if not below & left.keys()]
        assert ready, f"a circle among {sorted(left)}"
        for name in ready:
            del left[name]


LARGEST_ROOM = 2_500
"""Lines that one folder may have before it needs inner rooms."""


def test_rooms_are_few_and_not_too_large() -> None:
    rooms = [path for path in (ROOT / "migrate").iterdir() if path.is_dir() and any(path.glob("*.py"))]
    assert 8 < len(rooms) <= 12
    for folder in {path.parent for path in PATHS}:
        lines = sum(len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.py"))
        assert lines <= LARGEST_ROOM, folder


def test_every_room_says_what_lives_there() -> None:
    for name, path in MODULES.items():
        if path.name == "__init__.py":
            docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            assert len(docstring.splitlines()) >= 2, name


def test_no_package_has_the_name_of_a_public_function() -> None:
    import migrate

    functions = {name for name in migrate.__all__ if callable(getattr(migrate, name))}
    assert {"plan", "apply", "undo", "scan", "check_token"} <= functions
    for name, path in MODULES.items():
        if name.count(".") == 1 and name.startswith("migrate."):
            assert path.parent.name not in functions, name
            assert name.rpartition(".")[2] not in functions, name


def test_grammar_knows_no_property_of_aem() -> None:
    for path in (ROOT / "grammar").rglob("*.py"):
        text = path.read_text("utf-8")
        for word in ("auth.token", "auth.ims", "similaritysearch", "com.adobe"):
            assert word not in text, path


def test_grammar_imports_lark_and_the_standard_library() -> None:
    for module, found in IMPORTS.items():
        if module.startswith("grammar"):
            outside = {name.partition(".")[0] for name in found} - {"lark", "grammar"}
            assert outside <= sys.stdlib_module_names, (module, outside)


def test_only_the_clients_talk_to_the_network() -> None:
    users = {module for module, found in IMPORTS.items() if "httpx" in {f.partition(".")[0] for f in found}}
    assert users == {"migrate.ims.client", "migrate.targets.instance.session", "migrate.transport"}, users


ASKING = {"getpass", "subprocess", "multiprocessing", "pty", "typer", "rich"}


@pytest.mark.parametrize("module", sorted(name for name in MODULES if not name.startswith("migrate.cli")))
def test_the_library_asks_nobody_prints_nothing_and_starts_no_process(module: str) -> None:
    """Prompts, standard input, output and processes belong to cli/; the library is handed values or functions."""
    assert not {found.partition(".")[0] for found in IMPORTS[module]} & ASKING
    if module == "migrate.__main__":
        return
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named = f"{node.value.id}.{node.attr}"
            # `lint -` reads what is piped in as the one file that it looks at.
            reads_a_pipe = (module, named) == ("migrate.texts.listing", "sys.stdin")
            forbidden = ("sys.stdin", "sys.stdout", "sys.stderr", "os.fork", "os.system")
            assert reads_a_pipe or named not in forbidden, module
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input"), module


IMPURE = {"os", "pathlib", "time", "datetime", "random", "socket", "httpx", "sys"}


@pytest.mark.parametrize("path", sorted((ROOT / "migrate" / "passes").glob("[!_]*.py")), ids=lambda p: p.stem)
def test_passes_are_pure(path: Path) -> None:
    assert not {found.partition(".")[0] for found in imports_of(path)} & IMPURE
    text = path.read_text("utf-8")
    assert "print(" not in text
    assert "open(" not in text


@pytest.mark.parametrize(
    "name", ["httpx", "jwt", "cryptography", "typer", "rich", "lark", "importlib.resources", "pkgutil"]
)
def test_the_start_stays_light(name: str) -> None:
    """Nothing slow is loaded before a verb needs it."""
    code = f"import sys, migrate.cli.app, migrate.cli.plan; sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
