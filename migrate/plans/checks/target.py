"""The findings that can be seen in the files, before anything is changed (docs/findings.md)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from grammar.documents import Document
from grammar.placeholders import is_placeholder
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration, Scope
from migrate.integration.findings import INFO, WARNING, Finding
from migrate.integration.profile import REFERRERS, SERVICE_USER, Profile
from migrate.integration.progress import State, state_of
from migrate.integration.selection import Selection, first_of, matching
from migrate.integration.settings import Settings
from migrate.masking.names import is_protected
from migrate.plans.checks import providers
from migrate.plans.checks.names import of_names
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.inventory import Inventory
from migrate.targets.base import Kind, LostError, Reader, TargetError
from migrate.targets.names import run_modes
from migrate.targets.watched import Ground, place_of

UNSEARCHED = "unreadable-folder"
"""A part of the target that may hold something of ours, but cannot be read."""
CLOSED = "console-closed"
"""What runs on an instance cannot be known."""
NOT_WHOLE = frozenset({UNSEARCHED, CLOSED})
"""Findings that say that not everything was seen: then the exit code is 3."""


def findings(
    reader: Reader,
    found: Inventory,
    plans: Sequence[ScopePlan],
    settings: Settings,
    in_folders: Iterable[Iterable[Finding]],
) -> Iterator[Finding]:
    """Everything worth knowing about a target.

    Args:
        in_folders: what `of_folder` says of each plan.
    """
    for path, reason in reader.unreadable:
        yield Finding(UNSEARCHED, WARNING, f"not searched: {reason}", path=path)
    if reader.packages:
        count = len(reader.packages)
        message = f"{count} content package(s) stand here and were not opened, {reader.packages[0]} for one"
        yield Finding("packages-not-opened", INFO, message, "Name a package as a target of its own")
    for path, reason in found.skipped:
        yield Finding("never-touched", INFO, f"left alone: {reason}", path=path)
    yield from _near_names(found, settings)
    if settings.profile.is_smart_tags:
        yield from _cloud_service(reader, found)
    yield from _several_folders(found, settings)
    yield from itertools.chain.from_iterable(in_folders)
    if any(plan.edits for plan in plans) and reader.target.kind is not Kind.INSTANCE:
        yield _service_pack(settings.profile)


def of_folder(reader: Reader, plan: ScopePlan, settings: Settings) -> Iterator[Finding]:
    """Everything worth knowing about one folder."""
    scope = plan.before
    if run_modes(scope.folder) is None and scope.folder:
        message = (
            "no folder of configurations by its name (config, install, with run modes): AEM may not read it"
        )
        yield Finding("no-config-folder", INFO, message, path=scope.folder)
    yield from _referrers(reader, scope, settings)
    yield from _twins(scope)
    for provider in matching(scope, settings):
        after = plan.after.get(provider.key, provider)
        yield from providers.of_provider(provider, after.document, settings)
    if plan.selection is not None:
        yield from _of_pair(reader, plan, plan.selection, settings)


def of_target(reader: Reader, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that concern a target, their paths as messages and JSON show them.

    Beside a file that is the whole target stand others, which are read to know what it is; they are not its matter.
    """
    return tuple(
        finding._replace(path=reader.target.shown(finding.path)) if finding.path else finding
        for finding in found
        if reader.target.edited_file is None or finding.path in (None, reader.target.edited_file)
    )


def _service_pack(profile: Profile) -> Finding:
    """Adobe's own way: config-smart-tagging.md for smart tags, setting-up-ims-integrations-for-aem.md for others."""
    message = (
        "editing these files is the way up to service pack 20 (with the compatibility package of KA-24660 from "
        "service pack 11); from service pack 21 with hotfix 40772, and on 6.5 LTS, Tools > Security > Adobe IMS "
        "Configurations replaces it and deletes these configurations"
    )
    if not profile.is_smart_tags:
        message = (
            "client credentials need service pack 21, or 11 to 20 with the compatibility package of KA-24660; Adobe's "
            "own way to them is Tools > Security > Adobe IMS Configurations"
        )
    return Finding("service-pack-path", INFO, message, "Check the service pack first")


