"""The findings on the values of one provider or customizer (docs/findings.md)."""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns
from grammar.documents import Document
from grammar.pids import InstallerBuild
from grammar.placeholders import holds_gap
from migrate.integration import properties as p
from migrate.integration import token_url
from migrate.integration.configuration import Configuration
from migrate.integration.findings import ERROR, INFO, WARNING, Finding
from migrate.integration.progress import State, assertion_claims, state_of
from migrate.integration.settings import Settings

_TYPOGRAPHIC_QUOTES = patterns.lazy("[\u2018\u2019\u201c\u201d]")
_INVISIBLE = patterns.lazy("[\ufeff\u200b-\u200d\u2060\u00a0]")
_ISSUER = patterns.lazy(r'\s*"iss"\s*:\s*"([^"\\]*)"\s*')


def of_values(configuration: Configuration) -> Iterator[Finding]:
    """What copying does to values: placeholders and markup left in, blanks at the ends, characters nobody sees."""
    for found in configuration.document.properties:
        texts = [item for item in found.value.items if isinstance(item, str)]
        if any(holds_gap(text) or _TYPOGRAPHIC_QUOTES.search(text) for text in texts):
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
    for problem in token_url.of(after).problems():
        name = p.ENDPOINT if problem.of_endpoint else p.TOKEN_URL
        yield _finding(provider, name, problem.id, problem.severity, problem.message, problem.fix)


def _finding(
    configuration: Configuration, name: str, rule: str, severity: str, message: str, fix: str = ""
) -> Finding:
    found = configuration.document.get(name)
    return Finding(rule, severity, message, fix, configuration.key, found.line if found else None)
