"""A plan as a git-style diff, with every secret masked and every rename shown as a rename."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from grammar.placeholders import is_name_alone
from migrate.integration.configuration import Scope
from migrate.integration.secret import Secret
from migrate.masking.texts import (
    masked_texts,
    may_need_masks,
    secrets_of,
    without_known,
)
from migrate.plans.target_plan import TargetPlan
from migrate.targets.changes import FileChange
from migrate.targets.names import identify
from migrate.terminal import in_diff
from migrate.workers import SERIAL, Workers

_NO_NEWLINE = "\\ No newline at end of file"
_HEADS = ("+++", "---")


def render(
    plan: TargetPlan, secrets: Iterable[Secret] = (), workers: Workers = SERIAL, *, show_secrets: bool = False
) -> str:
    """The diff of a target's plan; empty when nothing is pending.

    Args:
        plan: the plan.
        secrets: further texts that must not appear, whatever property they stand in.
        workers: who does what takes long.
        show_secrets: leave everything readable; for a terminal only.
    """
    given = [text for secret in secrets if (text := secret.reveal()) and not is_name_alone(text)]
    standing = {scope.before.folder: _secrets_in(scope.before) for scope in plan.scopes}

    def shown(change: FileChange) -> str:
        known = [] if show_secrets else [*given, *standing.get(_folder(change.path), ())]
        return "".join(f"{line}\n" for line in _file(change, known, show_secrets=show_secrets))

    return "".join(workers.each(shown, plan.changes))


def of_changes(changes: Sequence[FileChange], known: frozenset[str] = frozenset()) -> str:
    """The diff of some changes; what one file of a folder holds as a secret is hidden in all of it.

    Args:
        known: secrets of further files.
    """
    standing: dict[str, list[str]] = {}
    for change in changes:
        for document in filter(None, (change.old, change.new)):
            standing.setdefault(_folder(change.path), []).extend(secrets_of(document))
    files = (
        _file(change, [*known, *standing.get(_folder(change.path), ())], show_secrets=False)
        for change in changes
    )
    return "".join(f"{line}\n" for lines in files for line in lines)


def _secrets_in(scope: Scope) -> list[str]:
    """The secrets that stand in a folder: another of its files may repeat them."""
    return [text for c in scope.customizers for text in secrets_of(c.document)]


def _folder(path: str) -> str:
    identity = identify(path)
    return identity.folder if identity else path.rpartition("/")[0]


def colored(diff: str) -> str:
    """The diff with the colours that git uses."""
    return "".join(
        f"{_color(line)}{line}\x1b[0m\n" if _color(line) else f"{line}\n" for line in diff.split("\n")[:-1]
    )


def _color(line: str) -> str:
    if line.startswith(("diff --git", "rename ", "similarity ", "deleted ", "new file", *_HEADS)):
        return "\x1b[1m"
    return {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}.get(line[:1], "")


def _file(change: FileChange, known: Sequence[str], *, show_secrets: bool) -> Iterator[str]:
    old_path, new_path = change.path, change.moved_to or change.path
    before, after = _texts(change, known, show_secrets=show_secrets)
    yield head(old_path, new_path)
    if change.before is None:
        yield "new file mode 100644"
    elif change.after is None:
        yield "deleted file mode 100644"
    elif change.moved_to is not None:
        yield f"similarity index {_similarity(before, after)}%"
        yield f"rename from {quoted(old_path)}"
        yield f"rename to {quoted(new_path)}"
    if before == after:
        return
    yield "--- " + ("/dev/null" if change.before is None else quoted("a/" + old_path))
    yield "+++ " + ("/dev/null" if change.after is None else quoted("b/" + new_path))
    yield from hunks(before, after)


def _texts(change: FileChange, known: Sequence[str], *, show_secrets: bool) -> tuple[str, str]:
    old, new = _text(change.before), _text(change.after)
    if show_secrets:
        return old, new
    if may_need_masks(old) or may_need_masks(new):
        before = change.before if change.old is None else change.old
        after = change.after if change.new is None else change.new
        old, new = masked_texts(before, after)
    return without_known(old, known), without_known(new, known)


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")


def _similarity(before: str, after: str) -> int:
    """How much of the longer text the lines that both have make up, in percent, as git counts it."""
    old, new = Counter(_lines(before)), Counter(_lines(after))
    common = sum(len(line) * count for line, count in (old & new).items())
    return int(100 * common / max(len(before), len(after), 1))


def head(old_path: str, new_path: str) -> str:
    """The line that begins what is said of a file."""
    return f"diff --git {quoted('a/' + old_path)} {quoted('b/' + new_path)}"


def names(path: str) -> tuple[str, str]:
    """The two lines above the hunks of a file that keeps its name."""
    return "--- " + quoted("a/" + path), "+++ " + quoted("b/" + path)


def hunks(before: str, after: str, *, carriage_return: str = "\r") -> Iterator[str]:
    """The lines that differ, and some around them.

    Args:
        carriage_return: what stands for one at the end of a line.
    """
    old, new = _lines(before), _lines(after)
    for number, line in enumerate(difflib.unified_diff(old, new, n=3, lineterm="\n")):
        if number < 2:
            continue
        yield in_diff(line.removesuffix("\n"), carriage_return)
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _lines(text: str) -> list[str]:
    """Lines as git has them: LF ends a line, a CR before it belongs to it."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def quoted(path: str) -> str:
    """A path as git writes it: in quotes with escapes when it holds anything unusual."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path
    escaped = "".join(
        {"\t": "\\t", "\n": "\\n", '"': '\\"', "\\": "\\\\"}.get(c)
        or (c if c.isprintable() else "".join(f"\\{b:03o}" for b in c.encode("utf-8", "surrogateescape")))
        for c in path
    )
    return f'"{escaped}"'
