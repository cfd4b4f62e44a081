"""Instances among the targets of the verbs that read texts: each by itself, its failure with its own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.instances import access as accesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrate.cli.arguments.reaching import AccessOptions
    from migrate.errors import MigrateError
    from migrate.targets.instance.access import Access
    from migrate.texts.repository.instances import Instance


class Reading:
    """Reads the instances among some targets. Refuses options of an access that reach none.

    Args:
        ways: how each of them is reached, where a fleet file says so; an error where that fails.

    Attributes:
        codes: exit codes of those that could not be read.
    """

    def __init__(
        self,
        options: AccessOptions,
        targets: Sequence[str],
        ways: Mapping[str, Access | MigrateError | None] | None = None,
    ) -> None:
        self.codes: list[int] = []
        self._ways = ways or dict.fromkeys(targets, accesses.of(options, targets))

    def all(self, urls: Iterable[str], pid: str | None = None, *, libs: bool = True) -> Iterator[Instance]:
        """What some instances hold; what keeps one of them from telling is said.

        Args:
            pid: only what may stand for this one.
            libs: with AEM's own.
        """
        from migrate.errors import MigrateError
        from migrate.targets.instance import address
        from migrate.targets.instance.access import Access
        from migrate.targets.instance.errors import InstanceError
        from migrate.texts.repository import instances

        for url in urls:
            way = self._ways[url]
            if isinstance(way, MigrateError):
                console.line(f"slingshift: {url}: {way}")
                self.codes.append(exits.of(way))
                continue
            try:
                found = instances.read(address.named(url), way or Access(), pid, libs=libs)
            except InstanceError as error:
                console.tell(error)
                self.codes.append(exits.of(error))
                continue
            for note in found.notes:
                console.line(f"slingshift: {note}")
            yield found
