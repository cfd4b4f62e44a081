"""What else must change in a content package, or its source on disk, when a configuration is renamed or edited.

``META-INF/vault/filter.xml`` decides at import whether a renamed configuration arrives and the old one goes; see
docs/packages.md for what FileVault does in each case. The folder that has ``META-INF`` also has ``jcr_root``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grammar import patterns
from migrate.integration.edits import Delete, Follow, Refusal, Rename
from migrate.integration.findings import WARNING, Finding
from migrate.plans.vault.followed import Followed
from migrate.targets.base import INSIDE, Reader, TargetError, split_inside
from migrate.targets.changes import FileChange
from migrate.targets.errors import PackageError
from migrate.targets.package.paths import (
    DEFINITION,
    JCR_ROOT,
    MANIFEST,
    PROPERTIES,
    companions,
    filter_candidates,
    repository_path,
    split,
)

STEP = "vault"
"""What a plan's JSON calls this step, which is no pass: it follows whatever the passes have made of files."""
_PLAIN = patterns.lazy(r"[A-Za-z][A-Za-z0-9.]*")

if TYPE_CHECKING:
    from migrate.targets.vault.filter import Filter, VaultProblem
    from migrate.targets.vault.places import Change


def follow(reader: Reader, changes: Sequence[FileChange]) -> Followed:
    """What the META-INF of every package needs, for changes below a ``jcr_root``."""
    followed = Followed()
    packages: dict[tuple[str, str], list[FileChange]] = {}
    for change in changes:
        base = _base(reader.location(change.path))
        if base is not None:
            packages.setdefault(base, []).append(change)
            _take_companions(reader, change, followed)
    followed.refusals += follow_places(reader, changes).refusals
    for base, found in packages.items():
        _follow_package(reader, base, found, followed)
        _follow_lists(reader, base, found, followed)
        _warn_of_versions(reader, base, followed)
    return followed


def follow_places(reader: Reader, changes: Sequence[FileChange]) -> Followed:
    """What the folders' ``.content.xml`` need whose elements name renamed and deleted nodes.

    Its changes take the place of those for the same file among `changes`.
    """
    followed = Followed()
    planned = {change.path: change for change in changes}
    wanted: dict[str, list[tuple[Change, str]]] = {}
    for change in changes:
        if change.moved_to is not None or change.after is None:
            for where, place in _places(reader, change):
                wanted.setdefault(where, []).append((place, change.path))
    for where, found in sorted(wanted.items()):
        try:
            before = reader.read_if_there(where)
            if before is None or not any(_may_name(before, place) for place, _ in found):
                continue
            from migrate.targets.vault.places import moved

            current = planned[where].after if where in planned else before
            after = moved(current, [place for place, _ in found]) if current is not None else None
        except (TargetError, PackageError) as error:
            why = _text(error) if isinstance(error, PackageError) else str(error)
            rule = error.rule if isinstance(error, PackageError) else "unreadable"
            followed.refusals += [
                Refusal(path, rule, f"{where} names this node and must follow: {why}") for _, path in found
            ]
            continue
        if after != current:
            followed.changes.append(FileChange(where, before, after))
            followed.edits.append(Follow(where, STEP))
    return followed


