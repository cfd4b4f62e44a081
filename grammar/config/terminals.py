"""Makes :mod:`grammar.config.compiled` from ``config_fast.lark``: ``python -m grammar.config.terminals``."""

from __future__ import annotations

from pathlib import Path

_HEAD = '''"""The terminals of config_fast.lark as Lark compiles them. Made by `make terminals`; do not edit."""

# ruff: noqa: E501
'''


def source() -> str:
    """The text of the module, made from the grammar as it is now."""
    from grammar.config.document import fast_grammar

    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in fast_grammar().terminals}
    return _HEAD + "".join(f"\n{name} = {patterns[name]!r}\n" for name in ("KEY", "STRING", "TYPED", "END"))


def main() -> None:
    """Write the module beside the grammar."""
    Path(__file__).with_name("compiled.py").write_text(source(), "utf-8")


if __name__ == "__main__":
    main()
