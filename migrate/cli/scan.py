"""`slingshift scan`: the inventory."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from migrate.cli import access as reaching
from migrate.cli import console, exits, inputs
from migrate.cli.arguments.choices import Color, Format
from migrate.cli.arguments.reaching import AccessOptions
from migrate.cli.plan import warn_of_interrupted
from migrate.integration.findings import worth_saying
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.arguments import options
    from migrate.plans.instance.scanning import InstanceScan


def scan(
    access: AccessOptions,
    targets: options.Targets,
    profile: options.ProfileFile = None,
    installer: options.Installer = None,
    no_ignore: options.NoIgnore = False,
    output: options.FormatOption = Format.TEXT,
    color: options.ColorOption = Color.AUTO,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List every provider and customizer: format, folder, run modes, state, and what is missing.

    Exit code 0 whatever is found; 3: some files cannot be read; 4: a target cannot be read.
    """
    from datetime import date

    import migrate
    from migrate.cli import leaving
    from migrate.cli.processes.jobs import available
    from migrate.plans import scan as scanning
    from migrate.reports import plan_report, scan_report

    warn_of_interrupted(targets)
    settings, _ = inputs.settings_of(Request(profile=profile, installer=installer))
    reached = reaching.of(access, targets)
    sieve = leaving.sieve(no_ignore=no_ignore)
    scans = migrate.scan(targets, settings, date.today(), access=reached, workers=available(), sieve=sieve)
    if output is Format.JSON:
        console.result(plan_report.dumps(scanning.to_json(scans)))
    else:
        if output is Format.MARKDOWN:
            console.result(scan_report.to_markdown(scans), newline=False)
        else:
            console.result(scan_report.to_text(scans, color=console.use_color(color)), newline=False)
        for found in scans:
            if found.instance is not None:
                _show_instance(found.name, found.instance, output)
        findings = itertools.chain.from_iterable(found.findings for found in scans)
        told = worth_saying(findings, verbose, quiet)
        # What concerns no file is said once, however many targets there are.
        for line in dict.fromkeys(f"{finding} [{finding.id}]" for finding in told):
            console.line(line)
        if not quiet:
            console.line(scan_report.summary_line(scans))
            lacking = scan_report.without_provider(scans, settings.profile.provider_name)
            if lacking is not None:
                console.line(lacking)
    raise exits.Exit(exits.OK if all(found.is_whole for found in scans) else exits.REFUSED)


def _show_instance(name: str, found: InstanceScan, output: Format) -> None:
    from migrate.reports import instance_report

    if output is Format.MARKDOWN:
        console.result(instance_report.markdown(name, found), newline=False)
        return
    for line in instance_report.lines(name, found):
        console.result(line)
