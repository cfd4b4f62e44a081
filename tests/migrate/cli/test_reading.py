"""The documentation that comes with the command, and its examples."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Callable

import pytest

from migrate.cli.arguments import compiled
from migrate.cli.arguments.examples import EXAMPLES
from migrate.cli.arguments.verbs import VERBS
from migrate.lint.rules import RULES
from migrate.passes import registered
from tests.places import ROOT

Run = Callable[..., "object"]


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_has_its_page(name: str, slingshift: Run) -> None:
    assert slingshift("rule", name).out == (ROOT / "docs" / "rules" / f"{name}.md").read_text("utf-8")


def test_the_list_of_rules(slingshift: Run) -> None:
    names = [line.split()[0] for line in slingshift("rule").out.splitlines()]
    assert set(RULES) <= set(names)
    assert "index" not in names


@pytest.mark.parametrize("name", ["nothing", "../findings", "", ".", "unescaped-equal"])
def test_a_rule_that_is_none(name: str, slingshift: Run) -> None:
    ended = slingshift("rule", name)
    assert (ended.code, "there is no rule" in ended.err) == (2, True)
    assert ("is it unescaped-equals" in ended.err) == (name == "unescaped-equal")


def test_the_passes(slingshift: Run) -> None:
    assert [line.split()[0] for line in slingshift("passes").out.splitlines()] == list(registered())
    for name in registered():
        assert slingshift("passes", name).out == (ROOT / "docs" / "passes" / f"{name}.md").read_text("utf-8")
    assert slingshift("passes", "none").code == 2


def test_the_profile(slingshift: Run) -> None:
    assert tomllib.loads(slingshift("profile", "show").out)["provider-name"] == "adobe-ims-similaritysearch"
    assert "| `scopes` |" in slingshift("profile", "help").out
    assert slingshift("profile", "other").code == 2


def test_every_verb_has_examples_in_its_help(slingshift: Run) -> None:
    assert EXAMPLES.keys() == VERBS.keys()
    for verb, lines in EXAMPLES.items():
        shown = slingshift(verb, "--help").out
        assert "Examples:\n" in shown
        assert all(f"  {line}\n" in shown for line in lines), shown


@pytest.mark.parametrize("line", [line for lines in EXAMPLES.values() for line in lines])
def test_examples_name_options_that_there_are(line: str) -> None:
    from migrate.cli.arguments import plain

    name, verb, *rest = shlex.split(line)
    assert (name, verb in compiled.VERBS) == ("slingshift", True)
    if "--" not in rest:
        assert plain.read([verb, *rest]) is not None