def _of_pair(reader: Reader, plan: ScopePlan, selection: Selection, settings: Settings) -> Iterator[Finding]:
    scope, provider, customizer = plan.before, selection.provider, selection.customizer
    others = [c for c in scope.configurations if c not in (provider, customizer, *selection.stale)]
    if customizer is None:
        message = "its customizer, which holds the client secret, does not stand beside it"
        yield Finding("customizer-elsewhere", WARNING, message, "Migrate it, too", provider.key)
    else:
        yield from providers.of_values(customizer)
        yield from _of_secret(reader, customizer, settings)
    if others:
        names = ", ".join(c.label for c in others[:5])
        message = (
            f"{len(others)} configurations of other integrations stand here and stay as they are: {names}"
        )
        yield Finding("other-integrations", INFO, message, path=scope.folder or ".")
    yield from _of_client(provider, settings)
    if reader.target.kind is not Kind.INSTANCE:
        # Of an instance more is known than its build.
        yield from of_names(plan, settings)


def _of_secret(reader: Reader, customizer: Configuration, settings: Settings) -> Iterator[Finding]:
    old = customizer.document.text(p.CLIENT_SECRET) or ""
    line = _line(customizer.document, p.CLIENT_SECRET)
    given = settings.secret.reveal() if settings.secret else old
    if is_protected(old) and given != old:
        message = (
            "the old secret was encrypted by this instance's Crypto Support; the new one stands in clear text"
        )
        fix = "Protect it at /system/console/crypto and give the {...} text as the secret, if the file must not hold it"
        yield Finding("secret-was-protected", WARNING, message, fix, customizer.key, line)
    elif is_placeholder(old) and not is_placeholder(given):
        message = (
            "the old secret was a placeholder, so it stood outside of this file; the new one stands in it"
        )
        fix = "Give the placeholder itself as the secret, and change the secret where it is kept"
        yield Finding("secret-was-placeholder", WARNING, message, fix, customizer.key, line)
    elif given and not is_protected(given) and not is_placeholder(given):
        message = "the client secret stands in clear text in this file"
        fix = "Keep the file out of version control, or use a value from /system/console/crypto or a placeholder"
        yield Finding("secret-in-clear", INFO, message, fix, customizer.key, line)
        if reader.is_open_to_others(customizer.key):
            message = "every user of this machine may read the file with the client secret"
            yield Finding(
                "secret-readable", INFO, message, "chmod 640, if AEM's user can still read it", customizer.key
            )
    if is_protected(given):
        message = "an encrypted secret is readable only by instances that share its keys"
        yield Finding("secret-protected", INFO, message, "", customizer.key, line)


def _of_client(provider: Configuration, settings: Settings) -> Iterator[Finding]:
    old = provider.document.text(p.CLIENT_ID)
    if state_of(provider.document) is State.OAUTH or not old or settings.client_id is None:
        return
    if old == settings.client_id:
        message = (
            "the client id stays the same (credential added in the same project): AEM may use a cached JWT token "
            "for up to 24 hours and hide a mistake"
        )
        user = SERVICE_USER if settings.profile.is_smart_tags else "that the integration works as"
        fix = f"Delete the oauth node below the user {user} to test at once"
        yield Finding(
            "same-client-id", INFO, message, fix, provider.key, _line(provider.document, p.CLIENT_ID)
        )
    else:
        message = "the client id changes: product profiles and scopes of the new credential must be the same"
        yield Finding("new-client-id", INFO, message, "", provider.key, _line(provider.document, p.CLIENT_ID))


def _referrers(reader: Reader, scope: Scope, settings: Settings) -> Iterator[Finding]:
    """Other configurations of the folder that use the provider by its name, which stays as it is."""
    name = settings.profile.provider_name
    for label in sorted(scope.taken):
        if any(referrer in label for referrer in REFERRERS):
            path = f"{scope.folder}/{label}" if scope.folder else label
            try:
                refers = name.encode() in reader.read(path)
            except LostError:
                raise
            except TargetError:
                continue
            if refers:
                message = f"refers to the provider {name} by its name, which stays as it is"
                yield Finding("referenced", INFO, message, "Test it, too, after the migration", path)


