"""The compiled terminals and the loop over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grammar.config import compiled, scanner, terminals


def test_the_committed_terminals_are_those_of_the_grammar() -> None:
    assert terminals.source() == Path(compiled.__file__).read_text("utf-8")


def test_make_terminals_writes_them_beside_the_grammar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminals, "__file__", str(tmp_path / "terminals.py"))
    terminals.main()
    made = (tmp_path / "compiled.py").read_bytes()
    assert made == Path(compiled.__file__).read_bytes()


def test_the_spans_of_keys_and_values() -> None:
    text = '# c\n a="1"\nb=I["2"] # d\n'
    found, at = scanner.entries(text)
    assert at == len(text)
    assert [(text[a:b], text[c:d]) for a, b, c, d in found] == [("a", '"1"'), ("b", 'I["2"]')]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("", ""),
        ("# c\n", "# c\n"),
        ('a="1"\n# c\nb\\u0020c="1"\n', 'a="1"\n# c\n'),
        ('a\\ b\\=="1"\n', 'a\\ b\\=="1"\n'),
        ('a="1"\nb=1', 'a="1"'),
        ('a="1"\r', 'a="1"'),
        ('a="x=y"', ""),
        ("a", ""),
    ],
)
def test_where_the_full_grammar_goes_on(text: str, before: str) -> None:
    assert text[: scanner.entries(text)[1]] == before


@pytest.mark.parametrize(
    ("text", "before", "terminals"),
    [
        ("# c\na", "", []),
        ("# c\na=1", "# c\na=", ["KEY", "EQUALS"]),
        ('a="x\\\\y=z"', 'a="x\\\\y', ["KEY", "EQUALS", "QUOTE"]),
        ('a=I["1", \\\n "2\\u00"', 'a=I["1", \\\n "2', ["KEY", "EQUALS", "TYPE", "ARRAY_OPEN", "QUOTE"]),
        ('a=( "x" "y" )', 'a=( "x', ["KEY", "EQUALS", "COLLECTION_OPEN", "QUOTE"]),
        ("a=[,#", "a=[,", ["KEY", "EQUALS", "ARRAY_OPEN"]),
    ],
)
def test_how_a_broken_entry_begins(text: str, before: str, terminals: list[str]) -> None:
    pieces, at = scanner.opening(text, 0)
    assert text[:at] == before
    assert [piece.terminal for piece in pieces] == terminals
