"""`slingshift package`: the migration as a content package for a package manager, and its way back as another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from migrate.cli import console, exits
from migrate.cli.arguments.choices import Format
from migrate.cli.arguments.groups import Look, Steps
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.work import printing, results, targeting
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.fleet.outcomes import Outcome
    from migrate.plans.carriage import Carriage

_NAME = "smart-tags-oauth"


def package(
    *,
    request: Request,
    access: AccessOptions,
    target: options.PackageTarget,
    out: options.PackageOut,
    back: options.PackageBack = None,
    steps: Steps,
    look: Look,
) -> None:
    """Write what plan shows as a content package, one filter root for each old and each new file, and its way back.

    The target is only read. Exit code 0: both are written, or there is nothing to change. 3: some files refused, the
    rest is in the packages. 4: a target cannot be read, or a package not written.
    """
    back = out.with_name(f"{out.stem}-back{out.suffix}") if back is None else back
    if "-" in (str(out), str(back)) or out == back:
        console.fail("--out and --back name two files")
    work = targeting.of_asked([target], targeting.Asked(request, access, steps))
    outcomes = results.planned(work, quiet=look.quiet)
    printing.show(outcomes, work, Format.TEXT, look)
    (outcome,) = outcomes
    code = results.worst(outcomes)
    if outcome.plan is None:
        raise exits.Exit(code)
    codes = [] if code == exits.PENDING else [code]
    if outcome.plan.changes:
        codes.append(_write(outcome, request.installer, out, back, quiet=look.quiet))
    raise exits.Exit(exits.worst(codes))


def _write(outcome: Outcome, installer: str | None, out: Path, back: Path, *, quiet: bool) -> int:
    from migrate.plans.carriage import carriage
    from migrate.reports import private_file
    from migrate.targets.package.making import make

    plan = outcome.plan
    assert plan is not None  # only what is planned is written
    version = plan.instance.version if plan.instance is not None else installer
    made = carriage(plan, version)
    for refusal in made.refusals:
        console.line(f"refused: {plan.target.shown(refusal.key)}: {refusal.message} [{refusal.rule}]")
    if not made.forward.roots:
        return exits.REFUSED
    for path, content, name, what in (
        (out, made.forward, _NAME, "JWT to OAuth Server-to-Server"),
        (back, made.back, f"{_NAME}-back", "The way back; JWT itself does not come back"),
    ):
        try:
            private_file.write(path, make(content, name, what))
        except OSError as error:
            console.fail(f"{path}: the package cannot be written: {error.strerror}", exits.CONFLICT)
    if not quiet:
        _tell(made, out, back)
    return exits.REFUSED if made.refusals else exits.OK


def _tell(made: Carriage, out: Path, back: Path) -> None:
    console.line(f"{out}: {len(made.forward.roots)} filter roots, {len(made.forward.files)} files")
    console.line(f"{back}: the way back")
    for note in made.notes:
        console.line(f"  {note}")
    console.note(
        "The client secrets stand in both: on the instance whoever may read /etc/packages can read them there. Delete "
        "the packages in the package manager when the migration has settled; to uninstall one is not the way back"
    )
