"""`slingshift check-token`: ask IMS for a token with the values that AEM would send."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from migrate.cli import console, exits, inputs
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import ReportFormat
from migrate.cli.arguments.declaring import argument, option
from migrate.cli.arguments.groups import Group, Named
from migrate.cli.arguments.reaching import AccessOptions
from migrate.integration.request import Request

if TYPE_CHECKING:
    from migrate.cli.work.tokens import Target
    from migrate.errors import MigrateError
    from migrate.ims.client import Connection
    from migrate.ims.credentials.certificates import CertificateInfo
    from migrate.ims.legacy_jwt import LegacyReport
    from migrate.integration.findings import Finding
    from migrate.integration.secret import Secret
    from migrate.reports.token_report import Checked

Timeout = Annotated[float, option("--timeout S", "Seconds for one request, all told.", between=(0.1, 3600))]
Metascope = Annotated[
    list[str] | None, option("--metascope M", "Metascope of the assertion; may be repeated.")
]
LegacyJwt = Annotated[str | None, option("--legacy-jwt FILE", "JWT download (folder, zip, config.json).")]
Retries = Annotated[
    int, option("--retries N", "Retries after 5xx, 429 or a lost connection.", between=(0, 10))
]
PrivateKey = Annotated[str | None, option("--private-key FILE", "Its private key: PEM, DER or PKCS#12.")]
KeyPasswordEnv = Annotated[
    str | None, option("--private-key-password-env NAME", "Environment variable with its password.")
]
Verbose = Annotated[bool, option("--verbose -v", "Say what is sent, but for the secret, and every attempt.")]
KeyPasswordFile = Annotated[str | None, option("--private-key-password-file FILE", "File with its password.")]
CertificateFile = Annotated[
    str | None, option("--certificate FILE", "Show an X.509 certificate, PEM or DER.")
]


class TokenTargets(Named):
    """What several targets have in common is asked once."""

    targets: Annotated[
        list[str] | None,
        argument("TARGET...", "Folders, files, content packages or URLs; each credential is asked for once."),
    ] = None


class Key(Group):
    """The private key of a JWT credential."""

    private_key: PrivateKey = None
    private_key_password_env: KeyPasswordEnv = None
    private_key_password_file: KeyPasswordFile = None

    def password(self) -> Secret:
        from migrate.cli.credentials import sources

        what = "Password of the private key"
        if self.private_key_password_env is not None:
            return sources.from_env(self.private_key_password_env)
        if self.private_key_password_file is not None:
            with sources.option("--private-key-password-file"):
                return sources.from_file(self.private_key_password_file, what)[0]
        return sources.from_prompt(
            what, "Give it with --private-key-password-env NAME or --private-key-password-file FILE"
        )


def check_token(
    *,
    asked: Request,
    reached: AccessOptions,
    named: TokenTargets,
    jobs: options.ApplyJobs = None,
    ca_bundle: options.CaBundle = None,
    timeout: Timeout = 30.0,
    retries: Retries = 2,
    legacy_jwt: LegacyJwt = None,
    key: Key,
    metascope: Metascope = None,
    certificate: CertificateFile = None,
    output: options.ReportFormatOption = ReportFormat.TEXT,
    quiet: options.Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Ask Adobe IMS for a token, with the values of a configuration or of a credential; the token is never shown.

    Exit code 0: a token with every scope. 5: refused, or a scope is missing. 6: IMS cannot be reached, or what
    answers is not IMS. 2: nothing was sent, because a value cannot be right. 4: TARGET cannot be used.
    """
    targets = _named(named, asked, reached)
    target = targets[0].target if targets else None
    inputs.refuse_empty({**asdict(asked), "TARGET": target, "legacy_jwt": legacy_jwt})
    inputs.refuse_lonely(asked)
    if legacy_jwt is None and (metascope or key != Key()):
        console.fail("--private-key and --metascope belong to --legacy-jwt FILE")
    wants_token = any(value is not None for value in (target, asked.credentials, asked.client_id))
    if not wants_token and legacy_jwt is None and certificate is None:
        console.fail(
            "name a TARGET, --credentials FILE, --client-id ID, --legacy-jwt FILE or --certificate FILE"
        )
    inputs.refuse_no_time(timeout)
    from migrate.errors import MigrateError
    from migrate.ims.client import Connection
    from migrate.reports.token_report import Checked

    says = _silent if quiet else console.note
    connection = Connection(
        ca_bundle, timeout, retries, notify=says, watch=console.note if verbose else _silent
    )
    if len(targets) > 1 or named.fleet is not None:
        if legacy_jwt is not None or certificate is not None:
            console.fail("--legacy-jwt and --certificate go with one TARGET, or none")
        from migrate.cli.work import tokens

        raise exits.Exit(tokens.check(targets, connection, output, jobs or 1, quiet=quiet, verbose=verbose))
    checked, failure = Checked(), None
    notify = _Notes(checked, in_json=output is ReportFormat.JSON, quiet=quiet)
    try:
        if certificate is not None:
            checked.certificates = _certificates(certificate)
        if legacy_jwt is not None:
            checked.legacy = _legacy(legacy_jwt, key, tuple(metascope or ()), asked, connection, notify)
        if wants_token:
            _token(target, asked, reached, connection, checked, notify)
    except MigrateError as error:
        failure = error
        checked.findings.append(_as_finding(error))
    code = _code(checked) if failure is None else exits.of(failure)
    _show(checked, output, code)
    if checked.token is not None:
        notify.say(checked.token.findings)
    if failure is not None:
        raise failure
    raise exits.Exit(code)


