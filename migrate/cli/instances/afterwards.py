"""`validate` once `apply` is done on an instance: it is said what it finds, and the exit code stays that of the run."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from migrate.cli import console, inputs
from migrate.cli.instances.carrying import There
from migrate.errors import MigrateError
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.fleet.outcomes import Outcome, Task
    from migrate.integration.request import Request
    from migrate.plans.validation.validation import Validation
    from migrate.targets.instance.access import Access

DONE = "done"
"""The state of an apply that is through."""
_IMS_WITHIN = 10.0
"""Seconds for IMS: a machine that may reach the instance often may not reach Adobe, and nobody asked it to."""


def validator(tasks: Iterable[Task], how: There) -> Callable[[Outcome], Outcome] | None:
    """What looks at an instance after its run; None where nobody wants it."""
    if how.no_validate or how.repository_only:
        return None
    by_name = {task.called: task for task in tasks}

    def looked_at(outcome: Outcome) -> Outcome:
        task = by_name.get(outcome.name)
        if task is None or outcome.plan is None or outcome.plan.instance is None:
            return outcome
        try:
            return outcome._replace(validation=_look(task))
        except MigrateError as error:
            return outcome._replace(not_validated=str(error))

    return looked_at


def after_resume(outcome: Outcome, request: Request, access: Access | None, how: There) -> Outcome:
    """The same after a run was finished; what is wanted says the command line, if anybody does."""
    from migrate.fleet.outcomes import Task
    from migrate.targets.opening import is_url

    if outcome.run is None or outcome.run.state != DONE or not is_url(outcome.target) or how.no_validate:
        return outcome
    try:
        settings, _ = inputs.settings_of(request)
        return outcome._replace(validation=_look(Task(outcome.target, settings, access=access)))
    except MigrateError as error:
        return outcome._replace(not_validated=str(error))


def _look(task: Task) -> Validation:
    import migrate
    from migrate.ims.client import Connection

    connection = Connection(timeout=_IMS_WITHIN, retries=0)
    return migrate.validate(task.target, task.settings, access=task.access, connection=connection)


def tell(outcome: Outcome, *, color: bool, quiet: bool) -> None:
    """Print what was found, and what it means for the run."""
    command = f"`slingshift validate {shlex.quote(outcome.target)}`"
    if outcome.not_validated:
        console.line(f"done, but not validated: {outcome.not_validated}. {command} does it")
        return
    found = outcome.validation
    if found is None:
        return
    from migrate.plans.validation.checks import Verdict
    from migrate.reports import validation_report

    shown = mild(found)
    if not (quiet and shown.is_right):
        console.result(validation_report.to_text(shown, color=color, quiet=quiet))
    wrong = list(dict.fromkeys(check.id for check in shown.checks if check.verdict is Verdict.WRONG))
    if wrong:
        said = f"the run is done, and validate finds {len(wrong)} thing{'s' * (len(wrong) > 1)} wrong"
        console.line(f"{printable(outcome.name)}: {said} ({', '.join(wrong)}); look again with {command}")


def mild(found: Validation) -> Validation:
    """As it counts after a run: that IMS cannot be reached from here says nothing of what was done there."""
    from migrate.plans.validation.checks import Verdict

    return found._replace(
        checks=tuple(
            check._replace(verdict=Verdict.NOTE) if check.id == "token-unreachable" else check
            for check in found.checks
        )
    )
