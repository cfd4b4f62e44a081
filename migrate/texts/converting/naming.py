"""What a configuration's file is called in another form: never so that it gets another PID.

Below ``jcr_root`` file names are FileVault's (``%7e`` is ``~``), and so are those of XML files anywhere.
"""

from __future__ import annotations

import os

from grammar import patterns
from grammar.pids import Pid, strip_extension
from grammar.xml import names
from migrate.errors import MigrateError
from migrate.targets.watched import Ground, place_of

EXTENSIONS = {"config": ".config", "cfg.json": ".cfg.json", "xml": ".xml"}
_SPECIAL = patterns.lazy(r'[%:*?"<>|\\/\t]')


class NamingError(MigrateError):
    """No file of the form makes the same PID; a phrase that says why."""


def is_in_repository(path: str) -> bool:
    """Whether a file stands below a ``jcr_root``."""
    return place_of(os.path.abspath(path)).ground is not Ground.LOOSE


def node_of(path: str, form: str) -> tuple[str, str]:
    """The folder that a configuration's file stands in, and the name that the installer makes the PID of.

    Raises:
        NamingError: the name makes none.
    """
    folder, _, name = path.rpartition("/")
    if form == "xml" and name.endswith(".xml"):
        node = names.node_of("/".join(path.split("/")[-2:]))
        if node is None or not node.name:
            raise NamingError("no name for the new file; convert a file in a folder with a name")
        return folder.rpartition("/")[0] if name == names.CONTENT_FILE else folder, node.name
    return folder, names.repository_name(name) if form == "xml" or is_in_repository(path) else name


def file_for(folder: str, node: str, to: str) -> str:
    """The path of a configuration's file in a form, by the name that the installer makes the PID of.

    Raises:
        NamingError: another PID would come of it.
    """
    base = strip_extension(node)
    if not base:
        raise NamingError("no name for the new file")
    if to == "xml" and strip_extension(base) != base:
        # One extension is taken off: of a name that seems to have one, too.
        base += ".config"
    ending = EXTENSIONS[to]
    path = f"{folder}/{base}{ending}" if folder else f"{base}{ending}"
    if to == "xml" or is_in_repository(path):
        name = platform_name(base, tilde=to == "xml") + ending
        path = f"{folder}/{name}" if folder else name
    try:
        made = node_of(path, to)[1]
    except NamingError:
        made = ""
    if Pid.from_filename(made).pid != Pid.from_filename(node).pid:
        what = "FileVault" if to == "xml" else "the installer"
        raise NamingError(f"{what} would make another node of the name {path.rpartition('/')[2]}")
    return path


def platform_name(node: str, *, tilde: bool = False) -> str:
    """The file name that FileVault takes for a node; the tilde, which it knows, is written as it writes it itself."""
    name = _SPECIAL.sub(lambda found: f"%{ord(found[0]):02x}", node)
    if tilde:
        name = name.replace("~", "%7e")
    return f"_{name}" if name.startswith("_") else name
