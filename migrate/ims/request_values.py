"""The values of one token request, collected from a configuration, a credential file and options.

A configuration wins over a credential file, because the request is to be the one that AEM will send; an option wins
over both. What cannot be right is never sent.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grammar.placeholders import holds_placeholder
from migrate.ims import addresses
from migrate.ims.client import TokenRequest, check_url
from migrate.ims.configured import Integration, find_integration
from migrate.ims.credentials import checks
from migrate.ims.credentials.credential import Credentials
from migrate.ims.credentials.errors import GIVE_SECRET, CredentialsError
from migrate.ims.errors import TokenError
from migrate.integration import scopes, token_url
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.profile import PROVIDER, SMART_TAGS, Profile
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.integration.token_url import Address
from migrate.targets.names import identify
from migrate.targets.opening import open_target, target_of
from migrate.targets.sieve import USUAL, Sieve

Notify = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class Overrides:
    """What wins over the configuration, over the credential and over the profile."""

    client_id: str | None = None
    org_id: str | None = None
    scope: str | None = None
    token_url: str | None = field(default=None, repr=False)


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


def collect(
    target: str | Path | Integration | None,
    credentials: Credentials | None,
    overrides: Overrides,
    *,
    profile: Profile | None = None,
    pick: str | None = None,
    ask_secret: Callable[[], Secret] | None = None,
    notify: Notify = lambda finding: None,
    sieve: Sieve = USUAL,
) -> Wanted:
    """The values to send.

    Args:
        target: folder, file or package with the configuration, or that itself, when there is one.
        credentials: the credential, when there is one.
        profile: which integration; smart tags by default.
        pick: file name of the provider to take where several are meant.
        ask_secret: gives the client secret when nothing else does.
        notify: takes what is worth saying about the values, also when this raises.
        sieve: what of a folder is left out.

    Raises:
        CredentialsError: a value is missing, or cannot be right.
        TargetError: the target cannot be used.
    """
    profile, given = profile or SMART_TAGS, credentials or Credentials(client_id=None)
    found = None
    if target is not None:
        found = (
            target if isinstance(target, Integration) else _integration_of(str(target), profile, pick, sieve)
        )
        _migrated(found, overrides)
        _tell(found.findings, notify)
    address = _address(found, overrides, profile)
    scope = overrides.scope or (found.scope if found else profile.scope)
    client_id = overrides.client_id or (found.client_id if found else given.client_id) or ""
    _usable(client_id, scope, address, found.path if found else given.source)
    if found is not None and given.client_id not in (None, client_id):
        notify(_differs(given, found))
    # A template of ours is none of ours any more where the target's endpoint fills it in.
    given_urls = (token_url.address(url).url for url in (overrides.token_url or "", profile.token_url))
    named = address.url in filter(None, given_urls)
    if found is not None and found.secret is None and not named:
        _refuse_to_draw_the_secret(found, address)
    secret = _secret(given, found, ask_secret, notify)
    sent = TokenRequest(client_id, scope, address.url, secret)
    in_file = found.path if found is not None and overrides.token_url is None else None
    odd = [*_odd_values(sent), *addresses.findings(address, in_file)]
    _tell(odd, notify)
    if any(finding.severity == ERROR for finding in odd):
        raise CredentialsError("nothing was sent, because of the errors above", rule="nothing-sent")
    org_id = overrides.org_id or (found.org_id if found else given.org_id)
    _tell(checks.check_org_id(org_id) if org_id else (), notify)
    asked = scopes.split(scope)
    _tell(checks.check_requested(asked, profile.scopes), notify)
    _tell(checks.check_source(given, asked), notify)
    return Wanted(sent, found.path if found else given.source or "options", org_id)


def _tell(findings: Iterable[Finding], notify: Notify) -> None:
    for finding in findings:
        notify(finding)


def _integration_of(target: str, profile: Profile, pick: str | None, sieve: Sieve) -> Integration:
    """The integration of a target; a provider's file stands for itself and the customizer beside it."""
    path = Path(target)
    identity = identify(path.name)
    if identity is not None and identity.factory_pid == PROVIDER and os.path.isfile(path):
        with open_target(target_of(str(path.parent))) as reader:
            return find_integration(reader, Settings(profile=profile, pick=path.name), only=path.name)
    with open_target(target_of(target), sieve=sieve) as reader:
        return find_integration(reader, Settings(profile=profile, pick=pick))


