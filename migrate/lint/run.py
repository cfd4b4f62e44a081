"""Many files on both cores, with the same answer in the same order as on one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrate.lint import check, files
from migrate.lint.check import Hazard
from migrate.lint.files import Item

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
    if len(items) < _SPLIT_FROM or not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        counted, rows = _check(items, 0, 1, progress)
        return _report(counted, rows)
    return _in_two(items, progress)


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
            data = files.read(item.path)
            if not files.is_configuration(data, item):
                continue
            hazards = check.check(item.path, data, item.form, named=item.named)
            counted += 1
        except files.TooLargeError as error:
            if item.form == "xml" and not item.named:
                continue
            message = str(error).removeprefix(f"{item.path}: ")
            hazards = [check.too_large(item.path, message)]
            counted += 1
        except files.FileError as error:
            problem = str(error)
        if hazards or problem:
            rows.append((index, hazards, problem))
    return counted, rows


def _in_two(items: Sequence[Item], progress: Callable[[int], None] | None) -> Report:
    import marshal
    import tempfile

    from grammar import forms

    for form in {item.form for item in items}:
        forms.versions(form)  # Loaded once, before there are two of us.
    with tempfile.TemporaryFile() as shared:
        child = os.fork()
        if child == 0:
            _child(items, shared.fileno())
        counted, rows = _check(items, 0, 2, progress)
        _, status = os.waitpid(child, 0)
        if status != 0:
            # The child died (memory, a signal): its half is done here rather than lost.
            other, more = _check(items, 1, 2, progress)
        else:
            shared.seek(0)
            other, plain = marshal.load(shared)
            more = [
                (index, [Hazard(*hazard) for hazard in found], problem) for index, found, problem in plain
            ]
    return _report(counted + other, sorted(rows + more))


def _child(items: Sequence[Item], descriptor: int) -> None:
    import marshal

    code = 1
    try:
        counted, rows = _check(items, 1, 2)
        plain = [(index, [tuple(hazard) for hazard in found], problem) for index, found, problem in rows]
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            marshal.dump((counted, plain), stream)
        code = 0
    finally:
        os._exit(code)


def _report(counted: int, rows: list[_Row]) -> Report:
    report = Report(files=counted)
    for _, hazards, problem in rows:
        report.hazards += hazards
        if problem:
            report.problems.append(problem)
    return report
