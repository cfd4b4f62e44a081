"""Lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import places

TEXTS = st.text(st.sampled_from("ab\r\n\u2028\x0cé😀"), max_size=12)


class Text(places.Lines):
    def __init__(self, raw: str) -> None:
        self.raw = raw


@given(TEXTS)
def test_one_offset_and_many_are_looked_up_alike(text: str) -> None:
    lines = Text(text)
    parts = places.LINE_END.split(text)
    assert lines.line_starts == places.line_starts(text)
    assert len(lines.line_starts) == len(parts)
    for offset in range(len(text) + 1):
        line, column = places.position(text, offset)
        assert lines.position(offset) == (line, column)
        assert lines.line_start(offset) == offset - column + 1
        assert text[lines.line_start(offset) :].startswith(parts[line - 1])


def test_the_lines_of_a_text_are_counted_once_for_all_that_is_wrong_in_it() -> None:
    text = "a\n" * 100
    places.line_starts.cache_clear()
    errors = [places.error_at(text, offset, "a-rule", "what") for offset in range(len(text))]
    assert places.line_starts.cache_info().misses == 1
    assert [(error.line, error.column) for error in errors[-2:]] == [(100, 1), (100, 2)]


@given(TEXTS)
def test_where_lines_end(text: str) -> None:
    starts = places.line_starts(text)
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        end = places.end_of_line(text, start)
        assert not places.LINE_END.search(text, start, end)
        assert places.next_line(text, start) == (len(text) if after is None else after)
        if after is not None:
            assert places.before_line_end(text, after) == end
    assert places.before_line_end("a", 1) == 1


@pytest.mark.parametrize(
    ("offset", "line", "column", "source_line"), [(0, 1, 1, "é"), (4, 2, 2, "b="), (6, 3, 1, "")]
)
def test_errors_point_at_their_place(offset: int, line: int, column: int, source_line: str) -> None:
    error = places.error_at("é\r\nb=\n", offset, "a-rule", "what", "how")
    assert (error.line, error.column, error.source_line) == (line, column, source_line)
    assert (error.rule, error.message, error.fix) == ("a-rule", "what", "how")
