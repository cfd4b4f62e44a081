"""A fleet: named targets, some of which are meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from migrate.fleet.errors import FleetError


class Member(NamedTuple):
    """One target of a fleet.

    Attributes:
        name: how the fleet calls it.
        target: its path, as it is from here, or its address.
        request: what it says of the migration; the rest is open.
        access: what it says of how to reach an instance, by the names of the options.
        only, skip: names of passes.
        tags: words to choose it by.
        run_modes: those of its instance.
        wave: the wave that it belongs to.
    """

    name: str
    target: str
    request: Mapping[str, Any]
    access: Mapping[str, Any]
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    run_modes: tuple[str, ...] = ()
    wave: str | None = None


class Fleet(NamedTuple):
    """What a fleet file says.

    Attributes:
        path: the file.
        members: in their order.
        waves: in their order; a member without one comes after all of them.
        remarks: what is worth saying about the file.
    """

    path: str
    members: tuple[Member, ...]
    waves: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def limited(self, limits: Sequence[str] = (), waves: Sequence[str] = ()) -> Fleet:
        """The members that a pattern fits, by name or as ``tag:NAME``, and that are in one of the waves.

        Raises:
            FleetError: nothing fits, or there is no such wave.
        """
        for wave in waves:
            if wave not in self.waves:
                known = ", ".join(self.waves) or "none"
                raise FleetError(f"{self.path}: there is no wave {wave!r}; there are: {known}")
        patterns = [part.strip() for text in limits for part in text.split(",") if part.strip()]
        for pattern in patterns:
            if not any(_fits(one, pattern) for one in self.members):
                raise FleetError(f"{self.path}: --limit {pattern!r} fits no target{self._meant(pattern)}")
        kept = tuple(
            one
            for one in self.members
            if (not patterns or any(_fits(one, pattern) for pattern in patterns))
            and (not waves or one.wave in waves)
        )
        if not kept:
            names = ", ".join(one.name for one in self.members[:20])
            raise FleetError(f"{self.path}: no target is left; there are: {names}")
        return self._replace(members=kept)

    def _meant(self, pattern: str) -> str:
        """What may have been meant by a pattern that fits nothing."""
        from difflib import get_close_matches

        start = "tag:" if pattern.startswith("tag:") else ""
        tags = list(dict.fromkeys(tag for one in self.members for tag in one.tags))
        known = tags if start else [one.name for one in self.members]
        close = get_close_matches(pattern.removeprefix(start), known, n=1)
        if close:
            return f"; did you mean {start + close[0]!r}?"
        more = ", ..." if len(known) > 20 else ""
        return f"; there are: {', '.join(start + one for one in known[:20]) or 'no tags'}{more}"

    def in_waves(self) -> list[tuple[str | None, tuple[Member, ...]]]:
        """The members wave by wave; those without one last."""
        groups = [
            (wave, tuple(one for one in self.members if one.wave == wave)) for wave in (*self.waves, None)
        ]
        return [(wave, members) for wave, members in groups if members]


def _fits(member: Member, pattern: str) -> bool:
    if pattern.startswith("tag:"):
        return any(fnmatch.fnmatchcase(tag, pattern[4:]) for tag in member.tags)
    return member.name == pattern or fnmatch.fnmatchcase(member.name, pattern)
