"""What is wrong with the name of a file or XML node: the installer makes the PID of it."""

from __future__ import annotations

from collections.abc import Iterator

from grammar import hazards
from migrate.targets.nodes import NO_CONFIGURATION, is_importable, is_watched_folder, node_name


def of_name(path: str, form: str, *, is_config: bool = False) -> Iterator[hazards.Hazard]:
    """What is wrong with a file's name. Names that no reader takes are rejected with the text.

    Args:
        path: of the file.
        form: of it.
        is_config: whether its root element is a configuration.
    """
    if form != "xml" and hazards.is_plain_name(path.rpartition("/")[2]):
        return
    yield from hazards.of_name(node_name(path, form))
    message = _of_xml(path) if form == "xml" else ""
    if message:
        yield hazards.Hazard("xml-file-name", 1, 1, message, "Give the file another name")
    if form == "xml" and is_watched_folder(path) and is_config:
        message = f"{NO_CONFIGURATION}: AEM loads nothing of its properties"
        yield hazards.Hazard(
            "xml-not-config", 1, 1, message, "Write them into a file of their own in the folder"
        )
    if form != "xml" and not is_importable(path):
        made = node_name(path, form)
        message = f"the repository takes no node {made!r}, which FileVault makes of this name: the whole import fails"
        fix = "Give the file another name; an underscore that begins a name is written twice"
        yield hazards.Hazard("file-name", 1, 1, message, fix)


def _of_xml(path: str) -> str:
    from grammar.xml import names as xml_names

    *folders, label = path.split("/")
    if label == xml_names.CONTENT_FILE:
        label = folders[-1] if folders else ""
    name = xml_names.repository_name(label).removesuffix(".xml")
    if name != xml_names.without_index(name):
        return f"FileVault makes the node {xml_names.without_index(name)!r} of this name"
    return ""
