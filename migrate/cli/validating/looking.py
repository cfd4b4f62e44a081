"""Looking at one instance, and printing what was found there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.cli import console
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.progress import Progress
from migrate.cli.work import results

if TYPE_CHECKING:
    from migrate.fleet.outcomes import Task
    from migrate.plans.validation.validation import Validation


class How(NamedTuple):
    """What is looked at, and how."""

    left_out: frozenset[str]
    training: str | None
    again_after: float | None
    ims_ca_bundle: Path | None
    quiet: bool


def look_at(task: Task, how: How, *, says: Callable[[str], None]) -> Validation:
    """Look at the instance of a task.

    Args:
        says: is told what happens on the way.

    Raises:
        MigrateError: the instance cannot be used.
    """
    import migrate
    from migrate.ims.client import Connection
    from migrate.plans.validation.reading import Look

    training = None if how.training is None else how.training.rstrip("/")
    with Progress(None, quiet=how.quiet, what="assets") as progress:
        return migrate.validate(
            task.target,
            task.settings,
            access=task.access,
            look=Look(how.left_out, training, progress.at),
            connection=Connection(how.ims_ca_bundle, notify=says),
            again_after=how.again_after,
        )


def show(found: Validation, code: int, output: Format, color: Color, *, quiet: bool) -> None:
    """Print what was found on one instance."""
    from migrate.reports import validation_report

    if output is Format.JSON:
        console.result(validation_report.dumps(found, code))
    elif output is Format.JSONL:
        console.result(results.line_of_json(validation_report.to_json(found, code)))
    elif output is Format.MARKDOWN:
        console.result(validation_report.to_markdown(found))
    else:
        console.result(validation_report.to_text(found, color=console.use_color(color), quiet=quiet))
