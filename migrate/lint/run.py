"""Many files, with the same answer in the same order however many there are to work on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrate.lint import check
from migrate.lint import twins as twin_files
from migrate.lint.check import Hazard
from migrate.texts import listing
from migrate.texts.listing import Item
from migrate.workers import SERIAL, Workers


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        hazards: in the order of the files, and of the text.
        files: how many configurations were read.
        problems: files that could not be read, one line each.
    """

    hazards: list[Hazard] = field(default_factory=list)
    files: int = 0
    problems: list[str] = field(default_factory=list)


def run(
    items: Sequence[Item], progress: Callable[[int], None] | None = None, workers: Workers = SERIAL
) -> Report:
    """Check files.

    Args:
        items: the files.
        progress: hears how many are done.
        workers: who does what takes long.
    """
    report = Report()
    for number, one in enumerate(workers.each(_checked, items)):
        if progress is not None:
            progress(number)
        report.hazards += one.hazards
        report.files += one.files
        report.problems += one.problems
    twins = list(twin_files.of_items(items))
    if twins:
        order = {item.path: number for number, item in enumerate(items)}
        report.hazards = sorted([*twins, *report.hazards], key=lambda hazard: order[hazard.path])
    return report


def _checked(item: Item) -> Report:
    """The report of one file."""
    try:
        data = listing.read(item.path)
        if not listing.is_configuration(data, item):
            return Report()
        return Report(check.check(item.path, data, item.form, named=item.named), 1)
    except listing.TooLargeError as error:
        if item.form == "xml" and not item.named:
            return Report()
        message = str(error).removeprefix(f"{item.path}: ")
        return Report([check.too_large(item.path, message)], 1)
    except listing.FileError as error:
        return Report(problems=[str(error)])