def _named(named: TokenTargets, asked: Request, reached: AccessOptions) -> list[Target]:
    """The targets that are named, each with what is said about its credential and about how to reach it."""
    from migrate.cli.instances import access as reaching
    from migrate.cli.work import fleets, targeting
    from migrate.cli.work.tokens import Target
    from migrate.targets.opening import is_url

    names = targeting.names(named.targets, named.targets_from)
    fleets.refuse_beside(names, named)
    if named.fleet is not None:
        members = fleets.read(named.fleet, named.limit).members
        return [
            Target(one.name, one.target, fleets.asked_of(one, named.fleet, asked, reached)) for one in members
        ]
    reaching.refuse_without_url(reached, names)
    return [
        Target(name, name, targeting.Asked(asked, reached if is_url(name) else AccessOptions()))
        for name in names
    ]


def _silent(line: str) -> None:
    """Takes the place of notes that nobody asked for."""


@dataclass(frozen=True, slots=True)
class _Notes:
    """Takes findings on the values: says them at once, before anything is sent, and keeps them for JSON."""

    checked: Checked
    in_json: bool
    quiet: bool

    def __call__(self, finding: Finding) -> None:
        self.checked.findings.append(finding)
        self.say((finding,))

    def say(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if not self.in_json and not (self.quiet and finding.severity == "info"):
                console.note(f"{finding} [{finding.id}]")


def _as_finding(error: MigrateError) -> Finding:
    """What kept everything from being asked, for JSON."""
    from migrate.ims.credentials.errors import CredentialsError
    from migrate.integration.findings import ERROR, Finding
    from migrate.integration.profile import ProfileError

    if isinstance(error, CredentialsError):
        return Finding(error.rule, ERROR, error.message, error.fix, path=error.source or None)
    return Finding("profile" if isinstance(error, ProfileError) else "target", ERROR, str(error))


def _code(checked: Checked) -> int:
    """The exit code that the answers deserve."""
    errors = [asked.error for asked in (checked.token, checked.legacy) if asked and asked.error is not None]
    if any(error.usage for error in errors):
        return exits.USAGE
    codes = [exits.of(error) for error in errors]
    if checked.token is not None and checked.token.error is None and not checked.token.ok:
        codes.append(exits.TOKEN_REFUSED)
    return exits.worst([exits.OK, *codes])


# --- certificate, the old way, the token -------------------------------------------------------------------------


def _certificates(file: str) -> tuple[CertificateInfo, ...]:
    from datetime import date

    from migrate.cli.credentials import sources
    from migrate.ims.credentials import certificates

    with sources.option("--certificate"):
        return certificates.inspect(sources.content(file), date.today())


def _legacy(
    file: str,
    key: Key,
    metascopes: tuple[str, ...],
    request: Request,
    connection: Connection,
    notify: Callable[[Finding], None],
) -> LegacyReport:
    from datetime import date

    from migrate.cli.credentials import sources
    from migrate.ims import legacy_jwt
    from migrate.ims.credentials import jwt_download
    from migrate.integration import profile

    scheme, host = legacy_jwt.server_of(request.token_url, notify)
    metascopes = metascopes or legacy_jwt.metascopes_of(profile.load(request.profile))
    key_file = None if key.private_key is None else sources.content(key.private_key)
    with sources.option("--legacy-jwt, --private-key"):
        found = jwt_download.load(sources.content(file), key_file)
    for finding in found.findings:
        notify(finding)
    private = jwt_download.private_key(found.key, key.password, source=found.key_source)
    return legacy_jwt.probe(
        found,
        private,
        today=date.today(),
        scheme=scheme,
        host=host,
        metascopes=metascopes,
        connection=connection,
    )


def _token(
    target: str | None,
    request: Request,
    reached: AccessOptions,
    connection: Connection,
    checked: Checked,
    notify: Callable[[Finding], None],
) -> None:
    from migrate.cli import leaving
    from migrate.cli.credentials import given, sources
    from migrate.cli.instances import access as reaching
    from migrate.cli.work import tokens
    from migrate.ims.check import check_token as ask
    from migrate.integration import profile

    credential, findings = given.credential_of(request)
    for finding in findings:
        notify(finding)
    wanted = profile.load(request.profile)
    access = reaching.of(reached, [target] if target is not None else [])
    checked.token = ask(
        target if target is None or access is None else tokens.running(target, access, wanted),
        credential,
        profile=wanted,
        client_id=request.client_id,
        org_id=request.org_id,
        scope=request.scope,
        token_url=request.token_url,
        pick=request.pick,
        connection=connection,
        ask_secret=sources.from_prompt,
        notify=notify,
        sieve=leaving.sieve(no_ignore=request.no_ignore),
    )


def _show(checked: Checked, output: ReportFormat, code: int) -> None:
    from migrate.reports import token_report

    if output is ReportFormat.JSON:
        console.result(token_report.dumps(checked, code))
        return
    render = token_report.to_markdown if output is ReportFormat.MARKDOWN else token_report.to_text
    text = render(checked)
    if text:
        console.result(text)
