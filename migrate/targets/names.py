"""Which path stands for which instance of the two factories, and how the path changes with a rename.

A configuration's name stands in one segment of its path: the file name (``F-1.config``), or the folder's name
for FileVault's ``F-1/.content.xml`` and ``F-1.dir/.content.xml``. FileVault writes ``~`` as ``%7e`` in them all.
"""

from __future__ import annotations

from typing import NamedTuple

from grammar import patterns
from grammar.pids import instance_of, strip_extension
from migrate.integration.configuration import node_key
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.base import FOLDER_NODE

_FORMS = ((".cfg.json", "cfg.json"), (".config", "config"), (".xml", "xml"))
# A node's name may end as a file's does (F-1.config.xml makes the node F-1.config); and what installers of one
# generation make of the files of another (SLING-12837: F-1.config.cfg.json) is still the instance F-1 to us.
_SECOND = {"config": (".cfg.json",), "cfg.json": (".config",), "xml": (".cfg.json", ".config")}
_RUN_MODES = patterns.lazy(r"^(?:config|install|osgiconfig)(?:\.(.+))?$")


class Identity(NamedTuple):
    """What a path says.

    Attributes:
        path: the path, relative to the target, with ``/``.
        folder: the folder that is the configuration's scope.
        label: the segment that carries the name.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        node: the name in the repository: of two that are the same, AEM has one.
        factory_pid: one of the two.
        separator: ``.``, ``-`` or ``~``.
        name: N.
        key: the configuration's: its path, and in a folder's ``.content.xml`` its element, too.
        suffix: what the name of the file has besides that takes the place of a repository's node; else empty.
    """

    path: str
    folder: str
    label: str
    form: str
    node: str
    factory_pid: str
    separator: str
    name: str
    key: str
    suffix: str = ""

    @property
    def edited_name(self) -> str:
        """N as the installer takes it once the file was edited: with half of a doubled ending (F-1.config.cfg.json)."""
        return strip_extension(self.node)[len(self.factory_pid) + 1 :]

    def renamed(self, label: str) -> str:
        """The path with another segment for the name, as it is once the configuration was edited."""
        tail = self.path[len(self.folder) + bool(self.folder) + len(self.label) :] + self.suffix
        return f"{self.folder}/{label}{tail}" if self.folder else label + tail


def identify(path: str) -> Identity | None:
    """What instance a path stands for; None when it is none of ours, or in no form that AEM reads."""
    folder, _, label = path.rpartition("/")
    is_folder = label == FOLDER_NODE
    if is_folder:
        folder, _, label = folder.rpartition("/")
    name = label
    if "%" in label:
        from grammar.xml.names import repository_name

        name = repository_name(label)
    if is_folder:
        suffix, form, node = "", "xml", name.removesuffix(".dir")
    else:
        suffix, form = next(((end, form) for end, form in _FORMS if name.endswith(end)), ("", ""))
        if not form:
            return None
        node = name.removesuffix(suffix) if form == "xml" else name
    base = node.removesuffix(suffix)
    for second in _SECOND[form]:
        if label.endswith(".dir") and base.endswith(second):
            # F-1.config.dir/ is the rest of the file F-1.config.
            return None
        base = base.removesuffix(second)
    for factory_pid in (PROVIDER, CUSTOMIZER):
        if found := instance_of(base, factory_pid):
            return Identity(path, folder, label, form, node, factory_pid, *found, path)
    return None


def identify_node(path: str) -> Identity | None:
    """What instance a sling:OsgiConfig node of a repository stands for; once edited it is a `.config` file."""
    folder, _, label = path.rpartition("/")
    suffix = next((end for end, _ in _FORMS if label.endswith(end)), "")
    for factory_pid in (PROVIDER, CUSTOMIZER):
        if found := instance_of(label.removesuffix(suffix), factory_pid):
            add = "" if suffix else ".config"
            return Identity(path, folder, label, "config", label, factory_pid, *found, path, add)
    return None


def identify_element(path: str, element: str) -> Identity | None:
    """What instance an element of a folder's ``.content.xml`` stands for, by its path below the folder's node."""
    inside, _, label = element.rpartition("/")
    folder = "/".join(filter(None, (path.rpartition("/")[0], inside)))
    base = label
    for second in _SECOND["xml"]:
        base = base.removesuffix(second)
    for factory_pid in (PROVIDER, CUSTOMIZER):
        if found := instance_of(base, factory_pid):
            key = node_key(path, element)
            return Identity(path, folder, label, "xml", label, factory_pid, *found, key)
    return None


def run_modes(folder: str) -> tuple[str, ...] | None:
    """The run modes of a configuration folder: ``config.author.prod`` has two; None for any other folder."""
    found = _RUN_MODES.match(folder.rpartition("/")[2])
    if found is None:
        return None
    return tuple(found[1].split(".")) if found[1] else ()


def never_touched(path: str, place: str = "") -> str | None:
    """Why a path is left alone whatever it holds; None when it may be edited.

    Args:
        path: relative to its target.
        place: where the target itself is, so that a target within ``/libs`` is known for what it is.
    """
    full = f"/{place.strip('/')}/{path}"
    if "/launchpad/config/" in full:
        return "crx-quickstart/launchpad/config is ConfigAdmin's own store"
    if "/crx-quickstart/" in full:
        # The installer's folder on the disk, whatever is above it.
        return None
    _, root, inside = full.rpartition("/jcr_root/")
    if root:
        is_libs = inside.startswith("libs/")
    else:
        # A copy of a repository without jcr_root, perhaps some folders down: /libs is where no /apps is above it.
        above, libs, _ = full.partition("/libs/")
        is_libs = bool(libs) and "apps" not in above.split("/")
    return "/libs belongs to AEM and is replaced by every service pack" if is_libs else None
