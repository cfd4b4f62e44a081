"""A profile for another integration, made of a provider that is found: nothing in it is invented.

What a JWT provider says of its scopes is a metascope in its claims. The scopes that take its place are known for a few
services only, from Adobe's pages (AdobeDocs/adobe-dev-console, and experience-manager-65.en on IMS integrations) and,
for Target, from public clients; for all others the Developer Console shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grammar import patterns
from migrate.integration import properties as p
from migrate.integration import scopes, token_url
from migrate.integration.configuration import Configuration
from migrate.integration.profile import Profile
from migrate.integration.progress import State, state_of
from migrate.plans import inventory
from migrate.targets.base import Reader

_METASCOPE = patterns.lazy(r'/s/([A-Za-z0-9_]+)"?\s*:')

_SERVICES = {
    scopes.SMART_TAGS_METASCOPE: ("Smart Content Service (smart tags)", scopes.SMART_TAGS, True),
    "ent_reactor_sdk": (
        "Launch (Tags)",
        (
            "AdobeID",
            "openid",
            "read_organizations",
            "additional_info.job_function",
            "additional_info.projectedProductContext",
            "additional_info.roles",
        ),
        True,
    ),
    "ent_analytics_bulk_ingest_sdk": (
        "Analytics",
        (
            "openid",
            "AdobeID",
            "read_organizations",
            "additional_info.projectedProductContext",
            "additional_info.job_function",
        ),
        True,
    ),
    "ent_marketing_sdk": (
        "Target",
        (
            "openid",
            "AdobeID",
            "target_sdk",
            "additional_info.projectedProductContext",
            "read_organizations",
            "additional_info.roles",
        ),
        False,
    ),
}
"""Metascope: what people call the service, its scopes, whether a page of Adobe's has them."""


class Found(NamedTuple):
    """A provider, and where it stands."""

    where: str
    provider: Configuration


class Suggestion(NamedTuple):
    """A profile, and what is to be said about it."""

    profile: Profile
    remarks: tuple[str, ...]


def providers(reader: Reader) -> list[Found]:
    """All providers of a target."""
    target = reader.target
    return [
        Found(target.opened(target.shown(provider.key)), provider)
        for scope in inventory.take(reader).scopes
        for provider in scope.providers
    ]


def of_provider(found: Sequence[Found], name: str) -> Suggestion:
    """The profile of the provider with this name.

    Raises:
        ValueError: there is none; the message names those that there are.
    """
    named = [one for one in found if one.provider.document.text(p.NAME) == name]
    if not named:
        names = sorted({one.provider.document.text(p.NAME) or "one without a name" for one in found})
        raise ValueError(f"no provider is named {name!r}; there are: {', '.join(names) or 'none at all'}")
    # One that is migrated says its scopes itself.
    where, provider = min(named, key=lambda one: state_of(one.provider.document) is not State.OAUTH)
    document = provider.document
    remarks = [f"made of {where}"]
    title, known = _scopes_of(provider, remarks)
    validator = document.text(p.VALIDATOR_TYPE) if state_of(document) is State.OAUTH else None
    profile = Profile(
        provider_name=name,
        scopes=known,
        token_url=_token_url(provider, remarks),
        validator_type=validator,
        customizer_type=document.text(p.REQUEST_CUSTOMIZER_TYPE) or name,
        title=title or document.text("auth.token.provider.title") or name,
    )
    return Suggestion(profile, tuple(remarks))


def _scopes_of(provider: Configuration, remarks: list[str]) -> tuple[str, tuple[str, ...]]:
    document = provider.document
    own = scopes.split(document.text(p.SCOPE) or "")
    if state_of(document) is State.OAUTH and own:
        remarks.append("its scopes are its own: it is migrated already")
        return "", own
    for metascope in _metascopes(document.get(p.CLAIMS)):
        if metascope in _SERVICES:
            title, known, is_documented = _SERVICES[metascope]
            remarks.append(f"its metascope {metascope} is that of {title}")
            if not is_documented:
                remarks.append("no page of Adobe's has these scopes: compare them with the Developer Console")
            return title, known
    remarks.append(
        "its scopes are not known: write those that the Developer Console shows for the new credential into scopes"
    )
    return "", ()


def _metascopes(claims: object) -> Iterable[str]:
    items = getattr(getattr(claims, "value", None), "items", ())
    return [found[1] for item in items if isinstance(item, str) for found in _METASCOPE.finditer(item)]


def _token_url(provider: Configuration, remarks: list[str]) -> str:
    address = token_url.of(provider.document)
    if address.is_token and address.error is None and address.template:
        return address.template
    remarks.append("its token URL is that of the JWT exchange; token-url is the one that Adobe's page gives")
    return token_url.DEFAULT


def to_toml(suggested: Suggestion) -> str:
    """The profile in its file's form."""
    profile = suggested.profile
    lines = [f"# {remark}" for remark in suggested.remarks]
    lines += [f"title = {_quoted(profile.title)}", f"provider-name = {_quoted(profile.provider_name)}"]
    lines.append(f"customizer-type = {_quoted(profile.customizer_type)}")
    if profile.validator_type is not None:
        lines.append(f"validator-type = {_quoted(profile.validator_type)}")
    lines.append(f"token-url = {_quoted(profile.token_url)}")
    lines += ["scopes = [", *(f"  {_quoted(scope)}," for scope in profile.scopes), "]"]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    import json

    return json.dumps(text, ensure_ascii=True)
