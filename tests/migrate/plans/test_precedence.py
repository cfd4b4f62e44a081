"""Which file AEM takes: priority, run modes, what is installed, the smaller URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.plans.precedence import Reason, Resource, decide, is_contested, settings_of


def _resource(url: str, *run_modes: str, problem: str = "") -> Resource:
    return Resource(f"ui.apps/jcr_root{url}", url, run_modes, problem)


BASE = _resource("/apps/x/config/F.config")
AUTHOR = _resource("/apps/x/config.author/F.config", "author")
PROD = _resource("/apps/x/config.author.prod/F.config", "author", "prod")
LIBS = _resource("/libs/x/config.author.prod/F.config", "author", "prod")
DEEP = _resource("/apps/a/b/c/config/F.config", problem="AEM does not look so deep")


@pytest.mark.parametrize(
    ("active", "winner", "losers"),
    [
        ((), BASE, [(PROD, Reason.RUN_MODES), (AUTHOR, Reason.RUN_MODES), (DEEP, Reason.PROBLEM)]),
        (("author",), AUTHOR, [(BASE, Reason.PRIORITY), (PROD, Reason.RUN_MODES)]),
        (("prod", "author"), PROD, [(AUTHOR, Reason.PRIORITY), (BASE, Reason.PRIORITY), (LIBS, Reason.PRIORITY)]),
        (("publish", "prod"), BASE, [(PROD, Reason.RUN_MODES)]),
    ],
)  # fmt: skip
def test_more_run_modes_win_where_all_are_active(
    active: tuple[str, ...], winner: Resource, losers: list[tuple[Resource, Reason]]
) -> None:
    decision = decide([BASE, LIBS, AUTHOR, DEEP, PROD], active)
    assert decision.winner == winner
    assert not decision.is_tie
    found = [(loser.resource, loser.reason) for loser in decision.losers]
    assert [pair for pair in found if pair in losers] == losers
    assert len(found) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("F", "F.cfg.json"),
        ("F.cfg.json", "F.config"),
        ("F-x.config", "F~x.config"),
        ("F\ufffd", "F\U0001f600"),
    ],
)
def test_among_equals_the_smaller_url_wins_and_it_is_a_tie(first: str, second: str) -> None:
    one, other = _resource(f"/apps/x/config/{first}"), _resource(f"/apps/x/config/{second}")
    if "\ufffd" in first:  # Java compares UTF-16 units: a surrogate is smaller than U+FFFD.
        one, other = other, one
    decision = decide([other, one], ())
    assert decision.winner == one
    assert decision.is_tie
    assert [(loser.resource, loser.reason) for loser in decision.losers] == [(other, Reason.URL)]


def test_one_node_in_two_packages() -> None:
    again = BASE._replace(path="other/jcr_root/apps/x/config/F.config")
    decision = decide([BASE, again], ())
    assert (decision.winner, decision.losers[0].reason, decision.is_tie) == (again, Reason.SAME_NODE, True)


NESTED = Resource(
    "p", "/apps/x/config.publish/config.author/F.config", ("publish",), "", (("author", "dev"), ())
)


@pytest.mark.parametrize(
    ("active", "priority"),
    [
        (("publish",), 201),
        (("author", "dev"), 202),
        (("author", "dev", "publish"), 201),  # The outer folder is scanned first.
        (("author",), 200),
    ],
)
def test_of_folders_in_one_another_the_outermost_that_is_active_counts(
    active: tuple[str, ...], priority: int
) -> None:
    assert NESTED.priority_under(active) == priority
    other = _resource("/apps/z/config.author/F.config", "author")
    decision = decide([NESTED, other], active)
    assert decision.winner == (NESTED if priority > 200 else other)
    if "author" in active and priority == 200:
        assert decision.losers[0].because(decision.winner, active) == "priority 200, not 201"


def test_what_keeps_all_of_several_folders_from_being_active() -> None:
    (loser,) = decide([NESTED._replace(otherwise=(("author", "dev"),))], ("dev",)).losers
    assert loser.because(None, ("dev",)) == "not active: publish or author"


def test_a_file_in_a_package_that_is_not_installed_is_not_there() -> None:
    inside = _resource("/apps/x/config.prod/F.config", "prod")._replace(needs=("author",))
    assert inside.settings == (("author", "prod"),)
    assert decide([inside, BASE], ("author", "prod")).winner == inside
    decision = decide([inside, BASE], ("prod",))
    assert decision.winner == BASE
    assert decision.losers[0].because(BASE, ("prod",)) == "not active: author"
    # What the package needs does not count for the file.
    assert inside.priority_under(("author", "prod")) == inside.priority == 201


def test_nothing_is_active() -> None:
    decision = decide([AUTHOR, DEEP], ("publish",))
    assert decision.winner is None
    told = [loser.because(None, ("publish",)) for loser in decision.losers]
    assert told == ["not active: author", "AEM does not look so deep"]


def test_every_reason_in_words() -> None:
    twin = _resource("/apps/x/config/F.xconfig")
    decision = decide([BASE, twin, LIBS, BASE._replace(path="z")], ("author", "prod"))
    assert [loser.because(decision.winner, ("author", "prod")) for loser in decision.losers] == [
        "the same node of the repository: the package that is installed last decides",
        "equal priority and the larger URL; AEM keeps it all the same while it is installed",
        "priority 102, not 200",
    ]


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        ([], [()]),
        ([[]], [()]),
        ([["author"], []], [("author",), ("publish",)]),
        ([["publish"]], [("author",), ("publish",)]),
        (
            [["author"], ["publish", "prod"]],
            [("author",), ("author", "prod"), ("publish",), ("publish", "prod")],
        ),
        ([["dev", "emea"], ["emea"]], [(), ("emea",), ("dev", "emea")]),
    ],
)
def test_the_sets_that_are_worth_a_look(folders: list[list[str]], expected: list[tuple[str, ...]]) -> None:
    assert list(settings_of(folders)) == expected


_MODES = st.lists(st.sampled_from(["author", "publish", "prod", "dev"]), unique=True, max_size=3)
_RESOURCES = st.builds(
    lambda root, modes, name: _resource(f"/{root}/x/{'.'.join(['config', *modes])}/{name}", *modes),
    st.sampled_from(["apps", "libs"]),
    _MODES,
    st.sampled_from(["F", "F.config", "F.cfg.json"]),
)


@given(st.lists(_RESOURCES, max_size=6, unique=True), _MODES, st.randoms())
def test_the_order_of_the_files_does_not_matter(
    resources: list[Resource], active: list[str], rng: st.DataObject
) -> None:
    decision = decide(resources, active)
    rng.shuffle(resources)  # type: ignore[attr-defined]
    assert decide(resources, active) == decision
    able = [found for found in resources if set(found.run_modes) <= set(active)]
    assert is_contested(resources, active) == decision.is_tie
    assert (decision.winner is None) == (not able)
    assert all(decision.winner.priority >= found.priority for found in able)  # type: ignore[union-attr]
