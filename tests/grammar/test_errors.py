"""How an error shows the place."""

from __future__ import annotations

from grammar.errors import ParseError


def error(column: int, source_line: str, fix: str = "") -> ParseError:
    return ParseError("wrong", rule="r", line=3, column=column, fix=fix, source_line=source_line)


def test_text_of_an_error() -> None:
    assert str(error(2, "abc")) == "<bytes>:3:2: wrong"
    assert str(error(2, "abc", "Mend it").at("f.config")) == "f.config:3:2: wrong. Mend it"


def test_the_caret_stands_below_the_character() -> None:
    assert error(3, "a\tbc").context() == "  a bc\n    ^"
    assert error(2, "\udcff\x1b").context() == "    \n   ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "a" * 500 + "=" + "b" * 500
    shown, caret = error(501, line).context().split("\n")
    assert len(shown) == 102
    assert shown[caret.index("^")] == "="
