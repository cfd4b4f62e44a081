"""aemc's ``aem.yml`` as a fleet: its instances, with address and user, and the password by the variable that it names.

The file is a template (``[[.Env.NAME | default "x"]]``) before it is YAML; of that, what stands for values here is
understood. Nothing but ``instance.config`` is looked at. Source: wttech/aemc, project/instance/aem/default/etc/aem.yml.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from grammar import patterns
from migrate.fleet.errors import FleetError
from migrate.fleet.members import Fleet, Member

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
    instances = _table(_table(_table(told).get("instance")).get("config"))
    members, remarks = [], []
    for name, instance in instances.items():
        member = _member(str(name), _table(instance), templates)
        if member is None:
            continue
        members.append(member)
        if _table(instance).get("password") and "password_env" not in member.access:
            remarks.append(
                f"the password of {name} stands in clear text there and is not used; write [[.Env.AEM_PASSWORD]] in "
                "its place, or give --password-env NAME"
            )
    if not members:
        raise FleetError(f"{path}: no active instance with an http_url below instance.config")
    return Fleet(path, tuple(members), (), tuple(remarks))


def _filled(value: object, templates: list[str]) -> str:
    """A value as text, with what its templates stand for: an environment variable, or else its default."""

    def of_template(found: re.Match[str]) -> str:
        variable = _VARIABLE.fullmatch(templates[int(found[1])])
        if variable is None:
            return ""
        default = variable[2] if variable[2] is not None else variable[3] or ""
        return os.environ.get(variable[1]) or default

    return "" if value is None else re.sub(rf"{_MARK}(\d+)\.", of_template, str(value))


def _variable(value: object, templates: list[str]) -> str | None:
    """The variable that a value is: a secret is looked up there when it is needed, and its default is not used."""
    found = re.fullmatch(rf"{_MARK}(\d+)\.", str(value))
    variable = _VARIABLE.fullmatch(templates[int(found[1])]) if found else None
    return variable[1] if variable else None


def _member(name: str, instance: Mapping[str, Any], templates: list[str]) -> Member | None:
    url = _filled(instance.get("http_url"), templates)
    if _filled(instance.get("active"), templates).lower() == "false" or not url:
        return None
    modes = instance.get("run_modes")
    run_modes = tuple(_filled(mode, templates) for mode in modes) if isinstance(modes, list) else ()
    user = _filled(instance.get("user"), templates)
    access: dict[str, Any] = {"user": user} if user else {}
    if (variable := _variable(instance.get("password"), templates)) is not None:
        access["password_env"] = variable
    tags = (*(part for part in ("author", "publish") if part in name), *run_modes)
    return Member(name, url, {}, access, tags=tuple(dict.fromkeys(tags)), run_modes=run_modes)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
