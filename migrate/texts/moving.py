"""Configurations that get files of their own in another form or place, and what of a package must follow them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from migrate.integration.findings import Finding
from migrate.plans.vault import following
from migrate.targets.base import FOLDER_NODE, Reader
from migrate.targets.changes import FileChange, told

Relative = Callable[[str], str]


class Made(NamedTuple):
    """A file that is made.

    Attributes:
        path: as the user would name it.
        data: its bytes.
        alone: the file that would make the same node in the old form; the old file itself, unless that holds several.
    """

    path: str
    data: bytes
    alone: str

    def __repr__(self) -> str:
        return f"Made(path={self.path!r}, data={told(self.data)}, alone={self.alone!r})"


class Move(NamedTuple):
    """What becomes of a file.

    Attributes:
        path: as the user would name it.
        before: its bytes.
        made: what is made of it.
        goes: whether its configurations leave it; else they are twins from then on.
        is_folder: whether it only describes its folder, which gets another name.
        rest: what is left of the file when they do; None where nothing is.
    """

    path: str
    before: bytes
    made: tuple[Made, ...]
    goes: bool = False
    rest: bytes | None = None
    is_folder: bool = False

    def __repr__(self) -> str:
        sides = f"before={told(self.before)}, rest={told(self.rest)}"
        return f"Move(path={self.path!r}, {sides}, made={self.made!r}, goes={self.goes})"

    @property
    def moves_folder(self) -> bool:
        """Whether the file describes its folder, which gets another name; the files in the folder go for themselves."""
        return self.is_folder or any(
            made.alone == self.path and made.path.endswith(f"/{FOLDER_NODE}") for made in self.made
        )

    def changes(self, relative: Relative) -> Iterator[FileChange]:
        """What becomes of files, by paths that are relative to something."""
        path = relative(self.path)
        for made in self.made:
            yield FileChange(relative(made.path), None, made.data, like=path)
        if self.goes:
            yield FileChange(path, self.before, self.rest)

    def nodes(self, relative: Relative) -> Iterator[FileChange]:
        """The same for whoever knows nodes and not files: as if each configuration had always had its own file."""
        path = relative(self.path)
        for made in self.made:
            alone = relative(made.alone)
            # The folder first: a root of the filter that names it has to have its twin for the file to be covered.
            yield from _folders(relative(made.path), alone)
            yield FileChange(relative(made.path), None, made.data, like=alone)
            if self.goes and alone != path:
                yield FileChange(alone, self.before, None)
        # Of a node that goes, everything below goes; here each file goes for itself.
        if self.goes and self.rest is None and not self.moves_folder:
            yield FileChange(path, self.before, None)


def _folders(path: str, alone: str) -> Iterator[FileChange]:
    """A folder that gets another name, and those in it, each as its own node: a filter may name it."""
    new, old = path.split("/")[:-1], alone.split("/")[:-1]
    if len(new) != len(old):
        return
    renamed = (end for end, (one, other) in enumerate(zip(new, old, strict=True), 1) if one != other)
    for end in range(max(renamed, default=len(new) + 1), len(new) + 1):
        now, before = ("/".join((*names[:end], FOLDER_NODE)) for names in (new, old))
        yield FileChange(now, None, b"", like=before)


def _with_children(
    moves: Sequence[Move], changes: Sequence[FileChange], relative: Relative
) -> Iterator[tuple[str, str]]:
    """The files whose nodes have others below them, which would go with them and have no place in the new form."""
    gone = [change.path for change in changes if change.after is None and ".dir/" not in change.path]
    for move in moves if gone else ():
        below = relative(move.path).removesuffix(f"/{FOLDER_NODE}").removesuffix(".xml") + "/"
        child = next((path for path in gone if path.startswith(below)), None)
        if child is not None and move.goes and not move.moves_folder:
            yield (
                move.path,
                f"{child.removeprefix(below)} is a part of this node, and would be lost [child-nodes]",
            )


class Followed(NamedTuple):
    """What becomes of files when everything that must follow does.

    Attributes:
        changes: of all files, those of META-INF among them.
        refused: why some files stay as they are, by their paths as the user named them.
        findings: what is worth knowing.
        notes: the same, of files that nothing keeps from being written.
    """

    changes: list[FileChange]
    refused: dict[str, str]
    findings: Sequence[Finding]
    notes: dict[str, str]


def follow(reader: Reader, moves: Sequence[Move], relative: Relative) -> Followed:
    """Let filter.xml, MANIFEST.MF, the definition and the folders' nodes follow.

    What they have against a configuration that leaves its file keeps it where it is. One that only gets a twin loses
    nothing by it.

    Raises:
        migrate.targets.base.TargetError: the target cannot be read.
    """
    refused: dict[str, str] = {}
    left = list(moves)
    while True:
        owners = {change.path: move for move in left for change in move.nodes(relative)}
        found = following.follow(reader, [change for move in left for change in move.nodes(relative)])
        against = [(owners[r.key], r) for r in found.refusals if r.key in owners]
        stopped = {move.path: f"{r.message} [{r.rule}]" for move, r in against if move.goes}
        stopped |= dict(_with_children(left, found.changes, relative))
        if not stopped:
            break
        refused |= stopped
        left = [move for move in left if move.path not in refused]
    changes = {change.path: change for move in left for change in move.changes(relative)}
    rests = [change for change in changes.values() if change.before is not None and change.after is not None]
    # What is left of a folder's node has lost its configurations already, but may name others that move.
    kept = {rest.path for rest in rests}
    followers = [change for change in found.changes if change.path not in kept]
    if rests:
        nodes = [*rests, *(change for move in left for change in move.nodes(relative))]
        followers += [one for one in following.follow_places(reader, nodes).changes if one.path in kept]
    for change in followers:
        standing = changes.get(change.path, change)
        changes[change.path] = change._replace(before=standing.before, like=standing.like)
    notes = {r.key: r.message for r in found.refusals}
    return Followed(list(changes.values()), refused, found.findings, notes)
