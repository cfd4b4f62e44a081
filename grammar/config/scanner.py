"""The fast path of `.config`: the terminals of ``config_fast.lark``, compiled ahead of time.

Loading lark and building a grammar takes longer than everything else that a command does with one file. The
language of ``config_fast.lark`` is regular, ``(KEY (STRING | TYPED))* END?``, so its terminals in a loop are its
parser. :mod:`grammar.config.compiled` holds them as Lark makes them from that file (`make terminals`); a test
makes them again and compares, and the same property tests run over both.
"""

from __future__ import annotations

import functools
import operator
import re
from typing import NamedTuple

from grammar.config import compiled as terminals
from grammar.java import units

_regs = operator.attrgetter("regs")
_TRIVIA = re.compile(f"(?>[{units.WHITESPACE}]++|#[^\\r\\n]*+)*+")

Span = tuple[int, int, int, int]
"""Key start, key end, value start, value end."""


class Piece(NamedTuple):
    """One token of config.lark that needs no second look."""

    terminal: str
    start: int
    end: int


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    # Groups mark where the key begins, behind blanks and comments, and where its value begins.
    entry = f"(?={_TRIVIA.pattern}()){terminals.KEY}()(?:{terminals.STRING}|{terminals.TYPED})"
    return re.compile(terminals.KEY), re.compile(entry), re.compile(terminals.END)


def entries(text: str) -> tuple[list[Span], int]:
    """The entries up to the first one outside this fast language, and where the full grammar must go on.

    That place is the end of the text when there is no such entry.
    """
    key, entry, end = _patterns()
    # One match after the other, as in re.Scanner; not finditer, which looks for the next one further on.
    matches = iter(entry.scanner(text).match, None)  # type: ignore[attr-defined]
    found = [
        (key_start, equals - 1, equals, value_end)
        for (_, value_end), (key_start, _), (equals, _) in map(_regs, matches)
    ]
    at = found[-1][3] if found else 0
    if key.match(text, at) is None:
        tail = end.match(text, at)
        return found, tail.end() if tail else at
    return found, at


@functools.cache
def _opening() -> re.Pattern[str]:
    """What is well formed at the start of a value that is not."""
    open_quote = r'"(?>[^"=\\]++|\\(?:[^u]|u[0-9a-fA-F]{4}))*+'
    items = rf'(?>[ \t\n,]++|\r(?!\Z)|\\[\r\n]|{open_quote}"(?>[ \t\r\n]++|\\[\r\n])*+,)*+'
    return re.compile(
        rf'(?P<TYPE>[TILFDXSCBilfdxscb](?=["\[(]))?'
        rf"(?:(?:(?P<ARRAY_OPEN>\[)|(?P<COLLECTION_OPEN>\()){items})?"
        rf'(?:(?P<QUOTE>"){open_quote[1:]})?'
    )


def opening(text: str, at: int) -> tuple[list[Piece], int]:
    """The first tokens of an entry that is outside this fast language, and where the full grammar must go on.

    So that it need not read all of a long list or string to tell what is wrong at the end. The tokens are those
    that decide its state: the key, the equals sign, the type code, an open bracket, an open quote.

    Args:
        text: the text.
        at: where `entries` stopped.
    """
    named = _patterns()[0].match(text, at)
    if named is None:
        return [], at
    equals = named.end() - 1
    trivia = _TRIVIA.match(text, at)
    pieces = [Piece("KEY", trivia.end() if trivia else at, equals), Piece("EQUALS", equals, named.end())]
    value = _opening().match(text, named.end())
    assert value is not None  # All of it is optional.
    pieces += [
        Piece(terminal, *value.span(terminal)) for terminal, found in value.groupdict().items() if found
    ]
    return pieces, value.end()
