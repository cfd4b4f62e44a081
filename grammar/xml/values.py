"""From the text of a typed JCR value to what Sling's installer puts into the configuration.

FileVault hands each text with its type to ``Node.setProperty``, Oak converts it, and ``ConfigNodeConverter`` of
Sling's JCR installer makes Java objects of what Oak stored. Conversions and their failures were tried with Oak
1.60 on Java 17; they follow ``Long.parseLong``, ``Double.parseDouble``, ``BigDecimal(String)``, ``java.net.URI``
and ``org.apache.jackrabbit.util.ISO8601``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection

from grammar import patterns
from grammar.java import units
from grammar.values import Float64
from grammar.xml import names as xml_names

TYPES = (
    "String",
    "Binary",
    "Long",
    "Double",
    "Decimal",
    "Date",
    "Boolean",
    "Name",
    "Path",
    "Reference",
    "WeakReference",
    "URI",
    "undefined",
    "BinaryRef",
)
"""What may stand in ``{}``: the names of ``javax.jcr.PropertyType`` and FileVault's ``BinaryRef``."""

ELEMENT_OF = {
    "String": "String",
    "undefined": "String",
    "Long": "Long",
    "Double": "Double",
    "Boolean": "Boolean",
}
"""The JCR types that reach the configuration, with their OSGi names."""


class Fate(enum.Enum):
    """What becomes of a value that does not reach the configuration as it is."""

    DROPPED = "dropped"
    """The installer has no Java type for it; an array of such values ends the installer's whole cycle."""
    DATE = "date"
    """A ``java.util.Calendar``, for which ConfigAdmin refuses the whole configuration."""
    UNSTORABLE = "unstorable"
    """A name that Oak refuses when it saves (unknown prefix, outer blanks): the import fails as a whole."""


class ValueFormatError(ValueError):
    """The text is none of its type: alone it is stored as a String, in an array it breaks the import."""


Item = str | int | bool | Float64 | Fate