def _near_names(found: Inventory, settings: Settings) -> Iterator[Finding]:
    """A provider whose name differs from the integration's by blanks or case only."""
    wanted = settings.profile.provider_name
    for provider in (c for scope in found.scopes for c in scope.providers):
        name = provider.document.text(p.NAME) or ""
        if name != wanted and name.strip().lower() == wanted.lower():
            message = f"the name {name!r} is not {wanted!r}, so AEM does not take this provider for the integration's"
            yield Finding("name-almost", WARNING, message, "Correct the name", provider.key)


def _cloud_service(reader: Reader, found: Inventory) -> Iterator[Finding]:
    """The legacy cloud service of smart tags in the same package reader."""
    roots = {
        f"{head}jcr_root/"
        for scope in found.scopes
        for head, at, _ in [scope.folder.rpartition("jcr_root/")]
        if at
    }
    for root in sorted(roots):
        path = f"{root}etc/cloudservices/smarttagging"
        if reader.listing(path):
            message = "the legacy cloud service: saving it in AEM can write the JWT values back"
            yield Finding(
                "cloud-service", WARNING, message, "Bring its API key and secret up to date, too", path
            )


def _twins(scope: Scope) -> Iterator[Finding]:
    """One instance in several files: the installer takes the one already installed, else the smallest URL."""
    by_instance: dict[tuple[str, str, bool], list[Configuration]] = {}
    for configuration in scope.configurations:
        by_instance.setdefault(configuration.instance, []).append(configuration)
    for twins in by_instance.values():
        if len(twins) < 2:
            continue
        names = ", ".join(c.label for c in twins)
        if len({c.node for c in twins}) == 1:
            message = f"one node in several files ({names}): FileVault imports the plain file, of XML files the first"
        else:
            message = (
                f"one instance in several files ({names}): AEM keeps the one that was installed first; a fresh "
                f"instance takes {first_of(twins).label}"
            )
        yield Finding("format-twin", WARNING, message, "Keep one of them", twins[0].key)


def _several_folders(found: Inventory, settings: Settings) -> Iterator[Finding]:
    """One PID in several folders, of which AEM takes one; and several PIDs, of which it takes all."""
    folders: dict[tuple[str, str, bool], list[str]] = {}
    for scope in found.scopes:
        for instance in {provider.instance for provider in matching(scope, settings)}:
            folders.setdefault(instance, []).append(scope.folder)
    for where in folders.values():
        if len(where) > 1:
            yield _one_wins(where)
    if len(folders) > 1 and len({folder for where in folders.values() for folder in where}) > 1:
        names = _first([f"{name} in {where[0] or '.'}" for (_, name, _), where in sorted(folders.items())])
        message = (
            f"the integration stands under {len(folders)} names in several folders ({names}): where the run modes of "
            "more than one are active AEM has several providers of one name"
        )
        yield Finding("several-instances", WARNING, message, "Keep one of them for each run mode")


def _one_wins(folders: Sequence[str]) -> Finding:
    """As where the run modes of all of them are active; elsewhere the next one that is able."""
    from migrate.plans.precedence import Resource, decide

    resources = []
    for folder in folders:
        place = place_of(f"{folder}/x")
        modes = (run_modes(folder) or ()) if place.ground is Ground.LOOSE else place.run_modes
        resources.append(Resource(folder, _url(folder), modes, otherwise=place.otherwise))
    decision = decide(resources, {mode for found in resources for mode in found.run_modes})
    assert decision.winner is not None  # All are able.
    ranked = [decision.winner.path, *(loser.resource.path for loser in decision.losers)]
    if not decision.is_tie:
        where = "where its run modes are active " if decision.winner.run_modes else ""
        message = f"one PID stands in {len(folders)} folders; {where}{ranked[0]} wins"
    else:
        message = f"one PID stands in {len(folders)} folders of equal rank; which one wins is not stable"
    return Finding("several-folders", WARNING, f"{message}: {_first(ranked)}", "", ranked[0] or ".")


def _first(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are: nobody reads hundreds in one line."""
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _url(folder: str) -> str:
    """A folder as the installer knows it; outside a repository as if it were one of an application."""
    _, root, inside = f"/{folder}".rpartition("/jcr_root/")
    return f"/{inside}" if root else f"/apps/{folder}"


def _line(document: Document, name: str) -> int | None:
    found = document.get(name)
    return found.line if found else None
