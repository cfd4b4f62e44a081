"""Which provider and which customizer of a folder are ours, and which are left-overs of the JWT days.

Adobe's page names the provider by its property ``name``; the customizer is the one whose ``customizer.type``
equals the provider's ``token.request.customizer.type``. Other integrations share both factory PIDs and the folder:
they are never selected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from migrate.integration.configuration import Configuration, Scope, is_meant
from migrate.integration.edits import Refusal
from migrate.integration.progress import State, state_of
from migrate.integration.properties import CLIENT_SECRET, CUSTOMIZER_TYPE, NAME, REQUEST_CUSTOMIZER_TYPE
from migrate.integration.settings import Settings


class Selection(NamedTuple):
    """The pair to migrate and what becomes superfluous once it is migrated.

    The customizer is missing only where a provider's file alone is to be migrated, and none stands beside it.
    """

    provider: Configuration
    customizer: Configuration | None
    stale: tuple[Configuration, ...] = ()

    def is_provider(self, key: str) -> bool:
        return self.provider.key == key

    def is_customizer(self, key: str) -> bool:
        return self.customizer is not None and self.customizer.key == key


def matching(scope: Scope, settings: Settings) -> tuple[Configuration, ...]:
    """The providers of a folder that carry the integration's name."""
    wanted = settings.profile.provider_name
    return tuple(c for c in scope.providers if c.document.text(NAME) == wanted)


def select(scope: Scope, settings: Settings, only: str | None = None) -> Selection | Refusal | None:
    """The pair of a folder; a refusal when it is not clear; None when the folder has no such provider.

    Args:
        only: the one configuration that may be edited; without a customizer beside it, a provider's own goes alone.
    """
    candidates = matching(scope, settings)
    if not candidates:
        return None
    provider = _choose_provider(scope, candidates, settings)
    if isinstance(provider, Refusal):
        return provider
    stale = tuple(c for c in candidates if c is not provider)
    found = _choose_customizer(scope, provider, settings)
    goes_alone = only is not None and is_meant(provider.key, only)
    if isinstance(found, Refusal) and (found.rule != "no-customizer" or not goes_alone):
        return found
    customizer = None if isinstance(found, Refusal) else found
    return Selection(provider, customizer, stale + _stale_customizers(scope, provider, customizer, stale))


def _choose_provider(
    scope: Scope, candidates: tuple[Configuration, ...], settings: Settings
) -> Configuration | Refusal:
    if settings.pick is not None:
        picked = [c for c in candidates if c.label == settings.pick]
        if len(picked) == 1:
            return picked[0]
    candidates = _imported(candidates)
    if len(candidates) == 1:
        return candidates[0]
    migrated = [c for c in candidates if state_of(c.document) is State.OAUTH and c.separator != "."]
    if len(migrated) == 1 and all(_is_stale_beside(c, migrated[0]) for c in candidates):
        return migrated[0]
    preferred = _preferred(candidates, settings)
    if preferred is not None:
        return preferred
    names = ", ".join(f"{c.label} ({state_of(c.document).value})" for c in candidates)
    if _are_twins(candidates):
        return _twins(scope, candidates, names)
    if _preferred(candidates, settings._replace(prefer="old")) is not None:
        message = (
            f"the dotted name and its new name both stand, and the new one is not migrated: {names}. "
            "Choose with --prefer old or --prefer new"
        )
        return Refusal(scope.folder, "both-names", message)
    message = (
        f"{len(candidates)} providers are named {settings.profile.provider_name}: {names}. "
        "Choose one with --pick FILE-NAME; the others are then deleted as stale"
    )
    return Refusal(scope.folder, "several-candidates", message)


def _imported(candidates: tuple[Configuration, ...]) -> tuple[Configuration, ...]:
    """Without the document views whose node a file makes, too: FileVault imports the file (``F-1.config.xml``)."""
    files = {c.node for c in candidates if c.document.form != "xml"}
    return tuple(c for c in candidates if c.document.form != "xml" or c.node not in files)


def _are_twins(candidates: Sequence[Configuration]) -> bool:
    """Whether all are one instance to AEM, in several forms or spellings."""
    return len({c.instance for c in candidates}) == 1


def first_of(twins: Sequence[Configuration]) -> Configuration:
    """The one that a fresh instance takes (``RegisteredResourceImpl.compare``): the smallest URL."""
    return min(twins, key=lambda c: (c.node, c.document.form == "xml"))


def _twins(scope: Scope, twins: Sequence[Configuration], names: str) -> Refusal:
    winner = first_of(twins).label
    message = (
        f"{names} are one configuration to AEM, which keeps the one that was installed first; only a fresh instance "
        f"takes {winner}. Choose with --pick {winner}, or another of them; the rest is deleted as stale"
    )
    return Refusal(scope.folder, "twins", message)


