"""What a rejected file costs grows with its size and no faster: counted in calls, not by a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from grammar import ParseError, forms
from grammar.platforms import PLATFORMS
from grammar.xml.reader import VERSIONS, load

PATH = "apps/x/config/.content.xml"
CONFIG = 'jcr:primaryType="sling:OsgiConfig"'
HEAD = '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"'

BODIES = {
    "brackets": f'<B{{0}}_x005b_1_x005d_ {CONFIG} p="1"/><e{{0}}/>',
    "same names": f'<B {CONFIG} p="1"/>',
    "types": f'<B{{0}} {CONFIG} p="{{{{Foo}}}}1"/>',
    "dates": f'<B{{0}} {CONFIG} p="{{{{Date}}}}2020-01-02T03:04:05.678Z"/>',
    "unmade": f"<d{{0}}><B {CONFIG}/></d{{0}}>",
    "identifiers": f'<B{{0}} {CONFIG} jcr:uuid="x"/>',
    "odd names": f'<B{{0}} {CONFIG} _x002f__x007b_{{0}}="1" a_x005b_="2"/>',
    "late": f'<B_x005b_1_x005d_ {CONFIG} p="{{{{Name}}}}x:y"/>',
}


def _folder(body: str, count: int) -> bytes:
    inside = "".join(body.format(number) for number in range(count))
    return f'{HEAD} jcr:primaryType="sling:Folder">{inside}</jcr:root>'.encode()


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def seen(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _reject(data: bytes) -> None:
    try:
        forms.parse_all(data, PATH, platform=PLATFORMS["aem65"])
    except ParseError as error:
        forms.beyond(error, data, PATH, platform=PLATFORMS["aem65"])
    else:
        raise AssertionError(data[:200])


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_twice_the_nodes_cost_twice(body: str) -> None:
    small, large = (_folder(body, count) for count in (150, 300))
    _reject(small)  # Modules and patterns are made.
    assert _calls(lambda: _reject(large)) < 2.5 * _calls(lambda: _reject(small))
    for version in VERSIONS:
        load(small, version, PATH)
        once = _calls(lambda: load(small, version, PATH))  # noqa: B023
        assert _calls(lambda: load(large, version, PATH)) < 2.5 * once  # noqa: B023


@pytest.mark.parametrize("version", VERSIONS)
def test_twice_the_items_cost_twice(version: str) -> None:
    small, large = (
        f'{HEAD} {CONFIG} p="{{Long}}[{"1," * count}x]" q="{{Foo}}"/>'.encode() for count in (200, 400)
    )
    load(small, version, "F.xml")
    assert _calls(lambda: load(large, version, "F.xml")) < 2.5 * _calls(lambda: load(small, version, "F.xml"))