_DECIMAL = patterns.lazy(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?")
_DATE = patterns.lazy(
    r"[+-]?+(?P<year>.{4})-(?P<month>..)-(?P<day>..)T(?P<hour>..):(?P<minute>..):(?P<second>..)\.(?P<ms>...)"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]|0|)",
    re.DOTALL,
)
_UUID = patterns.lazy(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NO_URI = patterns.lazy(
    r'[\x00-\x20\x7f-\xa0<>"{}|\\^`\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff]'
    r"|%(?![0-9a-fA-F]{2})"
)
_URI_START = patterns.lazy(r"(?:(?P<scheme>[^:/?#]*):(?P<opaque>[^/#])?)?")
_SCHEME = patterns.lazy(r"[A-Za-z][A-Za-z0-9+.\-]*")
_NAME = patterns.lazy(r"(?!\{|\.{1,2}\Z)(?:[^\W\d][\w.\-]*:)?[^:/\[\]|*]+")
_NOT_IN_NAME = patterns.lazy(r"[/:\[\]|*]")
_INDEX = patterns.lazy(r"\[[0-9]+\]\Z")
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def convert(kind: str, text: str, prefixes: Collection[str]) -> Item:
    """The item that a text of a JCR type becomes in the configuration, or what becomes of it instead.

    Args:
        kind: one of TYPES but ``Binary`` and ``BinaryRef``.
        text: the value after the escapes of the document view.
        prefixes: the namespace prefixes that the file declares.

    Raises:
        ValueFormatError: the text is none of its type.
    """
    if ELEMENT_OF.get(kind) == "String":
        return text
    if kind == "Boolean":
        return text.lower() == "true"
    if kind == "Long":
        return _long(text)
    if kind == "Double":
        return _double(text)
    if not _is_of_kind(kind, text):
        raise ValueFormatError(kind)
    if kind in ("Name", "Path") and not _is_storable(text, prefixes):
        return Fate.UNSTORABLE
    return Fate.DATE if kind == "Date" else Fate.DROPPED


def _long(text: str) -> int:
    try:
        return units.parse_integer(units.to_units(text), 64)
    except units.NumberFormatError:
        raise ValueFormatError("Long") from None


def _double(text: str) -> Float64:
    from grammar.java import numbers

    try:
        return numbers.parse_double(text)
    except units.NumberFormatError:
        raise ValueFormatError("Double") from None


def _is_of_kind(kind: str, text: str) -> bool:
    if kind == "Date":
        return _is_date(text)
    if kind == "Decimal":
        return _is_decimal(text)
    if kind == "URI":
        return _is_uri(text)
    if kind == "Name":
        return _is_name(text)
    if kind == "Path":
        return _is_path(text)
    return bool(_UUID.fullmatch(text))


def _is_uri(text: str) -> bool:
    """``new URI(text)``, without the finer points of its authority."""
    start = _URI_START.match(text)
    if start is None or _NO_URI.search(text) or text.count("#") > 1:
        return False
    rest = text[start.end("scheme") + 1 :] if start["scheme"] is not None else text
    if start["scheme"] is not None and (not _SCHEME.fullmatch(start["scheme"]) or not rest.split("#")[0]):
        return False
    if start["opaque"]:
        return True
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return path != "//" and not re.search(r"[\[\]]", path)


def _is_decimal(text: str) -> bool:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return False
    try:
        return found[1] is None or abs(units.parse_integer(found[1], 32)) < 1 << 31
    except units.NumberFormatError:
        return False


def _is_name(text: str) -> bool:
    if text.startswith("{"):
        return text != "{}" and not _NOT_IN_NAME.search(text)
    return bool(_NAME.fullmatch(text))


def _is_path(text: str) -> bool:
    if text.startswith("/") and _climbs_out(_path_names(text)):
        return False
    parts = _path_parts(text)
    # Only a whole path can be an identifier in brackets.
    if "/" in text and any(part.startswith("[") for part in parts):
        return False
    return all(part in (".", "..") or _is_path_name(part) for part in parts)


def _is_path_name(part: str) -> bool:
    if part.startswith("{"):
        return _is_name(part) and "}" in part
    if part.startswith("["):
        # One in brackets Oak takes for an identifier, and fails on it later, when it saves; on an index at once.
        return part.endswith("]") and part != "[" and not _INDEX.fullmatch(part)
    name = _INDEX.sub("", part)
    return not set(name) & set("[]") and (_is_name(name) or bool(set(name) & set("{}")))


def _climbs_out(parts: list[str]) -> bool:
    """Whether .. leads above the place where a path begins."""
    depth = 0
    for part in parts:
        depth += {".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            return True
    return False


def _path_parts(text: str) -> list[str]:
    """The names on a path, with their indexes; none on ``/`` and on the empty path."""
    parts = text.removeprefix("/").split("/")
    if parts[-1] == "" and text != "//":
        parts.pop()
    return parts


def _path_names(text: str) -> list[str]:
    """The names on a path, without indexes."""
    return [_INDEX.sub("", part) for part in _path_parts(text)]


def _is_storable(text: str, prefixes: Collection[str]) -> bool:
    parts = _path_names(text)
    if _climbs_out(parts):
        return False
    for part in parts:
        prefix, separator, local = part.rpartition(":")
        if separator and prefix not in prefixes and prefix not in xml_names.KNOWN_PREFIXES:
            return False
        if part not in (".", "..") and not xml_names.is_local_name(local):
            return False
    return True


def is_uuid(text: str) -> bool:
    """Whether Oak takes a text for the identifier of a node."""
    return _UUID.fullmatch(text) is not None


def unicode_escape(digits: str) -> str:
    """The character of ``\\u`` and four UTF-16 units; what is no digit counts as -1, as in FileVault.

    Raises:
        ValueError: the sum is no code point; the import fails.
    """
    code = 0
    for char in digits:
        code = (code << 4) + units.digit(char, 16)
    return chr(code)


def _is_date(text: str) -> bool:
    """Whether ``ISO8601.parse`` takes it: full milliseconds, and a day that the calendar has."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    try:
        fields = {name: units.parse_integer(part, 32) for name, part in found.groupdict().items()}
    except units.NumberFormatError:
        return False
    limits = {"month": (1, 12), "hour": (0, 23), "minute": (0, 59), "second": (0, 59), "ms": (0, 999)}
    if fields["year"] < 0 or any(not low <= fields[name] <= high for name, (low, high) in limits.items()):
        return False
    before_christ = text[0] == "-" or fields["year"] == 0
    year = -fields["year"] if before_christ else fields["year"]
    return 1 <= fields["day"] <= _days(year, fields["month"]) and not _is_skipped(
        year, fields["month"], fields["day"]
    )


def _days(year: int, month: int) -> int:
    """Days of a month in Java's GregorianCalendar, which is Julian before 1582."""
    leap = year % 4 == 0 and (year < 1582 or year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_DAYS[month - 1]


def _is_skipped(year: int, month: int, day: int) -> bool:
    """The ten days that the Gregorian reform left out."""
    return (year, month) == (1582, 10) and 5 <= day <= 14
