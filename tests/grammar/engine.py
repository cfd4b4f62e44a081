"""Lark's own engine as the oracle: what it makes of a text, in the words of `grammar.lalr`."""

from __future__ import annotations

from typing import NamedTuple

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken


class Outcome(NamedTuple):
    """What becomes of a text.

    Attributes:
        tokens: name and text of each, joined the text; none where it does not fit.
        stop: where it does not fit, the terminals that would, and the tokens that nothing finished holds.
    """

    tokens: list[tuple[str, str]]
    stop: tuple[int, frozenset[str], list[tuple[str, int]]] | None


def outcome(parser: Lark, text: str) -> Outcome:
    """What Lark says of a text."""
    try:
        tree = parser.parse(text)
    except (UnexpectedCharacters, UnexpectedToken) as error:
        kept = [token for token in error.state.value_stack if isinstance(token, Token)]
        pending = [(token.type, token.start_pos or 0) for token in kept]
        if isinstance(error, UnexpectedCharacters):
            return Outcome([], (error.pos_in_stream or 0, frozenset(error.allowed or ()), pending))
        at = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        return Outcome([], (at, frozenset(error.expected), pending))
    return Outcome([(token.type, str(token)) for token in tree.scan_values(lambda token: True)], None)
