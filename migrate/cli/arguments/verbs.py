"""The verbs: where the function of each is, and its line in the list of commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from migrate.cli.arguments.groups import Group

VERBS = {
    "plan": ("plan", "Show what would change, as a masked diff."),
    "apply": ("apply", "Carry a plan out, with a journal."),
    "audit": ("audit", "Prove the audit log."),
    "undo": ("undo", "Take a run back, byte for byte."),
    "package": ("package", "Make the migration as a content package, and its way back."),
    "scan": ("scan", "List every provider and customizer."),
    "validate": ("validating.validate", "Check a running instance."),
    "check-token": ("tokens.check_token", "Ask IMS for a token, as AEM would."),
    "sandbox": ("tokens.sandbox", "Stand in for IMS, to rehearse."),
    "lint": ("linting.lint", "Find what AEM reads otherwise than it looks."),
    "fmt": ("fmt", "Lay out configurations as AEM's writers do."),
    "convert": ("convert", "Write configurations in another form."),
    "explain": ("explain", "Say which file AEM takes for each PID."),
    "show": ("show", "Print the typed values that AEM loads."),
    "rule": ("reading.rule", "Show the page of a rule of lint."),
    "passes": ("reading.passes", "List the steps of the migration."),
    "profile": ("reading.profile", "Show the built-in profile."),
}
"""Each verb's module, whose function has its name, and its summary."""


def function(verb: str) -> Callable[..., None]:
    """The function of a verb; only its own module is loaded."""
    from importlib import import_module

    name, _ = VERBS[verb]
    found: Callable[..., None] = getattr(import_module(f"migrate.cli.{name}"), name.rpartition(".")[2])
    return found


def call(verb: str, parameters: Mapping[str, Any], written: Mapping[str, str]) -> None:
    """Run a verb with what a command line says.

    Args:
        parameters: the values, by the names of the declared options and arguments. The verb's own parameter `request`
            stands for all those that make one, `asked` for those of a request that changes no file, `wanted` for those
            that say what is to run, `sought` for those that say what is looked for, and one that is a `Group` for
            those of the group, but for such that the verb has of its own.
        written: how those were spelled that stood there; for the verb's parameter of this name.
    """
    run = function(verb)
    values = {
        name: _without_password(value) if name in _TARGETS else value for name, value in parameters.items()
    }
    record = next((name for name in _REQUESTS if name in run.__annotations__), None)
    if record is not None:
        from migrate.integration.request import FIELDS, Request

        values[record] = Request(**{name: values.pop(name) for name in FIELDS if name in values})
    for name, group in groups(run).items():
        fields = [one for one in group.fields() if one in values and one not in run.__annotations__]
        values[name] = group(**{one: values.pop(one) for one in fields})
    if "written" in run.__annotations__:
        values["written"] = written
    run(**values)


_REQUESTS = ("request", "asked", "wanted", "sought")


def groups(run: Callable[..., None]) -> dict[str, type[Group]]:
    """The parameters of a verb that stand for several options."""
    known = vars(sys.modules[run.__module__])
    named = {name: known.get(annotation) for name, annotation in run.__annotations__.items()}
    return {name: one for name, one in named.items() if isinstance(one, type) and issubclass(one, Group)}


_TARGETS = ("target", "targets", "run", "path", "paths", "words")
"""The parameters that may hold the address of an instance."""


def _without_password(value: Any) -> Any:
    """A target, or several, without a password that somebody put into an address: such an address is refused later on,
    and whatever names it until then must not show it.
    """
    if isinstance(value, list):
        return [_without_password(one) for one in value]
    if not isinstance(value, str) or "://" not in value:
        return value
    from migrate.targets.instance import address
    from migrate.targets.opening import is_url

    return address.shown(value) if "@" in value or is_url(value) else value
