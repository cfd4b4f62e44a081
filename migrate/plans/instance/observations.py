"""What is worth saying about an instance, and what forbids that anything is done there (docs/findings.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrate.integration.edits import Refusal
from migrate.integration.findings import INFO, WARNING, Finding
from migrate.integration.progress import State, state_of
from migrate.integration.settings import Settings
from migrate.plans import naming
from migrate.plans.checks.target import CLOSED
from migrate.plans.instance import standing
from migrate.plans.instance.standing import Filed, Running
from migrate.plans.instance.view import View
from migrate.targets.instance import installer
from migrate.targets.instance.rights import Rights
from migrate.targets.instance.versions import Way, way

VAR = "var"
"""Below it the old files are kept while they are swapped."""


def refusals(view: View) -> Iterator[Refusal]:
    """Why nothing is done on the instance, whatever the plan."""
    if view.reader.files.children(installer.PAUSE):
        message = (
            f"the installer is paused ({installer.PAUSE} has children): whatever is written, nothing would happen. "
            "Somebody else may be at work; remove the node when it was left behind"
        )
        yield Refusal("", "installer-paused", message)


def findings(view: View, settings: Settings) -> Iterator[Finding]:
    """What is worth saying whatever is planned."""
    closed = view.reader.closed
    if closed is not None:
        yield Finding(CLOSED, WARNING, f"what runs is not known: {closed.message}", closed.fix)
    if view.console is None:
        return
    yield of_way(way(view.console.versions.product))
    if view.console.index.is_busy:
        message = "the installer is at work: what it says may be another thing in a moment"
        yield Finding("installer-busy", INFO, message, "Ask again")
    if not view.reader.searched:
        message = (
            "folders of inactive run modes were looked for beside the active ones only: WebDAV is off here"
        )
        yield Finding("inactive-not-searched", INFO, message)
    for filed in view.standing.filed.values():
        yield from _of_file(filed, view)
    for running in view.standing.running.values():
        yield from _of_running(running, view, settings)


def of_way(found: Way) -> Finding:
    """Adobe's way for the version."""
    severity = INFO if found.id in ("files", "unknown") else WARNING
    fixes = {
        "ui": "Use it where the hotfix is installed: what is written here would be deleted by it",
        "files": "Check that the package is installed",
        "none": "Update AEM before you migrate",
        "unknown": "Check the service pack first",
    }
    return Finding("service-pack-path", severity, found.message, fixes[found.id])


def of_rights(view: View, rights: Iterable[Rights]) -> Iterator[Finding]:
    """What the user may not do where the files are."""
    who = view.reader.session.access.user or "an unknown user"
    for one in rights:
        folder = one.folder.lstrip("/")
        if one.missing is None:
            message = f"what the user {who} may do here cannot be told"
            yield Finding("rights-unknown", INFO, message, path=folder)
        elif one.missing and folder == VAR:
            message = (
                f"the user {who} may not write here: old files are then deleted in the swap, not moved aside"
            )
            yield Finding("rights-var", INFO, message, f"Ask for {', '.join(one.missing)}", folder)
        elif one.missing:
            message = f"the user {who} lacks {', '.join(one.missing)}: nothing can be swapped here"
            yield Finding(
                "rights-missing", WARNING, message, "Ask for these, or let another user do it", folder
            )


def _of_file(filed: Filed, view: View) -> Iterator[Finding]:
    path = filed.identity.path
    if filed.how == standing.ADOPTED and filed.live is not None:
        message = f"the installer took {filed.live.pid} for it, which the next restart deletes for good"
        fix = "Before a restart, plan and apply: the instance gets another name"
        yield Finding("adopted", WARNING, message, fix, path)
    elif filed.how == standing.BOGUS and filed.live is not None:
        message = (
            f"edited in place, so this build takes it for an instance of {filed.live.factory_pid}, a factory that "
            "there is not: AEM does not see its values"
        )
        yield Finding("bogus-instance", WARNING, message, "Give it a hyphen in the place of the dot", path)
    elif filed.counts and filed.live is None:
        if filed.state == installer.IGNORED:
            message = "the installer failed at it (IGNORED), and nothing runs because of it"
            yield Finding("not-installed", WARNING, message, "The instance's error.log says why", path)
        else:
            message = "the installer counts it as INSTALLED, but nothing runs because of it"
            yield Finding("not-running", WARNING, message, naming.FRESH["lost"], path)
    elif filed.state == installer.IGNORED:
        message = "the installer does not count it (IGNORED): what runs was changed since"
        yield Finding("file-ignored", WARNING, message, "Compare the values before you plan", path)
    differ = filed.differences() if filed.how == standing.BACKED else ()
    if differ and filed.state != installer.IGNORED:
        message = f"what runs is not what the file says: {', '.join(differ)}"
        yield Finding("drift", WARNING, message, "Plan with --values live or --values file", path)


def _of_running(running: Running, view: View, settings: Settings) -> Iterator[Finding]:
    kind = "provider" if running.is_provider else "customizer"
    what = f"{running.live.pid} ({kind} {running.integration or 'without a name'})"
    if running.how == standing.ORPHAN:
        old = " with JWT values" if running.is_provider and state_of(running.document) is State.JWT else ""
        message = f"{what} runs{old} without a file, beside another one of its name: AEM takes either"
        yield Finding("orphan-live", WARNING, message, "plan lists it, to be deleted in the web console")
    elif running.how == standing.BOGUS and running.path is None:
        message = f"{what} is an instance of a factory that there is not, and no file stands for it"
        yield Finding("bogus-live", WARNING, message, "Delete it in the web console")
    elif running.how == standing.NO_FILE and running.is_seen:
        message = f"{what} runs without a file: nothing keeps it but the instance itself"
        yield Finding("no-file-live", INFO, message, "plan makes a file for the integration's own")
    if running.how == standing.BACKED and _is_doubled(running, view):
        message = f"{what} is not the only one of its name that a file stands for: AEM takes any of them"
        severity = WARNING if running.integration == settings.profile.provider_name else INFO
        yield Finding("several-live", severity, message, "Keep one of the files", running.path)


def _is_doubled(running: Running, view: View) -> bool:
    others: Sequence[Running] = view.standing.of_integration(running.factory_pid, running.integration)
    return running.integration is not None and any(
        one.live.pid != running.live.pid and one.how == standing.BACKED and one.is_seen for one in others
    )
