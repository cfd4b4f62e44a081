"""What new names do on an instance that files are deployed to, as far as its build tells (docs/findings.md)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.pids import InstallerBuild, is_uuid
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.edits import Delete, Rename
from migrate.integration.findings import WARNING, Finding
from migrate.integration.settings import Settings
from migrate.plans import naming
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.naming import Situation


def of_names(plan: ScopePlan, settings: Settings) -> Iterator[Finding]:
    """What becomes of the instances whose files are renamed or deleted."""
    gone = {edit.key for edit in plan.edits if isinstance(edit, Rename | Delete)}
    for configuration in plan.before.configurations:
        if configuration.key in gone and configuration.separator == "." and is_uuid(configuration.name):
            yield from _of_dotted(configuration, plan.before, settings)


def _of_dotted(configuration: Configuration, scope: Scope, settings: Settings) -> Iterator[Finding]:
    """A file that the console made: its instance may outlive it, or the new one may be lost with it."""
    pid = f"{configuration.factory_pid}.{configuration.name}"
    if settings.version is None:
        message = (
            f"made in the web console: below installer.factory.configuration 1.4.6 the live instance {pid} outlives "
            "its file and keeps the JWT values"
        )
        yield _orphan(configuration, message)
        return
    beside = any(
        (one.factory_pid, one.name) == (configuration.factory_pid, configuration.name)
        and one.separator != "."
        for one in scope.configurations
    )
    found = naming.choose(
        Situation(settings.version, ".", configuration.name, naming.INSTALLED, True, beside, runs_dot=True)
    )
    if found.leaves:
        until = (
            "until the next restart" if found.leaves == "restart" and found.keeps else "until it is deleted"
        )
        message = (
            f"made in the web console: on this build the live instance {pid} outlives its file and keeps the JWT "
            f"values {until}"
        )
        yield _orphan(configuration, message)
    if settings.installer is InstallerBuild.V1_4_6:
        yield _adopted(configuration, pid, is_half_done=not found.keeps)


def _orphan(configuration: Configuration, message: str) -> Finding:
    fix = (
        "After the migration delete it in the web console, once a second instance with the same name is there"
    )
    return Finding("orphan-instance", WARNING, message, fix, configuration.key)


def _adopted(configuration: Configuration, pid: str, *, is_half_done: bool) -> Finding:
    if is_half_done:
        message = (
            f"the file with the new name stands beside it, and this build takes the live {pid} for that: the next "
            "restart deletes it, and nothing runs any more"
        )
        fix = "Give the new file another N, or plan the instance itself"
    else:
        message = (
            f"while {pid} runs, this build takes it for the new file if that arrives first: the next restart deletes "
            "it, and nothing runs any more"
        )
        fix = "Bring the new file and take the old one away in one go: one package, one commit"
    return Finding("name-adopted", WARNING, message, fix, configuration.key)
