"""docs/rules/: a page for every rule, and every example true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grammar import platforms
from grammar.forms import form_of
from grammar.platforms import Platform
from migrate.lint import check, index
from migrate.lint.checks import registered
from migrate.lint.rule import Rule
from migrate.lint.rules import RULES
from migrate.lint.run import run
from migrate.lint.schema import Schema
from migrate.lint.schemas import files
from migrate.texts import loads
from migrate.texts.listing import listing
from tests.places import ROOT

PAGES = ROOT / "docs" / "rules"
_EXAMPLE = re.compile(r"```text file=(\S+)( escaped)?\n(.*?)\n```", re.DOTALL)
_LOADS = re.compile(r"```loads\n(.*?)\n```", re.DOTALL)
_RIGHT = re.compile(r"```right( escaped)?\n(.*?)\n```", re.DOTALL)
_TREE = re.compile(r"```(tree|right-tree) file=(\S+)\n(.*?)\n```", re.DOTALL)
OF_MANY = {path.stem for path in PAGES.glob("*.md") if "```tree file=" in path.read_text()}
WITHOUT_EXAMPLE = {
    path.stem for path in PAGES.glob("*.md") if "```text file=" not in path.read_text()
} - OF_MANY


def _data(text: str, escaped: str | None) -> bytes:
    if not escaped:
        return text.encode() + b"\n"
    if "\\ufeff" in text:
        return text.encode().decode("unicode_escape").encode()
    return text.encode().decode("unicode_escape").encode("latin-1")


def _platform(page: str) -> Platform:
    """The AEM that a page is about."""
    said = re.search(r"Only with `--platform ([a-z0-9-]+)`", page)
    return platforms.of(said[1] if said else None)


def _schema(page: str, folder: Path) -> Schema | None:
    """What services ask for, where a page is about that."""
    said = re.search(r"```schema\n(.*?)\n```", page, re.DOTALL)
    if said is None:
        return None
    (folder / "feature.json").write_text(said[1])
    return files.load([str(folder / "feature.json")])


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"index"} == set(RULES)


def test_the_index_is_as_it_is_made() -> None:
    assert index.PAGE.read_bytes().decode() == index.text(), "make rules"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_page_begins_with_the_rule(rule: Rule) -> None:
    title = rule.title[0].upper() + rule.title[1:]
    page = (PAGES / f"{rule.id}.md").read_text()
    assert page.startswith(f"# {rule.id}\n\n{title}. Severity: {rule.severity}.")


def test_every_check_has_a_test() -> None:
    checks = {path.stem for path in (ROOT / "migrate/lint/checks").glob("*.py")} - {"__init__"}
    assert checks == {name.replace("-", "_") for name in registered()}
    tests = "".join(path.read_text() for path in (ROOT / "tests/migrate/lint/checks").glob("test_*.py"))
    assert [rule for rule in registered() if f'"{rule}"' not in tests] == []


def test_the_table_knows_every_rule_of_the_code() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "grammar").rglob("*.py"))
    used = set(re.findall(r'"((?:xml|json)-[a-z0-9-]+)"', sources))
    used |= set(re.findall(r'(?:yield |rule=|Hazard\()"([a-z0-9]+(?:-[a-z0-9]+)+)"', sources))
    used.discard("json-text")
    assert used <= set(RULES)


def test_few_pages_have_no_example() -> None:
    assert len(WITHOUT_EXAMPLE - {"index"}) <= 12


@pytest.mark.parametrize("rule", sorted(set(RULES) - WITHOUT_EXAMPLE - OF_MANY))
def test_the_example_is_true(rule: str, tmp_path: Path) -> None:
    page = (PAGES / f"{rule}.md").read_text()
    example = _EXAMPLE.search(page)
    assert example is not None
    form = form_of(example[1])
    assert form is not None
    known = _schema(page, tmp_path)
    hazards = check.check(
        example[1], _data(example[3], example[2]), form, platform=_platform(page), schema=known
    )
    hazard = next(found for found in hazards if found.rule == rule)
    assert f"Severity: {hazard.severity}." in page
    shown = _LOADS.search(page)
    assert (shown[1].split("\n") if shown else []) == (loads.text(hazard.loads) if hazard.loads else [])
    right = _RIGHT.search(page)
    if right is not None:
        assert check.check(f"X.{form}", _data(right[2], right[1]), form, platform=_platform(page)) == []


@pytest.mark.parametrize("rule", sorted(OF_MANY))
def test_the_tree_is_true(rule: str, tmp_path: Path) -> None:
    page = (PAGES / f"{rule}.md").read_text()
    for kind, name, text in _TREE.findall(page):
        file = tmp_path / kind / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    found = [hazard for hazard in _linted(tmp_path / "tree", page) if hazard.rule == rule]
    assert found
    assert f"Severity: {found[0].severity}." in page
    assert _linted(tmp_path / "right-tree", page) == []


def _linted(root: Path, page: str) -> list[check.Hazard]:
    found = listing([str(root)])
    return run(found.items, platforms=[_platform(page)] * len(found.items), others=found.others).hazards
