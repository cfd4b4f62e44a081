"""From the edits of configurations to what becomes of files: most are a file each, some are elements of one."""

from __future__ import annotations

from collections.abc import Sequence

from grammar.documents import Document
from grammar.errors import EditError
from migrate.integration.configuration import node_key, split_key
from migrate.integration.edits import Refusal
from migrate.plans.folder_plan import ScopePlan
from migrate.plans.inventory import Inventory
from migrate.targets.changes import FileChange


def of_files(found: Inventory, scope: ScopePlan) -> list[FileChange]:
    """What becomes of the files of a folder that are a configuration each."""
    changes = []
    for key in _touched(scope):
        if split_key(key)[1]:
            continue
        before, old = found.sources[key], _standing(scope, key)
        configuration = scope.after.get(key)
        if configuration is None:
            changes.append(FileChange(key, before, None, old=old))
            continue
        renamed = found.identities[key].renamed(configuration.label)
        new = configuration.document
        moved_to = renamed if renamed != key else None
        changes.append(FileChange(key, before, new.source, moved_to, old=old, new=new))
    return changes


def of_elements(found: Inventory, scope: ScopePlan) -> dict[str, FileChange]:
    """What becomes of the elements of a folder's ``.content.xml``, by key, as if each were a file of its own.

    To a package's filter, and to whatever else knows nodes and not files, ``config/.content.xml`` with an element
    ``F-1`` and ``config/F-1.xml`` are the same.
    """
    changes = {}
    for key in _touched(scope):
        if not split_key(key)[1]:
            continue
        configuration = scope.after.get(key)
        before, label = found.sources[key], found.identities[key].label
        alone = f"{scope.before.folder}/{label}.xml".lstrip("/")
        moved_to = None
        if configuration is not None and configuration.label != label:
            moved_to = f"{scope.before.folder}/{configuration.label}.xml".lstrip("/")
        changes[key] = FileChange(alone, before, before if configuration else None, moved_to)
    return changes


def of_folder_nodes(
    found: Inventory, scopes: Sequence[ScopePlan]
) -> tuple[list[FileChange], dict[str, Refusal]]:
    """What becomes of each ``.content.xml`` that holds several configurations.

    Returns:
        the changes; and, by folder, why an edit cannot be written.
    """
    files: dict[str, dict[str, ScopePlan]] = {}
    for scope in scopes:
        for key in _touched(scope):
            path, node = split_key(key)
            if node:
                files.setdefault(path, {})[node] = scope
    changes: list[FileChange] = []
    refusals: dict[str, Refusal] = {}
    for path, nodes in sorted(files.items()):
        key = next(key for key in found.sources if split_key(key)[0] == path)
        before, old = found.sources[key], _standing(next(iter(nodes.values())), key)
        try:
            after, documents = _rewritten(path, before, nodes)
        except EditError as error:
            refusals |= {s.before.folder: Refusal(path, "cannot-edit", str(error)) for s in nodes.values()}
            continue
        changes.append(FileChange(path, before, after, old=old, new=documents[0] if documents else None))
    return changes, refusals


def _standing(scope: ScopePlan, key: str) -> Document | None:
    """The document of a file as it stands; of a file with several, that of any of them."""
    path = split_key(key)[0]
    return next((c.document for c in scope.before.configurations if split_key(c.key)[0] == path), None)


def _rewritten(path: str, before: bytes, nodes: dict[str, ScopePlan]) -> tuple[bytes, list[Document]]:
    from grammar.xml.document import XmlDocument
    from grammar.xml.folders.nodes import Node, rewritten

    changes: dict[str, Node | None] = {}
    for node, scope in nodes.items():
        after = scope.after.get(node_key(path, node))
        if after is None:
            changes[node] = None
            continue
        assert isinstance(after.document, XmlDocument)
        changes[node] = Node(after.document, after.label)
    data, documents = rewritten(before, path, changes)
    return data, [document for _, document in documents]


def merged(changes: Sequence[FileChange]) -> list[FileChange]:
    """A file that is deleted while another is renamed to its name is one that gets new content instead."""
    arriving = {change.moved_to: change for change in changes if change.moved_to is not None}
    standing = {change.path for change in changes}
    result: list[FileChange] = []
    for change in changes:
        if change.moved_to in standing:
            result.append(change._replace(after=None, moved_to=None, new=None))
        elif change.path in arriving:
            new = arriving[change.path]
            result.append(change._replace(after=new.after, moved_to=None, new=new.new))
        else:
            result.append(change)
    return result


def _touched(scope: ScopePlan) -> list[str]:
    return sorted({edit.key for edit in scope.edits})
