"""What may differ between two instances of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.live.sling.boot.bundles import SERVICE_PACK_25

NEW_CONFIGURATIONS = "/apps/system/config"
"""Where AEM's installer writes configurations that people make in the console."""

SERVICE_USER, SERVICE_USER_PATH = "dam-update-service", "system/dam"
"""The user of AEM that asks for tokens; tokens and keys lie below its node."""


@dataclass(frozen=True)
class User:
    """Somebody who may do less than the administrator.

    Attributes:
        name: also the password.
        rights: repository privileges by path.
        console: whether the web console lets the user in.
    """

    name: str
    rights: tuple[tuple[str, str], ...] = ()
    console: bool = False


READER = User("reader", (("/", "jcr:read"),))
"""Sees everything, changes nothing, is kept out of the console."""

DEPLOYER = User("deployer", (("/", "jcr:read"), ("/apps,/var,/etc", "rep:write,jcr:nodeTypeManagement")))
"""Does files, but the console is closed to them."""

OPERATOR = User("operator", DEPLOYER.rights, console=True)
"""No administrator, and still may do all that a migration needs."""

WATCHER = User("watcher", (("/", "jcr:read"),), console=True)
"""Sees the console and every file, and may change no file."""

USERS = (READER, DEPLOYER, OPERATOR, WATCHER)


@dataclass(frozen=True)
class Options:
    """How an instance is set up; the defaults are as on AEM.

    Attributes:
        context: context path, such as ``/author``.
        run_modes: Sling run modes.
        writeback: whether the installer writes changes made in the console into files.
        writable: where the installer's own user may write.
        certificate: serve https too, with a self-signed certificate that names this host, or another one.
        users: who exists beside admin (admin).
        stand_ins: names and versions of bundles that stand in for AEM's; none leaves a plain Sling.
        memory: the heap, as -Xmx takes it.
        properties: framework properties on top.
    """

    context: str = ""
    run_modes: tuple[str, ...] = ()
    writeback: bool = True
    writable: tuple[str, ...] = (NEW_CONFIGURATIONS,)
    certificate: Literal["", "this host", "another host"] = ""
    users: tuple[User, ...] = USERS
    stand_ins: tuple[tuple[str, str], ...] = tuple(SERVICE_PACK_25.items())
    memory: str = "512m"
    properties: tuple[tuple[str, str], ...] = ()


def repoinit(options: Options, installer_acl: str) -> list[str]:
    """The paths, users and rights of `options` in Sling's repository initialization language.

    Args:
        installer_acl: how this Sling gives its installer's user rights: ``set ACL`` or ``set principal ACL``.
    """
    given = (path for user in options.users for paths, _ in user.rights for path in paths.split(","))
    folders = sorted({*options.writable, NEW_CONFIGURATIONS, *given} - {"/"})
    lines = [f"create path (sling:Folder) {path}" for path in folders]
    lines += [f"{installer_acl} for sling-jcr-install"]
    lines += [f"  allow jcr:read,rep:write on {path}" for path in options.writable]
    lines += ["end"]
    lines += [f"create service user {SERVICE_USER} with path {SERVICE_USER_PATH}"]
    for user in options.users:
        lines += [f"create user {user.name} with password {user.name}", f"set ACL for {user.name}"]
        lines += [f"  allow {privileges} on {paths}" for paths, privileges in user.rights]
        lines += ["end"]
    return lines
