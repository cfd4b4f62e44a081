"""One reading of a file, for all versions."""

from __future__ import annotations

from typing import Any

import pytest

from grammar.xml.reader import VERSIONS, load, load_all
from grammar.xml.reading import shared
from grammar.xml.reading.shared import Reading
from grammar.xml.reading.texts import DocViewError
from grammar.xml.values import Float64, ValueFormatError

HEAD = '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"'
CONFIG = 'jcr:primaryType="sling:OsgiConfig"'


def _reading(attributes: str) -> Reading:
    return Reading(f"{HEAD} {CONFIG} {attributes}/>")


def test_all_versions_share_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"parse_text": 0, "convert": 0}

    def counted(name: str) -> None:
        work = getattr(shared, name)

        def count(*arguments: Any) -> Any:
            counts[name] += 1
            return work(*arguments)

        monkeypatch.setattr(shared, name, count)

    counted("parse_text")
    counted("convert")
    data = f'{HEAD} {CONFIG} p="{{Long}}[1,2,3]" q="{{Date}}x"/>'.encode()
    found = load_all(data, VERSIONS, "F.xml")
    assert found == {version: load(data, version, "F.xml") for version in VERSIONS}
    counts.update(dict.fromkeys(counts, 0))
    load_all(data, VERSIONS, "F.xml")
    # Three attributes, and the type again for each of two ways to look for it.
    assert counts == {"parse_text": 5, "convert": 4}


def test_a_text_that_is_not_read_is_an_error_each_time() -> None:
    reading = _reading('p="{Foo}x"')
    for _ in range(2):
        with pytest.raises(DocViewError, match="unknown type"):
            reading.said(reading.view.elements[0])


def test_items_are_made_once() -> None:
    reading = _reading('p="{Double}[1,2]" q="{Double}[1,x]" r="[a,b]"')
    _, good, bad, plain = (one.text for one in reading.said(reading.view.elements[0]))
    assert reading.items(good) == [Float64.of(1.0), Float64.of(2.0)]
    assert reading.items(good) is reading.items(good)
    assert reading.items(plain) == ["a", "b"]
    for _ in range(2):
        with pytest.raises(ValueFormatError):
            reading.items(bad)


@pytest.mark.parametrize("name", ["F.txt", "F.xml", ".content.xml"])
def test_what_is_not_read_is_told_of_every_version(name: str) -> None:
    found = load_all(b"<?xml version='9'?><x/>", VERSIONS, name)
    assert list(found) == list(VERSIONS)
    assert len(set(found.values())) == 1
    assert found["3.2.8"].properties is None
