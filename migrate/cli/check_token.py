"""`slingshift check-token`: ask IMS for a token with the values that AEM would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrate.cli import console, exits, options

if TYPE_CHECKING:
    from migrate.certificates import CertificateInfo
    from migrate.credentials import Credentials
    from migrate.findings import Finding
    from migrate.legacy_jwt import LegacyReport
    from migrate.oauth import Connection, TokenRequest
    from migrate.profile import Profile
    from migrate.secret import Secret
    from migrate.token_check import Integration, TokenReport

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
    str | None, typer.Option("--private-key", metavar="FILE", help="Its private key, PEM or PKCS#12.")
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
    output: options.FormatOption = options.Format.TEXT,
    quiet: options.Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Ask Adobe IMS for a token, with the values of a configuration or of a credential; the token is never shown.

    Exit code 0: a token with every scope. 5: refused, or a scope is missing. 6: IMS cannot be reached, or what
    answers is not IMS. 2: nothing was sent, because a value cannot be right. 4: TARGET cannot be used.
    """
    request = options.Request(
        credentials, credential, secret_index, client_id, org_id, scope, token_url, client_secret_env,
        client_secret_file, profile, pick=pick,
    )  # fmt: skip
    options.refuse_empty({**request._asdict(), "TARGET": target, "legacy_jwt": legacy_jwt})
    wants_token = target is not None or credentials is not None or client_id is not None
    if not wants_token and legacy_jwt is None and certificate is None:
        console.fail(
            "name a TARGET, --credentials FILE, --client-id ID, --legacy-jwt FILE or --certificate FILE"
        )
    if not timeout > 0:  # NaN passes every range
        console.fail("--timeout is not a number of seconds")
    from migrate.credentials import CredentialsError
    from migrate.findings import ERROR, Finding
    from migrate.oauth import Connection
    from migrate.sources import TargetError

    connection = Connection(ca_bundle, timeout, retries, notify=_silent if quiet else console.note)
    if verbose:
        connection = replace(connection, watch=console.note)
    key = _Key(private_key, private_key_password_env, private_key_password_file)
    result, reason = _Result(), ""
    try:
        if certificate is not None:
            result.certificates = _certificates(certificate)
        if legacy_jwt is not None:
            result.legacy = _legacy(legacy_jwt, key, tuple(metascope or ()), request, connection)
        if wants_token:
            _token(target, request, connection, result)
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
    raise typer.Exit(result.code)


def _silent(line: str) -> None:
    """Takes the place of notes under --quiet."""


# --- certificate and the old way -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Key:
    file: str | None
    password_env: str | None
    password_file: str | None

    def password(self) -> Secret:
        from migrate import secret_sources

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

    from migrate import certificates

    return certificates.inspect(file, date.today())


def _legacy(
    file: str, key: _Key, metascopes: tuple[str, ...], request: options.Request, connection: Connection
) -> LegacyReport:
    from datetime import date

    from migrate import legacy_jwt, oauth
    from migrate.credentials import CredentialsError
    from migrate.token_errors import TokenError

    scheme, host = "https", legacy_jwt.DEFAULT_HOST
    if request.token_url is not None:
        try:
            url = oauth.check_url(request.token_url)
        except TokenError as error:
            raise CredentialsError(error.message, rule="bad-url", fix=error.advice) from None
        scheme, host = url.scheme, url.netloc.decode("ascii")
    found = legacy_jwt.load(file, key.file)
    private = legacy_jwt.private_key(found.key, key.password, source=key.file or file)
    names = metascopes or (legacy_jwt.DEFAULT_METASCOPE,)
    return legacy_jwt.probe(
        found, private, today=date.today(), scheme=scheme, host=host, metascopes=names, connection=connection
    )


# --- the token -------------------------------------------------------------------------------------------------


def _token(target: str | None, request: options.Request, connection: Connection, result: _Result) -> None:
    """Collect the values, look at them, send them; fills `result`."""
    from migrate import credential_checks as checks
    from migrate import token_check
    from migrate.credentials import CredentialsError, split_scopes
    from migrate.oauth import TokenRequest
    from migrate.profile import ProfileError, load

    try:
        profile = load(request.profile)
    except ProfileError as error:
        raise CredentialsError(str(error), rule="profile") from None
    given = _given(request, result.findings)
    found = None
    if target is not None:
        found = _integration_of(target, profile, request.pick)
        _migrated(found, request)
        result.findings += found.findings
    url = _url(given, found, request, profile.token_url)
    scope = request.scope or (found.scope if found else profile.scope)
    client_id = request.client_id or (found.client_id if found else given.client_id) or ""
    _usable(client_id, scope, url, found.path if found else given.source)
    if found is not None and given.client_id not in (None, client_id):
        result.findings.append(_differs(given, found))
    secret = _secret(given, found, result.findings)
    sent = TokenRequest(client_id, scope, url, secret)
    if _wrong_values(sent, result.findings):
        raise CredentialsError("nothing was sent, because of the errors above", rule="nothing-sent")
    source = found.path if found else given.source or "options"
    org_id = request.org_id or (found.org_id if found else given.org_id)
    result.findings += checks.check_org_id(org_id) if org_id else ()
    result.findings += checks.check_source(given, split_scopes(scope))
    result.token = token_check.check_token(sent, connection, org_id=org_id, source=source)


