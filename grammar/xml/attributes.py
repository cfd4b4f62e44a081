"""What the text of an attribute is made of in a document view: a type, a value or several, escapes.

``value.lark`` is the language. Nearly every text is plain; the others are cut into its tokens by the table that Lark
has made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grammar.java import units
from grammar.xml.values import unicode_escape


class AttributeText(NamedTuple):
    """The text of an attribute by the grammar of the document view.

    Attributes:
        kind: what stands in ``{}``; None without type.
        multiple: whether it is an array.
        values: the texts of the values, exactly one unless `multiple`.
        text: the whole text after XML.
        tokens: name and text of each token, in order; none for a plain text.
    """

    kind: str | None
    multiple: bool
    values: tuple[str, ...]
    text: str
    tokens: tuple[tuple[str, str], ...] = ()


def attribute_text(text: str) -> AttributeText:
    """Read the text of an attribute, after XML, by the grammar.

    Raises:
        ValueError: a Unicode escape that is no code point.
    """
    if not text or (text[0] not in "{[" and "\\" not in text):
        return AttributeText(None, False, (text,), text)
    tokens = _tokens(units.to_units(text))
    kind, multiple, parts = None, False, [[""]]
    for name, token in tokens:
        if name == "TYPE":
            kind = units.from_units(token[1:-1])
        elif name == "ARRAY_OPEN":
            multiple = True
        elif name == "COMMA":
            parts.append([])
        else:
            parts[-1].append(_meaning(name, token))
    values = [units.from_units("".join(part)) for part in parts]
    if multiple:
        values = _without_phantom(values, [name for name, _ in tokens])
    return AttributeText(kind, multiple, tuple(values), text, tuple(tokens))


def _tokens(text: str) -> list[tuple[str, str]]:
    from grammar import lalr
    from grammar.xml.table import TABLE

    return [(name, text[start:end]) for name, start, end in lalr.tokens(TABLE, text)]


def _meaning(name: str, token: str) -> str:
    """The characters that a token of a value stands for."""
    if name in ("STRING_TEXT", "ITEM_TEXT"):
        return token
    if name in ("ESCAPE", "UNCLOSED_TYPE"):
        return token[1:]
    return unicode_escape(token[2:]) if name == "UNICODE_ESCAPE" else ""


def _without_phantom(values: list[str], names: Sequence[str]) -> list[str]:
    """An empty last item counts after a comma or ``\\0``, and only where the bracket is closed."""
    closed = names[-1] == "ARRAY_CLOSE"
    counts = closed and (len(values) > 1 or "EMPTY_ESCAPE" in names)
    return values if values[-1] or counts else values[:-1]
