"""What becomes of each file of a target: the one thing that planning makes, reports show and `apply` carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from grammar.documents import Document


def sha256(data: bytes) -> str:
    """The sha256 of some bytes, hexadecimal."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


def told(data: bytes | None) -> str:
    """How bytes print: by length and sha256, since a secret may stand in them."""
    return "None" if data is None else f"<{len(data)} bytes, sha256 {sha256(data)}>"


class FileChange(NamedTuple):
    """One file before and after. Data: it can be pickled, and holds nothing open.

    Attributes:
        path: the file, relative to the target, with `/`.
        before: its bytes as the plan saw them; None when the change makes it.
        after: its bytes afterwards; None when the change deletes it.
        moved_to: its new path, when the change renames it.
        like: for a file that is made, the file that says the same in another form.
        old: the document of the bytes before, for those who show them; None where the file is no configuration.
        new: the document of the bytes afterwards. Of a file with several configurations, any one of them, which
            knows the whole text.
    """

    path: str
    before: bytes | None
    after: bytes | None
    moved_to: str | None = None
    like: str | None = None
    old: Document | None = None
    new: Document | None = None

    @property
    def final_path(self) -> str:
        return self.moved_to or self.path

    def __repr__(self) -> str:
        sides = f"before={told(self.before)}, after={told(self.after)}"
        return f"FileChange(path={self.path!r}, {sides}, moved_to={self.moved_to!r}, like={self.like!r})"
