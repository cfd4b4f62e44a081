"""Text made safe to show: each policy, and that nobody else has one."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate import terminal
from tests.places import ROOT

TEXTS = st.text(max_size=40) | st.text("\r\n\t\x1b\x07\u202e\u200b\ud800\\|`<ab", max_size=20)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü", "plain ü"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_printable_loses_nothing(text: str, shown: str) -> None:
    assert terminal.printable(text) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("+\ta = 1", "+\ta = 1"),
        ("+a=1\r", "+a=1^M"),
        ("+evil\r+good\r", "+evil\\r+good^M"),
        ("+\r\r", "+\\r^M"),
        ("+\x1b[2J\u2066", "+\\x1b[2J\\u2066"),
    ],
)
def test_a_line_of_a_diff_keeps_its_tabs_and_its_end(line: str, shown: str) -> None:
    assert terminal.in_diff(line, "^M") == shown
    assert terminal.in_diff(line) == shown.replace("^M", "\r")


def test_a_cell_is_one_cell() -> None:
    assert terminal.in_cell("a|b`<i>\\\n") == "a\\|b\\`&lt;i>\\\\\\\\n"
    assert terminal.in_code_cell("a|b`<i>\n") == "`a\\|b'<i>\\n`"


def test_a_stranger_gets_one_line() -> None:
    assert terminal.stranger("a\x1b\nb" + "x" * 300) == "a??b" + "x" * 196
    assert terminal.stranger("abcdef", 3) == "abc"


@given(TEXTS)
def test_nothing_unprintable_is_left(text: str) -> None:
    for shown in (terminal.printable(text), terminal.in_cell(text), terminal.stranger(text)):
        assert shown.isprintable()
    assert terminal.in_diff(text, "").replace("\t", "").isprintable()


def test_no_other_module_has_a_policy_of_its_own() -> None:
    """A function that makes text printable asks `isprintable` of a character, or replaces a class of controls."""
    found = set()
    for path in (ROOT / "migrate").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.IfExp) and "isprintable" in ast.unparse(node.test):
                found.add(path.relative_to(ROOT).as_posix())
        if re.search(r"\.sub\(.*x\{ord", path.read_text("utf-8")):
            found.add(path.relative_to(ROOT).as_posix())
    # git has a way of its own to write paths, which its readers know.
    assert found == {"migrate/terminal.py", "migrate/reports/diff.py"}
