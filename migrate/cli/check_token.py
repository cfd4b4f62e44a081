"""`slingshift check-token`: ask IMS for a token with the values that AEM would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrate.cli import console, exits, inputs
from migrate.cli.arguments import options
from migrate.cli.arguments.choices import Format

if TYPE_CHECKING:
    from migrate.ims.check import TokenReport
    from migrate.ims.client import Connection
    from migrate.ims.credentials.certificates import CertificateInfo
    from migrate.ims.legacy_jwt import LegacyReport
    from migrate.integration.findings import Finding
    from migrate.integration.secret import Secret

Target = Annotated[
    str | None,
    typer.Argument(help="Folder, file or content package with the configuration.", metavar="[TARGET]"),
]
CaBundle = Annotated[
    Path | None,
    typer.Option("--ca-bundle", metavar="FILE", help="PEM authorities to trust instead of the system's."),
]
Timeout = Annotated[
    float,
    typer.Option("--timeout", metavar="S", min=0.1, max=3600, help="Seconds for one request, all told."),
]
Retries = Annotated[
    int,
    typer.Option(
        "--retries", metavar="N", min=0, max=10, help="Retries after 5xx, 429 or a lost connection."
    ),
]
LegacyJwt = Annotated[
    str | None,
    typer.Option(
        "--legacy-jwt", metavar="FILE", help="JWT download (folder, zip, config.json): try the old way."
    ),
]
PrivateKey = Annotated[
    str | None, typer.Option("--private-key", metavar="FILE", help="Its private key: PEM, DER or PKCS#12.")
]
KeyPasswordEnv = Annotated[
    str | None,
    typer.Option(
        "--private-key-password-env", metavar="NAME", help="Environment variable with its password."
    ),
]
KeyPasswordFile = Annotated[
    str | None, typer.Option("--private-key-password-file", metavar="FILE", help="File with its password.")
]
Metascope = Annotated[
    list[str] | None,
    typer.Option("--metascope", metavar="M", help="Metascope of the assertion; may be repeated."),
]
CertificateFile = Annotated[
    str | None, typer.Option("--certificate", metavar="FILE", help="Show an X.509 certificate, PEM or DER.")
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say what is sent, but for the secret, and every attempt.")
]


@dataclass(slots=True)
class _Result:
    """What came of everything that was asked for."""

    token: TokenReport | None = None
    legacy: LegacyReport | None = None
    certificates: tuple[CertificateInfo, ...] | None = None
    findings: list[Finding] = field(default_factory=list)
    failure: int | None = None

    @property
    def code(self) -> int:
        if self.failure is not None:
            return self.failure
        codes = [exits.OK]
        for error in (self.token.error if self.token else None, self.legacy.error if self.legacy else None):
            if error is not None and error.usage:
                return exits.USAGE
            if error is not None:
                codes.append(exits.TOKEN_REFUSED if error.refused else exits.UNREACHABLE)
        if self.token is not None and self.token.error is None and not self.token.ok:
            codes.append(exits.TOKEN_REFUSED)
        return exits.worst(codes)


def check_token(
    target: Target = None,
    credentials: options.CredentialsFile = None,
    credential: options.CredentialName = None,
    secret_index: options.SecretIndex = None,
    client_id: options.ClientId = None,
    org_id: options.OrgId = None,
    scope: options.ScopeOption = None,
    token_url: options.TokenUrl = None,
    client_secret_env: options.SecretEnv = None,
    client_secret_file: options.SecretFile = None,
    profile: options.ProfileFile = None,
    pick: options.Pick = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = 30.0,
    retries: Retries = 2,
    legacy_jwt: LegacyJwt = None,
    private_key: PrivateKey = None,
    private_key_password_env: KeyPasswordEnv = None,
    private_key_password_file: KeyPasswordFile = None,
    metascope: Metascope = None,
    certificate: CertificateFile = None,
    output: options.FormatOption = Format.TEXT,
    quiet: options.Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Ask Adobe IMS for a token, with the values of a configuration or of a credential; the token is never shown.

    Exit code 0: a token with every scope. 5: refused, or a scope is missing. 6: IMS cannot be reached, or what
    answers is not IMS. 2: nothing was sent, because a value cannot be right. 4: TARGET cannot be used.
    """
    request = inputs.Request(
        credentials=credentials,
        credential=credential,
        secret_index=secret_index,
        client_id=client_id,
        org_id=org_id,
        scope=scope,
        token_url=token_url,
        client_secret_env=client_secret_env,
        client_secret_file=client_secret_file,
        profile=profile,
        pick=pick,
    )
    inputs.refuse_empty({**request.to_json(), "TARGET": target, "legacy_jwt": legacy_jwt})
    inputs.refuse_lonely(request)
    key = _Key(private_key, private_key_password_env, private_key_password_file)
    if legacy_jwt is None and (metascope or key != _Key()):
        console.fail("--private-key and --metascope belong to --legacy-jwt FILE")
    wants_token = target is not None or credentials is not None or client_id is not None
    if not wants_token and legacy_jwt is None and certificate is None:
        console.fail(
            "name a TARGET, --credentials FILE, --client-id ID, --legacy-jwt FILE or --certificate FILE"
        )
    if not timeout > 0:  # NaN passes every range
        console.fail("--timeout is not a number of seconds")
    from migrate.ims.client import Connection
    from migrate.ims.credentials.credential import CredentialsError
    from migrate.integration.findings import ERROR, Finding
    from migrate.targets.base import TargetError

    connection = Connection(ca_bundle, timeout, retries, notify=_silent if quiet else console.note)
    if verbose:
        connection = replace(connection, watch=console.note)
    result, reason = _Result(), ""
    try:
        if certificate is not None:
            result.certificates = _certificates(certificate)
        if legacy_jwt is not None:
            result.legacy = _legacy(legacy_jwt, key, tuple(metascope or ()), request, connection)
        if wants_token:
            result.token = _token(target, request, connection, result.findings)
    except CredentialsError as error:
        result.failure, reason = exits.USAGE, str(error)
        result.findings.append(
            Finding(error.rule, ERROR, error.message, error.fix, path=error.source or None)
        )
    except TargetError as error:
        result.failure, reason = exits.CONFLICT, str(error)
        result.findings.append(Finding("target", ERROR, reason))
    _show(result, output, quiet=quiet)
    if result.failure is not None:
        console.fail(reason, result.failure)
    raise exits.Exit(result.code)


