"""`slingshift validate`: whether a running instance is as it should be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrate.cli import console, exits, inputs
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import Color, ReportFormat
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.instances import access as reaching
from migrate.cli.progress import Progress
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.plans.validation.validation import Validation

Target = Annotated[str, typer.Argument(help="The instance's base address, https://host:4502.", metavar="URL")]
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
    target: Target,
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
    import migrate
    from migrate.ims.client import Connection
    from migrate.plans.validation.reading import Look
    from migrate.targets.opening import is_url

    if not is_url(target):
        console.fail("validate takes the address of a running instance, https://host:4502")
    left_out = _left_out(skip)
    if training is not None and not training.startswith("/content/"):
        console.fail("--training names a folder of assets: /content/dam/...")
    seconds = None if again_after is None else _seconds(again_after)
    settings, findings = inputs.settings_of(wanted)
    if any(finding.severity == "error" for finding in findings):
        for finding in findings:
            console.note(f"{finding} [{finding.id}]")
        console.fail("the credential cannot be right; nothing was checked")
    reached = reaching.of(access, [target])
    says = _silent if quiet else console.note
    connection = Connection(ims_ca_bundle, notify=says)
    with Progress(None, quiet=quiet, what="assets") as progress:
        look = Look(left_out, None if training is None else training.rstrip("/"), progress.at)
        found = migrate.validate(
            target, settings, access=reached, look=look, connection=connection, again_after=seconds
        )
    code = code_of(found)
    _show(found, code, output, color, quiet=quiet)
    raise exits.Exit(code)


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
