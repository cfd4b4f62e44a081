"""The fleet file: named targets, how each is reached and where its credential is. Data, in TOML (docs/fleet.md).

aemc's ``aem.yml`` is read, too (:mod:`migrate.fleet.aemc`), since teams have that already.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrate.fleet.errors import FleetError
from migrate.fleet.members import Fleet, Member
from migrate.integration.request import Request
from migrate.targets.instance.address import is_base, shown

_MAX_BYTES = 4 * 1024 * 1024

_REQUEST = {field.name: "text" for field in dataclasses.fields(Request)} | {
    "secret_index": "index",
    "no_ignore": "flag",
}
_ACCESS = {
    "user": "text",
    "password_env": "text",
    "password_file": "text",
    "password_command": "text",
    "ca_bundle": "text",
    "fingerprint": "text",
    "allow_http": "flag",
    "proxy": "text",
    "timeout": "seconds",
}
_OWN = {"only": "texts", "skip": "texts", "tags": "texts", "run_modes": "texts", "wave": "text"}
_PLACES = ("url", "path", "package")
_KINDS = {**_REQUEST, **_ACCESS, **_OWN, **dict.fromkeys(_PLACES, "text")}
KEYS = tuple(name.replace("_", "-") for name in _KINDS)
"""Everything that a target, or the defaults of all, may say."""
_RELATIVE = ("credentials", "client_secret_file", "profile", "password_file", "ca_bundle", "path", "package")
_SECRETS = {"client-secret": "client-secret-env", "password": "password-env", "secret": "client-secret-env"}
_CHOICES = {
    "prefer": ("old", "new"),
    "values": ("file", "live"),
    "platform": ("aem65", "aem65-lts", "cloud", "any"),
}


def load(path: str) -> Fleet:
    """Read a fleet file, or aemc's ``aem.yml`` by its name.

    Raises:
        FleetError: unreadable, or something in it is missing, unknown or of the wrong type; the message names it.
    """
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise FleetError(f"{path}: cannot read the fleet file: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise FleetError(f"{path}: larger than {_MAX_BYTES} bytes, so no fleet file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FleetError(f"{path}: a fleet file is a UTF-8 text") from None
    if Path(path).suffix.lower() in (".yml", ".yaml"):
        from migrate.fleet import aemc

        return aemc.read(text, path)
    return _of_toml(text, path)


def _of_toml(text: str, path: str) -> Fleet:
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FleetError(f"{path}: not TOML: {error}") from None
    for key in table:
        if key not in ("defaults", "targets", "waves"):
            raise FleetError(f'{path}: unknown key "{key}"; a fleet file has defaults, targets, waves')
    waves = _value(path, "waves", table.get("waves", []), "texts")
    defaults = _known(path, "defaults", table.get("defaults", {}))
    for place in (*_PLACES, "wave"):
        if place in defaults:
            raise FleetError(f'{path}: "{place}" is for one target, not for [defaults]')
    named = table.get("targets")
    if not isinstance(named, dict) or not named:
        raise FleetError(f"{path}: there are no targets; write [targets.NAME] with url, path or package")
    folder = os.path.dirname(path)
    members = [_member(path, folder, name, {**defaults}, own, waves) for name, own in named.items()]
    return Fleet(path, tuple(members), tuple(waves))


def _member(
    path: str, folder: str, name: str, defaults: dict[str, Any], own: object, waves: Sequence[str]
) -> Member:
    where = f"targets.{name}"
    if not name.strip() or not name.isprintable() or name.startswith("tag:") or "," in name:
        # --limit takes names, parted by commas, and tag:NAME.
        raise FleetError(
            f"{path}: {name!r} is no name for a target; it may not be blank, hold a comma or begin with tag:"
        )
    mine = _known(path, where, own)
    # Another source takes the place of the default one, whatever that is.
    for sources in (("client_secret_env", "client_secret_file", "client_secret_command"),
                    ("password_env", "password_file", "password_command")):  # fmt: skip
        if any(source in mine for source in sources):
            defaults = {key: value for key, value in defaults.items() if key not in sources}
    told = {**defaults, **mine}
    places = [place for place in _PLACES if place in told]
    if len(places) != 1:
        raise FleetError(
            f"{path}: {where} needs one of url, path, package; it has {', '.join(places) or 'none'}"
        )
    if places[0] == "url" and not told["url"].lower().startswith(("http://", "https://")):
        raise FleetError(f"{path}: {where}: url is the address of an instance, https://host:4502")
    if places[0] == "url" and "@" in told["url"]:
        raise FleetError(
            f"{path}: {where}: url {shown(told['url'])} holds a user name or a password; name them with user and "
            "password-env, -file or -command"
        )
    if places[0] == "url" and not is_base(told["url"]):
        raise FleetError(
            f"{path}: {where}: url {shown(told['url'])} is more than the base address of an instance; leave out ? and #"
        )
    if places[0] != "url":
        # How instances are reached is no matter of a path.
        told = {key: value for key, value in told.items() if key not in _ACCESS or key in mine}
    if (wave := told.get("wave")) is not None and wave not in waves:
        raise FleetError(f'{path}: {where}: the wave "{wave}" is not among waves = [...]')
    for key in _RELATIVE:
        if key in told and told[key] != "-":
            told[key] = os.path.join(folder, os.path.expanduser(told[key]))
    request = {key: told[key] for key in _REQUEST if key in told}
    if "profile" in request:
        request["profile"] = Path(request["profile"])
    access = {key: told[key] for key in _ACCESS if key in told}
    if "ca_bundle" in access:
        access["ca_bundle"] = Path(access["ca_bundle"])
    lists = {key: tuple(told.get(key, ())) for key in ("only", "skip", "tags", "run_modes")}
    return Member(name, told[places[0]], request, access, wave=told.get("wave"), **lists)


def _known(path: str, where: str, table: object) -> dict[str, Any]:
    """The keys of a table as the names of options, each of its type."""
    if not isinstance(table, dict):
        raise FleetError(f"{path}: {where} must be a table")
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if key in _SECRETS:
            raise FleetError(
                f'{path}: {where}: no secret stands in a fleet file; say where it is, with "{_SECRETS[key]}" and the '
                "name of an environment variable, or with -file or -command"
            )
        if name not in _KINDS or "_" in key:
            raise FleetError(f'{path}: {where}: unknown key "{key}"; {_meant(key)}')
        found[name] = _value(path, f"{where}.{key}", value, _KINDS[name])
        if name in _CHOICES and found[name] not in _CHOICES[name]:
            raise FleetError(f"{path}: {where}.{key} is one of {', '.join(_CHOICES[name])}")
    return found


def _meant(key: str) -> str:
    """What may have been meant by a key that there is not."""
    from difflib import get_close_matches

    close = get_close_matches(key.lower().replace("_", "-"), KEYS, n=1)
    return f'did you mean "{close[0]}"?' if close else f"there are {', '.join(KEYS)}"


def _value(path: str, where: str, value: object, kind: str) -> Any:
    """A value that has its type.

    Raises:
        FleetError: it has another one, or is empty.
    """
    fits = {
        "text": isinstance(value, str) and bool(value.strip()),
        "texts": isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value),
        "flag": isinstance(value, bool),
        "index": type(value) is int and value >= 1,
        "seconds": isinstance(value, (int, float)) and not isinstance(value, bool) and 0.1 <= value <= 3600,
    }
    words = {
        "text": "a text that is not empty",
        "texts": "a list of texts",
        "flag": "true or false",
        "index": "a whole number from 1",
        "seconds": "a number of seconds from 0.1 to 3600",
    }
    if not fits[kind]:
        raise FleetError(f"{path}: {where} must be {words[kind]}")
    return value
