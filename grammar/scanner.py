"""The fast path of `.config`: the terminals of ``config_fast.lark``, compiled ahead of time.

Loading lark and building a grammar takes longer than everything else that a command does with one file. The
language of ``config_fast.lark`` is regular, ``(KEY (STRING | TYPED))* END?``, so its terminals in a loop are its
parser. :mod:`grammar.config_terminals` holds them as Lark makes them from that file (`make terminals`); a test
makes them again and compares, and the same property tests run over both.
"""

from __future__ import annotations

import functools
import re

from grammar import config_terminals as terminals
from grammar import java

_TRIVIA = re.compile(f"(?>[{java.WHITESPACE}]++|#[^\\r\\n]*+)*+")


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    value = f"(?:{terminals.STRING}|{terminals.TYPED})"
    return re.compile(terminals.KEY), re.compile(value), re.compile(terminals.END)


def entries(text: str) -> list[tuple[int, int, int, int]] | None:
    """The spans of keys and values: key start, key end, value start, value end.

    Returns:
        None for a text outside this fast language; the full grammar then decides.
    """
    key, value, end = _patterns()
    found: list[tuple[int, int, int, int]] = []
    at, size = 0, len(text)
    while at < size:
        named = key.match(text, at)
        if named is None:
            tail = end.match(text, at)
            return found if tail is not None and tail.end() == size else None
        valued = value.match(text, named.end())
        if valued is None:
            return None
        start = _TRIVIA.match(text, at)
        found.append((start.end() if start else at, named.end() - 1, named.end(), valued.end()))
        at = valued.end()
    return found
