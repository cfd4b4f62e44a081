"""Options that say one thing together: a verb takes them as one group, and hands them on as one.

Here are those that several verbs have; what one verb alone has stands with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammar.records import Record
from migrate.cli.arguments.choices import Color

if TYPE_CHECKING:
    from migrate.cli.arguments import options


class Group(Record):
    """Attributes are named as the options, and annotated with what declares those.

    `full` makes options of the groups that a verb takes, and `verbs.call` fills them.
    """


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
