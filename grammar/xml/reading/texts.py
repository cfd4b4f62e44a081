"""The text of an attribute as FileVault's state machine reads it.

``DocViewProperty.parse`` of Apache Jackrabbit FileVault 3.2.8 to 4.1.4 is one and the same machine; this repeats it
character by character. How an accepted text is read is said by ``value.lark``.
"""

from __future__ import annotations

from dataclasses import dataclass

from grammar.java import units
from grammar.xml.docview import Reach
from grammar.xml.values import TYPES, unicode_escape

_HEX_LENGTH = 4


@dataclass(frozen=True, slots=True)
class JcrText:
    """The text of an attribute, cut into type and values.

    Attributes:
        kind: what stands in ``{}``, one of TYPES; ``"undefined"`` without.
        multiple: whether it is an array.
        values: the texts of the values, exactly one unless `multiple`.
    """

    kind: str
    multiple: bool
    values: tuple[str, ...]


class DocViewError(Exception):
    """FileVault cannot read the text of an attribute, or store what it read.

    Attributes:
        reach: what else that costs.
        is_late: whether only saving fails, when the node may be gone again.
    """

    def __init__(self, message: str, reach: Reach = Reach.REST, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.reach = reach
        self.is_late = is_late


def parse_text(text: str) -> JcrText:
    """``DocViewProperty.parse``: the text of an attribute, after XML, as type and values.

    Raises:
        DocViewError: an unknown type, or a Unicode escape that is no code point.
    """
    if text and text[0] not in "{[" and "\\" not in text:
        return JcrText("undefined", False, (text,))  # As nearly every one: the machine would only copy it.
    machine = _Machine(units.to_units(text))
    machine.run()
    return machine.result()


class _Machine:
    """The state machine over UTF-16 units; the letters of its states are FileVault's."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.state = "b"
        self.kind = "undefined"
        self.multiple = False
        self.values: list[str] | None = None
        self.current: list[str] = []
        self.escape = ""

    def run(self) -> None:
        steps = {
            "b": self.begin,
            "a": self.after_type,
            "t": self.in_type,
            "v": self.in_value,
            "e": self.in_escape,
            "u": self.in_unicode,
        }
        last = len(self.text) - 1
        for at, char in enumerate(self.text):
            steps[self.state](char, at == last)

    def begin(self, char: str, last: bool) -> None:
        if char == "{":
            self.state = "t"
        else:
            self.after_type(char, last)

    def after_type(self, char: str, last: bool) -> None:
        self.state = "v"
        if char == "[":
            self.multiple = True
        elif char == "\\":
            self.state = "e"
        else:
            self.current.append(char)

    def in_type(self, char: str, last: bool) -> None:
        if char != "}":
            self.current.append(char)
            return
        self.kind = units.from_units("".join(self.current))
        if self.kind not in TYPES:
            raise DocViewError("unknown type")
        self.current.clear()
        self.state = "a"

    def in_value(self, char: str, last: bool) -> None:
        if char == "\\":
            self.state = "e"
        elif char == "," and self.multiple:
            self.end_item()
        elif char == "]" and self.multiple and last:
            if self.current or self.values is not None:
                self.end_item()
        else:
            self.current.append(char)

    def end_item(self) -> None:
        if self.values is None:
            self.values = []
        self.values.append("".join(self.current))
        self.current.clear()

    def in_escape(self, char: str, last: bool) -> None:
        self.state = "v"
        if char == "u":
            self.state = "u"
            self.escape = ""
        elif char == "0":
            self.values = self.values or []
        else:
            self.current.append(char)

    def in_unicode(self, char: str, last: bool) -> None:
        self.escape += char
        if len(self.escape) == _HEX_LENGTH:
            self.state = "v"
            try:
                self.current.append(unicode_escape(self.escape))
            except ValueError:
                raise DocViewError("not a valid Unicode code point") from None

    def result(self) -> JcrText:
        if not self.multiple:
            return JcrText(self.kind, False, (units.from_units("".join(self.current)),))
        if self.current:
            self.end_item()
        return JcrText(self.kind, True, tuple(units.from_units(value) for value in self.values or ()))