def _is_stale_beside(candidate: Configuration, migrated: Configuration) -> bool:
    """Stale by the evidence: still JWT, or the dotted twin of the very name that is migrated."""
    same_name = candidate.name == migrated.name and candidate.separator == "."
    return candidate is migrated or same_name or state_of(candidate.document) is State.JWT


def _preferred(candidates: Sequence[Configuration], settings: Settings) -> Configuration | None:
    """The one of ``F.N`` and ``F-N`` that --prefer names."""
    if settings.prefer is None or len({c.name for c in candidates}) != 1:
        return None
    wanted = [c for c in candidates if (c.separator == ".") == (settings.prefer == "old")]
    return wanted[0] if len(wanted) == 1 else None


def _choose_customizer(scope: Scope, provider: Configuration, settings: Settings) -> Configuration | Refusal:
    kind = provider.document.text(REQUEST_CUSTOMIZER_TYPE)
    if not kind:
        message = (
            f"{provider.label} has no {REQUEST_CUSTOMIZER_TYPE}, so its customizer cannot be found; "
            "set it to the customizer's customizer.type first"
        )
        return Refusal(provider.key, "no-customizer-type", message)
    found = [c for c in scope.customizers if c.document.text(CUSTOMIZER_TYPE) == kind]
    if not found and scope.unread:
        message = (
            f"its customizer, of customizer.type {kind}, can only be {' or '.join(scope.unread)}, which cannot be "
            "read: mend that first, as the line on it says"
        )
        return Refusal(provider.key, "no-customizer", message)
    if not found:
        others = ", ".join(
            sorted(f"{c.label} ({c.document.text(CUSTOMIZER_TYPE)})" for c in scope.customizers)
        )
        message = (
            f"no customizer with customizer.type {kind} stands beside {provider.label} "
            f"(the folder has {others or 'none'}): "
            "AEM would ask for a token without a client secret"
        )
        return Refusal(provider.key, "no-customizer", message)
    shared = _others_using(scope, kind, settings)
    if shared:
        message = (
            f"{found[0].label} is also used by {', '.join(c.label for c in shared)}: a new secret would break that "
            "integration. Give each its own customizer first"
        )
        return Refusal(found[0].key, "shared-customizer", message)
    return _one_customizer(scope, provider, found, settings)


def _others_using(scope: Scope, kind: str, settings: Settings) -> list[Configuration]:
    name = settings.profile.provider_name
    return [
        c
        for c in scope.providers
        if c.document.text(REQUEST_CUSTOMIZER_TYPE) == kind and c.document.text(NAME) != name
    ]


def _one_customizer(
    scope: Scope, provider: Configuration, found: list[Configuration], settings: Settings
) -> Configuration | Refusal:
    picked = [c for c in found if c.label == settings.pick] or [
        c
        for c in found
        if provider.label == settings.pick and c.document.form == provider.document.form and _are_twins(found)
    ]
    if len(picked) == 1:
        return picked[0]
    found = list(_imported(tuple(found)))
    if len(found) == 1:
        return found[0]
    secret = settings.secret
    known = [c for c in found if secret and c.document.text(CLIENT_SECRET) == secret.reveal()]
    renamed = [c for c in found if c.separator != "."]
    # Beside a migrated provider the renamed one is the one that was migrated, when no secret tells otherwise.
    is_migrated = state_of(provider.document) is State.OAUTH
    is_trusted = is_migrated and (settings.secret is None or len({c.name for c in found}) > 1)
    for choice in (known, renamed):
        clear = bool(known) or is_trusted
        if len(choice) == 1 and choice[0].separator != "." and clear:
            return choice[0]
    preferred = _preferred(found, settings)
    if preferred is not None:
        return preferred
    names = ", ".join(c.label for c in found)
    if _are_twins(found):
        return _twins(scope, found, names)
    is_pair = _preferred(found, settings._replace(prefer="old")) is not None
    way = "--prefer old or --prefer new" if is_pair else "--pick FILE-NAME"
    message = (
        f"{len(found)} customizers have the same customizer.type: {names}; AEM takes any of them. "
        f"Choose with {way}; the others are then deleted as stale"
    )
    return Refusal(scope.folder, "several-customizers", message)


def _stale_customizers(
    scope: Scope, provider: Configuration, customizer: Configuration | None, stale: tuple[Configuration, ...]
) -> tuple[Configuration, ...]:
    """Customizers that only stale providers refer to, and second ones of the migrated provider's type."""
    kept = [c for c in scope.providers if c not in stale]
    used = {c.document.text(REQUEST_CUSTOMIZER_TYPE) for c in kept}
    orphaned = {c.document.text(REQUEST_CUSTOMIZER_TYPE) for c in stale} - used
    ours = provider.document.text(REQUEST_CUSTOMIZER_TYPE)
    return tuple(
        c
        for c in scope.customizers
        if c is not customizer
        and (kind := c.document.text(CUSTOMIZER_TYPE))
        and (kind in orphaned or kind == ours)
    )
