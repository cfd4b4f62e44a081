"""No bytes make any parser raise anything but its own error, one line long, and none takes more than linear time.

`make fuzz` runs longer: FUZZ_EXAMPLES is how many texts each parser gets.
"""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import PARSERS, Parser

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
_BYTES = st.binary(max_size=8) | st.sampled_from(
    [
        b'"',
        b"\\",
        b"=",
        b"\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b"<",
        b">",
        b"&#0;",
        b"\0",
        b"\xff",
        b"\\u",
        b"//",
        b"/*",
    ]
)


@st.composite
def mutations(draw: st.DrawFn, parser: Parser) -> bytes:
    """A seed with some spans replaced, repeated or cut; or a piece of hostile text many times."""
    if draw(st.integers(0, 9)) == 0:
        return draw(_BYTES) + draw(st.sampled_from(parser.hostile)) * draw(st.integers(0, 300)) + draw(_BYTES)
    data = draw(st.sampled_from(parser.seeds or (b"",)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        piece = draw(_BYTES | st.sampled_from(parser.seeds or (b"",)))[:40]
        data = data[:start] + piece + data[end:]
    return data


def read(parser: Parser, data: bytes) -> None:
    """Raises only what no parser may raise."""
    try:
        parser.read(data)
    except parser.refuses as error:
        assert str(error).strip()
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", PARSERS)
def test_seeds_are_read(name: str) -> None:
    for seed in PARSERS[name].seeds:
        read(PARSERS[name], seed)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_bytes(name: str, data: st.DataObject) -> None:
    read(PARSERS[name], data.draw(mutations(PARSERS[name])))


@pytest.mark.parametrize("name", PARSERS)
def test_four_times_the_text_takes_no_more_than_a_few_times_as_long(name: str) -> None:
    """A ratio of CPU times: a quadratic parser would take sixteen times as long."""
    parser = PARSERS[name]
    for piece in parser.hostile:
        size = 20_000 // len(piece)
        small = min(_cpu(parser, piece * size) for _ in range(3))
        large = min(_cpu(parser, piece * size * 4) for _ in range(3))
        assert large < 9 * max(small, 0.002), (piece, small, large)


def _cpu(parser: Parser, data: bytes) -> float:
    started = time.process_time()
    read(parser, data)
    return time.process_time() - started
