"""Adding a pass is its module, its fixtures, its page: nothing else names one."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import migrate
from migrate import passes
from migrate.integration.settings import Settings
from migrate.passes import registered
from tests.places import FIXTURES, ROOT

NAMES = sorted(registered())
CASES = sorted(path.name for path in FIXTURES.iterdir() if (path / "before").is_dir())

THROW_AWAY = '''"""A pass that a test throws away: the provider's title (no step of anybody's page)."""

from grammar.values import Value
from migrate.integration.profile import PROVIDER
from migrate.passes import setting


def wants(configuration, selection):
    return selection.is_provider(configuration.key)


def desired(factory_pid, current, settings):
    if factory_pid == PROVIDER:
        yield "auth.token.provider.title", Value.string("Thrown away")


PASS = setting("throw_away", -1, wants, desired)
'''


def test_they_come_in_the_order_of_adobes_page() -> None:
    page = ("provider_oauth", "customizer_secret", "rename_instance", "delete_stale")
    assert tuple(name for name in registered() if name in page) == page
    steps = [one.step for one in registered().values()]
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("name", NAMES)
def test_every_pass_is_called_as_its_module(name: str) -> None:
    assert (ROOT / "migrate" / "passes" / f"{name}.py").exists()
    assert registered()[name].name == name


@pytest.mark.parametrize("name", NAMES)
def test_every_pass_has_a_page(name: str) -> None:
    assert (ROOT / "docs" / "passes" / f"{name}.md").read_text("utf-8").startswith(f"# {name}\n")


def test_every_page_has_a_pass() -> None:
    assert sorted(path.stem for path in (ROOT / "docs" / "passes").glob("*.md")) == NAMES


def test_every_pass_has_fixtures(settings: Settings) -> None:
    made_by = {
        edit.made_by for name in CASES for edit in migrate.plan(FIXTURES / name / "before", settings).edits
    }
    assert set(NAMES) <= made_by


def test_nothing_else_names_a_pass() -> None:
    for path in sorted((ROOT / "migrate").rglob("*.py")):
        if path.parent.name == "passes":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else getattr(node, "module", None)
            assert not any(name in str(text) for name in NAMES), path


@pytest.fixture
def throw_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "throw_away.py").write_text(THROW_AWAY)
    monkeypatch.setattr(passes, "__path__", [*passes.__path__, str(tmp_path)])
    registered.cache_clear()
    yield
    registered.cache_clear()
    sys.modules.pop("migrate.passes.throw_away", None)


@pytest.mark.usefixtures("throw_away")
def test_a_module_is_all_that_the_code_needs(settings: Settings, tmp_path: Path) -> None:
    assert next(iter(registered())) == "throw_away"  # Whatever passes there are: no step is before its own.
    root = shutil.copytree(FIXTURES / "digits-written-back" / "before", tmp_path / "tree")
    plan = migrate.plan(root, settings)
    (edit,) = (edit for edit in plan.edits if edit.made_by == "throw_away")
    assert (edit.action, edit.name, edit.after.text) == (  # type: ignore[union-attr]
        "set",
        "auth.token.provider.title",
        "Thrown away",
    )
    (scanned,) = migrate.scan(root, settings)
    assert "auth.token.provider.title" in {name for row in scanned.rows for name in row.missing}
    migrate.apply(plan)
    assert migrate.plan(root, settings, ["throw_away"]).edits == ()


@pytest.mark.usefixtures("throw_away")
def test_a_pair_that_is_made_gets_its_values(settings: Settings, tmp_path: Path) -> None:
    plan = migrate.plan(tmp_path, settings._replace(create_in="config"))
    values = {name for edit in plan.edits for name, _ in getattr(edit, "values", ())}
    assert {"auth.token.provider.title", "auth.ims.client.secret"} <= values