def _given(request: options.Request, findings: list[Finding]) -> Credentials:
    """The credential of file and options, with the findings on the file."""
    from migrate import credentials, secret_sources

    file = None
    if request.credentials is not None:
        file = credentials.load(
            request.credentials, credential=request.credential, secret_index=request.secret_index
        )
        findings += secret_sources.mode_findings(request.credentials) if file.secrets else ()
    if request.client_secret_env is not None and request.client_secret_file is not None:
        raise credentials.CredentialsError(
            "--client-secret-env and --client-secret-file exclude each other", rule="two-sources"
        )
    secret = None
    if request.client_secret_env is not None:
        secret = secret_sources.from_env(request.client_secret_env)
    elif request.client_secret_file is not None:
        secret, found = secret_sources.from_file(request.client_secret_file)
        findings += found
    return credentials.merge(
        file, client_id=request.client_id, org_id=request.org_id, token_url=request.token_url, secret=secret
    )


def _integration_of(target: str, profile: Profile, pick: str | None) -> Integration:
    """The integration of a target; a provider's file stands for itself and the customizer beside it."""
    from migrate.configured import find_integration
    from migrate.profile import PROVIDER
    from migrate.settings import Settings
    from migrate.targets.names import identify
    from migrate.targets.opening import open_target

    path = Path(target)
    identity = identify(path.name)
    if identity is not None and identity.factory_pid == PROVIDER and path.is_file():
        return find_integration(
            open_target(str(path.parent)), Settings(profile, pick=path.name), only=path.name
        )
    return find_integration(open_target(target), Settings(profile, pick=pick))


def _url(given: Credentials, found: Integration | None, request: options.Request, default: str) -> str:
    from migrate import token_check
    from migrate.credentials import CredentialsError
    from migrate.token_errors import TokenError

    if request.token_url is not None or found is None:
        return request.token_url or given.token_url or default
    try:
        return token_check.effective_url(found.token_url, found.endpoint)
    except TokenError as error:
        raise CredentialsError(error.message, rule="bad-url", fix=error.advice, source=found.path) from None


def _migrated(found: Integration, request: options.Request) -> None:
    """Say so when there is nothing to test yet, unless the options replace what the JWT days left."""
    from migrate.credentials import CredentialsError

    ready = found.scope or request.scope
    address = request.token_url or found.token_url
    if not found.migrated and (not ready or not address or "exchange/jwt" in address):
        raise CredentialsError(
            "this provider is not migrated yet: AEM sends IMS a signed JWT, so there is no request to try",
            rule="not-migrated",
            fix="Run: slingshift plan. To try the new credential before that: --credentials FILE, and no TARGET",
            source=found.path,
        )


def _usable(client_id: str, scope: str, url: str, source: str) -> None:
    """Refuse values that are missing, or that only AEM can know."""
    from migrate.credentials import CredentialsError
    from migrate.masking import holds_placeholder

    for name, text, option in (
        ("client id", client_id, "--client-id ID"),
        ("scope", scope, "--scope SCOPES"),
        ("token URL", url, "--token-url URL"),
    ):
        if not text:
            fix = f"Give it with {option}, or migrate the configuration first"
            raise CredentialsError(f"there is no {name}", rule="value-missing", fix=fix, source=source)
        if holds_placeholder(text):
            message = f"the {name} is a placeholder that AEM or the build fills in, so it cannot be read here"
            fix = f"Give its value with {option}"
            raise CredentialsError(message, rule="value-filled-in", fix=fix, source=source)


def _secret(given: Credentials, found: Integration | None, findings: list[Finding]) -> Secret:
    """The configuration's own secret when it is plain, else the one that was given, else ask."""
    from migrate import secret_sources
    from migrate.findings import INFO, WARNING, Finding

    if found is not None and found.secret is not None:
        if given.secret is not None and given.secret != found.secret:
            message = (
                "the client secret in the configuration is another one than the one given; the former is sent"
            )
            findings.append(Finding("secret-differs", WARNING, message, "Run: slingshift plan", found.path))
        return found.secret
    if found is not None and found.secret_protected:
        message = (
            "the client secret in the configuration is encrypted, and only its AEM instance can read it; "
            "the one that is given is sent instead"
        )
        fix = "Give it with --client-secret-env NAME, --client-secret-file FILE or --credentials FILE"
        findings.append(Finding("protected-secret", INFO, message, fix, found.path))
    if given.secret is not None or given.secrets:
        return given.need_secret()
    return secret_sources.from_prompt()


def _differs(given: Credentials, found: Integration) -> Finding:
    from migrate.findings import WARNING, Finding

    message = (
        f"the configuration has another client id than {given.source or 'the options'}; the former is sent"
    )
    return Finding("client-id-differs", WARNING, message, "Run: slingshift plan", found.path)


def _wrong_values(sent: TokenRequest, findings: list[Finding]) -> bool:
    """Add what is odd about the values; True when one of them cannot be right, so that nothing is sent."""
    from migrate import credential_checks as checks
    from migrate import token_check
    from migrate.findings import ERROR

    odd = [
        *checks.check_text("client id", sent.client_id),
        *checks.check_client_id(sent.client_id),
        *checks.check_text("scope", sent.scope),
        *checks.check_secret(sent.secret.reveal()),
        *token_check.url_findings(sent.token_url),
    ]
    findings += odd
    return any(finding.severity == ERROR for finding in odd)


# --- printing --------------------------------------------------------------------------------------------------


def _show(result: _Result, output: options.Format, *, quiet: bool) -> None:
    from migrate import token_check

    if output is options.Format.JSON:
        console.result(token_check.dumps(_json(result)))
        return
    render = token_check.to_markdown if output is options.Format.MARKDOWN else token_check.to_text
    sections = []
    if result.token is not None:
        sections.append(render(token_check.rows(result.token)))
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
    from migrate import token_check

    return {
        "version": 1,
        "token": token_check.to_json(result.token) if result.token else None,
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
