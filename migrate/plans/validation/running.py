"""Point 2: what runs of the integration. One provider, one customizer, with the wanted values, as their files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grammar.documents import Document
from migrate.integration import properties as p
from migrate.integration.configuration import Configuration
from migrate.integration.findings import INFO
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.progress import State, state_of
from migrate.integration.settings import Settings
from migrate.passes import registered
from migrate.plans.checks import providers
from migrate.plans.instance import standing
from migrate.plans.instance.standing import Filed, Running, Standing
from migrate.plans.validation.checks import Check, Verdict
from migrate.plans.validation.seen import Seen
from migrate.targets.instance.installer import IGNORED, PAUSE

_POINT = "live"
_KINDS = {PROVIDER: "provider", CUSTOMIZER: "customizer"}
_NAMES = {PROVIDER: p.NAME, CUSTOMIZER: p.CUSTOMIZER_TYPE}
_PLAN = "slingshift plan shows the way"


class Pair(NamedTuple):
    """What AEM takes for the integration, as far as there is one of each.

    Attributes:
        provider: of several, the one that is backed by a file, or has come furthest.
        customizer: likewise.
    """

    provider: Running | None
    customizer: Running | None


def pair(found: Standing, settings: Settings) -> Pair:
    """The provider of the integration that runs, and its customizer."""
    provider = _foremost(found.of_integration(PROVIDER, settings.profile.provider_name))
    if provider is None:
        return Pair(None, None)
    kind = provider.document.text(p.REQUEST_CUSTOMIZER_TYPE)
    return Pair(provider, _foremost(found.of_integration(CUSTOMIZER, kind)))


def _foremost(several: Sequence[Running]) -> Running | None:
    order = (standing.BACKED, standing.ADOPTED, standing.NO_FILE, standing.ORPHAN, standing.BOGUS)

    def rank(one: Running) -> tuple[bool, bool, int, str]:
        is_old = one.is_provider and state_of(one.document) is State.JWT
        return not one.is_seen, is_old, order.index(one.how), one.live.pid

    return min(several, key=rank, default=None)


def checks(seen: Seen, settings: Settings) -> Iterator[Check]:
    """What there is to say about what runs."""
    yield from _installer(seen)
    found = pair(seen.standing, settings)
    name = settings.profile.provider_name
    kind = found.provider.document.text(p.REQUEST_CUSTOMIZER_TYPE) if found.provider else None
    yield from _of_factory(seen.standing, PROVIDER, name, found.provider, settings)
    if found.provider is not None and kind is None:
        message = (
            f"the provider names no customizer ({p.REQUEST_CUSTOMIZER_TYPE}), so nothing gives the secret"
        )
        yield Check(_POINT, "no-customizer-named", Verdict.WRONG, message, _PLAN, found.provider.live.pid)
    elif found.provider is not None:
        yield from _of_factory(seen.standing, CUSTOMIZER, kind, found.customizer, settings)
    yield from _files(seen, found, {PROVIDER: name, CUSTOMIZER: kind})


def _installer(seen: Seen) -> Iterator[Check]:
    if seen.paused:
        message = (
            "the installer is paused by a node of somebody's: what is in the repository is not what will run"
        )
        fix = f"Remove the node below {PAUSE} when it was left behind"
        yield Check(_POINT, "installer-paused", Verdict.WRONG, message, fix)
    if seen.busy:
        message = "the installer is at work: what runs may be another thing in a moment"
        yield Check(_POINT, "installer-busy", Verdict.UNCLEAR, message, "Validate again")


def _of_factory(
    found: Standing, factory: str, name: str | None, foremost: Running | None, settings: Settings
) -> Iterator[Check]:
    several = sorted(found.of_integration(factory, name), key=lambda one: one.live.pid)
    counted = [one for one in several if one.is_seen]
    what = f"{_KINDS[factory]} {name}"
    if not counted:
        message = f"no {what} runs, so AEM gets no token"
        yield Check(_POINT, f"{_KINDS[factory]}-missing", Verdict.WRONG, message, _PLAN)
    elif len(counted) > 1:
        pids = ", ".join(one.live.pid for one in counted)
        message = f"{len(counted)} of the {what} run, and AEM takes any of them: {pids}"
        fix = "Keep the one with the new values; delete the others in the web console"
        yield Check(_POINT, f"{_KINDS[factory]}-several", Verdict.WRONG, message, fix)
    for one in several:
        yield from _standing_of(one, found)
    if foremost is None or not foremost.is_seen:
        return
    wrong = list(_values(foremost, settings))
    yield from wrong
    if len(counted) == 1 and not any(not check.is_right for check in wrong):
        message = f"one {what} runs, with the wanted values"
        yield Check(_POINT, f"{_KINDS[factory]}-one", Verdict.RIGHT, message, path=foremost.live.pid)


def _standing_of(one: Running, found: Standing) -> Iterator[Check]:
    """How something runs that carries the name."""
    pid, kind = one.live.pid, "provider" if one.is_provider else "customizer"
    filed = next((f for f in found.filed.values() if f.live is not None and f.live.pid == pid), None)

    def wrong(rule: str, message: str, fix: str) -> Check:
        return Check(_POINT, rule, Verdict.WRONG, message, fix, pid)

    if one.how == standing.BOGUS:
        message = f"this {kind} is an instance of {one.live.factory_pid}, a factory that there is not"
        yield wrong("bogus-live", message, "Give its file a hyphen in the place of the dot, or delete it")
    elif one.how == standing.ORPHAN:
        message = f"this {kind} runs on without a file, beside another one of its name: AEM takes either"
        yield wrong("orphan-live", message, "Delete it in the web console")
    elif one.how == standing.ADOPTED:
        message = f"the installer took it for {one.path}; the next restart deletes it, and nothing comes back"
        yield wrong("adopted", message, "Before a restart, give the file a new name: slingshift plan")
    elif one.how == standing.NO_FILE and one.is_seen:
        message = f"this {kind} runs without a file: nothing keeps it but the instance itself"
        yield wrong("no-file-live", message, "slingshift plan makes a file for it")
    elif not one.is_seen:
        message = f"this {kind} is a configuration of its own, which AEM does not take for an instance of the factory"
        yield wrong("not-an-instance", message, "Give its file a hyphen in the place of the dot")
    elif filed is not None:
        yield from _agreement(one, filed)


def _agreement(one: Running, filed: Filed) -> Iterator[Check]:
    """Whether a file says what runs because of it."""
    path = filed.identity.path
    differ = filed.differences()
    if filed.state == IGNORED:
        message = f"the installer does not count {path} (IGNORED): what runs was changed since"
        fix = "Compare both; slingshift plan --values live or --values file"
        yield Check(_POINT, "file-ignored", Verdict.WRONG, message, fix, one.live.pid)
    elif differ:
        message = f"what runs is not what {path} says: {', '.join(differ)}"
        fix = "Compare both; slingshift plan --values live or --values file"
        yield Check(_POINT, "drift", Verdict.WRONG, message, fix, one.live.pid)
    else:
        message = f"what runs is what {path} says"
        yield Check(_POINT, "file-agrees", Verdict.RIGHT, message, path=one.live.pid)


def _values(one: Running, settings: Settings) -> Iterator[Check]:
    """Whether the values are those of the OAuth flow, and those that were given."""
    pid = one.live.pid
    state = state_of(one.document) if one.is_provider else None
    if state is State.JWT:
        message = "its values are those of the JWT flow, which Adobe has ended"
        yield Check(_POINT, "still-jwt", Verdict.WRONG, message, _PLAN, pid)
        return
    if state is State.MIXED:
        message = "half of its values are those of the JWT flow"
        yield Check(_POINT, "half-migrated", Verdict.WRONG, message, _PLAN, pid)
    differ = list(_differing(one, settings))
    if differ:
        message = f"not as wanted: {', '.join(differ)}"
        yield Check(_POINT, "values-differ", Verdict.WRONG, message, _PLAN, pid)
    if state is None:
        return
    for finding in providers.of_provider(_as_configuration(one), one.document, settings):
        if finding.id == "half-migrated":
            continue
        # Another host than the wanted one differs from it above; one that is wanted was named by the user.
        is_note = finding.severity == INFO or finding.id == "token-host-unknown"
        verdict = Verdict.NOTE if is_note else Verdict.WRONG
        yield Check(_POINT, finding.id, verdict, finding.message, finding.fix, pid)


def _differing(one: Running, settings: Settings) -> Iterator[str]:
    for step in registered().values():
        for name, value in step.desired(one.factory_pid, one.document, settings):
            if value is None:
                if name not in one.live.names or one.document.text(name) == "":
                    yield name
            elif one.live.agrees(name, value) is False:
                yield name


def _as_configuration(one: Running) -> Configuration:
    """What runs as the checks of files want it."""
    pid = one.live.pid
    name = pid.removeprefix(one.factory_pid)
    return Configuration(pid, pid, one.factory_pid, name[:1], name[1:], one.document, pid)


def _files(seen: Seen, found: Pair, names: dict[str, str | None]) -> Iterator[Check]:
    """Files of the integration that are not behind what runs, and may be tomorrow."""
    running = {one.path for one in found if one is not None}
    for filed in sorted(seen.standing.filed.values(), key=lambda one: one.identity.path):
        document, factory = filed.document, filed.identity.factory_pid
        if document is None or document.text(_NAMES[factory]) != names[factory] or names[factory] is None:
            continue
        if filed.identity.path in running:
            continue
        yield from _beside(filed, document)
    for path, reason in sorted(seen.rejected.items()):
        message = f"AEM's readers do not read it alike, so nobody can say whose it is: {reason}"
        yield Check(_POINT, "file-unreadable", Verdict.UNCLEAR, message, "slingshift lint tells more", path)


def _beside(filed: Filed, document: Document) -> Iterator[Check]:
    path, is_old = filed.identity.path, False
    if filed.identity.factory_pid == PROVIDER:
        is_old = state_of(document) is State.JWT
    if filed.counts and filed.live is None:
        message = "the installer counts it as installed, but nothing runs because of it"
        fix = "Give it another name; the same content again is not looked at"
        yield Check(_POINT, "not-running", Verdict.WRONG, message, fix, path)
    elif is_old:
        message = "an old file with JWT values: it comes back once what replaces it goes"
        yield Check(_POINT, "old-file-left", Verdict.WRONG, message, _PLAN, path)
    elif filed.resource is not None and not filed.counts:
        message = "waits: another file of the same instance counts"
        yield Check(_POINT, "twin-waits", Verdict.NOTE, message, path=path)
