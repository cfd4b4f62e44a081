"""The passes: each one step of Adobe's page, pure, one module a pass. CONTRIBUTING.md says how to add one.

A pass knows configurations, the folder's selection and the settings, and gives edits. It knows no path, clock,
environment or network, and never changes anything itself. A module in this folder that has a ``PASS`` is one; its
file's name is the pass's name and its value for ``--only`` and ``--skip``. Nothing else in the code names a pass.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from grammar.documents import Document
from grammar.values import Value
from migrate.integration.configuration import Configuration
from migrate.integration.edits import Edit, SetProperty
from migrate.integration.secret import SecretValue
from migrate.integration.selection import Selection
from migrate.integration.settings import Settings
from migrate.masking.names import is_secret

Desired = Iterator[tuple[str, Value | None]]
"""Properties with the values that they should have; None where any value will do, as long as there is one."""

Needs = Callable[[Configuration, Selection, Settings], Iterator[str]]


def _no_values(factory_pid: str, current: Document | None, settings: Settings) -> Desired:
    return iter(())


def _no_needs(configuration: Configuration, selection: Selection, settings: Settings) -> Iterator[str]:
    return iter(())


class Pass(NamedTuple):
    """One step.

    Attributes:
        name: its module's name.
        step: where it stands in Adobe's page, which is its place in a plan.
        wants: whether a configuration concerns it, given the folder's selection.
        edits: what is to become of a configuration that it wants; by default, what differs from `desired`.
        desired: the properties that a configuration of a factory should have, with their values as far as the
            settings tell; its second argument is what there is, None for a configuration that is to be made.
        needs: what the user has to give before a configuration that it wants can be edited, in words.
    """

    name: str
    step: int
    wants: Callable[[Configuration, Selection], bool]
    edits: Callable[[Configuration, Selection, Settings], list[Edit]]
    desired: Callable[[str, Document | None, Settings], Desired] = _no_values
    needs: Needs = _no_needs

    def run(self, configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
        """The edits of a configuration; none of one that the pass does not want."""
        return self.edits(configuration, selection, settings) if self.wants(configuration, selection) else []


def setting(
    name: str,
    step: int,
    wants: Callable[[Configuration, Selection], bool],
    desired: Callable[[str, Document | None, Settings], Desired],
    needs: Needs = _no_needs,
) -> Pass:
    """A pass that brings properties to their desired values and does nothing else."""

    def edits(configuration: Configuration, selection: Selection, settings: Settings) -> list[Edit]:
        wanted = desired(configuration.factory_pid, configuration.document, settings)
        return list(_differences(configuration, name, wanted))

    return Pass(name, step, wants, edits, desired, needs)


def _differences(configuration: Configuration, made_by: str, wanted: Desired) -> Iterator[Edit]:
    for name, after in wanted:
        current = configuration.document.get(name)
        before = current.value if current else None
        if after is not None and before != after:
            guarded = before if before is None else guard(name, before)
            yield SetProperty(configuration.key, made_by, name, guarded, guard(name, after))


def guard(name: str, value: Value) -> Value:
    """The value of a property, as one that does not print where the property's name says that it is secret."""
    return SecretValue.of(value) if is_secret(name) else value


@functools.cache
def registered() -> Mapping[str, Pass]:
    """All passes by name, in the order of Adobe's page."""
    # Not by pkgutil, which asks inspect for the modules' names: a twentieth of what a plan takes.
    files = {name for folder in __path__ for name in os.listdir(folder) if name.endswith(".py")}
    names = (name.removesuffix(".py") for name in files - {"__init__.py"})
    found = [import_module(f"{__name__}.{name}").PASS for name in names]
    return {one.name: one for one in sorted(found, key=lambda one: one.step)}
