"""Options that say one thing together."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

from migrate.cli.apply import ApplyPace
from migrate.cli.arguments import full, verbs
from migrate.cli.arguments.choices import Color
from migrate.cli.arguments.groups import Group, Look, Members, Named, Pace
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.plan import PlanLook
from migrate.cli.tokens import check_token


def test_what_is_not_said_has_its_default() -> None:
    assert Look(quiet=True).said() == {"color": Color.AUTO, "quiet": True, "verbose": False}


def test_a_name_that_is_none_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^Look has no loud$"):
        Look(loud=True)  # type: ignore[call-arg]


def test_equal_is_what_says_the_same_of_the_same() -> None:
    assert Pace(jobs=2) == Pace(jobs=2, fail_fast=False)
    assert Pace(jobs=2) != Pace(jobs=3)
    assert Pace() != ApplyPace()


def test_what_a_group_declares_itself_comes_before_what_it_takes_over() -> None:
    assert Named.fields() == ("targets", "targets_from", "fleet", "limit")
    assert PlanLook.fields() == ("color", "show_secrets", "quiet", "verbose")


def test_nothing_that_is_said_is_printed() -> None:
    """A proxy's address may hold a password."""
    assert "canary" not in repr(AccessOptions(proxy="http://me:canary@proxy.example"))


def groups() -> Iterator[tuple[str, str, type[Group]]]:
    for verb in verbs.VERBS:
        found = verbs.function(verb)
        known = inspect.getmodule(found)
        for name, annotation in found.__annotations__.items():
            kind = getattr(known, annotation, None)
            if isinstance(kind, type) and issubclass(kind, Group):
                yield verb, name, kind


@pytest.mark.parametrize(("verb", "name", "kind"), list(groups()))
def test_a_verb_gets_the_group_that_it_takes(
    monkeypatch: pytest.MonkeyPatch, verb: str, name: str, kind: type[Group]
) -> None:
    taken: dict[str, object] = {}

    def run(**values: object) -> None:
        taken.update(values)

    real = verbs.function(verb)
    run.__annotations__ = real.__annotations__
    run.__module__ = real.__module__
    monkeypatch.setattr(verbs, "function", lambda _: run)
    verbs.call(verb, {}, {})
    assert taken[name] == kind()


def test_what_a_verb_has_of_its_own_does_not_go_into_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """--timeout and --ca-bundle of check-token are about Adobe IMS."""
    taken: dict[str, object] = {}

    def run(**values: object) -> None:
        taken.update(values)

    run.__annotations__ = check_token.check_token.__annotations__
    run.__module__ = check_token.__name__
    monkeypatch.setattr(verbs, "function", lambda _: run)
    verbs.call("check-token", {"user": "admin", "timeout": 5.0, "fleet": "fleet.toml"}, {})
    assert taken["reached"] == AccessOptions(user="admin")
    assert taken["timeout"] == 5.0
    named = taken["named"]
    assert isinstance(named, Members)
    assert named.fleet == "fleet.toml"


def test_an_option_of_a_group_is_one_of_the_verb() -> None:
    names = list(inspect.signature(full.declared("scan")).parameters)
    assert names[-6:] == ["jobs", "fail_fast", "output", "color", "quiet", "verbose"]