def _may_name(data: bytes, place: Change) -> bool:
    """Whether a folder's node may name another one: quick, and true for some that do not."""
    # The rest of a name may be encoded; up to here it stands there as it is.
    start = _PLAIN.match(place[0][-1])
    name = start[0] if start else ""
    return any(name.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def _places(reader: Reader, change: FileChange) -> Iterator[tuple[str, Change]]:
    """Each ``.content.xml`` at or above a file that may name its node, with the change that it would need."""
    location = reader.location(change.path)
    base = _base(location)
    if base is None:
        return
    old, new = _nodes("".join(base), location, change)
    names = tuple(old.strip("/").split("/"))
    folder = change.path.rpartition("/")[0]
    if change.path.endswith("/.content.xml"):
        folder = folder.rpartition("/")[0]
    for depth in range(1, len(names) + 1):
        name = None if change.after is None else new.rpartition("/")[2]
        yield f"{folder}/.content.xml".lstrip("/"), (names[-depth:], name)
        if folder.rpartition("/")[2] in ("", JCR_ROOT):
            return
        folder = folder.rpartition("/")[0]


def _base(location: str) -> tuple[str, str] | None:
    """The package that a location lies in: the path to an inner package, and the folder that has jcr_root."""
    packages, path = split_inside(location)
    parts = split(path)
    return ("".join(package + INSIDE for package in packages), parts[0]) if parts is not None else None


def _take_companions(reader: Reader, change: FileChange, followed: Followed) -> None:
    """``F.config.dir/`` belongs to ``F.config``: left alone it makes the import throw and roll back.

    So do the children of a document view, which stand in a folder of its name.
    """
    goes = change.after is None
    if change.moved_to is None and not goes:
        return
    moved_to = change.moved_to or f"{change.path}.gone"
    base = change.path.removesuffix("/.content.xml").removesuffix(".xml")
    folders = {base, f"{base}.dir", f"{change.path}.dir"} - {change.path}
    below = sorted({file for folder in folders for file in reader.below(folder)})
    for old, new in sorted(companions(below, change.path, moved_to).items()):
        data = reader.read(old)
        if goes:
            followed.changes.append(FileChange(old, data, None))
            followed.edits.append(Delete(old, STEP, "belongs to a file that is deleted"))
        else:
            followed.changes.append(FileChange(old, data, data, new))
            followed.edits.append(Rename(old, STEP, new.rpartition("/")[2]))


def _follow_package(
    reader: Reader, base: tuple[str, str], changes: Sequence[FileChange], followed: Followed
) -> None:
    where, data = "", None
    try:
        for candidate in filter_candidates(base[1]):
            where = base[0] + candidate
            data = reader.read_location(where)
            if data is not None:
                break
    except TargetError as error:
        followed.refusals += [Refusal(o.path, "filter-unreadable", str(error)) for o in changes]
        return
    if data is None:
        return
    from migrate.targets.vault.filter import Filter

    try:
        before = Filter.parse(data, where)
    except PackageError as error:
        text = f"{_shown(reader, where)}: {_text(error)}"
        followed.refusals += [Refusal(o.path, error.rule, text) for o in changes]
        return
    after = before
    for change in changes:
        try:
            after = _follow_one(
                after, "/".join(filter(None, base)), reader.location(change.path), change, followed
            )
        except PackageError as error:
            text = f"{_shown(reader, where)}: {_text(error)}"
            followed.refusals.append(Refusal(change.path, error.rule, text))
    if after.source != data:
        _edit(reader, where, data, after.source, changes, followed)


def _follow_lists(
    reader: Reader, base: tuple[str, str], changes: Sequence[FileChange], followed: Followed
) -> None:
    """MANIFEST.MF and the package's definition repeat the roots of the filter; they follow where they name a file."""
    for name in (MANIFEST, DEFINITION):
        where = "".join(base) + ("/" if base[1] else "") + name
        try:
            before = reader.read_location(where)
            if before is None:
                continue
            # Loaded where there is something to rewrite: sources mostly have none of the two.
            from migrate.targets.vault.files import definition_follow, manifest_follow

            rewrite = manifest_follow if name == MANIFEST else definition_follow
            after = before
            for change in changes:
                if (change.moved_to or change.like) is not None:
                    old, new = _nodes("".join(base), reader.location(change.path), change)
                    after = rewrite(after, old, new)
        except (TargetError, PackageError) as error:
            shown = _shown(reader, where)
            followed.findings.append(Finding("package-list-unreadable", WARNING, str(error), path=shown))
            continue
        if before != after:
            _edit(reader, where, before, after, changes, followed)


def _warn_of_versions(reader: Reader, base: tuple[str, str], followed: Followed) -> None:
    """An edited package inside another one is not installed again unless its version changes."""
    if not base[0]:
        return
    from migrate.targets.vault.files import package_id, reinstall_problem

    entry = split_inside(base[0])[0][-1]
    parts = split(entry)
    shown = _shown(reader, base[0].removesuffix(INSIDE))
    try:
        data = reader.read_location(f"{base[0]}{PROPERTIES}")
        package = package_id(data) if data is not None else None
        problem = reinstall_problem(parts[1] if parts else entry, package)
    except (TargetError, PackageError) as error:
        followed.findings.append(Finding("package-list-unreadable", WARNING, str(error), path=shown))
        return
    if problem is not None:
        followed.findings.append(Finding(problem.rule, WARNING, problem.message, path=shown))


def _edit(
    reader: Reader, where: str, before: bytes, after: bytes, changes: Sequence[FileChange], followed: Followed
) -> None:
    inside = reader.inside(where)
    if inside is None:
        message = (
            f"{_shown(reader, where)} names this file and must follow, but lies outside the target; give the "
            "package's folder"
        )
        followed.refusals += [
            Refusal(o.path, "filter-outside-target", message) for o in changes if o.moved_to or o.like
        ]
        return
    followed.changes.append(FileChange(inside, before, after))
    followed.edits.append(Follow(inside, STEP))


def _follow_one(filter_: Filter, base: str, path: str, change: FileChange, followed: Followed) -> Filter:
    old, new = _nodes(base, path, change)
    node = path.endswith(".xml")
    if change.before is None:
        # Something new arrives whatever the mode, if only the filter covers it.
        result = filter_.follow_rename(old, new) if change.like is not None else filter_
        problems = [p for p in result.edit_problems(new, node=node) if p.rule == "filter-not-covered"]
        return _checked(result, problems, change, followed)
    if change.after is None:
        return _checked(filter_, filter_.rename_problems(old, "its successor"), change, followed)
    if change.moved_to is None:
        return _checked(filter_, filter_.edit_problems(old, node=node), change, followed)
    result = filter_.follow_rename(old, new)
    return _checked(
        result, (*result.edit_problems(old, node=node), *result.rename_problems(old, new)), change, followed
    )


def _checked(
    filter_: Filter, problems: Sequence[VaultProblem], change: FileChange, followed: Followed
) -> Filter:
    for problem in problems:
        if problem.rule == "filter-not-covered":
            followed.findings.append(Finding(problem.rule, WARNING, problem.message, path=change.path))
        else:
            followed.refusals.append(Refusal(change.path, problem.rule, problem.message))
    return filter_


def _nodes(base: str, path: str, change: FileChange) -> tuple[str, str]:
    """The repository paths of a file, before and after; before, of one that is made, that of the one it is like."""
    above = path[: len(path) - len(change.path)]
    before, after = change.like or change.path, change.moved_to or change.path
    return _node(base, above + before), _node(base, above + after)


def _node(base: str, path: str) -> str:
    """The repository path of a file below jcr_root."""
    entry = path[len(base) :].lstrip("/")
    return repository_path(entry, docview=entry.endswith(".xml")) or f"/{entry}"


def _shown(reader: Reader, where: str) -> str:
    """A location for people: relative to the target where it lies inside, else from the root."""
    inside = reader.inside(where)
    return f"/{where}" if inside is None else reader.target.shown(inside)


def _text(error: PackageError) -> str:
    where = f"line {error.line}, column {error.column}: " if error.line else ""
    return where + error.message + (f". {error.fix}" if error.fix else "")
