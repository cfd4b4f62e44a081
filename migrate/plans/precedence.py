"""Which of several files AEM takes for one PID: the one calculator, for explain, twins and the findings of a plan.

Sling's JCR installer gives a file the priority of its search path and one more for each run mode of its folder, all of
which must be active (``FolderNameFilter``). The installer takes the highest priority; among equals the one that is
installed already; else the smaller URL, as Java compares strings (``RegisteredResourceImpl.compare``). Pure data.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from grammar.java.units import utf16_order

_ROOTS = {"libs": 100, "apps": 200}
"""Priorities of the search path, as AEM 6.5 has them (``sling.jcrinstall.search.path``)."""
_TIERS = ("author", "publish")
"""An instance is one of the two."""


class Resource(NamedTuple):
    """A file, or a node of one, that stands for a PID.

    Attributes:
        path: the file, as the user would name it.
        url: its path in the repository.
        run_modes: those of its folder.
        problem: why AEM takes it under no run modes; empty when it may.
    """

    path: str
    url: str
    run_modes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def priority(self) -> int:
        """Where all its run modes are active."""
        return _ROOTS.get(self.url.split("/", 2)[1], _ROOTS["apps"]) + len(self.run_modes)


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
            missing = [mode for mode in mine.run_modes if mode not in active]
            return f"not active: {', '.join(missing)}"
        assert winner is not None
        if self.reason is Reason.PRIORITY:
            return f"priority {mine.priority}, not {winner.priority}"
        if self.reason is Reason.SAME_NODE:
            return "the same node of the repository: the package that is installed last decides"
        return "equal priority and the larger URL; AEM keeps it all the same while it is installed"


class Decision(NamedTuple):
    """What AEM takes for one PID under some run modes.

    Attributes:
        winner: None when nothing is active.
        losers: all others, those that came nearest first.
    """

    winner: Resource | None
    losers: tuple[Loser, ...] = ()

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
    ranked = sorted(resources, key=_rank)
    able = [found for found in ranked if not found.problem and set(found.run_modes).issubset(active)]
    winner = able[0] if able else None
    losers = [Loser(found, _reason(found, winner)) for found in able[1:]]
    losers += [
        Loser(found, Reason.PROBLEM if found.problem else Reason.RUN_MODES)
        for found in ranked
        if found not in able
    ]
    return Decision(winner, tuple(losers))


def _rank(resource: Resource) -> tuple[int, bytes, str]:
    return -resource.priority, utf16_order(resource.url), resource.path


def _reason(loser: Resource, winner: Resource | None) -> Reason:
    assert winner is not None  # Only what is able loses to something.
    if loser.priority < winner.priority:
        return Reason.PRIORITY
    return Reason.SAME_NODE if loser.url == winner.url else Reason.URL


def settings_of(run_modes: Iterable[Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """The sets of run modes that are worth a look: each tier with what else the folders ask for.

    Where a folder is for one tier, an instance of the other one takes something else: what that one hides.

    Args:
        run_modes: those of all folders.
    """
    asked = {frozenset(modes) for modes in run_modes}
    tiers = _TIERS if any(not modes.isdisjoint(_TIERS) for modes in asked) else ("",)
    others = sorted(
        {tuple(sorted(modes.difference(_TIERS))) for modes in asked} | {()}, key=lambda o: (len(o), o)
    )
    for tier in tiers:
        for other in others:
            yield (tier, *other) if tier else other
