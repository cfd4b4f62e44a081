"""Scopes: their names, how lists of them are written, and what of the JWT days they take the place of.

A metascope stood in the claims of a JWT assertion for a bundle of rights; client credentials name each scope
(AdobeDocs/adobe-dev-console, ServerToServerAuthentication/migration.md). Only what Adobe documents stands here.
"""

from __future__ import annotations

from collections.abc import Iterable

SMART_CONTENT = "read_pc.dma_smart_content"
SMART_TAGS = (SMART_CONTENT, "openid", "AdobeID", "additional_info.projectedProductContext")
"""What the Smart Content Service needs (Adobe's config-oauth page, step 4)."""

SMART_TAGS_METASCOPE = "ent_smartcontent_sdk"


def split(text: str) -> tuple[str, ...]:
    """The scopes of a list separated by commas, blanks or both, as Adobe's samples mix them; each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def join(scopes: Iterable[str]) -> str:
    """The list as Adobe's page writes it into a configuration: comma and blank between."""
    return ", ".join(scopes)


def missing(needed: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """The scopes that are needed and not given, in their order."""
    there = frozenset(given)
    return tuple(scope for scope in needed if scope not in there)


def metascope_of(scopes: Iterable[str]) -> str | None:
    """The metascope that stood for these scopes in a JWT assertion; None when Adobe documents none."""
    return SMART_TAGS_METASCOPE if SMART_CONTENT in frozenset(scopes) else None


def api_of(scopes: Iterable[str]) -> str:
    """What a project of the Developer Console needs to have these scopes, for advice."""
    return "the Smart Content API" if SMART_CONTENT in frozenset(scopes) else "the API that they belong to"
