"""Points 4 and 5: the legacy cloud service page, and the key that is no longer needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from grammar import patterns
from migrate.integration import properties as p
from migrate.integration import token_url
from migrate.integration.profile import SERVICE_USER
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.masking.names import is_protected
from migrate.plans.instance.standing import Running
from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.running import Pair, pair
from migrate.plans.validation.seen import Seen
from migrate.targets.instance.aem.cloud import FOLDER, CloudService
from migrate.terminal import stranger

_POINT = "cloud-service"
_NOW = patterns.lazy(r"https://smartcontent\.adobe\.io/(na|emea|apac)/?")
_BEFORE = "https://mc.adobe.io/marketingcloud/smartcontent"
_ACCOUNT = patterns.lazy(r"[^@\s]+@techacct\.adobe\.com")
_EDIT = (
    "Edit the page in Tools > Cloud Services > Legacy Cloud Services: saving it writes its values into AEM"
)


def cloud_services(seen: Seen, settings: Settings) -> Iterator[Check]:
    """Whether the pages say what runs: somebody who saves an old one brings the old values back."""
    found = pair(seen.standing, settings)
    if not seen.cloud_services:
        message = f"no cloud service page below {FOLDER}, or none that this user may see"
        yield Check(_POINT, "cloud-none", Verdict.NOTE, message)
    for page in seen.cloud_services:
        wrong = [*_address(page, found.provider), *_credential(page, found)]
        yield from wrong
        if all(check.is_right for check in wrong):
            message = "the cloud service page says what runs, as far as it can be compared"
            yield Check(_POINT, "cloud-agrees", Verdict.RIGHT, message, path=page.path)


def _wrong(rule: str, message: str, page: CloudService, fix: str = _EDIT) -> Check:
    return Check(_POINT, rule, Verdict.WRONG, message, fix, page.path)


def _address(page: CloudService, provider: Running | None) -> Iterator[Check]:
    url = page.service_url.strip()
    if url.rstrip("/") == _BEFORE:
        message = "the service URL is that of services provisioned before 2022-09-01"
        fix = "For a later one: https://smartcontent.adobe.io/na, /emea or /apac"
        yield Check(_POINT, "cloud-url-before", Verdict.NOTE, message, fix, page.path)
    elif not _NOW.fullmatch(url):
        told = f'the service URL is "{stranger(token_url.shown(url))}"' if url else "there is no service URL"
        fix = f"Use https://smartcontent.adobe.io/na, /emea or /apac; {_BEFORE} if provisioned before 2022-09-01"
        yield _wrong("cloud-url", f"{told}, which is none of Adobe's", page, fix)
    if provider is None:
        return
    asked = token_url.of(provider.document).host
    server = page.auth_server.strip()
    host = token_url.address(server if "://" in server else f"https://{server}").host
    if asked and host != asked:
        told = f'"{stranger(token_url.shown(server))}"' if server else "empty"
        message = f"the authorization server is {told}, while tokens come from {asked}"
        yield _wrong("cloud-auth-server", message, page)


def _credential(page: CloudService, found: Pair) -> Iterator[Check]:
    if page.technical_account and not _ACCOUNT.fullmatch(page.technical_account.strip()):
        message = "the technical account id is none: it ends in @techacct.adobe.com"
        yield _wrong("cloud-account", message, page)
    elif not page.technical_account:
        yield _wrong("cloud-account", "there is no technical account id", page)
    if found.provider is None:
        return
    document = found.provider.document
    if page.api_key != document.text(p.CLIENT_ID):
        message = "the API key is not the client id that runs: saving the page can write the old values back"
        yield _wrong("cloud-api-key", message, page)
    if page.org_id != (document.text(p.ORG_ID) or ""):
        yield _wrong("cloud-org-id", "the organisation is not the one of the provider that runs", page)
    yield from _secret(page, found.customizer)


def _secret(page: CloudService, customizer: Running | None) -> Iterator[Check]:
    runs = (customizer.document.text(p.CLIENT_SECRET) if customizer else None) or ""
    kept = page.secret.reveal()
    if not kept:
        yield _wrong("cloud-secret", "there is no client secret", page)
    elif is_protected(kept.strip()) or is_protected(runs.strip()):
        message = "the client secret is encrypted there or in the customizer, so the two cannot be compared"
        yield Check(_POINT, "cloud-secret-encrypted", Verdict.NOTE, message, path=page.path)
    elif not runs:
        message = "the client secret that runs cannot be read, so the two cannot be compared"
        yield Check(_POINT, "cloud-secret-unknown", Verdict.NOTE, message, path=page.path)
    elif page.secret != Secret(runs):
        message = "the client secret is not the one of the customizer that runs"
        yield _wrong("cloud-secret", message, page)


def keys(seen: Seen, settings: Settings, now: datetime) -> Iterator[Check]:
    """The certificate of the JWT days: nothing depends on it any more."""
    if seen.keys is None:
        message = (
            f"no key store of the service user {SERVICE_USER}, or none that this user may see: none is needed"
        )
        yield Check("key-store", "keys-none", Verdict.NOTE, message)
        return
    provider = pair(seen.standing, settings).provider
    alias = (provider.document.text(p.KEY_ALIAS) if provider else None) or "similaritysearch"
    for one in seen.keys:
        if one.alias != alias:
            continue
        if one.ends is None:
            ends = "; when it ends cannot be read"
        else:
            ends = f"; it {'ended' if one.ends < now else 'ends'} on {one.ends:%Y-%m-%d}"
        message = f"the key {stranger(one.alias)} of the JWT flow is no longer needed{ends}"
        yield Check("key-store", "key-unneeded", Verdict.NOTE, message, path=SERVICE_USER)
