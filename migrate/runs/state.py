"""The state folder: journals and locks, outside every target, for its owner only.

`$XDG_STATE_HOME/slingshift`, by default what platformdirs gives (XDG Base Directory specification 0.8:
a relative XDG_STATE_HOME is ignored).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from migrate.runs.errors import ApplyError, Kind, about, printable
from migrate.targets import system

RUNS = "runs"
LOCKS = "locks"

_LONGEST = 180
"""Characters of Windows's 260 that a state folder may take; the files of a journal are below it."""


def locate(state: Path | None = None) -> Path:
    """The state folder, absolute and resolved; makes nothing."""
    if state is None:
        home = os.environ.get("XDG_STATE_HOME", "")
        if os.path.isabs(home):
            state = Path(home, "slingshift")
        elif sys.platform == "linux":
            # What platformdirs gives; every `plan` asks for it, and the import takes longer than the question.
            state = Path("~/.local/state/slingshift").expanduser()
        else:
            import platformdirs

            state = Path(platformdirs.user_state_dir("slingshift", appauthor=False))
    return Path(system.resolved(state))


def prepare(state: Path | None = None) -> Path:
    """The state folder, made when it is missing; 0700, also when it was wider.

    Raises:
        ApplyError: it cannot be made, or belongs to somebody else.
    """
    folder = locate(state)
    if os.name == "nt" and len(str(folder)) > _LONGEST:
        raise ApplyError(
            Kind.STATE,
            f"{folder}: Windows cannot name files that deep; give a shorter path with XDG_STATE_HOME",
        )
    with about(folder, "making the state folder"):
        _make_parents(folder)
        for path in (folder, folder / RUNS, folder / LOCKS):
            _make_private(path)
    return folder


def _make_private(folder: Path) -> None:
    from migrate.runs import disk  # Every `plan` asks where the folder is, and few make it.

    make_folder(folder)
    if not disk.make_private(str(folder)):
        raise ApplyError(
            Kind.STATE,
            f"{printable(str(folder))}: the state folder belongs to another user, who could read or change the "
            "journals; give one of your own with XDG_STATE_HOME",
        )


def _make_parents(folder: Path) -> None:
    for parent in reversed(folder.parents):
        if not os.path.isdir(parent):
            make_folder(parent)


def make_folder(folder: Path) -> None:
    """Make a folder of mode 0700, durably; it may be there already.

    Raises:
        OSError: it cannot be made.
    """
    from migrate.runs import disk

    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        return
    disk.settle(str(folder.parent))


def is_within(path: str, folder: str) -> bool:
    """Whether a resolved path is a folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def refuse_within(state: Path, targets: Iterable[str], files: Iterable[str]) -> None:
    """Refuse a state folder inside a target, or a target inside the state folder.

    Args:
        state: the resolved state folder.
        targets: resolved paths of the targets.
        files: resolved paths of the files to change.

    Raises:
        ApplyError: journals hold secrets, and inside a target AEM, git or a package build would take them along.
    """
    place = state.as_posix()
    if any(is_within(place, target) for target in targets) or any(is_within(file, place) for file in files):
        raise ApplyError(
            Kind.STATE,
            f"{printable(place)}: the state folder and the target lie within one another; journals hold secrets "
            "and must not be taken along with the target. Give another folder with XDG_STATE_HOME",
        )
