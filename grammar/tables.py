"""Makes, with Lark, what commands run instead of Lark: ``python -m grammar.tables`` (``make tables``).

From each grammar its parse table, for :mod:`grammar.lalr`. From ``config.lark``, whose language is regular, also the
regular expressions of whole rules. They read as a lexer does: a terminal once matched is not cut shorter, and a
repetition gives nothing back. That is the language of the grammar because at no place two of its terminals may
begin; tests hold the three to each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

_HERE = Path(__file__).parent
CONFIG = _HERE / "config" / "config.lark"
XML_VALUE = _HERE / "xml" / "value.lark"
_HEAD = '''"""Made from {name} by `make tables`; do not edit."""

# ruff: noqa: E501
'''

_AS_FELIX_WRITES = r'\[ \\\r?+\n(?:  ", \\\r?+\n)*+  \]'
"""The layout of nearly every array. Tried before its rule, whose repetitions take longer."""
_OUTLINE = {
    "KEY": "({})",
    "COMMENT": r'(?>#[^"\r\n]*)',
    "string": '"',
    "item": '"',
    "array": f"(?:{_AS_FELIX_WRITES}|{{}})",
}


def parser(grammar: Path, start: str) -> Lark:
    """A grammar with Lark's own engine: what the tables are made from, and in tests held to."""
    from lark import Lark

    return Lark(
        grammar.read_text("utf-8"),
        start=start,
        parser="lalr",
        lexer="contextual",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def modules() -> dict[Path, str]:
    """The modules to write, by their paths, made from the grammars as they are now."""
    config = parser(CONFIG, "start")
    return {
        CONFIG.with_name("compiled.py"): _patterns(config),
        CONFIG.with_name("table.py"): _table(config, CONFIG.name),
        XML_VALUE.with_name("table.py"): _table(parser(XML_VALUE, "value"), XML_VALUE.name),
    }


def main() -> None:
    """Write the modules beside their grammars."""
    for path, text in modules().items():
        path.write_text(text, "utf-8")


def _patterns(config: Lark) -> str:
    rules = _Rules(config)
    found = {
        "TRIVIA": ("Blank lines and comments.", rules.pattern("_trivia")),
        "ENTRY": (
            "Those and an entry, whose key is the group; or those and the end.",
            f"{rules.pattern('_trivia')}(?:{rules.pattern('entry', {'KEY': '({})'})}|\\Z)",
        ),
        "NO_VALUE": (
            "Those, a key and its equals sign, behind which neither a value nor its type begins.",
            f'{rules.pattern("_trivia")}{rules.pattern("KEY")}=(?!{rules.pattern("TYPE")}|["\\[(])',
        ),
        "ITEM": (
            "An item of a list, or a string; the group is its text.",
            rules.pattern("item", {"_text": "({})"}),
        ),
    }
    for name in ("TRIVIA", "ENTRY"):
        found[f"ASCII_{name}"] = (
            f"What {name} is for a text of ASCII; compiled in a third of the time.",
            ascii_only(found[name][1]),
        )
    found["ASCII_OUTLINE"] = (
        "What ASCII_ENTRY is for a text in which one quote stands for every string.",
        ascii_only(f"{rules.pattern('_trivia', _OUTLINE)}(?:{rules.pattern('entry', _OUTLINE)}|\\Z)"),
    )
    lines = (f'\n{name} = {text!r}\n"""{about}"""\n' for name, (about, text) in found.items())
    return _HEAD.format(name="config.lark") + "".join(lines)


def ascii_only(pattern: str) -> str:
    """A pattern without the characters above U+007F that its sets name: a text of ASCII has none of them."""
    return re.sub(r"[^\x00-\x7f](?:-[^\x00-\x7f])?", "", pattern)


class _Rules:
    """The rules of a grammar as regular expressions."""

    def __init__(self, parser: Lark) -> None:
        grammar: Any = parser.grammar
        self._rules = {str(name): tree for name, _, tree, _ in grammar.rule_defs}
        self._terminals = {found.name: found.pattern for found in parser.terminals}

    def pattern(self, name: str, marked: Mapping[str, str] | None = None) -> str:
        """The regular expression of a rule or terminal; `marked` wraps those of some, by name."""
        marked = marked or {}
        text = self._terminal(name) if name in self._terminals else self._of(self._rules[name], marked)
        return marked.get(name, "{}").replace("{}", text)

    def _terminal(self, name: str) -> str:
        pattern = self._terminals[name]
        text: str = pattern.to_regexp()
        return text if pattern.min_width == pattern.max_width else f"(?>{text})"

    def _of(self, tree: Any, marked: Mapping[str, str]) -> str:
        if tree.data == "value":
            return self.pattern(tree.children[0].name, marked)
        if tree.data == "expr":
            item, repeated = tree.children
            text = self._of(item, marked)
            return f"{text if len(item.children) > 1 else f'(?:{text})'}{repeated}+"
        parts = [self._of(child, marked) for child in tree.children]
        if tree.data == "expansion":
            return "".join(parts)
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _table(parser: Lark, name: str) -> str:
    """The parse table, its states numbered in the order in which they are reached: Lark's numbers are random."""
    made: Any = parser.parser.parser
    table = made._parse_table
    (start,), (end,) = table.start_states.values(), table.end_states.values()
    rules: dict[tuple[str, int], int] = {}
    reached, rows = [start], list[dict[str, int]]()
    while len(rows) < len(reached):
        row: dict[str, int] = {"$END": 0} if reached[len(rows)] == end else {}
        for symbol, (_, target) in sorted(table.states[reached[len(rows)]].items()):
            if not isinstance(target, int):
                rule = (str(target.origin.name), len(target.expansion))
                row[str(symbol)] = ~rules.setdefault(rule, len(rules))
                continue
            if target not in reached:
                reached.append(target)
            row[str(symbol)] = reached.index(target)
        rows.append(row)
    lexer: Any = parser.parser.lexer
    terminals = "".join(
        f"        {found.name!r}: {found.pattern.to_regexp()!r},\n" for found in lexer.root_lexer.terminals
    )
    return (
        _HEAD.format(name=name)
        + "\nfrom grammar.lalr import Table\n\nTABLE = Table(\n    {\n"
        + terminals
        + "    },\n    (\n"
        + "".join(f"        {rule!r},\n" for rule in rules)
        + "    ),\n    (\n"
        + "".join(f"        {row!r},\n" for row in rows)
        + "    ),\n)\n"
    )


if __name__ == "__main__":
    main()
