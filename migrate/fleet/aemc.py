"""aemc's ``aem.yml`` as a fleet: its instances, with address and user, and the password by the variable that it names.

The file is a template (``[[.Env.NAME | default "x"]]``) before it is YAML; of that, what stands for values here is
understood, and anything else there is refused rather than taken for nothing. Only ``instance.config`` and
``instance.filter`` count. Source: wttech/aemc, app_classic/aem/default/etc/aem.yml and pkg/instance_manager.go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from grammar import patterns
from migrate.fleet.errors import FleetError
from migrate.fleet.members import Fleet, Member
from migrate.targets.instance.address import is_base, shown

_TEMPLATE = patterns.lazy(r"\[\[-?\s*(.*?)\s*-?\]\]|\{\{-?\s*(.*?)\s*-?\}\}")
_VARIABLE = patterns.lazy(r'\.Env\.([A-Za-z_][A-Za-z0-9_]*)(?:\s*\|\s*default\s+(?:"([^"]*)"|(\S+)))?')
_MARK = "slingshift-variable-"


def read(text: str, path: str) -> Fleet:
    """The fleet of an ``aem.yml``.

    Raises:
        FleetError: it is not YAML, or has no instance.
    """
    import yaml

    templates: list[str] = []

    def marked(found: re.Match[str]) -> str:
        # A word means the same to YAML wherever it stands: by itself, in quotes, within a longer text.
        templates.append(found[1] or found[2] or "")
        return f"{_MARK}{len(templates) - 1}."

    try:
        told = yaml.safe_load(_TEMPLATE.sub(marked, text))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
        raise FleetError(f"{path}{where}: not the YAML of an aem.yml") from None
    whole = _table(_table(told).get("instance"))
    for key in ("adhoc_url", "config_url"):
        if whole.get(key):
            raise FleetError(
                f"{path}: instance.{key} names instances that aemc takes instead of instance.config; "
                "write those below instance.config, or in a fleet.toml"
            )
    members, remarks = [], []
    for name, instance in _table(whole.get("config")).items():
        try:
            member = _member(str(name), _table(instance), templates)
        except FleetError as error:
            raise FleetError(f"{path}: instance.config.{name}.{error}") from None
        if member is None or not _is_meant(member.name, _table(whole.get("filter")), templates):
            continue
        members.append(member)
        if _table(instance).get("password") and "password_env" not in member.access:
            remarks.append(
                f"the password of {name} is no variable alone, so it stands in clear text there and is not used; write "
                "[[.Env.AEM_PASSWORD]] in its place, or give --password-env NAME"
            )
    if not members:
        raise FleetError(f"{path}: no active instance below instance.config that instance.filter lets pass")
    return Fleet(path, tuple(members), (), tuple(remarks))


def _is_meant(name: str, wanted: Mapping[str, Any], templates: list[str]) -> bool:
    """Whether aemc's filter lets an instance pass: by names, or by the parts of names, ``remote_author_prod``."""
    names = wanted.get("id")
    named = [_filled(one, templates) for one in (names if isinstance(names, list) else [names]) if one]
    if any(named):
        return name in named
    location, _, rest = name.partition("_")
    role, _, classifier = rest.partition("_")

    def passes(told: str, *choices: tuple[str, str]) -> bool:
        on = [word for key, word in choices if _is_on(wanted.get(key), templates)]
        return not on or told in on

    return (
        passes(role, ("authors", "author"), ("publishes", "publish"))
        and passes(location, ("locals", "local"), ("remotes", "remote"))
        and classifier.startswith(_filled(wanted.get("classifier-prefix"), templates))
    )


def _is_on(value: object, templates: list[str]) -> bool:
    """A switch as aemc reads it, in which nothing is off."""
    return _filled(value, templates).lower() in ("1", "t", "true", "yes", "on")


def _filled(value: object, templates: list[str]) -> str:
    """A value as text, with what its templates stand for: an environment variable, or else its default.

    Raises:
        FleetError: a template that is none of these.
    """

    def of_template(found: re.Match[str]) -> str:
        variable = _VARIABLE.fullmatch(templates[int(found[1])])
        if variable is None:
            raise FleetError(
                f"[[{templates[int(found[1])]}]] is no template that is understood; there is "
                '[[.Env.NAME]] and [[.Env.NAME | default "x"]]'
            )
        default = variable[2] if variable[2] is not None else variable[3] or ""
        return os.environ.get(variable[1]) or default

    return "" if value is None else re.sub(rf"{_MARK}(\d+)\.", of_template, str(value))


def _variable(value: object, templates: list[str]) -> str | None:
    """The variable that a value is: a secret is looked up there when it is needed, and its default is not used."""
    found = re.fullmatch(rf"{_MARK}(\d+)\.", str(value))
    variable = _VARIABLE.fullmatch(templates[int(found[1])]) if found else None
    return variable[1] if variable else None


def _member(name: str, instance: Mapping[str, Any], templates: list[str]) -> Member | None:
    def told(key: str) -> str:
        try:
            return _filled(instance.get(key), templates)
        except FleetError as error:
            raise FleetError(f"{key}: {error}") from None

    if told("active") and not _is_on(instance.get("active"), templates):
        return None
    url = told("http_url")
    if not url.lower().startswith(("http://", "https://")):
        raise FleetError("http_url: it has to be the address of an instance, https://host:4502")
    if "@" in url:
        raise FleetError(
            f"http_url: {shown(url)} holds a user name or a password; write them as user and password"
        )
    if not is_base(url):
        raise FleetError(
            f"http_url: {shown(url)} is more than the base address of an instance; leave out ? and #"
        )
    modes = instance.get("run_modes")
    run_modes = tuple(_filled(mode, templates) for mode in modes) if isinstance(modes, list) else ()
    user = told("user")
    access: dict[str, Any] = {"user": user} if user else {}
    if (variable := _variable(instance.get("password"), templates)) is not None:
        access["password_env"] = variable
    tags = (*(part for part in ("author", "publish") if part in name), *run_modes)
    return Member(name, url, {}, access, tags=tuple(dict.fromkeys(tags)), run_modes=run_modes)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
