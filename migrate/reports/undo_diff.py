"""What an undo would bring back, as the diff of a plan: masked, with renames as renames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grammar import forms
from grammar.documents import Document
from grammar.errors import ParseError
from migrate.reports import diff
from migrate.runs.preview import Returning
from migrate.targets.base import FOLDER_NODE, INSIDE
from migrate.targets.changes import FileChange
from migrate.targets.names import identify
from migrate.terminal import printable


def render(files: Iterable[Returning]) -> str:
    """The diff from what is to what an undo would bring back; each root under a heading of its own.

    A file that changes but that nobody can read is named and not shown: what in it is secret is not known.
    """
    by_root: dict[str, list[FileChange]] = {}
    withheld: list[str] = []
    for file in files:
        changes = by_root.setdefault(file.root, [])
        change = _change(file)
        if change is None:
            withheld.append(f"{file.root.rstrip('/')}/{file.path}")
        else:
            changes.append(change)
    parts = [
        f"# {printable(root)}\n{diff.of_changes(list(_renamed(changes)))}"
        for root, changes in by_root.items()
        if changes
    ]
    lines = [
        f"# {printable(path)}: comes back, too; not shown, since it cannot be read\n" for path in withheld
    ]
    return "".join([*parts, *lines])


def _change(file: Returning) -> FileChange | None:
    """None for a file that may hold secrets in ways that nobody knows."""
    inside = file.path.rpartition(INSIDE)[2]
    is_known = identify(inside) is not None or inside.rpartition("/")[2] == FOLDER_NODE
    if file.is_too_large or not (is_known or "META-INF/" in f"/{inside}"):
        return None
    try:
        old, new = (_document(file.path, data) for data in (file.now, file.then))
    except ParseError:
        return None
    return FileChange(file.path, file.now, file.then, old=old, new=new)


def _document(path: str, data: bytes | None) -> Document | None:
    """The document of a configuration; None for what is none, such as filter.xml."""
    if data is None:
        return None
    inside = path.rpartition(INSIDE)[2]
    identity = identify(inside)
    if identity is not None:
        return forms.parse(data, path, form=identity.form)
    if inside.rpartition("/")[2] == FOLDER_NODE:
        from grammar.xml.document import configurations

        return next((document for _, document in configurations(data, path)), None)
    return None


def _renamed(changes: list[FileChange]) -> Iterator[FileChange]:
    """A file that goes and one that comes back under the instance's other name are one, which is renamed back."""
    coming = {_instance(change): change for change in changes if change.before is None}
    paired = set()
    for change in changes:
        other = coming.get(_instance(change)) if change.after is None else None
        if other is not None:
            paired.add(other.path)
            yield change._replace(after=other.after, new=other.new, moved_to=other.path)
        elif change.before is not None:
            yield change
    yield from (change for change in coming.values() if change.path not in paired)


def _instance(change: FileChange) -> tuple[str, ...]:
    head, inside, path = change.path.rpartition(INSIDE)
    identity = identify(path)
    if identity is None:
        return (change.path,)
    return head + inside, identity.folder, identity.factory_pid, identity.name, identity.form
