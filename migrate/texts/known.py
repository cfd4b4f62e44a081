"""The secrets of a folder's configurations: another file of the folder may repeat them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grammar import forms
from grammar.errors import ParseError
from migrate.masking.lines import secrets_of_lines
from migrate.masking.texts import may_hold_secret, secrets_of
from migrate.texts import listing
from migrate.texts.listing import Item


class FolderSecrets:
    """Reads the files of a folder when it is first asked about one of them.

    Args:
        known: the secrets of files that need not be read again, by their paths.
    """

    def __init__(self, known: Mapping[str, frozenset[str]] | None = None) -> None:
        self._known = known or {}
        self._found: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The secrets of a file and of those beside it; of standard input none, since it stands nowhere."""
        if path == listing.STDIN:
            return frozenset()
        return frozenset().union(*map(self._of_folder, listing.folders_of(path)))

    def _of_folder(self, folder: str) -> frozenset[str]:
        if folder not in self._found:
            self._found[folder] = frozenset().union(*map(self._of_item, listing.beside(folder)))
        return self._found[folder]

    def _of_item(self, item: Item) -> frozenset[str]:
        known = self._known.get(item.path)
        return frozenset(_secrets_of_item(item)) if known is None else known


def secrets_in(data: bytes, form: str, path: str | None = None) -> Iterator[str]:
    """The secrets in the bytes of a configuration, also of one that no reader takes."""
    if not may_hold_secret(data):
        return
    try:
        for _, document in forms.parse_all(data, path, form=form):
            yield from secrets_of(document)
    except ParseError:
        yield from secrets_of_lines(data.decode("utf-8", "replace"))


def _secrets_of_item(item: Item) -> Iterator[str]:
    try:
        data = listing.read(item.path)
    except listing.FileError:
        return
    if listing.is_configuration(data, item):
        yield from secrets_in(data, item.form, item.path)
