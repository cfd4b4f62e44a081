"""`check-token` on many targets: each distinct credential is asked for once, and every target has its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from migrate.cli import console, exits
from migrate.cli.arguments.choices import ReportFormat
from migrate.cli.credentials import sources
from migrate.cli.instances import access as reaching
from migrate.cli.progress import Progress
from migrate.errors import MigrateError
from migrate.terminal import in_cell, printable

if TYPE_CHECKING:
    from migrate.cli.work.targeting import Asked
    from migrate.ims.check import TokenReport
    from migrate.ims.client import Connection
    from migrate.ims.configured import Integration
    from migrate.ims.credentials.credential import Credentials
    from migrate.ims.request_values import Wanted
    from migrate.integration.findings import Finding
    from migrate.integration.profile import Profile
    from migrate.targets.instance.access import Access

Item = TypeVar("Item")
Result = TypeVar("Result")


class Target(NamedTuple):
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

    named: Target
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
    targets: list[Target],
    connection: Connection,
    output: ReportFormat,
    jobs: int,
    *,
    quiet: bool,
    verbose: bool,
) -> int:
    """Ask for each, print what came of it, and give the exit code."""
    answers = _answers(targets, connection, jobs, quiet=quiet)
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


def _answers(targets: list[Target], connection: Connection, jobs: int, *, quiet: bool) -> list[Answer]:
    """What came of each target, in their order.

    What may ask somebody, on the terminal or a vault, is done one by one; instances and IMS are asked `jobs` at a time.
    """
    from migrate.ims import check

    with sources.remembering():
        begun = [_begun(named) for named in targets]
        found = [
            _ready(one, running) for one, running in zip(begun, _each(_running, begun, jobs), strict=True)
        ]
    distinct: dict[tuple[str, ...], _Ready] = {}
    for one in found:
        if isinstance(one, _Ready):
            distinct.setdefault(one.key, one)

    def ask(one: _Ready) -> TokenReport:
        wanted = one.wanted
        return check.ask(wanted.request, connection, org_id=wanted.org_id, source=wanted.source)

    reports: dict[tuple[str, ...], TokenReport] = {}
    with Progress(len(distinct), quiet=quiet, least=2, what="credentials") as progress:
        for key, report in zip(distinct, _each(ask, list(distinct.values()), jobs), strict=True):
            reports[key] = report
            progress(len(reports))
    return [
        one if isinstance(one, Answer) else one.answer(reports[one.key], distinct[one.key]) for one in found
    ]


def _each(function: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """What the function gives for each, in their order. Threads, since no secret goes from process to process."""
    if min(jobs, len(items)) < 2:
        yield from map(function, items)
        return
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(cancel_futures=True)


class _Begun(NamedTuple):
    """A target whose credential is known, and how its instance is reached; or why it is not."""

    named: Target
    findings: list[Finding]
    profile: Profile | None = None
    credential: Credentials | None = None
    access: Access | None = None
    error: MigrateError | None = None


class _Ready(NamedTuple):
    """A target with what is sent for it."""

    named: Target
    wanted: Wanted
    findings: list[Finding]

    @property
    def key(self) -> tuple[str, ...]:
        """What is sent, and the organization that the answer is compared with."""
        sent = self.wanted.request
        return sent.client_id, sent.scope, sent.token_url, sent.secret.reveal(), self.wanted.org_id or ""

    def answer(self, report: TokenReport, asked: _Ready) -> Answer:
        """Its answer, which is that of the target that was asked for."""
        same_as = None if asked is self else asked.named.name
        return Answer(self.named, report, same_as, findings=tuple(self.findings))


def _begun(named: Target) -> _Begun:
    from migrate.cli import inputs
    from migrate.cli.credentials import given
    from migrate.integration import profile

    request = named.asked.request
    findings: list[Finding] = []
    try:
        inputs.refuse_empty(request.to_json())
        inputs.refuse_lonely(request)
        credential, told = given.credential_of(request)
        findings += told
        wanted = profile.load(request.profile)
        access = reaching.of(named.asked.access, [named.target])
    except MigrateError as error:
        return _Begun(named, findings, error=error)
    return _Begun(named, findings, wanted, credential, access)


def _running(one: _Begun) -> Integration | MigrateError | None:
    """What runs on the instance of a target; None for a target of files."""
    if one.access is None or one.profile is None:
        return one.error
    try:
        return running(one.named.target, one.access, one.profile)
    except MigrateError as error:
        return error


def _ready(one: _Begun, found: Integration | MigrateError | None) -> _Ready | Answer:
    """A target with the values that AEM would send for it."""
    from migrate.cli import leaving
    from migrate.ims import request_values
    from migrate.ims.request_values import Overrides

    named, request = one.named, one.named.asked.request
    try:
        if isinstance(found, MigrateError):
            raise found
        wanted = request_values.collect(
            found or named.target,
            one.credential,
            Overrides(request.client_id, request.org_id, request.scope, request.token_url),
            profile=one.profile,
            pick=request.pick,
            ask_secret=lambda: sources.from_prompt(f"Client secret of {printable(named.name)}"),
            notify=one.findings.append,
            sieve=leaving.sieve(no_ignore=request.no_ignore),
        )
    except MigrateError as error:
        return Answer(named, error=error, findings=tuple(one.findings))
    return _Ready(named, wanted, one.findings)


def running(target: str, access: Access, wanted: Profile) -> Integration:
    """What runs on an instance.

    Raises:
        MigrateError: the instance cannot be used.
    """
    from migrate.ims import validating
    from migrate.integration.settings import Settings
    from migrate.targets.opening import target_of

    return validating.running(target_of(target), access, Settings(profile=wanted))


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
