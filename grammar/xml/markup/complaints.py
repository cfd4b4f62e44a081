"""What Xerces, the parser in every Java, says of what is no XML: the words that FileVault's log has of it.

expat finds the place; its words differ from one version to the next, and nobody finds them in a log of AEM.
"""

from __future__ import annotations

import re

from grammar import patterns

_IN_NAME = r"[^\s\"'<>&/=?;]"
_NAME = rf"{_IN_NAME}++"
_REFERENCE = patterns.lazy(r"&#(?:x[0-9a-fA-F]*|[0-9]*)")
_FIRST_NAME = patterns.lazy(_NAME)
_TAG = patterns.lazy(rf"({_NAME})(.*)\Z", re.DOTALL)
_OPEN_REFERENCE = patterns.lazy(rf"&{_NAME}\Z")
_QUOTED = patterns.lazy(r"\"[^\"]*\"|'[^']*'")
_LAST_ATTRIBUTE = patterns.lazy(rf"(?<!{_IN_NAME})({_NAME})(\s*+=\s*+)?+([\"'].*)?\Z", re.DOTALL)
_FAR = 10_000
"""So far back the beginning of a tag is looked for."""

_CUT_OFF = "XML document structures must start and end within the same entity."
_TRAILING = "Content is not allowed in trailing section."
_BY_REASON = {
    "unclosed token": _CUT_OFF,
    "unclosed CDATA section": _CUT_OFF,
    "XML or text declaration not at start of entity": (
        'The processing instruction target matching "[xX][mM][lL]" is not allowed.'
    ),
}


def complaint(text: str, offset: int, reason: str, opened: str | None, *, is_after_root: bool) -> str:
    """What is wrong with a text.

    Args:
        text: the decoded file.
        offset: where expat stops.
        reason: what expat says.
        opened: the name of the innermost element that is open; None without one.
        is_after_root: whether the root element is closed.
    """
    if reason == "mismatched tag":
        return f'The element type "{opened}" must be terminated by the matching end-tag "</{opened}>".'
    if reason == "no element found":
        return _CUT_OFF if opened else "Premature end of file."
    if is_after_root and reason != "unclosed token":
        is_markup = text.startswith("<", offset) and reason == "junk after document element"
        return (
            "The markup in the document following the root element must be well-formed."
            if is_markup
            else _TRAILING
        )
    if reason == "undefined entity":
        # Xerces names it; it may be a piece of a secret.
        return "An entity was referenced, but not declared."
    if reason == "reference to invalid character number" and (found := _REFERENCE.match(text, offset)):
        return f'Character reference "{found[0]}" is an invalid XML character.'
    if reason == "duplicate attribute" and (found := _FIRST_NAME.match(text, offset)):
        return f'Attribute "{found[0]}" was already specified for element "{_tag_before(text, offset)[0]}".'
    if reason == "unbound prefix":
        return "The prefix of an element or of one of its attributes is not bound."
    return _BY_REASON.get(reason) or _odd_character(text, offset)


def _tag_before(text: str, offset: int) -> tuple[str, str]:
    """The name of the tag in which an offset is, and what stands before it there; empty outside a tag."""
    start = text.rfind("<", max(offset - _FAR, 0), offset)
    found = _TAG.match(text[start + 1 : offset]) if start >= 0 else None
    if found is None:
        return "", ""
    rest = _QUOTED.sub('""', found[2])
    return ("", "") if ">" in rest else (found[1], rest)


def _odd_character(text: str, offset: int) -> str:
    char = text[offset : offset + 1]
    before = text[max(offset - 2, 0) : offset]
    if "]]>" in text[max(offset - 2, 0) : offset + 3]:
        return 'The character sequence "]]>" must not appear in content unless used to mark the end of a CDATA section.'
    if before == "--":
        return 'The string "--" is not permitted within comments.'
    if before.endswith("&"):
        return "The entity name must immediately follow the '&' in the entity reference."
    if _OPEN_REFERENCE.search(text, max(offset - _FAR, 0), offset):
        return "The reference to an entity must end with the ';' delimiter."  # Xerces names it, too.
    if before.endswith("<"):
        return "The content of elements must consist of well-formed character data or markup."
    name, rest = _tag_before(text, offset)
    found = _LAST_ATTRIBUTE.search(rest)
    if char and (char < " " or char in "\ufffe\uffff"):
        return f"An invalid XML character (Unicode: 0x{ord(char):x}) was found."
    if not name:
        return "The content of elements must consist of well-formed character data or markup."
    of = f'associated with an element type "{name}"'
    if found and found[3] not in (None, '""') and char == "<":
        return f"The value of attribute \"{found[1]}\" {of} must not contain the '<' character."
    if found and found[2] and not found[3]:
        return (
            f'Open quote is expected for attribute "{found[1]}" associated with an  element type  "{name}".'
        )
    if found and not found[2]:
        return f"Attribute name \"{found[1]}\" {of} must be followed by the ' = ' character."
    return f'Element type "{name}" must be followed by either attribute specifications, ">" or "/>".'
