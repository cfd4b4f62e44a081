"""Which of several files AEM takes for one PID: the one calculator, for explain, twins and the findings of a plan.

Sling's JCR installer gives a file the priority of its search path and one more for each run mode of its folder, all of
which must be active (``FolderNameFilter``); of watched folders in one another the outermost that is active says which.
The installer takes the highest priority; among equals the one that is
installed already; else the smaller URL, as Java compares strings (``RegisteredResourceImpl.compare``). Pure data.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from grammar.java.units import utf16_order
from migrate.targets.watched import TIERS, Place, needs_of

_ROOTS = {"libs": 100, "apps": 200}
"""Priorities of the search path, as AEM 6.5 has them (``sling.jcrinstall.search.path``)."""


class Resource(NamedTuple):
    """A file, or a node of one, that stands for a PID.

    Attributes:
        path: the file, as the user would name it.
        url: its path in the repository.
        run_modes: those of its folder.
        problem: why AEM takes it under no run modes; empty when it may.
        otherwise: those of the watched folders inside, as of `migrate.targets.watched.Place`.
        needs: those of the folders that the packages around it lie in: without them AEM does not install these.
    """

    path: str
    url: str
    run_modes: tuple[str, ...] = ()
    problem: str = ""
    otherwise: tuple[tuple[str, ...], ...] = ()
    needs: tuple[str, ...] = ()

    @classmethod
    def at(cls, path: str, url: str, place: Place, problem: str = "") -> Resource:
        """One that stands in a place, or in a package there."""
        return cls(path, url, place.run_modes, problem, place.otherwise, needs_of(path))

    @property
    def settings(self) -> tuple[tuple[str, ...], ...]:
        """The sets of run modes under which AEM takes it."""
        return tuple(tuple(dict.fromkeys((*self.needs, *way))) for way in (self.run_modes, *self.otherwise))

    @property
    def priority(self) -> int:
        """Where all its run modes are active."""
        return self._priority(self.run_modes)

    def priority_under(self, active: Collection[str]) -> int | None:
        """What it has under some run modes; None where AEM does not take it."""
        if self.problem or not _are_on(self.needs, active):
            return None
        if _are_on(self.run_modes, active):
            return self.priority
        return next((self._priority(way) for way in self.otherwise if _are_on(way, active)), None)

    def _priority(self, way: tuple[str, ...]) -> int:
        return _ROOTS.get(self.url.split("/", 2)[1], _ROOTS["apps"]) + len(way)


def _are_on(run_modes: tuple[str, ...], active: Collection[str]) -> bool:
    for mode in run_modes:  # noqa: SIM110 - asked of every file under every setting, and `all` takes twice as long
        if mode not in active:
            return False
    return True


class Reason(enum.StrEnum):
    """Why a file loses."""

    PROBLEM = "not-taken"
    RUN_MODES = "run-modes"
    PRIORITY = "priority"
    URL = "url"
    SAME_NODE = "same-node"


class Loser(NamedTuple):
    """A file that is not taken, and why."""

    resource: Resource
    reason: Reason

    def because(self, winner: Resource | None, active: Collection[str]) -> str:
        """The reason in words."""
        mine = self.resource
        if self.reason is Reason.PROBLEM:
            return mine.problem
        if self.reason is Reason.RUN_MODES:
            missing = [", ".join(mode for mode in way if mode not in active) for way in mine.settings]
            return f"not active: {' or '.join(dict.fromkeys(missing))}"
        assert winner is not None
        if self.reason is Reason.PRIORITY:
            return f"priority {mine.priority_under(active)}, not {winner.priority_under(active)}"
        if self.reason is Reason.SAME_NODE:
            return "the same node of the repository: the package that is installed last decides"
        return "equal priority and the larger URL; AEM keeps it all the same while it is installed"


class Decision(NamedTuple):
    """What AEM takes for one PID under some run modes.

    Attributes:
        winner: None when nothing is active.
        losers: all others, those that came nearest first.
        priority: the winner's; 0 without one.
    """

    winner: Resource | None
    losers: tuple[Loser, ...] = ()
    priority: int = 0

    @property
    def is_tie(self) -> bool:
        """Whether something else may be installed, and then stays."""
        return any(loser.reason in (Reason.URL, Reason.SAME_NODE) for loser in self.losers)


def decide(resources: Iterable[Resource], active: Collection[str]) -> Decision:
    """What a fresh instance takes.

    Args:
        resources: all that stand for one PID.
        active: the run modes of the instance.
    """
    able: list[tuple[int, Resource]] = []
    others: list[tuple[int, Resource]] = []
    for one in resources:
        priority = one.priority_under(active)
        if priority is None:
            others.append((one.priority, one))
        else:
            able.append((priority, one))
    able.sort(key=_rank)
    others.sort(key=_rank)
    losers = [Loser(one, _reason(priority, one, *able[0])) for priority, one in able[1:]]
    losers += [Loser(one, Reason.PROBLEM if one.problem else Reason.RUN_MODES) for _, one in others]
    highest, winner = able[0] if able else (0, None)
    return Decision(winner, tuple(losers), highest)


def is_contested(resources: Iterable[Resource], active: Collection[str]) -> bool:
    """Whether several have the highest priority; quicker than to decide."""
    found = [priority for one in resources if (priority := one.priority_under(active)) is not None]
    return len(found) > 1 and found.count(max(found)) > 1


def _rank(found: tuple[int, Resource]) -> tuple[int, bytes, str]:
    priority, resource = found
    return -priority, utf16_order(resource.url), resource.path


def _reason(priority: int, loser: Resource, highest: int, winner: Resource) -> Reason:
    if priority < highest:
        return Reason.PRIORITY
    return Reason.SAME_NODE if loser.url == winner.url else Reason.URL


def settings_of(run_modes: Iterable[Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """The sets of run modes that are worth a look: each tier with what else the folders ask for.

    Where a folder is for one tier, an instance of the other one takes something else: what that one hides.

    Args:
        run_modes: those of all folders, of those in one another, too.
    """
    asked = {frozenset(modes) for modes in run_modes}
    tiers = TIERS if any(not modes.isdisjoint(TIERS) for modes in asked) else ("",)
    others = sorted(
        {tuple(sorted(modes.difference(TIERS))) for modes in asked} | {()}, key=lambda o: (len(o), o)
    )
    for tier in tiers:
        for other in others:
            yield (tier, *other) if tier else other
