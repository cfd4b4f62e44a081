"""Adobe's "Add the following files": a new pair from the same desired state (`plan --create FOLDER`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from grammar import forms
from grammar.config.writer import write_config
from grammar.errors import ParseError
from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration import token_url
from migrate.integration.edits import Create, Edit, Refusal
from migrate.integration.findings import WARNING, Finding
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.passes import guard, registered
from migrate.plans import inventory
from migrate.plans.inventory import Inventory
from migrate.targets.base import Kind, Reader
from migrate.targets.changes import FileChange
from migrate.targets.names import never_touched


@dataclass(slots=True)
class Created:
    """What it takes to make the pair; no edits where it stands already."""

    edits: list[Edit] = field(default_factory=list)
    changes: list[FileChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def create(reader: Reader, settings: Settings, found: Inventory) -> Created:
    """Plan a new pair in the folder that the settings name."""
    folder = _within(reader, settings.create_in or "")
    refusal = _cannot_create(reader, folder, settings, found)
    if refusal is not None:
        return Created(refusals=[refusal])
    created = Created(findings=list(_nested(reader, settings.create_in or "", folder)))
    for label, values in _new_pair(settings):
        path = f"{folder}/{label}" if folder else label
        if label not in reader.listing(folder):
            created.edits.append(Create(path, "create", label, values))
            data = write_config(dict(values))
            created.changes.append(FileChange(path, None, data, new=forms.parse(data, path)))
        elif not _holds(reader, path, dict(values)):
            message = f"{label} already stands in {folder or '.'}"
            return Created(refusals=[Refusal(path, "target-exists", message)])
    return created


def _nested(reader: Reader, named: str, folder: str) -> Iterator[Finding]:
    """A target that is named again as the folder, which is then made inside of it."""
    again = os.path.realpath(named) == reader.target.location and reader.target.kind is not Kind.INSTANCE
    if folder and again and not reader.listing(folder):
        message = f"--create {named} makes a folder {folder} inside of {reader.target.name}, since it is relative to it"
        fix = f"For a pair in {reader.target.name} itself write --create . , or leave the TARGET out"
        yield Finding("create-nested", WARNING, message, fix, path=folder)


def _within(reader: Reader, folder: str) -> str:
    """The folder relative to the target. An absolute path may be one on this machine, else it is one of AEM's."""
    root = f"/{reader.location('').strip('/')}"
    if folder == root or folder.startswith(f"{root}/"):
        folder = folder[len(root) :]
    return "/".join(part for part in folder.split("/") if part not in ("", "."))


def _holds(reader: Reader, path: str, values: dict[str, Value]) -> bool:
    """Whether a file holds these very values, whoever wrote it."""
    try:
        document = forms.parse(reader.read_if_there(path) or b"", path)
    except ParseError:
        return False
    return {found.name: found.value for found in document.properties} == values


def _cannot_create(reader: Reader, folder: str, settings: Settings, found: Inventory) -> Refusal | None:
    if ".." in folder.split("/") or folder.startswith("~"):
        return Refusal(folder, "outside-target", "--create names a folder inside the target")
    reason = never_touched(f"{folder}/x", inventory.place_of(reader))
    if reason is not None:
        return Refusal(folder or ".", "never-touched", f"nothing is made there: {reason}")
    missing = [
        option
        for option, given in (
            ("--client-id", settings.client_id),
            ("--org-id", settings.org_id),
            ("a client secret", settings.secret),
        )
        if not given
    ]
    if missing:
        return Refusal(folder or ".", "credential-missing", f"cannot be made without {', '.join(missing)}")
    error = token_url.address(settings.profile.token_url).error
    if error is not None:
        return Refusal(folder or ".", error.id, f"{error.message}. {error.fix}")
    for scope in found.scopes:
        for provider in scope.providers:
            if scope.folder != folder or provider.document.text(p.NAME) != settings.profile.provider_name:
                continue
            if provider.label != f"{PROVIDER}-{settings.instance_name}.config":
                message = f"{provider.label} is already there; plan without --create migrates it"
                return Refusal(folder or ".", "already-there", message)
    return None


def _new_pair(settings: Settings) -> list[tuple[str, tuple[tuple[str, Value], ...]]]:
    profile = settings.profile
    known = {
        PROVIDER: ((p.NAME, profile.provider_name), (p.REQUEST_CUSTOMIZER_TYPE, profile.customizer_type)),
        CUSTOMIZER: ((p.CUSTOMIZER_TYPE, profile.customizer_type),),
    }
    return [
        (
            f"{factory_pid}-{settings.instance_name}.config",
            (*((name, Value.string(text)) for name, text in names), *_desired(factory_pid, settings)),
        )
        for factory_pid, names in known.items()
    ]


def _desired(factory_pid: str, settings: Settings) -> Iterator[tuple[str, Value]]:
    for one in registered().values():
        for name, value in one.desired(factory_pid, None, settings):
            if value is not None:
                yield name, guard(name, value)
