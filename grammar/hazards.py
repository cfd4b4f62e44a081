"""What is accepted, and still not what it looks like: what the forms have in common of it.

What a text makes AEM load otherwise than meets the eye is asked of :func:`grammar.forms.hazards`; here is what the
name of a file does, whatever its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from grammar.pids import Pid, strip_extension

if TYPE_CHECKING:
    from grammar.documents import Document

_CAPITAL = patterns.lazy(r"(?:\A|\.)[A-Z]")
_CLASS_BEHIND_DOT = patterns.lazy(r"\.[A-Z]\w*\Z")
"""The class at the end of a PID; what stands in front of the hyphen has none then."""
_DOTTED_NUMBER = patterns.lazy(r".+\.[0-9]+")
_DOTTED_UUID = patterns.lazy(r".+\.[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SILENT = patterns.lazy(
    r"[A-Za-z][A-Za-z0-9_.]*\.[A-Z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)?\.(?:config|cfg\.json)"
)
"""A class in its package, with a simple name behind a hyphen or without: most files, of which nothing is to be said."""
_EXTENSIONS = (".config", ".cfg.json", ".cfg", ".properties")
_LOG_WRITER = "org.apache.sling.commons.log.LogManager.factory.config"
"""The factory whose PID ends as a file does."""
_NAME_IT = "Write <factory PID>~<name>, or a hyphen for the last dot"
_PIDS = ("service.pid", "service.factoryPid")


class Hazard(NamedTuple):
    """One place where AEM loads something else than meets the eye.

    Attributes:
        rule: stable id (docs/rules/).
        line: line from 1.
        column: column in code points, from 1.
        message: what AEM makes of it, one line.
        fix: how to write it right, one line; empty when the message says so.
        name: the property concerned; None for the file as a whole.
    """

    rule: str
    line: int
    column: int
    message: str
    fix: str = ""
    name: str | None = None


def is_plain_name(filename: str) -> bool:
    """Whether a file's name is that of a class in its package, and so the same to every build and repository."""
    return _SILENT.fullmatch(filename) is not None


def of_name(filename: str) -> Iterator[Hazard]:
    """What is wrong with the name of a file or XML node: Sling's installer makes the PID of it.

    The installer's own split comes first: what stands behind ``~``, else behind the first ``-``, is a name that may be
    anything.
    """
    if not is_plain_name(filename):
        yield from _of_odd_name(filename)


def _of_odd_name(filename: str) -> Iterator[Hazard]:
    base = strip_extension(filename)
    pid = Pid.from_filename(filename.replace("%7e", "~"))
    if pid.separator == "~":
        return
    if _DOTTED_UUID.fullmatch(base):
        message = (
            "a dotted UUID: a factory instance from installer.factory.configuration 1.4.6 on; before that its "
            "first hyphen splits the PID in the middle of the UUID"
        )
        yield Hazard("dotted-uuid", 1, 1, message, _NAME_IT)
    elif pid.factory_pid is not None and pid.name is not None:
        if not _CAPITAL.search(pid.factory_pid) and _CLASS_BEHIND_DOT.search(pid.name):
            message = (
                f"the first hyphen splits the name: factory PID {pid.factory_pid!r}, instance {pid.name!r}"
            )
            yield Hazard("hyphen-in-pid", 1, 1, message, "A PID with a hyphen cannot be named by a file")
    elif _LOG_WRITER in (base, filename):
        message = f"{base!r} is a PID of its own to the installer, no instance of the factory {_LOG_WRITER!r}"
        if base != _LOG_WRITER:
            message = f".config at the end is taken for an extension: the PID is {base!r}"
        yield Hazard("double-extension", 1, 1, message, f"Write {_LOG_WRITER}~<name>, and then the extension")
    elif base.endswith(_EXTENSIONS):
        message = f"two extensions: the PID is {pid.pid!r}, the first one belongs to it"
        yield Hazard("double-extension", 1, 1, message, "Keep one extension")
    elif _DOTTED_NUMBER.fullmatch(base):
        message = f"{base!r} is a PID of its own to the installer, no instance of a factory"
        yield Hazard("dotted-number", 1, 1, message, _NAME_IT)


def of_identity(document: Document, filename: str) -> Iterator[Hazard]:
    """PIDs inside that are not the one of the file's or node's name, which alone counts."""
    names = document.names
    if "service.pid" not in names and "service.factoryPid" not in names:
        return
    pid = Pid.from_filename(filename)
    meant = {"service.pid": (pid.pid, strip_extension(filename)), "service.factoryPid": (pid.factory_pid,)}
    for name in _PIDS:
        found = document.get(name)
        if found is not None and found.value.text not in meant[name]:
            message = f"{name} inside the file differs from the file name, which alone decides"
            yield Hazard("pid-differs", found.line, found.column, message, "Remove it", name)
