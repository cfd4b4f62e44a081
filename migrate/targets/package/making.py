"""A content package made from nothing: a few files, a filter root for each, and the little that a manager reads.

The same content gives the same bytes: entries have one moment, 1980, and the version is a digest.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from migrate.targets.package import paths

GROUP = "slingshift"
_MOMENT = (1980, 1, 1, 0, 0, 0)


class Content(NamedTuple):
    """What a package brings and covers.

    Attributes:
        files: the bytes by their paths below `jcr_root`, as FileVault spells them.
        roots: the nodes of the repository that the filter covers, each exactly: what is covered and not brought is
            deleted, and nothing else is touched.
    """

    files: Mapping[str, bytes]
    roots: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Content({sorted(self.files)!r}, {self.roots!r})"


def make(content: Content, name: str, description: str) -> bytes:
    """The bytes of a package.

    Args:
        name: of the package, in the group `slingshift`.
        description: for the page of the package manager.
    """
    filter_xml = _filter(content.roots)
    digest = hashlib.sha256(filter_xml)
    for path, data in sorted(content.files.items()):
        digest.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    version = f"1.0.0-{digest.hexdigest()[:12]}"
    entries = {
        paths.MANIFEST: _manifest(content.roots, name, version),
        paths.FILTER: filter_xml,
        paths.PROPERTIES: _properties(name, version, description),
        **{f"jcr_root/{path}": data for path, data in sorted(content.files.items())},
    }
    if not content.files:
        # A package without this folder is none to FileVault.
        entries["jcr_root/"] = b""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, data in entries.items():
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED if data else zipfile.ZIP_STORED
            entry.external_attr = (0o40700 if path.endswith("/") else 0o100600) << 16
            package.writestr(entry, data)
    return out.getvalue()


def _filter(roots: Iterable[str]) -> bytes:
    lines = "".join(f"    <filter root={quoteattr(root)}/>\n" for root in roots)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<workspaceFilter version="1.0">\n'
    return f"{head}{lines}</workspaceFilter>\n".encode()


def _properties(name: str, version: str, description: str) -> bytes:
    told = {
        "group": GROUP,
        "name": name,
        "version": version,
        "description": description,
        "createdBy": GROUP,
        "acHandling": "ignore",
        "requiresRoot": "false",
    }
    lines = "".join(f"  <entry key={quoteattr(key)}>{escape(text)}</entry>\n" for key, text in told.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    head += '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
    return f"{head}<properties>\n{lines}</properties>\n".encode()


def _manifest(roots: Iterable[str], name: str, version: str) -> bytes:
    headers = {
        "Manifest-Version": "1.0",
        "Content-Package-Id": f"{GROUP}:{name}:{version}",
        "Content-Package-Roots": ",".join(roots),
    }
    lines = (f"{key}: {text}".encode() for key, text in headers.items())
    return b"".join(b"\r\n ".join(_folded(line)) + b"\r\n" for line in lines) + b"\r\n"


def _folded(line: bytes) -> Iterable[bytes]:
    """A header in lines of at most 72 bytes, the blank before each but the first one among them."""
    yield line[:72]
    for start in range(72, len(line), 71):
        yield line[start : start + 71]
