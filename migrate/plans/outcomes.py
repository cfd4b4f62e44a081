"""From the edits of configurations to what becomes of files: most are a file each, some are elements of one."""

from __future__ import annotations

from collections.abc import Sequence

from grammar.errors import EditError
from migrate.integration.configuration import split_key
from migrate.integration.edits import Refusal
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.inventory import Inventory
from migrate.targets.base import Outcome


def of_files(found: Inventory, scope: ScopePlan) -> list[Outcome]:
    """What becomes of the files of a folder that are a configuration each."""
    outcomes = []
    for key in _touched(scope):
        if split_key(key)[1]:
            continue
        before = found.sources[key]
        configuration = scope.after.get(key)
        if configuration is None:
            outcomes.append(Outcome(key, before, None))
            continue
        renamed = found.identities[key].renamed(configuration.label)
        outcomes.append(
            Outcome(key, before, configuration.document.source, renamed if renamed != key else None)
        )
    return outcomes


def of_elements(found: Inventory, scope: ScopePlan) -> dict[str, Outcome]:
    """What becomes of the elements of a folder's ``.content.xml``, by key, as if each were a file of its own.

    To a package's filter, and to whatever else knows nodes and not files, ``config/.content.xml`` with an element
    ``F-1`` and ``config/F-1.xml`` are the same.
    """
    outcomes = {}
    for key in _touched(scope):
        if not split_key(key)[1]:
            continue
        configuration = scope.after.get(key)
        before, label = found.sources[key], found.identities[key].label
        alone = f"{scope.before.folder}/{label}.xml".lstrip("/")
        moved_to = None
        if configuration is not None and configuration.label != label:
            moved_to = f"{scope.before.folder}/{configuration.label}.xml".lstrip("/")
        outcomes[key] = Outcome(alone, before, before if configuration else None, moved_to)
    return outcomes


def of_folder_nodes(
    found: Inventory, scopes: Sequence[ScopePlan]
) -> tuple[list[Outcome], dict[str, Refusal]]:
    """What becomes of each ``.content.xml`` that holds several configurations.

    Returns:
        the outcomes; and, by folder, why an edit cannot be written.
    """
    files: dict[str, dict[str, ScopePlan]] = {}
    for scope in scopes:
        for key in _touched(scope):
            path, node = split_key(key)
            if node:
                files.setdefault(path, {})[node] = scope
    outcomes: list[Outcome] = []
    refusals: dict[str, Refusal] = {}
    for path, nodes in sorted(files.items()):
        before = found.sources[next(key for key in found.sources if split_key(key)[0] == path)]
        try:
            outcomes.append(Outcome(path, before, _rewritten(path, before, nodes)))
        except EditError as error:
            refusals |= {s.before.folder: Refusal(path, "cannot-edit", str(error)) for s in nodes.values()}
    return outcomes, refusals


def _rewritten(path: str, before: bytes, nodes: dict[str, ScopePlan]) -> bytes:
    from grammar.xml.document import XmlDocument
    from grammar.xml.nodes import Node, rewritten
    from migrate.integration.configuration import node_key

    changes: dict[str, Node | None] = {}
    for node, scope in nodes.items():
        after = scope.after.get(node_key(path, node))
        if after is None:
            changes[node] = None
            continue
        assert isinstance(after.document, XmlDocument)
        changes[node] = Node(after.document, after.label)
    return rewritten(before, path, changes)


def merged(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """A file that is deleted while another is renamed to its name is one that gets new content instead."""
    arriving = {o.moved_to: o for o in outcomes if o.moved_to is not None}
    standing = {o.path for o in outcomes}
    result: list[Outcome] = []
    for outcome in outcomes:
        if outcome.moved_to in standing:
            result.append(Outcome(outcome.path, outcome.before, None))
        elif outcome.path in arriving:
            result.append(Outcome(outcome.path, outcome.before, arriving[outcome.path].after))
        else:
            result.append(outcome)
    return result


def _touched(scope: ScopePlan) -> list[str]:
    return sorted({edit.key for edit in scope.edits})
