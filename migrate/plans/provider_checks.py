"""The findings on the values of one provider or customizer (docs/findings.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar.documents import Document
from grammar.pids import InstallerBuild
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.progress import State, assertion_claims, state_of
from migrate.integration.settings import Settings
from migrate.masking.names import without_url_credentials

_KNOWN_HOST = re.compile(r"(?:^|\.)(?:adobelogin\.com|services\.adobe\.com)$", re.IGNORECASE)
_URL = re.compile(r"(\w+)://(?:[^/@]*@)?([^/:?#]+)(?::\d+)?([^?#]*)")
_TOKEN_PATH = re.compile(r"/ims/token/v\d+/?")
_LEFT_IN = re.compile(r"<[A-Za-z_ -]+>|\*\*|[\u2018\u2019\u201c\u201d]")
_INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060\u00a0]")
_ISSUER = re.compile(r'\s*"iss"\s*:\s*"([^"\\]*)"\s*')


def of_values(configuration: Configuration) -> Iterator[Finding]:
    """What copying does to values: placeholders and markup left in, blanks at the ends, characters nobody sees."""
    for found in configuration.document.properties:
        texts = [item for item in found.value.items if isinstance(item, str)]
        if any(map(_LEFT_IN.search, texts)):
            message = f"{found.name} holds a placeholder, markup or typographic quotes, as if copied from a web page"
            yield _finding(
                configuration, found.name, "placeholder-left", WARNING, message, "Write the real value"
            )
        if found.name in p.EXACT and any(text != text.strip() or _INVISIBLE.search(text) for text in texts):
            message = (
                f"{found.name} begins or ends with a blank, or holds a character that cannot be seen, and every "
                "character counts"
            )
            yield _finding(configuration, found.name, "stray-blank", WARNING, message, "Type it anew")


def of_provider(provider: Configuration, after: Document, settings: Settings) -> Iterator[Finding]:
    """The findings on a provider of the integration.

    Args:
        after: what it will hold once the plan is carried out; the same document where nothing is planned.
    """
    document = provider.document
    if state_of(document) is State.MIXED:
        message = "half migrated by hand: JWT and OAuth values stand side by side"
        yield _finding(provider, p.GRANTS, "half-migrated", INFO, message)
    yield from _of_claims(provider)
    relaxed = document.get(p.RELAXED_SSL)
    if relaxed is not None and [str(item).lower() for item in relaxed.value.items] == ["true"]:
        message = "TLS certificates are not checked: anybody between AEM and IMS can read the client secret"
        fix = f'Set {p.RELAXED_SSL}=B"false"'
        yield _finding(provider, p.RELAXED_SSL, "relaxed-ssl", WARNING, message, fix)
    if p.KEY_ALIAS in document:
        message = "the key pair of the JWT flow is still named; OAuth does not use it"
        yield _finding(provider, p.KEY_ALIAS, "key-alias-left", INFO, message)
    yield from of_values(provider)
    if state_of(after) is not State.JWT:
        yield from _of_url(provider, after)
    if provider.separator == "~" and settings.installer is InstallerBuild.V1_0:
        message = 'this installer does not know "~": the file is a singleton to it'
        yield _finding(provider, p.NAME, "tilde-unknown", ERROR, message, 'Use "-" in the file name')


def _of_claims(provider: Configuration) -> Iterator[Finding]:
    document = provider.document
    if assertion_claims(document):
        message = "claims of the JWT assertion (sub, aud, exp or a metascope) stand here; only iss stays"
        yield _finding(provider, p.CLAIMS, "assertion-claims", INFO, message)
        return
    claims = document.get(p.CLAIMS)
    if claims is None or state_of(document) is State.JWT:
        return
    found = _ISSUER.fullmatch(str(claims.value.items[0])) if len(claims.value.items) == 1 else None
    if found is None or found[1] != document.text(p.ORG_ID):
        message = f'the one claim must be "iss" : "<organisation>", quoted once, with the value of {p.ORG_ID}'
        yield _finding(
            provider, p.CLAIMS, "claims-odd", WARNING, message, "Plan with the organisation to set it"
        )


def _of_url(provider: Configuration, after: Document) -> Iterator[Finding]:
    url, endpoint = after.text(p.TOKEN_URL) or "", after.text(p.ENDPOINT) or ""
    found = _URL.match(url.replace("%s", endpoint))
    # Not urllib: its import outlasts the rest of a small plan.
    scheme, host, path = (found[1].lower(), found[2].lower(), found[3]) if found else ("", "", "")

    def finding(rule: str, severity: str, message: str, fix: str = "", name: str = p.TOKEN_URL) -> Finding:
        return _finding(provider, name, rule, severity, message, fix)

    shown = without_url_credentials(url)
    if scheme != "https":
        message = f"the token URL is not https: AEM refuses to start the provider ({shown})"
        yield finding("token-url-not-https", ERROR, message, "Write https://...")
    if "%" in url.replace("%s", ""):
        message = "the token URL is a Java format: a % other than %s breaks it"
        yield finding("token-url-percent", ERROR, message, "Remove the %")
    if not _KNOWN_HOST.search(host):
        message = f"{host or shown} is none of Adobe's known IMS hosts"
        yield finding("token-host-unknown", WARNING, message, "Check --token-url")
    if found and not _TOKEN_PATH.fullmatch(path):
        message = f"{path or 'no path'} is not where IMS gives tokens to client credentials"
        yield finding("token-url-path", WARNING, message, "The path is /ims/token/v3")
    if endpoint and host and host not in endpoint.lower():
        message = f"{p.ENDPOINT} names another host than the token URL; AEM uses the token URL"
        yield finding("endpoint-differs", INFO, message, name=p.ENDPOINT)


def _finding(
    configuration: Configuration, name: str, rule: str, severity: str, message: str, fix: str = ""
) -> Finding:
    found = configuration.document.get(name)
    return Finding(rule, severity, message, fix, configuration.key, found.line if found else None)
