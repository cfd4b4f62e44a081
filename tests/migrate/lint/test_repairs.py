"""What the repairs of `lint --fix` cost, and that the quick way to them gives the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammar.config import errors, scanner
from migrate.lint import repairs

LINES = 40


@pytest.mark.parametrize(
    ("line", "repaired", "times"),
    [
        ('k{} = "v"\n', 'k{}="v"\n', 2),
        ('k{}="a=b"\n', 'k{}="a\\=b"\n', 1),
        ('k{}="v",\n', 'k{}="v"\n', 1),
        ('k{}=["a", "b"]\n', 'k{}=["a", "b"]\n', 0),
    ],
)
def test_a_text_is_repaired_in_one_pass(
    line: str, repaired: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading goes on where a repair was made: the entries that are read grow with the text, not with its square."""
    read: list[scanner.Entry] = []
    diagnosed: list[int] = []
    entries, of_syntax = scanner.entries, errors.of_syntax

    def counted(text: str, at: int = 0) -> Iterator[scanner.Entry]:
        for entry in entries(text, at):
            read.append(entry)
            yield entry

    def told(text: str, at: int) -> errors.Problem:
        diagnosed.append(at)
        return of_syntax(text, at)

    monkeypatch.setattr(scanner, "entries", counted)
    monkeypatch.setattr(errors, "of_syntax", told)
    text = "".join(map(line.format, range(LINES))).encode()
    assert repairs.repair(b"\xef\xbb\xbf" + text).data == "".join(map(repaired.format, range(LINES))).encode()
    assert len(diagnosed) <= LINES
    assert len(read) <= (times + 4) * LINES


_ENTRY = st.tuples(
    st.sampled_from(["a", "b", "c.d"]),
    st.sampled_from(["", " ", "  ", "\t"]),
    st.just("="),
    st.sampled_from(["", " ", "\t "]),
    st.sampled_from(['"x"', '"a b"', '"u?a=b"', 'I"1"', '["a", "b"]', '[ "a", \\\n "b" ]', "x", '"']),
    st.sampled_from(["", "", ",", ";", " ", " # c"]),
    st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.lists(_ENTRY, min_size=1, max_size=5).map("".join))
def test_what_is_mended_at_once_is_what_is_mended_one_by_one(text: str) -> None:
    data = text.encode()
    found = repairs.proposed(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repairs, "_at_once", lambda *_: None)
        assert repairs.proposed(data) == found


@pytest.mark.parametrize(
    "text",
    [
        # Without its semicolon the text would be no configuration any more.
        'a="b"\nb="";\n\\\r\nc,\td="x"\n',
        # Without its semicolon the second property would be a comment; with it the text is none that AEM takes.
        'a = "1";\n#x\\ = "z"\nb="2"\n',
    ],
)
def test_a_semicolon_stays_where_more_would_go_with_it(text: str) -> None:
    assert repairs.proposed(text.encode()) == (text.encode(), frozenset())
