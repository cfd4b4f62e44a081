"""What goes wrong with a configuration's text, in one type.

No exception of lark, of an XML parser or of a codec leaves this package: every parser here raises
:class:`ParseError`, which carries what a person needs to mend the file.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammar.documents import Loaded


class GrammarError(Exception):
    """Root of every error that this package raises on purpose."""


class ParseError(GrammarError):
    """A text that AEM's readers do not all load as what it looks like.

    Attributes:
        path: the file as the caller named it, or None for bytes without a name.
        line: line of the offending character, from 1. CR, LF and CRLF each end a line.
        column: column of that character in code points, from 1.
        rule: stable id of the hazard (docs/rules/), for example ``unescaped-equals``.
        message: what is wrong and why it matters to AEM, one line, no full stop needed.
        fix: how to write it right, one line; empty when there is no single answer.
        source_line: the offending line without its line ending.
    """

    def __init__(
        self,
        message: str,
        *,
        rule: str,
        line: int,
        column: int,
        fix: str = "",
        source_line: str = "",
        path: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.line = line
        self.column = column
        self.fix = fix
        self.source_line = source_line
        self.path = path
        self._load: Callable[[], Mapping[str, Loaded]] = dict

    def at(self, path: str) -> ParseError:
        """The same error, naming the file it came from."""
        self.path = path
        return self

    def loaded_by(self, load: Callable[[], Mapping[str, Loaded]]) -> ParseError:
        """The same error, with the readers to ask what they load instead."""
        self._load = load
        return self

    @functools.cached_property
    def loads(self) -> Mapping[str, Loaded]:
        """What each real reader loads instead, by its version; empty for a text that nobody should read."""
        return self._load()

    def __str__(self) -> str:
        where = f"{self.path or '<bytes>'}:{self.line}:{self.column}"
        fix = f". {self.fix}" if self.fix else ""
        return f"{where}: {self.message}{fix}"

    def context(self, width: int = 100) -> str:
        """The offending line with a caret under the column; long lines are cut around it."""
        shift = max(0, self.column - 1 - width // 2)
        shown = self.source_line[shift : shift + width]
        if not shown.isprintable():
            shown = "".join(c if c.isprintable() else " " for c in shown)
        return f"  {shown}\n  {' ' * (self.column - 1 - shift)}^"


class FormError(GrammarError):
    """A file name, or a word, that stands for none of the three forms of a configuration."""


class EditError(GrammarError):
    """An edit that the form of the document cannot express, or that would not be read back as meant."""
