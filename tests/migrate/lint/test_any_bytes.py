"""No bytes make lint, its repairs or show raise, and no repair is written that the readers do not agree on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grammar import ParseError, forms, parse
from migrate.lint import check, repairs

_LINES = st.sampled_from(
    [
        'a="1"',
        'b="x=="',
        'c = "2"',
        'd="1",',
        'e="1";',
        "f=true",
        "\ufeff",
        "# c",
        'g=["1", "2="]',
        'h="',
        "",
        'i="a" b',
        ",",
        ";",
        '["1"]',
    ]
)
_TEXTS = st.builds(
    lambda lines, end: end.join(lines).encode(),
    st.lists(_LINES, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | _TEXTS, st.sampled_from(["config", "cfg.json", "xml"]))
def test_no_bytes_raise(data: bytes, form: str) -> None:
    for hazard in check.check(f"folder/F-1.{form}", data, form):
        assert hazard.line >= 1
        assert hazard.column >= 1


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_a_repair_is_accepted_alike_and_final(data: bytes) -> None:
    repaired = repairs.proposed(data)
    assert repairs.repair(data) == repaired
    if repaired.data == data:
        return
    values = {found.name: found.value for found in parse(repaired.data).properties}
    assert all(loaded.properties == values for loaded in forms.load_all(repaired.data).values())
    assert repairs.repair(repaired.data).data == repaired.data


@settings(max_examples=100, deadline=None)
@given(_TEXTS)
def test_what_is_accepted_keeps_its_values(data: bytes) -> None:
    try:
        before = parse(data)
    except ParseError:
        return
    repaired = repairs.repair(data)
    if not repaired.rules & {"bom", "key-with-line-break"}:
        assert {p.name: p.value for p in parse(repaired.data).properties} == {
            p.name: p.value for p in before.properties
        }