def _address(found: Integration | None, overrides: Overrides, profile: Profile) -> Address:
    """The address that AEM would make of the configuration, or of what takes its place."""
    template = overrides.token_url or (found.token_url if found else profile.token_url)
    return token_url.address(template, found.endpoint if found else None)


def _migrated(found: Integration, overrides: Overrides) -> None:
    """Say so when there is nothing to test yet, unless the options replace what the JWT days left."""
    ready = found.scope or overrides.scope
    address = overrides.token_url or found.token_url
    if not found.migrated and (not ready or not address or token_url.is_exchange(address)):
        raise CredentialsError(
            "this provider is not migrated yet: AEM sends IMS a signed JWT, so there is no request to try",
            rule="not-migrated",
            fix="Run: slingshift plan. To try the new credential before that: --credentials FILE, and no TARGET",
            source=found.path,
        )


def _usable(client_id: str, scope: str, address: Address, source: str) -> None:
    """Refuse values that are missing, or that only AEM can know."""
    for name, text, option in (
        ("client id", client_id, "--client-id ID"),
        ("scope", scope, "--scope SCOPES"),
        ("token URL", address.url or address.template, "--token-url URL"),
    ):
        if not text:
            fix = f"Give it with {option}, or migrate the configuration first"
            raise CredentialsError(f"there is no {name}", rule="value-missing", fix=fix, source=source)
        if holds_placeholder(text):
            message = f"the {name} is a placeholder that AEM or the build fills in, so it cannot be read here"
            fix = f"Give its value with {option}"
            raise CredentialsError(message, rule="value-filled-in", fix=fix, source=source)
    problem = address.error
    if problem is not None and not address.url:
        raise CredentialsError(problem.message, rule="bad-url", fix=problem.fix, source=source)


def _refuse_to_draw_the_secret(found: Integration, address: Address) -> None:
    """Whoever wrote the target must not choose who gets a secret that comes from elsewhere: neither option nor profile
    names this address.

    Nor may it be this machine: anybody who works on it can listen on a port.
    """
    host = address.host
    with contextlib.suppress(TokenError):  # then nobody will be asked
        # As the one who sends understands it, whatever we make of the text.
        host = check_url(address.url).raw_host.decode("ascii")
    if not token_url.is_adobes(host):
        raise CredentialsError(
            f"{host or token_url.shown(address.url)} is none of Adobe's known IMS hosts; the configuration names "
            "it without holding the client secret itself, so the secret is not sent there",
            rule="foreign-host",
            fix=f"When that host is right, name it yourself: --token-url {token_url.shown(address.url)}",
            source=found.path,
        )


def _secret(
    given: Credentials, found: Integration | None, ask: Callable[[], Secret] | None, notify: Notify
) -> Secret:
    """The configuration's own secret when it is plain, else the one that was given, else ask."""
    if found is not None and found.secret is not None:
        if given.secret is not None and given.secret != found.secret:
            message = (
                "the client secret in the configuration is another one than the one given; the former is sent"
            )
            notify(Finding("secret-differs", WARNING, message, "Run: slingshift plan", found.path))
        return found.secret
    if found is not None and found.secret_protected:
        message = (
            "the client secret in the configuration is encrypted, and only its AEM instance can read it; "
            "the one that is given is sent instead"
        )
        notify(Finding("protected-secret", INFO, message, GIVE_SECRET, found.path))
    if ask is not None and given.secret is None and not given.secrets:
        return ask()
    return given.need_secret()


def _differs(given: Credentials, found: Integration) -> Finding:
    message = (
        f"the configuration has another client id than {given.source or 'the options'}; the former is sent"
    )
    return Finding("client-id-differs", WARNING, message, "Run: slingshift plan", found.path)


def _odd_values(sent: TokenRequest) -> list[Finding]:
    return [
        *checks.check_text("client id", sent.client_id),
        *checks.check_client_id(sent.client_id),
        *checks.check_text("scope", sent.scope),
        *checks.check_secret(sent.secret.reveal()),
    ]
