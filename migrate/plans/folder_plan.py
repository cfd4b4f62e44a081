"""One folder's plan: choose the pair, run the passes, and prove that they then have nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from grammar.errors import EditError
from migrate.integration import token_url
from migrate.integration.configuration import Configuration, Scope, is_meant
from migrate.integration.edits import Delete, Edit, Refusal, Rename, edited
from migrate.integration.progress import State, state_of
from migrate.integration.properties import (
    CUSTOMIZER_TYPE,
    REQUEST_CUSTOMIZER_TYPE,
)
from migrate.integration.selection import Selection, matching, select
from migrate.integration.settings import Settings
from migrate.passes import Pass, registered


class ScopePlan(NamedTuple):
    """The edits of one folder, or the refusal of its pair.

    Attributes:
        before: the folder as it is.
        after: the folder as it will be, by the keys of the configurations that stay.
        edits: in the order of the passes.
        refusals: why nothing is done here.
        selection: the pair, when there is one.
    """

    before: Scope
    after: Mapping[str, Configuration]
    edits: tuple[Edit, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    selection: Selection | None = None


def plan_scope(
    scope: Scope, settings: Settings, passes: Sequence[str], only: str | None = None
) -> ScopePlan | None:
    """The plan of a folder; None when it has no provider of the integration.

    Args:
        only: the one configuration that may be edited, where a file is the target; the others stay as they are.
    """
    chosen = select(scope, settings, only)
    if chosen is None or (only is not None and not _concerns(scope, only, settings)):
        return None
    if isinstance(chosen, Refusal):
        return _refused(scope, chosen)
    missing = _missing_credential(chosen, settings, passes, only) or _too_early(chosen, only)
    if missing is not None:
        return _refused(scope, missing, chosen)
    try:
        edits, after = _run(scope, chosen, settings, _chosen(passes))
    except EditError as error:
        return _refused(scope, Refusal(chosen.provider.key, "cannot-edit", str(error)), chosen)
    refusal = _no_token(chosen.provider, after, only) or _unstable(scope, after, settings, passes, only)
    if only is not None:
        edits = [edit for edit in edits if is_meant(edit.key, only)]
    refusal = refusal or _conflict(scope, edits)
    if refusal is not None:
        return _refused(scope, refusal, chosen)
    return ScopePlan(scope, after, tuple(edits), (), chosen)


def _refused(scope: Scope, refusal: Refusal, selection: Selection | None = None) -> ScopePlan:
    unchanged = {c.key: c for c in scope.configurations}
    return ScopePlan(scope, unchanged, (), (refusal,), selection)


def _run(
    scope: Scope, selection: Selection, settings: Settings, passes: Iterable[Pass]
) -> tuple[list[Edit], dict[str, Configuration]]:
    """Each pass sees what the passes before it have made of the folder."""
    edits: list[Edit] = []
    current = {c.key: c for c in scope.configurations}
    for run in passes:
        wanted = {key: run.run(configuration, selection, settings) for key, configuration in current.items()}
        for key, found in wanted.items():
            if found:
                edits += found
                current = _carried_out(current, key, found)
        selection = _refreshed(selection, current)
    return edits, current


def _refreshed(selection: Selection, current: Mapping[str, Configuration]) -> Selection:
    provider, customizer = selection.provider, selection.customizer
    return selection._replace(
        provider=current.get(provider.key, provider),
        customizer=current.get(customizer.key, customizer) if customizer else None,
    )


def _concerns(scope: Scope, only: str, settings: Settings) -> bool:
    """Whether a file has one of the integration's: its provider, or a customizer that this refers to."""
    ours = matching(scope, settings)
    kinds = {c.document.text(REQUEST_CUSTOMIZER_TYPE) for c in ours} - {None}
    customizers = (c for c in scope.customizers if c.document.text(CUSTOMIZER_TYPE) in kinds)
    return any(is_meant(c.key, only) for c in (*ours, *customizers))


def _too_early(selection: Selection, only: str | None) -> Refusal | None:
    """A left-over may go only when what supersedes it stands there migrated."""
    for stale in selection.stale:
        if (
            only is not None
            and is_meant(stale.key, only)
            and state_of(selection.provider.document) is not State.OAUTH
        ):
            message = f"{stale.label} is to go once {selection.provider.label} is migrated; name the folder"
            return Refusal(stale.key, "not-superseded", message)
    return None


def _carried_out(
    current: dict[str, Configuration], key: str, edits: Sequence[Edit]
) -> dict[str, Configuration]:
    configuration = current[key]
    if any(isinstance(edit, Delete) for edit in edits):
        return {other: c for other, c in current.items() if other != key}
    configuration = configuration.with_document(edited(configuration.document, edits))
    for edit in edits:
        if isinstance(edit, Rename):
            configuration = configuration._replace(label=edit.label, separator="-", name=edit.name)
    return {**current, key: configuration}


def _conflict(scope: Scope, edits: Sequence[Edit]) -> Refusal | None:
    """A rename to a name that something else has, which stays."""
    labels = {c.key: c.label for c in scope.configurations}
    freed = {labels[edit.key] for edit in edits if isinstance(edit, Delete)}
    touched = {edit.key for edit in edits} - {edit.key for edit in edits if isinstance(edit, Delete)}
    renamed = {edit.key: edit.label for edit in edits if isinstance(edit, Rename)}
    for configuration in scope.configurations:
        if configuration.key not in touched:
            continue
        label = renamed.get(configuration.key, configuration.label)
        names = {label, label + configuration.suffix} - {configuration.label}
        if names & (scope.taken - freed):
            message = (
                f"{configuration.label} should become {label}{configuration.suffix}, but that name is taken by "
                "something else; look at it, and move it away or delete it"
            )
            return Refusal(configuration.key, "target-exists", message)
    return None


def _no_token(
    provider: Configuration, after: Mapping[str, Configuration], only: str | None
) -> Refusal | None:
    """A token URL that AEM refuses is never written, be it by the endpoint that the file keeps."""
    address = token_url.of(after[provider.key].document)
    error = address.error
    if error is None or address == token_url.of(provider.document) or not is_meant(provider.key, only):
        return None
    return Refusal(provider.key, error.id, f"{error.message}. {error.fix}")


def _unstable(
    scope: Scope,
    after: Mapping[str, Configuration],
    settings: Settings,
    passes: Sequence[str],
    only: str | None,
) -> Refusal | None:
    """The passes once more on their own result: anything they would still do means they did not work."""
    result = Scope(scope.folder, tuple(after.values()))
    chosen = select(result, settings, only)
    if isinstance(chosen, Selection):
        again, _ = _run(result, chosen, settings, _chosen(passes))
        if not again:
            return None
        message = (
            "the migrated files would be edited again by the same passes; this is a defect of slingshift"
        )
    else:
        message = "the migrated pair would not be found again; this is a defect of slingshift"
    return Refusal(scope.folder, "not-stable", message)


def _missing_credential(
    selection: Selection, settings: Settings, passes: Sequence[str], only: str | None
) -> Refusal | None:
    """Values that nobody gave and that an old file cannot have."""
    pair = [c for c in (selection.provider, selection.customizer) if c is not None and is_meant(c.key, only)]
    missing = [
        word
        for one in _chosen(passes)
        for configuration in pair
        if one.wants(configuration, selection)
        for word in one.needs(configuration, selection, settings)
    ]
    if not missing:
        return None
    message = f"cannot be migrated without {', '.join(missing)}"
    return Refusal(selection.provider.key, "credential-missing", message)


def _chosen(passes: Sequence[str]) -> list[Pass]:
    return [registered()[name] for name in passes]
