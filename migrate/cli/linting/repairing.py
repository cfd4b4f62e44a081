"""What `lint --fix` writes, and `lint --diff` shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from migrate.cli import console

if TYPE_CHECKING:
    from migrate.lint.check import Hazard
    from migrate.lint.repairs import Change
    from migrate.lint.run import Report
    from migrate.lint.settings import LintSettings
    from migrate.texts.places import Places

    Settings = Mapping[str, LintSettings]


def _repaired(report: Report, wanted: Settings) -> Iterator[tuple[str, bytes, bytes]]:
    """Path, bytes and repaired bytes of the files whose hazards can be repaired."""
    from migrate.lint import repairs
    from migrate.texts import listing as files

    for path in dict.fromkeys(hazard.path for hazard in report.hazards if hazard.fixable):
        try:
            data = files.read(path)
        except files.FileError as error:
            report.problems.append(str(error))
            continue
        repaired = repairs.repair(data)
        if all(wanted[path].wants(rule) for rule in repaired.rules):
            yield path, data, repaired.data


def show_diff(report: Report, wanted: Settings) -> None:
    """Print what --fix would write."""
    from migrate.reports import patch
    from migrate.texts.known import FolderSecrets

    secrets = FolderSecrets()
    for path, before, after in _repaired(report, wanted):
        known = secrets.of(path)
        shown = patch.render(path, before, after, known, carriage_return=console.carriage_return())
        console.result(shown, newline=False)
        _tell(path, before, after, known)


def fix(report: Report, wanted: Settings, places: Places, *, no_journal: bool, quiet: bool) -> list[int]:
    """Write the repairs; what is left of the hazards stays in the report. Gives exit codes."""
    from migrate.cli.processes import git
    from migrate.texts import listing as files
    from migrate.texts.known import FolderSecrets
    from migrate.texts.writer import Writer

    writer = Writer("lint --fix", places, guard=git.unsafe if no_journal else None)
    repaired: dict[str, tuple[bytes, bytes, frozenset[str]]] = {}
    secrets = FolderSecrets()
    for path, before, after in _repaired(report, wanted):
        try:
            writer.replace(path, before, after)
            repaired[path] = before, after, secrets.of(path)
        except files.FileError as error:
            report.problems.append(str(error))
    written, codes = console.finish(writer)
    left: dict[str, list[Hazard]] = {}
    for path, (before, after, known) in repaired.items():
        if path in written.paths:
            _tell(path, before, after, known)
            left[path] = _left(path, after, wanted[path], known)
    report.hazards = list(_with_what_is_left(report.hazards, left))
    for line in [] if quiet else written.lines:
        console.line(line)
    return codes


def _left(path: str, after: bytes, wanted: LintSettings, known: frozenset[str]) -> list[Hazard]:
    """The hazards of a repaired file that count."""
    from migrate.lint import check

    found = check.without(check.check(path, after, "config"), known)
    return [hazard for hazard in found if wanted.wants(hazard.rule)]


def _with_what_is_left(hazards: list[Hazard], left: dict[str, list[Hazard]]) -> Iterator[Hazard]:
    """The hazards in their order, those of the repaired texts anew."""
    from migrate.lint import checks

    of_many = checks.of_many()
    for hazard in hazards:
        if hazard.path not in left:
            yield hazard
            continue
        yield from left[hazard.path]
        left[hazard.path] = []
        if hazard.rule in of_many:
            yield hazard


def _tell(path: str, before: bytes, after: bytes, known: frozenset[str]) -> None:
    """Say what AEM loads otherwise from now on."""
    from migrate.lint import repairs
    from migrate.masking.texts import without_known

    changes = repairs.changes(before, after)
    for change in changes:
        console.line(f"{path}: {without_known(_changed(change, known), known)}")
    if not changes:
        console.line(f"{path}: repaired; AEM loads the same")


def _changed(change: Change, known: frozenset[str]) -> str:
    from migrate.masking.names import is_secret, may_name_secret
    from migrate.texts import loads

    told = [str(value.to_json()) for value in (change.before, change.after) if value]
    if is_secret(change.name) or any(map(may_name_secret, told)):
        return f"{loads.name(change.name)}: AEM loads another value now (a secret, not shown)"
    if not loads.is_plain(change.name):
        # Text that was taken for a key; what it says, and whether that is secret, nobody knows.
        return "AEM loaded a key made of other text, and no longer does"
    sides = [
        f"{value.type_name} {loads.short(loads.masked_property(change.name, value, known)['value'])}"
        if value
        else "nothing"
        for value in (change.before, change.after)
    ]
    return f"{change.name}: AEM loaded {sides[0]}, and loads {sides[1]} now"
