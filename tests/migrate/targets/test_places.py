"""Targets that share no file."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.targets.base import Kind, OverlapError, Target
from migrate.targets.places import Places, each_by_itself


def _target(place: str, kind: Kind = Kind.FOLDER) -> Target:
    return Target(place, kind, place)


@pytest.mark.parametrize(
    ("places", "message"),
    [
        (("/a", "/a/b"), "/a/b lies in /a; name one of them"),
        (("/a/b/c", "/x", "/a"), "/a/b/c lies in /a; name one of them"),
        (("/a/b", "/"), "/a/b lies in /; name one of them"),
        (("/", "/a"), "/a lies in /; name one of them"),
    ],
)
def test_one_in_another_is_refused(places: tuple[str, ...], message: str) -> None:
    with pytest.raises(OverlapError) as caught:
        each_by_itself(map(_target, places))
    assert str(caught.value) == message


def test_the_same_is_kept_once_or_refused() -> None:
    assert each_by_itself([_target("/a"), _target("/b"), _target("/a")]) == [_target("/a"), _target("/b")]
    places = Places()
    places.take(_target("/a"))
    with pytest.raises(OverlapError, match="/a is the same as /a; name it once"):
        places.take(_target("/a"))


def test_context_paths_of_one_server_are_instances_of_their_own() -> None:
    names = ["https://a.example:4502", "https://a.example:4502/stage"]
    assert [one.name for one in each_by_itself(_target(name, Kind.INSTANCE) for name in names)] == names


_PLACES = st.lists(st.sampled_from("abc"), max_size=3).map(lambda parts: "/" + "/".join(parts))


@given(st.lists(_PLACES, max_size=5))
def test_each_by_itself_shares_nothing(places: list[str]) -> None:
    pairs = itertools.combinations(dict.fromkeys(place.rstrip("/") + "/" for place in places), 2)
    overlap = any(one.startswith(other) or other.startswith(one) for one, other in pairs)
    try:
        each_by_itself(map(_target, places))
    except OverlapError:
        assert overlap
    else:
        assert not overlap
