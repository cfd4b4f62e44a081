"""Many files on both cores, with the same answer in the same order as on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrate import halves
from migrate.lint import check
from migrate.lint import twins as twin_files
from migrate.lint.check import Hazard
from migrate.texts import listing
from migrate.texts.listing import Item

_SPLIT_FROM = 200
_STEP = 250

_Row = tuple[int, list[Hazard], str]


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


def run(items: Sequence[Item], progress: Callable[[int], None] | None = None) -> Report:
    """Check files. `progress` hears now and then how many are done."""
    report = _run(items, progress)
    twins = list(twin_files.of_items(items))
    if twins:
        order = {item.path: number for number, item in enumerate(items)}
        report.hazards = sorted([*twins, *report.hazards], key=lambda hazard: order[hazard.path])
    return report


def _run(items: Sequence[Item], progress: Callable[[int], None] | None) -> Report:
    if len(items) < _SPLIT_FROM or not halves.possible():
        return _report(*_check(items, 0, 1, progress))
    from grammar import forms

    for form in {item.form for item in items}:
        forms.versions(form)  # Loaded once, before there are two of us.
    (counted, rows), (other, more) = halves.in_two(
        lambda half: _check(items, half, 2, progress if half == halves.FIRST else None)
    )
    return _report(counted + other, sorted(rows + more))


def _check(
    items: Sequence[Item], first: int, step: int, progress: Callable[[int], None] | None = None
) -> tuple[int, list[_Row]]:
    """Check every step-th file: how many were configurations, and a row for each that has something to say."""
    counted, rows = 0, []
    for index in range(first, len(items), step):
        item = items[index]
        if progress is not None and index % _STEP < step:
            progress(index)
        hazards, problem = [], ""
        try:
            data = listing.read(item.path)
            if not listing.is_configuration(data, item):
                continue
            hazards = check.check(item.path, data, item.form, named=item.named)
            counted += 1
        except listing.TooLargeError as error:
            if item.form == "xml" and not item.named:
                continue
            message = str(error).removeprefix(f"{item.path}: ")
            hazards = [check.too_large(item.path, message)]
            counted += 1
        except listing.FileError as error:
            problem = str(error)
        if hazards or problem:
            rows.append((index, hazards, problem))
    return counted, rows


def _report(counted: int, rows: list[_Row]) -> Report:
    report = Report(files=counted)
    for _, hazards, problem in rows:
        report.hazards += hazards
        if problem:
            report.problems.append(problem)
    return report
