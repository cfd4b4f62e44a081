"""A report as Markdown, for a change ticket."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.reports.evidence.pages import Block, Diff, Heading, Line, Table
from migrate.terminal import in_cell, in_code_cell, printable

MARK = "<!-- slingshift report -->"


def to_text(blocks: Iterable[Block]) -> str:
    """The page."""
    return "\n\n".join([MARK, *map(_block, blocks)]) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_inline(text)}"
        case Line(text):
            return _inline(text)
        case Diff(text):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}diff\n{text}{fence}"
        case Table():
            return "\n".join(_rows(block))


def _rows(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(map(in_cell, table.heads)) + " |"
    yield "|" + "---|" * len(table.heads)
    for row in table.rows:
        cells = (
            in_code_cell(cell) if cell and number in table.mono else _inline(in_cell(cell))
            for number, cell in enumerate(row)
        )
        yield "| " + " | ".join(cells) + " |"


def _inline(text: str) -> str:
    """Text that is neither link nor image nor HTML."""
    return re.sub(r"(?<!\\)([\[\]!])", r"\\\1", printable(text).replace("<", "&lt;"))
