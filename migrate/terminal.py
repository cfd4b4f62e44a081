"""Text from files, file names and other machines, made safe to show. Each policy stands here once, by its name.

- `printable`: nothing is lost; what cannot be seen shows as an escape. For paths and messages.
- `in_diff`: the same for a line of a diff, where tabs and the line's own end mean something.
- `in_cell`, `in_code_cell`: the same for a cell of a Markdown table, as text and as code.
- `stranger`: what another machine or a downloaded file says of itself: one line, cut, a question mark for the rest.

`grammar.errors.ParseError.context` has the one policy beside these: a blank for each character, so that its caret
stands right.
"""

from __future__ import annotations

_LONGEST = 200


def printable(text: str) -> str:
    """The text with everything that is not printable as an escape: no control character, no half of a character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def in_diff(line: str, carriage_return: str = "\r") -> str:
    """A line of a diff without its line feed: tabs stay, a carriage return at its end becomes what is given.

    One in the middle would let the rest of the line cover its beginning on a terminal, so it is an escape.
    """
    if line.isprintable():
        return line
    text = line.removesuffix("\r")
    end = carriage_return if text != line else ""
    return "\t".join(map(printable, text.split("\t"))) + end


def in_cell(text: str) -> str:
    """The text for a cell of a Markdown table: as it is, whatever marks it holds."""
    shown = printable(text).replace("\\", "\\\\").replace("|", "\\|")
    return shown.replace("<", "&lt;").replace("`", "\\`")


def in_code_cell(text: str) -> str:
    """The text for a cell of a Markdown table, as code; a backtick would end that and becomes a quote."""
    return "`" + printable(text).replace("|", "\\|").replace("`", "'") + "`"


def stranger(text: str, longest: int = _LONGEST) -> str:
    """The beginning of a text from outside, fit for one line; a question mark for each character that is not printable.

    No escape: nobody needs the exact character, and a hostile text must not grow.
    """
    return "".join(c if c.isprintable() else "?" for c in text[:longest])
