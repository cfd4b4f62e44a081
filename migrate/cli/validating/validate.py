"""`slingshift validate`: whether a running instance is as it should be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from grammar import patterns
from migrate.cli import console, exits
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.declaring import argument, option
from migrate.cli.arguments.groups import Members
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.validating import looking
from migrate.cli.work import results, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.plans.validation.validation import Validation

Target = Annotated[str | None, argument("URL", "The instance's base address, https://host:4502.")]
TrainingFolder = Annotated[
    str | None, option("--training FOLDER", "Count the assets of this folder by Adobe's rules, too.")
]
AgainAfter = Annotated[str | None, option("--again-after TIME", "Look a second time after 60s, 5m or 1h.")]
LeaveOut = Annotated[list[str] | None, option("--skip POINT", "Leave this point out; may be repeated.")]
ImsCaBundle = Annotated[
    Path | None, option("--ims-ca-bundle FILE", "PEM authorities to trust for Adobe IMS.")
]
_TIME = patterns.lazy(r"(\d+(?:\.\d+)?)\s*(s|m|h)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def validate(
    *,
    wanted: Request,
    access: AccessOptions,
    target: Target = None,
    members: Members,
    training: TrainingFolder = None,
    again_after: AgainAfter = None,
    skip: LeaveOut = None,
    ims_ca_bundle: ImsCaBundle = None,
    jobs: options.JobsOption = None,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
) -> None:
    """Check a running instance: what runs, its token, Adobe's JMX operation, workflow, cloud service, training.

    Reads, but for the one call of validateConfigs(). Exit code 0: all that was checked is right. 1: something is
    wrong, or cannot be judged. 5: IMS or the instance refuses. 6: one of them cannot be reached.
    """
    from migrate.cli.validating import several
    from migrate.cli.work import fleets
    from migrate.targets.opening import is_url

    fleets.refuse_beside([target] if target else [], members)
    if jobs is not None and members.fleet is None:
        console.fail("--jobs is for the instances of a fleet file: give it with --fleet FILE")
    if members.fleet is None and not (target and is_url(target)):
        console.fail("validate takes the address of a running instance, https://host:4502")
    left_out = _left_out(skip)
    if training is not None and not training.startswith("/content/"):
        console.fail("--training names a folder of assets: /content/dam/...")
    seconds = None if again_after is None else _seconds(again_after)
    how = looking.How(left_out, training, seconds, ims_ca_bundle, quiet)
    if members.fleet is not None:
        fleet = fleets.read(members.fleet, members.limit)
        raise exits.Exit(several.validate(fleet, wanted, access, how, jobs, output, color))
    found = _validated(target or "", targeting.Asked(wanted, access), how)
    code = results.code_of_validation(found)
    looking.show(found, code, output, color, quiet=quiet)
    raise exits.Exit(code)


def _validated(target: str, asked: targeting.Asked, how: looking.How) -> Validation:
    """What is found on an instance.

    Raises:
        MigrateError: the options make no sense, or the instance cannot be used.
    """
    work = targeting.of_asked([target], asked)
    return looking.look_at(work.tasks[0], how, says=_silent if how.quiet else console.note)


def _silent(line: str) -> None:
    """Takes the place of notes that nobody asked for."""


def _left_out(names: list[str] | None) -> frozenset[str]:
    """The points that are left out; several may stand in one option. Leaves with code 2 at any other name."""
    from migrate.plans.validation.checks import POINTS

    given = frozenset(name.strip() for several in names or () for name in several.split(","))
    unknown = sorted(given - set(POINTS))
    if unknown:
        console.fail(f"--skip knows no point {unknown[0]}; there are {', '.join(POINTS)}")
    return given


def _seconds(text: str) -> float:
    found = _TIME.fullmatch(text.strip())
    seconds = float(found[1]) * _SECONDS[found[2] or "s"] if found else 0
    if not 0 < seconds <= 24 * 3600:
        console.fail("--again-after is a time such as 60s, 5m or 1h, at most a day")
    return seconds