def _silent(line: str) -> None:
    """Takes the place of notes under --quiet."""


# --- certificate, the old way, the token -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Key:
    file: str | None = None
    password_env: str | None = None
    password_file: str | None = None

    def password(self) -> Secret:
        from migrate.ims.credentials import secret_sources

        if self.password_env is not None:
            return secret_sources.from_env(self.password_env)
        if self.password_file is not None:
            return secret_sources.from_file(self.password_file)[0]
        return secret_sources.from_prompt(
            "Password of the private key",
            "Give it with --private-key-password-env NAME or --private-key-password-file FILE",
        )


def _certificates(file: str) -> tuple[CertificateInfo, ...]:
    from datetime import date

    from migrate.ims.credentials import certificates

    return certificates.inspect(file, date.today())


def _legacy(
    file: str, key: _Key, metascopes: tuple[str, ...], request: inputs.Request, connection: Connection
) -> LegacyReport:
    from datetime import date

    from migrate.ims import client, legacy_jwt
    from migrate.ims.credentials.credential import CredentialsError
    from migrate.ims.errors import TokenError

    scheme, host = "https", legacy_jwt.DEFAULT_HOST
    if request.token_url is not None:
        try:
            url = client.check_url(request.token_url)
        except TokenError as error:
            raise CredentialsError(error.message, rule="bad-url", fix=error.advice) from None
        scheme, host = url.scheme, url.netloc.decode("ascii")
    found = legacy_jwt.load(file, key.file)
    private = legacy_jwt.private_key(found.key, key.password, source=key.file or file)
    names = metascopes or (legacy_jwt.DEFAULT_METASCOPE,)
    return legacy_jwt.probe(
        found, private, today=date.today(), scheme=scheme, host=host, metascopes=names, connection=connection
    )


def _token(
    target: str | None, request: inputs.Request, connection: Connection, findings: list[Finding]
) -> TokenReport:
    from migrate.ims import check, request_values

    wanted = request_values.collect(target, request, findings)
    return check.check_token(wanted.request, connection, org_id=wanted.org_id, source=wanted.source)


# --- printing --------------------------------------------------------------------------------------------------


def _show(result: _Result, output: Format, *, quiet: bool) -> None:
    from migrate.ims import check

    if output is Format.JSON:
        console.result(check.dumps(_json(result)))
        return
    render = check.to_markdown if output is Format.MARKDOWN else check.to_text
    sections = []
    if result.token is not None:
        sections.append(render(check.rows(result.token)))
    if result.legacy is not None:
        sections.append(render(_legacy_rows(result.legacy)))
    sections += [render(_certificate_rows(info)) for info in result.certificates or ()]
    if sections:
        console.result("\n\n".join(sections))
    # The last finding of a failure is the failure itself, which follows.
    said = result.findings if result.failure is None else result.findings[:-1]
    _notes([*said, *(result.token.findings if result.token else ())], quiet=quiet)


def _notes(findings: list[Finding], *, quiet: bool) -> None:
    for finding in findings:
        if not (quiet and finding.severity == "info"):
            console.note(f"{finding} [{finding.id}]")


def _json(result: _Result) -> dict[str, object]:
    from migrate.ims import check

    return {
        "version": 1,
        "token": check.to_json(result.token) if result.token else None,
        "legacyJwt": result.legacy.to_json() if result.legacy else None,
        "certificates": None if result.certificates is None else [c.to_json() for c in result.certificates],
        "findings": [finding.to_json() for finding in result.findings],
        "exitCode": result.code,
    }


def _legacy_rows(report: LegacyReport) -> Iterator[tuple[str, str]]:
    yield "old exchange", report.message
    yield "client id", report.client_id
    if report.expires_in is not None:
        yield "expires", f"in {report.expires_in} ms"
    yield "what to do", report.advice
    yield "deadline", report.verdict


def _certificate_rows(info: CertificateInfo) -> Iterator[tuple[str, str]]:
    yield "certificate", info.subject
    yield "issuer", info.issuer
    yield "sha1", info.sha1
    yield "sha256", info.sha256
    days = f"{info.days_left} days left" if info.days_left >= 0 else f"ended {-info.days_left} days ago"
    yield "valid", f"{info.not_before:%Y-%m-%d} to {info.not_after:%Y-%m-%d} UTC ({days})"
    yield "deadline", info.verdict
