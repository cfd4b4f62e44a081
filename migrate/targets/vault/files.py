"""The files of a package beside filter.xml that repeat what it says, and the package's own name.

`MANIFEST.MF` and the definition list the filter's roots for tools and for the package manager's page; an import
reads neither (`DefaultPackageInfo`, `JcrWorkspaceFilter.saveFilter` of FileVault). They follow a rename so that
nobody is misled. Pure functions of bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grammar import patterns
from grammar.xml.markup.spans import Element
from migrate.targets.vault import spans
from migrate.targets.vault.filter import VaultProblem
from migrate.targets.vault.spans import Xml

_LINE = 72
"""Bytes of a manifest line without its line break (JAR File Specification, "Line length")."""
_BREAK = rb"(?:\r\n|\r(?!\n)|\n)"
_ROOTS = patterns.lazy(
    rb"(?:\A|(?<=[\r\n]))(Content-Package-Roots: )([^\r\n]*(?:%s [^\r\n]*)*)" % _BREAK, re.IGNORECASE
)
_FOLD = patterns.lazy(rb"(%s) " % _BREAK)
_MAIN_SECTION_END = patterns.lazy(rb"\A%s|%s{2}" % (_BREAK, _BREAK))
_NUMBERED = patterns.lazy(r"f(\d+)")


@dataclass(frozen=True, slots=True)
class PackageId:
    """What identifies a package to AEM; texts as in `properties.xml`, empty where it says nothing."""

    group: str
    name: str
    version: str

    def __str__(self) -> str:
        return ":".join(part for part in (self.group, self.name, self.version) if part)


def package_id(data: bytes) -> PackageId | None:
    """The package's id from `META-INF/vault/properties.xml` (`java.util.Properties.loadFromXML`).

    Returns:
        None when it has no name.

    Raises:
        XmlError: not XML that is read.
    """
    root = spans.parse(data, doctype=True, keep_text=True).root
    values = {element.value("key"): element.text for element in root.children if element.name == "entry"}
    if not values.get("name"):
        return None
    return PackageId(values.get("group", ""), values["name"], values.get("version", ""))


def reinstall_problem(entry: str, package: PackageId | None) -> VaultProblem | None:
    """Why an edited package inside another one would not be installed again.

    The installer takes a package in an `install` folder with the version that it has installed before for the same
    resource, whatever is in it (`RegisteredResourceImpl.isSameResource`); only snapshots are compared.
    Sub-packages below `/etc/packages` are extracted unless a newer version is there.

    Args:
        entry: the inner package's entry name in the outer one.
        package: its id.
    """
    if entry.startswith("jcr_root/etc/packages/") or (package and package.version.endswith("SNAPSHOT")):
        return None
    shown = package or entry.rpartition("/")[2]
    message = (
        f"{shown} is installed by the Sling installer, which ignores a package whose version it has installed "
        "before: give it a new version in META-INF/vault/properties.xml, or install it by hand"
    )
    return VaultProblem("package-same-version", message)


def manifest_follow(data: bytes, old: str, new: str) -> bytes:
    """`MANIFEST.MF` with a renamed root: the new path is listed beside the old one, as in filter.xml.

    Args:
        data: the manifest.
        old: repository path of the node before the rename.
        new: its path afterwards.
    """
    end = _MAIN_SECTION_END.search(data)
    main = data[: end.start()] if end else data
    return _ROOTS.sub(lambda found: _followed(found, old, new), main) + data[len(main) :]


def _followed(found: re.Match[bytes], old: str, new: str) -> bytes:
    listed = _FOLD.sub(b"", found[2]).decode("utf-8", "surrogateescape").split(",")
    roots: list[str] = []
    for root in listed:
        roots.append(root)
        twin = new + root.strip()[len(old) :]
        if _at_or_below(root.strip(), old) and twin not in listed:
            roots.append(twin)
    if roots == listed:
        return found[0]
    fold = _FOLD.search(found[2])
    line_break = fold[1] if fold else _line_break(found.string)
    line = found[1] + ",".join(roots).encode("utf-8", "surrogateescape")
    return _folded(line, line_break)


def _at_or_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _line_break(data: bytes) -> bytes:
    found = re.search(_BREAK, data)
    return found[0] if found else b"\r\n"


def _folded(line: bytes, line_break: bytes) -> bytes:
    """A manifest line, cut where it may be; never inside a UTF-8 sequence."""
    parts = []
    at, room = 0, _LINE
    while len(line) - at > room:
        cut = at + room
        while cut > at + 1 and line[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(line[at:cut])
        at, room = cut, _LINE - 1
    return (line_break + b" ").join([*parts, line[at:]])


def definition_follow(data: bytes, old: str, new: str) -> bytes:
    """`definition/.content.xml` with a renamed root: a node for the new path beside that of the old one.

    Raises:
        XmlError: not XML that is read.
    """
    xml = spans.parse(data)
    filters = next((child for child in xml.root.children if child.name == "filter"), None)
    if filters is None:
        return data
    there = {child.value("root") for child in filters.children}
    numbers = [int(found[1]) for child in filters.children if (found := _NUMBERED.fullmatch(child.name))]
    following = max(numbers, default=-1) + 1
    parts = []
    at = 0
    for child in filters.children:
        root = child.value("root")
        twin = new + root[len(old) :]
        if _at_or_below(root, old) and twin not in there:
            node = _twin(xml, child, f"f{following}", twin)
            parts += [xml.text[at : child.end], xml.separator(child), node]
            at = child.end
            following += 1
    return xml.encoded("".join([*parts, xml.text[at:]]))


def _twin(xml: Xml, element: Element, name: str, root: str) -> str:
    """A copy of an element under another name, with another root."""
    copy = xml.copied(element, {element: {"root": root}})
    end = len(copy) - (element.end - element.close) if element.close is not None else len(copy)
    opened, closed = copy[:end], copy[end:]
    return opened.replace(element.name, name, 1) + closed.replace(element.name, name, 1)
