"""What is wrong with the name of a file: the readers make the PID of it, and some of them more than that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import forms, hazards

_ODD_JSON = re.compile(r'["\[\]:\x00-\x1f]')
_PROBE = b"{}"


def node_name(path: str, form: str) -> str:
    """What the installer makes the PID of; empty when the file makes no node."""
    if form == "xml":
        from grammar import xml_names

        node = xml_names.node_of(path)
        return node.name if node else ""
    return path.rpartition("/")[2]


def of_name(path: str, form: str) -> Iterator[hazards.Hazard]:
    """What is wrong with a file's name."""
    yield from hazards.of_name(node_name(path, form))
    message = _of_xml(path) if form == "xml" else _of_json(path) if form == "cfg.json" else ""
    if message:
        yield hazards.Hazard("file-name", 1, 1, message, "Give the file another name")


def _of_json(path: str) -> str:
    """Installer core 3.9 to 3.11.2 pastes the name into JSON text and into a URL."""
    label = path.rpartition("/")[2]
    if not _ODD_JSON.search(label):
        return ""
    loaded = forms.load_all(_PROBE, form="cfg.json", filename=label)
    lost = [version for version, one in loaded.items() if one.properties is None]
    return f"because of this name installer core {', '.join(lost)} loses the file" if lost else ""


def _of_xml(path: str) -> str:
    from grammar import xml_names

    *folders, label = path.split("/")
    if label == xml_names.CONTENT_FILE:
        label = folders[-1] if folders else ""
    name = xml_names.repository_name(label).removesuffix(".xml")
    if ":" in name:
        return f"FileVault reads this name as {name!r}, with a namespace prefix, and loses the file"
    if name != xml_names.without_index(name):
        return f"FileVault makes the node {xml_names.without_index(name)!r} of this name"
    return ""
