"""The three forms of a configuration behind one door."""

from __future__ import annotations

from grammar import felix
from grammar.documents import Document, Loaded


def form_of(filename: str) -> str | None:
    """``"config"``, ``"cfg.json"`` or ``"xml"`` by the end of a file name; None for anything else."""
    if filename.endswith(".config"):
        return "config"
    if filename.endswith(".cfg.json"):
        return "cfg.json"
    return "xml" if filename.endswith(".xml") else None


def parse(data: bytes, path: str | None = None, *, form: str = "config") -> Document:
    """Read the bytes of a configuration.

    Args:
        data: the bytes, any bytes.
        path: a name for error messages.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
    """
    from grammar import config

    return config.parse(data, path)


def load_all(data: bytes, *, form: str = "config") -> dict[str, Loaded]:
    """What each real reader of the form loads from the bytes, by the reader's version."""
    return {version: felix.load(data, version) for version in felix.VERSIONS}
