"""A plan as a patch that `git apply` carries out: the real bytes, secrets among them.

The diff that `plan` prints is for people: secrets are masked in it, and what cannot be seen is escaped, so it does not
apply. This one is bytes for bytes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from migrate.plans.planned import TargetPlan
from migrate.reports.diff import quoted
from migrate.targets.changes import FileChange

_NO_NEWLINE = b"\\ No newline at end of file\n"


def render(plan: TargetPlan) -> bytes:
    """The patch of a folder's plan; paths are relative to the folder."""
    return b"".join(line for change in plan.changes for line in _file(change))


def _file(change: FileChange) -> Iterator[bytes]:
    old_path, new_path = change.path, change.final_path
    yield _line(f"diff --git {quoted('a/' + old_path)} {quoted('b/' + new_path)}")
    if change.before is None:
        yield _line("new file mode 100644")
    elif change.after is None:
        yield _line("deleted file mode 100644")
    elif change.moved_to is not None:
        # git takes any similarity from 0 to 100 for a rename with edits.
        yield _line(f"similarity index {100 if change.before == change.after else 50}%")
        yield _line(f"rename from {quoted(old_path)}")
        yield _line(f"rename to {quoted(new_path)}")
    if change.before == change.after:
        return
    yield _line("--- " + ("/dev/null" if change.before is None else quoted("a/" + old_path)))
    yield _line("+++ " + ("/dev/null" if change.after is None else quoted("b/" + new_path)))
    yield from _hunks(_lines(change.before), _lines(change.after))


def _line(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape") + b"\n"


def _lines(data: bytes | None) -> list[str]:
    """Lines as git has them, one character for each byte."""
    return [f"{part}\n" for part in (data or b"").decode("latin-1").split("\n")][:-1] + (
        [rest] if (rest := (data or b"").decode("latin-1").rpartition("\n")[2]) else []
    )


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[bytes]:
    for number, line in enumerate(difflib.unified_diff(old, new, n=3, lineterm="\n")):
        if number < 2:
            continue
        yield line.encode("latin-1")
        if not line.endswith("\n"):
            yield b"\n" + _NO_NEWLINE
