"""Runs what Lark has made of a grammar of ours: the same tokens, the same place and state where it stops.

Importing lark and building a grammar takes longer than all that a command does with one file. So Lark does both
ahead of time (:mod:`grammar.tables`, ``make tables``), and this is the loop over its parse table: a contextual lexer,
which tries the terminals that the state knows, and shifts and reductions without a tree. Tests run it beside Lark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_END = "$END"


class Table:
    """A grammar's terminals and LALR(1) states.

    Attributes:
        terminals: name and regular expression, in the order in which Lark's lexer tries them.
        rules: what each rule makes, and of how many symbols.
        states: for each symbol the state to go on with, or ``~rule`` to reduce by. The first state is the start; the
            one that takes the end of the text is where that leads.
    """

    def __init__(
        self,
        terminals: Mapping[str, str],
        rules: Sequence[tuple[str, int]],
        states: Sequence[Mapping[str, int]],
    ) -> None:
        self.terminals = terminals
        self.rules = rules
        self.states = states
        self.lexer = functools.cache(self._lexer)
        self.expected = functools.cache(self._expected)

    def _expected(self, state: int) -> frozenset[str]:
        """The terminals that may follow in a state."""
        return frozenset(name for name in self.states[state] if name in self.terminals or name == _END)

    def _lexer(self, state: int) -> re.Pattern[str]:
        row = self.states[state]
        known = (f"(?P<{name}>{text})" for name, text in self.terminals.items() if name in row)
        # Nothing matches where only the end of the text may follow.
        return re.compile("|".join(known) or r"(?!)")


class Token(NamedTuple):
    """A terminal and where it stands."""

    name: str
    start: int
    end: int


class UnexpectedError(Exception):
    """The text goes on otherwise than the grammar does.

    Attributes:
        at: the offset of what does not fit.
        expected: the terminals that would.
        pending: the tokens that belong to nothing finished yet, in order.
    """

    def __init__(self, at: int, expected: frozenset[str], pending: Sequence[Token]) -> None:
        super().__init__(at)
        self.at = at
        self.expected = expected
        self.pending = pending


def tokens(table: Table, text: str, at: int = 0) -> Iterator[Token]:
    """The tokens of a text from an offset on, each as soon as it is known to fit.

    Raises:
        UnexpectedError: it is none of the grammar.
    """
    rows, rules, lexer, size = table.states, table.rules, table.lexer, len(text)
    states, kept, row = [0], list[Token | None](), rows[0]
    while True:
        if at < size:
            found = lexer(states[-1]).match(text, at)
            if found is None:
                break
            token = Token(found.lastgroup or "", at, found.end())
        else:
            token = Token(_END, at, at)
        action = row.get(token[0])
        while action is not None and action < 0:
            made, length = rules[~action]
            if length:
                del states[-length:], kept[-length:]
            states.append(rows[states[-1]][made])
            kept.append(None)
            row = rows[states[-1]]
            action = row.get(token[0])
        if action is None:
            break
        if token[0] == _END:
            return
        yield token
        states.append(action)
        kept.append(token)
        row, at = rows[action], token[2]
    raise UnexpectedError(at, table.expected(states[-1]), [token for token in kept if token is not None])


def stop(table: Table, text: str, at: int = 0) -> UnexpectedError | None:
    """Where a text goes on otherwise than the grammar does; None when it never does."""
    try:
        for _ in tokens(table, text, at):
            pass
    except UnexpectedError as found:
        return found
    return None
