"""Options that say one thing together: a verb takes them as one group, and hands them on as one.

Here are those that several verbs have; what one verb alone has stands with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, dataclass_transform

from migrate.cli.arguments.choices import Color

if TYPE_CHECKING:
    from migrate.cli.arguments import options


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Group:
    """Named values with their defaults, which nobody changes.

    Attributes are named as the options, and annotated with what declares those: `full` makes options of the groups that
    a verb takes, and `verbs.call` fills them. Plain classes, since every command makes them anew: a NamedTuple takes
    twenty times as long.

    Raises:
        TypeError: a name that it does not have.
    """

    def __init__(self, **said: Any) -> None:
        names = self.fields()
        if unknown := said.keys() - set(names):
            raise TypeError(f"{type(self).__name__} has no {sorted(unknown)[0]}")
        vars(self).update({name: said.get(name, getattr(self, name)) for name in names})

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        """The names: first those that it declares itself, then what is left of the groups that it is made from."""
        found: dict[str, None] = {}
        for base in cls.__mro__[:-1]:
            found.update(dict.fromkeys(base.__annotations__))
        return tuple(found)

    def said(self) -> dict[str, Any]:
        """All values, by their names."""
        return dict(vars(self))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # some hold lists


class Members(Group):
    """Targets that a fleet file names."""

    fleet: options.FleetFile = None
    limit: options.Limit = None


class Named(Members):
    """Targets, whoever names them: the command line, a list, or a fleet file."""

    targets: options.Targets = None
    targets_from: options.TargetsFrom = None


class Steps(Group):
    """Which passes are run."""

    only: options.Only = None
    skip: options.Skip = None


class Pace(Group):
    """How many targets are worked on at a time, and whether one that fails is the end."""

    jobs: options.JobsOption = None
    fail_fast: options.FailFast = False


class Look(Group):
    """How much is said, and in which colours."""

    color: options.ColorOption = Color.AUTO
    quiet: options.Quiet = False
    verbose: options.Verbose = False
