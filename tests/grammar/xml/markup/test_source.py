"""Bytes to text: encodings, the size limit, and what FileVault takes for a document view."""

from __future__ import annotations

import pytest

from grammar.errors import ParseError
from grammar.xml.markup import source as xml_source

HEAD = '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0"'


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (b"<a/>", "utf-8"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><a/>', "utf-8"),
        (b'<?xml version="1.0" encoding="latin1"?><a b="\xe9"/>', "latin-1"),
        (b"<?xml version='1.0' encoding='US-ASCII'?><a/>", "ascii"),
        ('\ufeff<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16-le"), "utf-16-le"),
        ("\ufeff<a/>".encode("utf-16-be"), "utf-16-be"),
        ('<?xml version="1.0" encoding="UTF-16LE"?><a/>'.encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_decode_keeps_what_encoding_gives_back(data: bytes, codec: str) -> None:
    source = xml_source.decode(data)
    assert source.codec == codec
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16-le"),
    ],
)
def test_encodings_that_contradict_or_are_not_read(data: bytes) -> None:
    with pytest.raises(ParseError, match="declared encoding") as caught:
        xml_source.decode(data)
    assert (caught.value.rule, caught.value.fix) == (
        "xml-encoding",
        "Save the file as UTF-8 and declare UTF-8",
    )


def test_broken_bytes_are_located() -> None:
    with pytest.raises(ParseError, match="bytes that are no UTF-8: the parser gives up") as caught:
        xml_source.decode(b"<a>\n \xe9</a>")
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("xml-encoding", 2, 2)


def test_size_limit() -> None:
    with pytest.raises(ParseError, match="not read") as caught:
        xml_source.decode(b" " * (xml_source.MAX_BYTES + 1))
    assert caught.value.rule == "xml-too-large"


def test_docview_detection_counts_utf_16_units() -> None:
    tail = f"{HEAD}/>"
    room = xml_source.DETECTION_CHARACTERS - len(HEAD)
    assert xml_source.is_docview(("é" * room + tail).encode())
    assert not xml_source.is_docview(("é" * (room + 1) + tail).encode())
    assert xml_source.is_docview(("😀" * (room // 2) + tail).encode())
    assert not xml_source.is_docview(("😀" * (room // 2 + 1) + tail).encode())
    assert not xml_source.is_docview(tail.replace('"', "'").encode())
    assert not xml_source.is_docview(tail.encode("utf-16"))


def test_quick_look() -> None:
    text = '<jcr:root jcr:primaryType="sling:OsgiConfig"/>'
    assert all(
        xml_source.may_hold_configuration(text.encode(codec)) for codec in ("utf-8", "utf-16", "utf-16-be")
    )
    assert not xml_source.may_hold_configuration(text.lower().encode())
