"""The loop over a parse table, held to Lark's own engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import lalr, tables
from grammar.config.table import TABLE as CONFIG
from tests.grammar import engine

CONFIG_PARSER = tables.parser(tables.CONFIG, "start")


def outcome(table: lalr.Table, text: str) -> engine.Outcome:
    tokens = []
    try:
        for name, start, end in lalr.tokens(table, text):
            tokens.append((name, text[start:end]))
    except lalr.UnexpectedError as error:
        pending = [(name, start) for name, start, _ in error.pending]
        return engine.Outcome([], (error.at, error.expected, pending))
    return engine.Outcome(tokens, None)


def like_lark(found: engine.Outcome) -> engine.Outcome:
    """Lark's lexer never names the end of the text among what it expected."""
    if found.stop is None:
        return found
    return found._replace(stop=(found.stop[0], found.stop[1] - {"$END"}, found.stop[2]))


@given(data=st.data())
def test_config_is_read_as_lark_reads_it(data: st.DataObject, soup: st.SearchStrategy[bytes]) -> None:
    text = data.draw(soup).decode("utf-8", "surrogateescape")
    ours, larks = outcome(CONFIG, text), engine.outcome(CONFIG_PARSER, text)
    assert like_lark(ours) == like_lark(larks)
    if ours.stop is None:
        assert "".join(text for _, text in ours.tokens) == text


def test_where_a_text_stops() -> None:
    assert lalr.stop(CONFIG, 'a="1"\nb="2"') is None
    found = lalr.stop(CONFIG, 'a="1"\nb="2', 5)
    assert found is not None
    assert (found.at, [token.name for token in found.pending]) == (10, ["KEY", "EQUALS", "QUOTE", "TEXT"])
    assert found.expected == {"TEXT", "ESCAPE", "UNICODE_ESCAPE", "QUOTE"}


def test_the_committed_tables_are_those_of_the_grammars() -> None:
    for path, text in tables.modules().items():
        assert path.read_text("utf-8") == text


def test_make_tables_writes_them_beside_the_grammars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {tmp_path / path.name: text for path, text in tables.modules().items()}
    monkeypatch.setattr(tables, "modules", lambda: made)
    tables.main()
    assert {path: path.read_text("utf-8") for path in tmp_path.iterdir()} == made


def test_reading_may_begin_anywhere() -> None:
    assert [token.name for token in lalr.tokens(CONFIG, 'a=x b="1"', 4)] == [
        "KEY", "EQUALS", "QUOTE", "TEXT", "QUOTE",
    ]  # fmt: skip
