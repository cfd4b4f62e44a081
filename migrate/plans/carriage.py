"""A plan as two content packages: one that does on an instance what the plan says, and its way back.

Each file has a filter root of its own, the old one as well as the new one; so importing swaps them in one save, and no
neighbour is touched. The way back brings the old files; but a file that the web console made, `F.<uuid>`, would before
factory configuration 1.4.6 mean an instance of a factory that there is not, so there the old values come back under the
new name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grammar import patterns
from grammar.pids import InstallerBuild
from migrate.integration.edits import Refusal
from migrate.plans.planned import TargetPlan
from migrate.targets.base import Kind
from migrate.targets.changes import FileChange, told
from migrate.targets.names import Identity, identify
from migrate.targets.package.making import Content

_DIGITS = patterns.lazy(r"[0-9]+")
_META = "META-INF/"


class Carriage(NamedTuple):
    """The content of both packages.

    Attributes:
        forward: of the one that migrates.
        back: of its way back.
        notes: what the way back cannot do, one line each.
        refusals: what is in neither.
    """

    forward: Content
    back: Content
    notes: tuple[str, ...]
    refusals: tuple[Refusal, ...]


class _Piece(NamedTuple):
    """One file of the plan in the repository's words: paths below jcr_root, and the nodes that they are."""

    old: str | None
    new: str | None
    old_root: str | None
    new_root: str | None
    before: bytes | None
    after: bytes | None
    identity: Identity | None
    is_node: bool = False

    def __repr__(self) -> str:
        return f"_Piece({self.old!r}, {self.new!r}, before={told(self.before)}, after={told(self.after)})"


def carriage(plan: TargetPlan, version: str | None) -> Carriage:
    """What packages have to bring and to cover.

    Args:
        version: of factory configuration on the instance that they are meant for; None where it is not known.
    """
    refusals: list[Refusal] = []
    pieces = list(_pieces(plan, refusals))
    roots = tuple(sorted({root for one in pieces for root in (one.old_root, one.new_root) if root}))
    forward = {one.new: one.after for one in pieces if one.new is not None and one.after is not None}
    back: dict[str, bytes] = {}
    notes: list[str] = []
    for one in pieces:
        if one.before is None:
            continue
        if one.old is not None and not _is_lost(one, version):
            back[one.old] = one.before
        elif one.new is not None:
            back[one.new] = one.before
            notes.append(
                f"{one.new_root} gets the old values: as {one.old_root} no instance would run because of it"
            )
        else:
            notes.append(f"{one.old_root} stays away: under this name no instance would run because of it")
    return Carriage(Content(forward, roots), Content(back, roots), tuple(notes), tuple(refusals))


def _pieces(plan: TargetPlan, refusals: list[Refusal]) -> Iterator[_Piece]:
    parts = {part.change.path: part for part in plan.instance.parts} if plan.instance else {}
    for change in plan.changes:
        if change.path.startswith(_META) or f"/{_META}" in f"/{change.path}":
            continue
        part = parts.get(change.path)
        piece = _piece(plan, change, is_node=part is not None and part.is_node)
        if piece is None:
            message = (
                "where it stands in the repository cannot be told, or it is no file of its own; name a folder above "
                "apps, or one with jcr_root"
            )
            refusals.append(Refusal(change.path, "not-packaged", message))
        elif part is not None and part.ran is not None:
            # What ran without a file comes back as one.
            yield piece._replace(before=part.ran)
        else:
            yield piece


def _piece(plan: TargetPlan, change: FileChange, *, is_node: bool) -> _Piece | None:
    old = change.path if change.before is not None else None
    new = change.final_path if change.after is not None else None
    places = {path: _place(plan, path, is_node=is_node and path == old) for path in (old, new) if path}
    if not places or None in places.values():
        return None
    (old_path, old_root), (new_path, new_root) = (
        places.get(path or "") or (None, None) for path in (old, new)
    )
    if is_node:
        # Its text is that of a file, which has another name.
        old_path = None
    identity = identify(old) if old and not is_node else None
    return _Piece(old_path, new_path, old_root, new_root, change.before, change.after, identity, is_node)


def _place(plan: TargetPlan, path: str, *, is_node: bool) -> tuple[str, str] | None:
    """The path below jcr_root as FileVault spells it, and the node; None where that cannot be told."""
    if plan.target.kind is Kind.INSTANCE:
        if is_node:
            return path, f"/{path}"
        return path.replace("~", "%7e"), f"/{path}"
    identity = identify(path)
    below = _below_root(f"{plan.target.root.rstrip('/')}/{path}")
    if identity is None or below is None:
        return None
    folder = _below_root(f"{plan.target.root.rstrip('/')}/{identity.folder}/") or ""
    return below, f"/{folder.strip('/')}/{identity.node}".replace("%7e", "~")


def _below_root(path: str) -> str | None:
    """A path of a disk or a package below `jcr_root`, or from `apps` on where there is none."""
    _, found, rest = path.rpartition("/jcr_root/")
    if found:
        return rest
    _, found, rest = path.partition("/apps/")
    return f"apps/{rest}" if found else None


def _is_lost(piece: _Piece, version: str | None) -> bool:
    """Whether the old name stands for a factory that there is not, so that nothing would run because of it."""
    identity = piece.identity
    if identity is None or identity.separator != "." or _DIGITS.fullmatch(identity.name):
        return piece.is_node
    return version is None or InstallerBuild.of(version) is not InstallerBuild.V1_4_6
