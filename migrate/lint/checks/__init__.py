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
    """

    severity: str
    title: str
    of_one: OfOne = _nothing
    of_all: OfAll = _nothing_of_all
    keys: tuple[str, ...] = ()
    security: str = ""
    pid: str = ""
    by_schema: bool = False

    def is_about(self, node: str) -> bool:
        """Whether a file's or node's name stands for a configuration of the service that `pid` names."""
        pid = Pid.from_filename(node)
        return self.pid in (pid.factory_pid, pid.singleton)


class Registry(NamedTuple):
    """All checks.

    Attributes:
        checks: by the id of their rule.
        of_one: those of a single file, which is asked for every one; most have nothing to say of it.
    """

    checks: Mapping[str, Check]
    of_one: tuple[tuple[str, Check], ...]


@functools.cache
def registry() -> Registry:
    """What stands in this folder."""
    # Not by pkgutil, which asks inspect for the modules' names: that takes longer than the rest of a small lint.
    names = {
        name.removesuffix(".py") for folder in __path__ for name in os.listdir(folder) if name.endswith(".py")
    }
    found = ((name, import_module(f"{__name__}.{name}").CHECK) for name in sorted(names - {"__init__"}))
    checks = {name.replace("_", "-"): check for name, check in found}
    return Registry(checks, tuple(one for one in checks.items() if one[1].of_one is not _nothing))


def registered() -> Mapping[str, Check]:
    """All checks by the id of their rule."""
    return registry().checks


def of_many() -> frozenset[str]:
    """The rules whose hazards only several files together make."""
    return frozenset(rule for rule, check in registered().items() if check.of_all is not _nothing_of_all)


def of_one(subject: Subject) -> Iterator[Hazard]:
    """What all checks find in a configuration."""
    node, schema = subject.node, subject.schema
    for rule, check in registry().of_one:
        if check.by_schema and schema is None:
            continue
        if not check.pid or (node.startswith(check.pid) and check.is_about(node)):
            for hazard in check.of_one(subject):
                yield hazard._replace(rule=rule)


def of_all(project: Project) -> Iterator[tuple[str, Hazard]]:
    """What all checks find in some files together."""
    for rule, check in registered().items():
        yield from ((path, hazard._replace(rule=rule)) for path, hazard in check.of_all(project))
