"""The rules that ask more than what a text says: one module a rule. CONTRIBUTING.md says how to add one.

A module in this folder that has a ``CHECK`` is a rule; its file's name, with hyphens, is the rule's id. Nothing else in
the code names it. Imports of a check are lazy where it does not always need them: every `lint` loads all of them.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from grammar.hazards import Hazard
from grammar.pids import Pid
from migrate.lint.subject import Subject as Subject

if TYPE_CHECKING:
    from migrate.lint.project import Project


OfOne = Callable[[Subject], Iterator[Hazard]]
OfAll = Callable[["Project"], Iterator[tuple[str, Hazard]]]


def _nothing(subject: Subject) -> Iterator[Hazard]:
    return iter(())


def _nothing_of_all(project: Project) -> Iterator[tuple[str, Hazard]]:
    return iter(())


class Check(NamedTuple):
    """How hazards of one rule are found. The hazards name no rule: it is the check's.

    Attributes:
        severity: of the rule.
        title: of the rule.
        of_one: the hazards of a configuration; the values of a property that one names are shown as loaded.
        of_all: the hazards that only several files together make, each with the path of the file where it stands.
        keys: what other tools call the rule.
        security: how bad it is for security, as code scanning wants it.
        pid: where `of_one` speaks of one service only: its PID, or the factory PID.
        by_schema: whether `of_one` goes by what services say about their configurations, and is silent without that.
        platforms: the ids of the AEMs that `of_one` has something to say about, where the user says that he means one
            of them; without any it is asked always.
    """

    severity: str
    title: str
    of_one: OfOne = _nothing
    of_all: OfAll = _nothing_of_all
    keys: tuple[str, ...] = ()
    security: str = ""
    pid: str = ""
    by_schema: bool = False
    platforms: tuple[str, ...] = ()

    def is_about(self, node: str) -> bool:
        """Whether a file's or node's name stands for a configuration of the service that `pid` names."""
        pid = Pid.from_filename(node)
        return self.pid in (pid.factory_pid, pid.singleton)


@functools.cache
def registered() -> Mapping[str, Check]:
    """All checks, those of the modules in this folder, by the id of their rule."""
    # Not by pkgutil, which asks inspect for the modules' names: that takes longer than the rest of a small lint.
    names = {
        name.removesuffix(".py") for folder in __path__ for name in os.listdir(folder) if name.endswith(".py")
    }
    found = ((name, import_module(f"{__name__}.{name}").CHECK) for name in sorted(names - {"__init__"}))
    return {name.replace("_", "-"): check for name, check in found}


def of_many() -> frozenset[str]:
    """The rules whose hazards only several files together make."""
    return frozenset(rule for rule, check in registered().items() if check.of_all is not _nothing_of_all)


class _Asked(NamedTuple):
    """The checks that may have something to say of a file: most of a long run have not, so they are not called.

    Attributes:
        of_any: whatever configuration it is.
        of_pids: where it is one of the service that they are about.
        pids: of those services.
    """

    of_any: tuple[tuple[str, Check], ...]
    of_pids: tuple[tuple[str, Check], ...]
    pids: tuple[str, ...]


@functools.cache
def _asked(platform: str, *, with_schema: bool) -> _Asked:
    speaking = [
        (rule, check)
        for rule, check in registered().items()
        if check.of_one is not _nothing
        and (with_schema or not check.by_schema)
        and (not check.platforms or platform in check.platforms)
    ]
    of_pids = tuple(one for one in speaking if one[1].pid)
    return _Asked(
        tuple(one for one in speaking if not one[1].pid), of_pids, tuple(check.pid for _, check in of_pids)
    )


def of_one(subject: Subject) -> list[Hazard]:
    """What all checks find in a configuration."""
    node, platform = subject.node, subject.platform
    found = _asked("" if platform.is_assumed else platform.id, with_schema=subject.schema is not None)
    asked = found.of_any
    if node.startswith(found.pids):
        asked += tuple(
            (rule, check)
            for rule, check in found.of_pids
            if node.startswith(check.pid) and check.is_about(node)
        )
    return [hazard._replace(rule=rule) for rule, check in asked for hazard in check.of_one(subject)]


def of_all(project: Project) -> Iterator[tuple[str, Hazard]]:
    """What all checks find in some files together."""
    for rule, check in registered().items():
        yield from ((path, hazard._replace(rule=rule)) for path, hazard in check.of_all(project))
