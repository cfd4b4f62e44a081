"""`slingshift validate`: whether a running instance is as it should be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from migrate.cli import console, exits, inputs
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import Color, ReportFormat
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.errors import UsageError
from migrate.cli.instances import access as reaching
from migrate.cli.progress import Progress
from migrate.cli.work import targeting
from migrate.errors import MigrateError
from migrate.integration.request import Request
from migrate.terminal import printable

if TYPE_CHECKING:
    from migrate.fleet.members import Fleet
    from migrate.plans.validation.validation import Validation

Target = Annotated[
    str | None, typer.Argument(help="The instance's base address, https://host:4502.", metavar="URL")
]
TrainingFolder = Annotated[
    str | None,
    typer.Option(
        "--training", metavar="FOLDER", help="Count the assets of this folder by Adobe's rules, too."
    ),
]
AgainAfter = Annotated[
    str | None,
    typer.Option("--again-after", metavar="TIME", help="Look a second time after 60s, 5m or 1h."),
]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option("--skip", metavar="POINT", help="Leave this point out; may be repeated."),
]
ImsCaBundle = Annotated[
    Path | None,
    typer.Option("--ims-ca-bundle", metavar="FILE", help="PEM authorities to trust for Adobe IMS."),
]
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def validate(
    wanted: Request,
    access: AccessOptions,
    target: Target = None,
    fleet: options.FleetFile = None,
    limit: options.Limit = None,
    training: TrainingFolder = None,
    again_after: AgainAfter = None,
    skip: LeaveOut = None,
    ims_ca_bundle: ImsCaBundle = None,
    output: options.ReportFormatOption = ReportFormat.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
) -> None:
    """Check a running instance: what runs, its token, Adobe's JMX operation, workflow, cloud service, training.

    Reads, but for the one call of validateConfigs(). Exit code 0: all that was checked is right. 1: something is
    wrong, or cannot be judged. 5: IMS or the instance refuses. 6: one of them cannot be reached.
    """
    from migrate.cli.work import fleets
    from migrate.targets.opening import is_url

    fleets.refuse_beside([target] if target else [], fleet, limit)
    if fleet is None and not (target and is_url(target)):
        console.fail("validate takes the address of a running instance, https://host:4502")
    left_out = _left_out(skip)
    if training is not None and not training.startswith("/content/"):
        console.fail("--training names a folder of assets: /content/dam/...")
    seconds = None if again_after is None else _seconds(again_after)
    how = _How(left_out, training, seconds, ims_ca_bundle, quiet)
    if fleet is not None:
        raise exits.Exit(_fleet(fleets.read(fleet, limit), wanted, access, how, output, color))
    found = _validated(target or "", targeting.Asked(wanted, access), how)
    code = code_of(found)
    _show(found, code, output, color, quiet=quiet)
    raise exits.Exit(code)


class _How(NamedTuple):
    """What is looked at, and how."""

    left_out: frozenset[str]
    training: str | None
    again_after: float | None
    ims_ca_bundle: Path | None
    quiet: bool


def _validated(target: str, asked: targeting.Asked, how: _How) -> Validation:
    """What is found on an instance.

    Raises:
        MigrateError: the options make no sense, or the instance cannot be used.
    """
    import migrate
    from migrate.ims.client import Connection
    from migrate.plans.validation.reading import Look

    settings, findings = inputs.settings_of(asked.request)
    if any(finding.severity == "error" for finding in findings):
        for finding in findings:
            console.note(f"{finding} [{finding.id}]")
        raise UsageError("the credential cannot be right; nothing was checked")
    reached = reaching.of(asked.access, [target])
    connection = Connection(how.ims_ca_bundle, notify=_silent if how.quiet else console.note)
    training = None if how.training is None else how.training.rstrip("/")
    with Progress(None, quiet=how.quiet, what="assets") as progress:
        look = Look(how.left_out, training, progress.at)
        return migrate.validate(
            target, settings, access=reached, look=look, connection=connection, again_after=how.again_after
        )


def _fleet(
    fleet: Fleet, wanted: Request, access: AccessOptions, how: _How, output: ReportFormat, color: Color
) -> int:
    """Every instance of a fleet; one that cannot be used is named, and the rest go on. Gives the exit code."""
    from migrate.cli.credentials import sources
    from migrate.cli.work import fleets
    from migrate.reports import validation_report
    from migrate.targets.opening import is_url

    members = [member for member in fleet.members if is_url(member.target)]
    if not members:
        console.fail(f"{fleet.path}: no instance is left")
    rows: list[dict[str, object]] = []
    codes = []
    with sources.remembering():
        for member in members:
            asked = fleets.asked_of(member, fleet.path, wanted, access, None, None)
            try:
                found = _validated(member.target, asked, how)
            except MigrateError as error:
                codes.append(exits.of(error))
                console.error(f"{member.name}: {error}")
                rows.append(
                    {"name": member.name, "exitCode": codes[-1], "error": str(error), "validation": None}
                )
                continue
            codes.append(code_of(found))
            told = validation_report.to_json(found, codes[-1])
            rows.append({"name": member.name, "exitCode": codes[-1], "error": None, "validation": told})
            if output is not ReportFormat.JSON:
                console.result(f"# {printable(member.name)}")
                _show(found, codes[-1], output, color, quiet=how.quiet)
    code = exits.worst(codes)
    if output is ReportFormat.JSON:
        import json

        console.result(json.dumps({"version": 1, "targets": rows, "exitCode": code}, indent=2))
    return code


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


def code_of(found: Validation) -> int:
    """The exit code of a validation."""
    codes = [exits.OK if found.is_right else exits.PENDING]
    ids = {check.id for check in found.checks}
    if "token-refused" in ids:
        codes.append(exits.TOKEN_REFUSED)
    if "token-unreachable" in ids:
        codes.append(exits.UNREACHABLE)
    return exits.worst(codes)


def _show(found: Validation, code: int, output: ReportFormat, color: Color, *, quiet: bool) -> None:
    from migrate.reports import validation_report

    if output is ReportFormat.JSON:
        console.result(validation_report.dumps(found, code))
    elif output is ReportFormat.MARKDOWN:
        console.result(validation_report.to_markdown(found))
    else:
        console.result(validation_report.to_text(found, color=console.use_color(color), quiet=quiet))
