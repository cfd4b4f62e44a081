"""What is accepted, and still not what it looks like: what the forms have in common of it.

What a text makes AEM load otherwise than meets the eye is asked of :func:`grammar.forms.hazards`; here is what the
name of a file does, whatever its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grammar.pids import Pid, strip_extension

if TYPE_CHECKING:
    from grammar.documents import Document

_HYPHEN_IN_PID = re.compile(r"[\w.]*\.[a-z]\w*-\w[\w-]*\.[\w.]*")
_DOTTED_NUMBER = re.compile(r".+\.[0-9]+")
_DOTTED_UUID = re.compile(r".+\.[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
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


def of_name(filename: str) -> Iterator[Hazard]:
    """What is wrong with the name of a file or XML node: Sling's installer makes the PID of it."""
    base = strip_extension(filename)
    if base.endswith((".config", ".cfg.json", ".cfg", ".properties")):
        message = (
            f"two extensions: the PID is {Pid.from_filename(filename).pid!r}, the first one belongs to it"
        )
        yield Hazard("double-extension", 1, 1, message, "Keep one extension")
        return
    if "~" in base or "%7e" in base.lower():
        return
    if _DOTTED_UUID.fullmatch(base):
        message = (
            "a dotted UUID: a factory instance from installer.factory.configuration 1.4.6 on; before that its "
            "first hyphen splits the PID in the middle of the UUID"
        )
        yield Hazard("dotted-uuid", 1, 1, message, "Write <factory PID>~<name>, or a hyphen for the last dot")
    elif _DOTTED_NUMBER.fullmatch(base):
        message = f"{base!r} is a PID of its own to the installer, no instance of a factory"
        yield Hazard(
            "dotted-number", 1, 1, message, "Write <factory PID>~<name>, or a hyphen for the last dot"
        )
    elif _HYPHEN_IN_PID.fullmatch(base):
        pid = Pid.from_filename(filename)
        message = f"the first hyphen splits the name: factory PID {pid.factory_pid!r}, instance {pid.name!r}"
        yield Hazard("hyphen-in-pid", 1, 1, message, "A PID with a hyphen cannot be named by a file")


def of_identity(document: Document, filename: str) -> Iterator[Hazard]:
    """PIDs inside that are not the one of the file's or node's name, which alone counts."""
    if b"service.pid" not in document.source and b"service.factoryPid" not in document.source:
        return
    pid = Pid.from_filename(filename)
    meant = {"service.pid": (pid.pid, strip_extension(filename)), "service.factoryPid": (pid.factory_pid,)}
    for name in _PIDS:
        found = document.get(name)
        if found is not None and found.value.text not in meant[name]:
            message = f"{name} inside the file differs from the file name, which alone decides"
            yield Hazard("pid-differs", found.line, found.column, message, "Remove it", name)
