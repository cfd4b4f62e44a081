"""The values of one token request, collected from a configuration, a credential file and options.

A configuration wins over a credential file, because the request is to be the one that AEM will send; an option wins
over both. What cannot be right is never sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from migrate.ims import check
from migrate.ims.check import Integration
from migrate.ims.client import TokenRequest
from migrate.ims.configured import find_integration
from migrate.ims.credentials import checks, credential, secret_sources
from migrate.ims.credentials.credential import Credentials, CredentialsError, split_scopes
from migrate.ims.errors import TokenError
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.profile import PROVIDER, Profile, ProfileError, load
from migrate.integration.request import Request
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.masking.names import holds_placeholder
from migrate.targets.names import identify
from migrate.targets.opening import open_target, target_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that can be sent.

    Attributes:
        request: the request.
        source: where its values come from: a path, or ``options``.
        org_id: the organization that the same place names, to compare with the token's.
    """

    request: TokenRequest
    source: str
    org_id: str | None


def collect(target: str | None, request: Request, findings: list[Finding]) -> Wanted:
    """The values to send; what is worth saying about them is added to `findings`, also when it raises.

    Args:
        target: folder, file or package with the configuration, when there is one.

    Raises:
        CredentialsError: a value is missing, or cannot be right.
        TargetError: the target cannot be used.
    """
    try:
        profile = load(request.profile)
    except ProfileError as error:
        raise CredentialsError(str(error), rule="profile") from None
    given = _given(request, findings)
    found = None
    if target is not None:
        found = _integration_of(target, profile, request.pick)
        _migrated(found, request)
        findings += found.findings
    url = _url(given, found, request, profile.token_url)
    scope = request.scope or (found.scope if found else profile.scope)
    client_id = request.client_id or (found.client_id if found else given.client_id) or ""
    _usable(client_id, scope, url, found.path if found else given.source)
    if found is not None and given.client_id not in (None, client_id):
        findings.append(_differs(given, found))
    secret = _secret(given, found, findings)
    sent = TokenRequest(client_id, scope, url, secret)
    if _wrong_values(sent, findings):
        raise CredentialsError("nothing was sent, because of the errors above", rule="nothing-sent")
    source = found.path if found else given.source or "options"
    org_id = request.org_id or (found.org_id if found else given.org_id)
    findings += checks.check_org_id(org_id) if org_id else ()
    findings += checks.check_source(given, split_scopes(scope))
    return Wanted(sent, source, org_id)


def _given(request: Request, findings: list[Finding]) -> Credentials:
    """The credential of file and options, with the findings on the file."""
    file = None
    if request.credentials is not None:
        file = credential.load(
            request.credentials, credential=request.credential, secret_index=request.secret_index
        )
        findings += secret_sources.mode_findings(request.credentials) if file.secrets else ()
    secret, found = secret_sources.from_options(request.client_secret_env, request.client_secret_file)
    findings += found
    return credential.merge(
        file, client_id=request.client_id, org_id=request.org_id, token_url=request.token_url, secret=secret
    )


def _integration_of(target: str, profile: Profile, pick: str | None) -> Integration:
    """The integration of a target; a provider's file stands for itself and the customizer beside it."""
    path = Path(target)
    identity = identify(path.name)
    if identity is not None and identity.factory_pid == PROVIDER and path.is_file():
        with open_target(target_of(str(path.parent))) as reader:
            return find_integration(reader, Settings(profile=profile, pick=path.name), only=path.name)
    with open_target(target_of(target)) as reader:
        return find_integration(reader, Settings(profile=profile, pick=pick))


def _url(given: Credentials, found: Integration | None, request: Request, default: str) -> str:
    if request.token_url is not None or found is None:
        return request.token_url or given.token_url or default
    try:
        return check.effective_url(found.token_url, found.endpoint)
    except TokenError as error:
        raise CredentialsError(error.message, rule="bad-url", fix=error.advice, source=found.path) from None


def _migrated(found: Integration, request: Request) -> None:
    """Say so when there is nothing to test yet, unless the options replace what the JWT days left."""
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
    message = (
        f"the configuration has another client id than {given.source or 'the options'}; the former is sent"
    )
    return Finding("client-id-differs", WARNING, message, "Run: slingshift plan", found.path)


def _wrong_values(sent: TokenRequest, findings: list[Finding]) -> bool:
    """Add what is odd about the values; True when one of them cannot be right, so that nothing is sent."""
    odd = [
        *checks.check_text("client id", sent.client_id),
        *checks.check_client_id(sent.client_id),
        *checks.check_text("scope", sent.scope),
        *checks.check_secret(sent.secret.reveal()),
        *check.url_findings(sent.token_url),
    ]
    findings += odd
    return any(finding.severity == ERROR for finding in odd)
