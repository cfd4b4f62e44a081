"""Targets keep apart: a file that two of them share would be planned twice, and carried out by whoever comes first."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.targets.base import Kind, OverlapError, Target


class Places:
    """What is taken by targets. Each one more takes as long as it has folders above it, however many there are."""

    def __init__(self) -> None:
        self._at: dict[str, Target] = {}
        self._inside: dict[str, Target] = {}

    def take(self, target: Target) -> None:
        """Note a target.

        Raises:
            OverlapError: another one is the same, lies in it, or it lies in another.
        """
        place = target.location.rstrip("/")
        # Two context paths of one server are two instances.
        above = _folders(place) if target.kind is not Kind.INSTANCE else []
        other = next((self._at[one] for one in (place, *above) if one in self._at), None)
        inner = self._inside.get(place)
        if other is not None and other.location == target.location:
            raise OverlapError(f"{target} is the same as {other}; name it once")
        if other is not None:
            raise OverlapError(f"{target} lies in {other}; name one of them")
        if inner is not None:
            raise OverlapError(f"{inner} lies in {target}; name one of them")
        self._at[place] = target
        for one in above:
            self._inside.setdefault(one, target)


def each_by_itself(targets: Iterable[Target]) -> list[Target]:
    """Each target once, in their order.

    Raises:
        OverlapError: one lies in another.
    """
    places, once = Places(), list(dict.fromkeys(targets))
    for target in once:
        places.take(target)
    return once


def _folders(place: str) -> list[str]:
    """The folders above a place."""
    parts = place.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
