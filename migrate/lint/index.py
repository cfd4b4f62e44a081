"""`make rules`: docs/rules/index.md, the table of all rules, made of the rules themselves."""

from __future__ import annotations

from pathlib import Path

from migrate.lint.rules import RULES

_HEAD = """\
# Rules of `slingshift lint`

Every page shows what is written, what each of AEM's readers loads from it, and how to write it. The tests compute the
loads again with the models of the readers. This page is made by `make rules`.

| rule | severity | about |
| --- | --- | --- |
"""
PAGE = Path(__file__).parents[2] / "docs" / "rules" / "index.md"


def text() -> str:
    """The page."""
    return _HEAD + "".join(
        f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.title} |\n" for rule in RULES.values()
    )


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8", newline="\n")
