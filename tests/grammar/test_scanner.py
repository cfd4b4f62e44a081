"""The compiled terminals and the loop over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grammar import config_terminals, scanner, terminals


def test_the_committed_terminals_are_those_of_the_grammar() -> None:
    assert terminals.source() == Path(config_terminals.__file__).read_text("utf-8")


def test_make_terminals_writes_them_beside_the_grammar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminals, "__file__", str(tmp_path / "terminals.py"))
    terminals.main()
    made = (tmp_path / "config_terminals.py").read_bytes()
    assert made == Path(config_terminals.__file__).read_bytes()


def test_the_spans_of_keys_and_values() -> None:
    text = '# c\n a="1"\nb=I["2"] # d\n'
    found = scanner.entries(text)
    assert found is not None
    assert [(text[a:b], text[c:d]) for a, b, c, d in found] == [("a", '"1"'), ("b", 'I["2"]')]


def test_what_is_left_to_the_full_grammar() -> None:
    for text in ('a\\ b="1"\n', "a=1", 'a="x=y"', "a", 'a="1"\r'):
        assert scanner.entries(text) is None
    assert scanner.entries("") == []
    assert scanner.entries("# c\n") == []
