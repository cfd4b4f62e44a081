"""Many files, with the same answer in the same order however many there are to work on them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grammar.platforms import DEFAULT, Platform
from migrate.lint import check, checks, inline, strays
from migrate.lint.check import Hazard
from migrate.lint.project import Element, Project
from migrate.targets.watched import Ground
from migrate.texts import listing
from migrate.texts.known import FolderSecrets
from migrate.texts.listing import Item
from migrate.workers import SERIAL, Workers

if TYPE_CHECKING:
    from migrate.lint.schema import Schema


@dataclass(slots=True)
class Report:
    """What a run found.

    Attributes:
        hazards: in the order of the files, and of the text.
        files: how many configurations were read.
        problems: files that could not be read, one line each.
        secrets: of each configuration, by its path.
        platform: the id of the AEM that is meant; None where the files' settings mean several.
        paths: the configurations.
    """

    hazards: list[Hazard] = field(default_factory=list)
    files: int = 0
    problems: list[str] = field(default_factory=list)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    platform: str | None = DEFAULT.id
    paths: list[str] = field(default_factory=list)

    def name(self, named: Callable[[str], str]) -> None:
        """Call files otherwise, wherever they are named."""
        self.hazards = [
            hazard._replace(path=named(hazard.path), message=named(hazard.message)) for hazard in self.hazards
        ]
        self.problems, self.paths = [*map(named, self.problems)], [*map(named, self.paths)]
        self.secrets = {named(path): secrets for path, secrets in self.secrets.items()}


def run(
    items: Sequence[Item],
    progress: Callable[[int], None] | None = None,
    workers: Workers = SERIAL,
    platforms: Sequence[Platform] | None = None,
    others: Sequence[Item] = (),
    schema: Schema | None = None,
) -> Report:
    """Check files.

    Args:
        items: the files.
        platforms: which AEM is meant, for each of them.
        progress: hears how many are done.
        workers: who does what takes long.
        others: files that are no configurations and may be worth a word.
        schema: what services say about their configurations.
    """
    report, known = Report(), _Known()
    found: list[tuple[Item, list[Hazard]]] = []
    configurations: list[Item] = []
    elements: dict[str, tuple[Element, ...]] = {}
    strays: list[Item] = []
    meant = list(zip(items, platforms or [DEFAULT] * len(items), strict=True))
    for number, (item, one) in enumerate(
        zip(items, workers.each(functools.partial(_seen, schema), meant), strict=True)
    ):
        if progress is not None:
            progress(number)
        if one.is_configuration:
            configurations.append(item)
            report.secrets[item.path] = one.checked.secrets
        elif one.is_stray:
            strays.append(item)
        if one.checked.elements:
            elements[item.path] = one.checked.elements
        report.problems += one.problems
        if one.checked.secrets:
            known.add(item, one.checked.secrets)
        if one.checked.hazards:
            found.append((item, one.checked.hazards))
    for item, hazards in found:
        report.hazards += check.without(hazards, known.of(item))
    report.files = len(configurations)
    ids = {platform.id for platform in platforms or [DEFAULT]}
    report.platform = ids.pop() if len(ids) == 1 else None
    report.paths = [item.path for item in configurations]
    platform_of = {item.path: platform for item, platform in meant}
    project = Project(
        configurations, platform_of, sorted([*strays, *others], key=operator.attrgetter("path")), elements
    )
    of_many = list(_of_many(project))
    if of_many:
        order = {item.path: number for number, item in enumerate(items)}
        report.hazards = sorted(
            [*of_many, *report.hazards], key=lambda hazard: order.get(hazard.path, len(order))
        )
    return report


def _of_many(project: Project) -> Iterator[Hazard]:
    """What only several files together make, and no comment lets pass in the one where it stands."""
    forms = {item.path: item.form for item in project.items}
    for path, found in checks.of_all(project):
        # What is no configuration has no comment of ours.
        form = forms.get(path)
        left = [found] if form is None else inline.without_ignored([found], listing.read(path), form)
        yield from (check.of_file(path, hazard) for hazard in left)


class _Seen(NamedTuple):
    """What is to be said of one file."""

    checked: check.Checked = check.Checked([])
    is_configuration: bool = False
    is_stray: bool = False
    problems: tuple[str, ...] = ()


_CLEAN = _Seen(is_configuration=True)
"""The one answer of most files: it goes from process to process once for many of them."""


def _seen(schema: Schema | None, meant: tuple[Item, Platform]) -> _Seen:
    item, platform = meant
    try:
        data = listing.read(item.path)
        if not listing.is_configuration(data, item):
            return _Seen(is_stray=item.ground is Ground.WATCHED and strays.is_other_node(item.path, data))
        checked = check.examine(
            item.path, data, item.form, named=item.named, platform=platform, schema=schema
        )
        return _Seen(checked, True) if checked != _CLEAN.checked else _CLEAN
    except listing.TooLargeError as error:
        if item.form == "xml" and not item.named:
            return _Seen()
        message = str(error).removeprefix(f"{item.path}: ")
        return _Seen(check.Checked([check.too_large(item.path, message)]), True)
    except listing.FileError as error:
        return _Seen(problems=(str(error),))


class _Known:
    """The secrets of each folder. Those of a folder that was walked are at hand; around a single file they are read."""

    def __init__(self) -> None:
        self._read = FolderSecrets()
        self._walked: dict[str, frozenset[str]] = {}

    def add(self, item: Item, secrets: frozenset[str]) -> None:
        for folder in listing.folders_of(item.path):
            self._walked[folder] = self._walked.get(folder, frozenset()) | secrets

    def of(self, item: Item) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        walked = (self._walked.get(folder, found) for folder in listing.folders_of(item.path))
        return found.union(*walked, self._read.of(item.path) if item.named else found)
