"""The base address of an instance, from what the user typed."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from grammar import patterns
from migrate.integration.secret import MASK
from migrate.targets.base import Kind, Target
from migrate.targets.instance.errors import InstanceError, Rule

_PORTS = {"http": 80, "https": 443}
_BEHIND_PATH = patterns.lazy(r"[?#](?=.)")
_PAGES = ("/system/console/", "/crx/de/")


def named(name: str) -> Target:
    """The instance that a URL names.

    Raises:
        InstanceError: not the base address of one, or one with a user or a password, which is not repeated.
    """
    parts, problem = _split(name)
    if parts is None or problem:
        # Not the name itself, which may hold a password.
        raise InstanceError(Rule.BAD_VALUE, shown(name), problem)
    host = parts.hostname or ""
    port = parts.port
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        netloc += f":{port}"
    return Target(name, Kind.INSTANCE, f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}")


def _split(name: str) -> tuple[SplitResult | None, str]:
    """The parts of an address, or why it is none."""
    try:
        parts = urlsplit(name)
        port = parts.port
    except ValueError:
        return None, "not a URL"
    if "@" in parts.netloc:
        problem = (
            "holds a user name or a password; give them with --user and --password-env, -file or -command"
        )
    elif not parts.hostname or port == 0 or any(char.isspace() or not char.isprintable() for char in name):
        problem = "not a URL"
    elif parts.query or parts.fragment or "?" in name or "#" in name:
        problem = "give the base address of the instance, without ? and #"
    elif "//" in parts.path or any(part in (".", "..") for part in parts.path.split("/")):
        problem = "give the base address of the instance, its context path written plainly"
    elif parts.path.endswith(".html") or any(page in f"{parts.path}/" for page in _PAGES):
        problem = f"is a page; give the base address of the instance, without {parts.path}"
    else:
        problem = ""
    return parts, problem


def is_base(name: str) -> bool:
    """Whether nothing stands behind the path of an address, where it may be a password."""
    return _BEHIND_PATH.search(name) is None


def shown(name: str) -> str:
    """An address without what may be a password in it: what stands before the host, and behind the path."""
    scheme, slashes, rest = name.partition("://")
    behind = _BEHIND_PATH.search(rest)
    if "@" in rest and behind is not None:
        return f"{scheme}{slashes}{MASK}@{MASK}"  # either of them may be a part of the password
    if behind is not None:
        return f"{scheme}{slashes}{rest[: behind.end()]}{MASK}"
    return f"{scheme}{slashes}{MASK}@{rest.rpartition('@')[2]}" if "@" in rest else name
