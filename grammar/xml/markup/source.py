"""Bytes to text: encodings, and whether FileVault takes the file for a document view.

No encoding is guessed: what a file is in is what its first bytes and its declaration say, as for any XML parser.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grammar import patterns
from grammar.errors import ParseError
from grammar.places import error_at

MAX_BYTES = 512 * 1024
"""Larger files are refused; an export of a folder with a hundred configurations is a third of this."""

JCR_URI = "http://www.jcp.org/jcr/1.0"
SLING_URI = "http://sling.apache.org/jcr/sling/1.0"
WELL_KNOWN = {"jcr": JCR_URI, "sling": SLING_URI}
"""What prefixes mean where a file does not declare them."""

DETECTION_CHARACTERS = 1024
"""How much of ``X.xml`` FileVault looks at to find out whether it is a document view (XmlAnalyzer)."""

_CODECS = {
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "ISO-8859-1": "latin-1",
    "ISO8859-1": "latin-1",
    "LATIN1": "latin-1",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
}
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
DECLARATION = patterns.lazy(r"\ufeff?<\?xml[ \t\r\n](?:(?!\?>).)*\?>", re.DOTALL)
_ENCODING = patterns.lazy(r"""[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]*)["']""")


class Source(NamedTuple):
    """A decoded file.

    Attributes:
        text: all of it, a byte order mark included, so that encoding it with `codec` gives the bytes back.
        codec: Python's name of the encoding.
    """

    text: str
    codec: str

    def encode(self, text: str) -> bytes:
        """Another text in the same encoding.

        Raises:
            UnicodeEncodeError: the encoding has no such character.
        """
        return text.encode(self.codec)


def is_docview(data: bytes) -> bool:
    """Whether FileVault takes ``X.xml`` for a document view, which makes a node ``X``; else it is a plain file.

    Its first 1024 characters, read as UTF-8, must hold ``<jcr:root`` and the JCR namespace in double quotes.
    (``.content.xml`` is always read as a document view.)
    """
    head = data[: DETECTION_CHARACTERS * 4].decode("utf-8", "replace")
    # Java counts UTF-16 units; U+FEFF is a character like any other.
    units = head.encode("utf-16-le", "surrogatepass")[: DETECTION_CHARACTERS * 2]
    start = units.decode("utf-16-le", "ignore")
    return "<jcr:root" in start and f'"{JCR_URI}"' in start


def may_hold_configuration(data: bytes) -> bool:
    """A quick look before reading: whether the bytes name ``OsgiConfig`` at all, in UTF-8 or UTF-16.

    False for a type written with character references or escapes, which nobody does.
    """
    return any("OsgiConfig".encode(codec) in data for codec in ("ascii", "utf-16-le", "utf-16-be"))


def decode(data: bytes) -> Source:
    """Decode as the file declares.

    Raises:
        ParseError: too large (``xml-too-large``), or an encoding that is broken, contradictory or not one of
            UTF-8, UTF-16, ISO-8859-1 and US-ASCII (``xml-encoding``).
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes is more than a configuration of {MAX_BYTES} bytes; not read"
        raise ParseError(message, rule="xml-too-large", line=1, column=1)
    codec = codec_of(data)
    try:
        return Source(data.decode(codec), codec)
    except UnicodeDecodeError as broken:
        before = data[: broken.start].decode(codec, "ignore")
        message = f"bytes that are no {codec.upper()}: the parser gives up here and the file is lost"
        raise error_at(before, len(before), "xml-encoding", message, "Save the file as UTF-8") from None


def codec_of(data: bytes) -> str:
    """Python's name of the encoding that the first bytes and the declaration agree on.

    Raises:
        ParseError: they do not, or it is none that is read here (``xml-encoding``).
    """
    codec = _UTF_16.get(data[:2]) or _UTF_16.get(data[:4])
    declared = _declared(data.decode(codec, "replace") if codec else data[:1024].decode("latin-1"))
    if codec:
        agrees = (declared or "UTF-16") in ("UTF-16", codec.upper().replace("-LE", "LE").replace("-BE", "BE"))
    else:
        codec = _CODECS.get(declared or "UTF-8", "")
        agrees = bool(codec) and (codec == "utf-8" or not data.startswith(b"\xef\xbb\xbf"))
    if not agrees:
        message = "the declared encoding is not the file's own, or is none that is read here"
        raise error_at("", 0, "xml-encoding", message, "Save the file as UTF-8 and declare UTF-8")
    return codec


def _declared(head: str) -> str | None:
    declaration = DECLARATION.match(head.removeprefix("\xef\xbb\xbf"))
    found = _ENCODING.search(declaration[0]) if declaration else None
    return found[1].upper() if found else None
