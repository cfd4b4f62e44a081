"""`check-token` on many targets: each distinct credential is asked for once, and every target has its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from migrate.cli import console, exits
from migrate.cli.arguments.choices import ReportFormat
from migrate.cli.credentials import sources
from migrate.cli.instances import access as reaching
from migrate.errors import MigrateError
from migrate.terminal import in_cell, printable

if TYPE_CHECKING:
    from migrate.cli.arguments.reaching import AccessOptions
    from migrate.cli.work.targeting import Asked
    from migrate.ims.check import TokenReport
    from migrate.ims.client import Connection
    from migrate.ims.configured import Integration
    from migrate.ims.request_values import Wanted
    from migrate.integration.findings import Finding
    from migrate.integration.profile import Profile


class Named(NamedTuple):
    """A target, and what is said about its credential."""

    name: str
    target: str
    asked: Asked


class Answer(NamedTuple):
    """What came of one target.

    Attributes:
        report: of the request, its own or that of another target with the same credential.
        same_as: that target.
        error: why nothing was asked.
    """

    named: Named
    report: TokenReport | None = None
    same_as: str | None = None
    error: MigrateError | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def code(self) -> int:
        error = self.error or (self.report.error if self.report is not None else None)
        if error is not None:
            return exits.of(error)
        return exits.OK if self.report is None or self.report.ok else exits.TOKEN_REFUSED

    @property
    def word(self) -> str:
        """For the table."""
        words = {exits.OK: "granted", exits.TOKEN_REFUSED: "refused", exits.UNREACHABLE: "unreachable"}
        return words.get(self.code, "not asked")


def check(
    targets: list[Named], connection: Connection, output: ReportFormat, *, quiet: bool, verbose: bool
) -> int:
    """Ask for each, print what came of it, and give the exit code."""
    answers = _answers(targets, connection)
    if output is ReportFormat.JSON:
        import json

        console.result(json.dumps(_to_json(answers), indent=2))
    elif output is ReportFormat.MARKDOWN:
        rows = [HEADS, ("---",) * len(HEADS), *map(_cells, answers)]
        console.result("".join("| " + " | ".join(map(in_cell, row)) + " |\n" for row in rows), newline=False)
    else:
        _show(answers, quiet=quiet, verbose=verbose)
    for answer in answers if output is not ReportFormat.TEXT else ():
        # As with every other verb, whatever the form: a table alone does not say why nothing was asked.
        if answer.error is not None:
            console.error(f"{printable(answer.named.name)}: {answer.error}")
    return exits.worst(answer.code for answer in answers)


def _answers(targets: list[Named], connection: Connection) -> list[Answer]:
    from migrate.ims import check

    answers: list[Answer] = []
    known: dict[tuple[str, ...], tuple[str, TokenReport]] = {}
    with sources.remembering():
        for named in targets:
            findings: list[Finding] = []
            try:
                wanted = _wanted(named, findings.append)
            except MigrateError as error:
                answers.append(Answer(named, error=error, findings=tuple(findings)))
                continue
            sent = wanted.request
            # What is sent, and the organization that the answer is compared with.
            key = (sent.client_id, sent.scope, sent.token_url, sent.secret.reveal(), wanted.org_id or "")
            same_as, report = known.get(key, (None, None))
            if report is None:
                report = check.ask(sent, connection, org_id=wanted.org_id, source=wanted.source)
                known[key] = (named.name, report)
            answers.append(Answer(named, report, same_as, findings=tuple(findings)))
    return answers


def _wanted(named: Named, notify: Callable[[Finding], None]) -> Wanted:
    """The values that AEM would send for a target."""
    from migrate.cli import inputs, leaving
    from migrate.cli.credentials import given
    from migrate.ims import request_values
    from migrate.ims.request_values import Overrides
    from migrate.integration import profile

    request = named.asked.request
    inputs.refuse_empty(request.to_json())
    inputs.refuse_lonely(request)
    credential, findings = given.credential_of(request)
    for finding in findings:
        notify(finding)
    wanted = profile.load(request.profile)
    return request_values.collect(
        integration(named.target, named.asked.access, wanted) or named.target,
        credential,
        Overrides(request.client_id, request.org_id, request.scope, request.token_url),
        profile=wanted,
        pick=request.pick,
        ask_secret=sources.from_prompt,
        notify=notify,
        sieve=leaving.sieve(no_ignore=request.no_ignore),
    )


def integration(target: str, access: AccessOptions, wanted: Profile) -> Integration | None:
    """What runs on an instance; None for a target of files.

    Raises:
        MigrateError: the instance cannot be used, or its password is not where the options say.
    """
    reached = reaching.of(access, [target])
    if reached is None:
        return None
    from migrate.ims import validating
    from migrate.integration.settings import Settings
    from migrate.targets.opening import target_of

    return validating.running(target_of(target), reached, Settings(profile=wanted))


HEADS = ("target", "token", "client id", "missing scopes", "exit")


def _cells(answer: Answer) -> tuple[str, ...]:
    report = answer.report
    client = "-" if report is None else report.request.client_id
    missing = "-" if report is None or not report.missing_scopes else ", ".join(report.missing_scopes)
    return answer.named.name, answer.word, client, missing, str(answer.code)


def _show(answers: list[Answer], *, quiet: bool, verbose: bool) -> None:
    from migrate.integration.findings import worth_saying
    from migrate.reports import token_report
    from migrate.reports.token_report import Checked

    for answer in answers:
        name = printable(answer.named.name)
        for finding in worth_saying(answer.findings, verbose, quiet):
            console.line(f"{name}: {finding} [{finding.id}]")
        if answer.error is not None:
            console.error(f"{name}: {answer.error}")
        elif answer.same_as is None and answer.report is not None:
            console.result(f"# {name}\n{token_report.to_text(Checked(answer.report))}\n")
            for finding in worth_saying(answer.report.findings, verbose, quiet):
                console.line(f"{name}: {finding} [{finding.id}]")
    rows = [HEADS, *(tuple(map(printable, _cells(answer))) for answer in answers)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    for row in rows:
        console.result("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _to_json(answers: list[Answer]) -> dict[str, Any]:
    from migrate.reports import token_report
    from migrate.reports.token_report import Checked

    code = exits.worst(answer.code for answer in answers)
    return {
        **token_report.to_json(Checked(), code),
        "targets": [
            {
                "target": answer.named.target,
                "name": answer.named.name,
                "state": answer.word,
                "exitCode": answer.code,
                "error": None if answer.error is None else str(answer.error),
                "sameAs": answer.same_as,
                "check": token_report.to_json(
                    Checked(answer.report, findings=list(answer.findings)), answer.code
                ),
            }
            for answer in answers
        ],
    }
