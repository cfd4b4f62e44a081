"""The line that a hazard stands in, with a caret, as `show` prints it for what it rejects."""

from __future__ import annotations

from collections.abc import Mapping

from grammar.errors import ParseError
from grammar.places import LINE_END
from migrate.lint import checks
from migrate.lint.check import Hazard
from migrate.masking.texts import may_hold_secret, shown_context
from migrate.texts import listing
from migrate.texts.known import FolderSecrets

_OF_THE_FILE = frozenset({
    "dead-pid", "dotted-number", "dotted-uuid", "double-extension", "hyphen-in-pid", "json-file-name", "too-large",
    "xml-file-name",
})  # fmt: skip
"""Rules about a file's name, or all of it: no line says anything about them; nor about those of several files."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Excerpts:
    """Reads the files again, each once where its hazards come together.

    Args:
        secrets: of files that were read already, by their paths.
    """

    def __init__(self, secrets: Mapping[str, frozenset[str]]) -> None:
        self._secrets = FolderSecrets(secrets)
        self._without = _OF_THE_FILE | checks.of_many()
        self._path = ""
        self._lines: list[str] = []
        self._known: frozenset[str] = frozenset()

    def of(self, hazard: Hazard) -> list[str]:
        """Two lines; none where there is nothing to point at, or the text may hold a secret."""
        if hazard.rule in self._without or hazard.path == listing.STDIN:
            return []
        if hazard.path != self._path:
            self._path, self._lines = hazard.path, _lines(hazard.path)
            self._known = self._secrets.of(hazard.path) if self._lines else frozenset()
        source = self._lines[hazard.line - 1] if hazard.line <= len(self._lines) else ""
        if not source.strip():
            return []
        place = ParseError("", rule=hazard.rule, line=hazard.line, column=hazard.column, source_line=source)
        return shown_context(place, self._known).split("\n")


def _lines(path: str) -> list[str]:
    try:
        data = listing.read(path)
    except listing.FileError:
        return []
    if may_hold_secret(data) or data.startswith(_UTF_16):
        return []
    return LINE_END.split(data.decode("utf-8", "replace"))
