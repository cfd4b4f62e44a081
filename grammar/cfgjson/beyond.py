"""What is wrong with a `.cfg.json` behind its first mistake, as if that were mended.

No reader loads anything of such a file. Mistakes of the syntax are mended one by one for the sake of what follows
them, character for character, so that places stay what they are; where there is more than one way to mend one, nothing
more is said. Once the text is JSON, each member is looked at by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grammar import patterns, places
from grammar.cfgjson import document as cfgjson_document
from grammar.cfgjson import errors
from grammar.cfgjson import json as cfgjson_json
from grammar.cfgjson.document import CfgJsonDocument, Mistake
from grammar.cfgjson.errors import Written
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.text import Entry, blanked, entries, joined
from grammar.cfgjson.values import Pairs
from grammar.errors import ParseError
from grammar.java import units as java

MOST = 100
"""How many mistakes are looked for; each copies the text, or counts its lines."""

MAX_BYTES = 64 * 1024
"""What is larger has its first mistake only."""

_ENDS = r"(?=\s*(?:[,\]}:\r\n]|\Z))"
_SINGLE = patterns.lazy(rf"'([^'\"\\\r\n]*)'{_ENDS}")
_PLACEHOLDER = patterns.lazy(rf"\$(?:\[[^\]\s\"]*\]|\{{[^}}\s\"]*\}}){_ENDS}")
_WORD = patterns.lazy(rf"[\w.+-]+{_ENDS}")
_WORD_BEFORE = patterns.lazy(r"(?<![\w.+-])[\w.+-]*\Z")
_REST_OF_STRING = patterns.lazy(r'(?:[^"\\]|\\.)*+"', re.DOTALL)
_BAD_ESCAPE = patterns.lazy(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})(.)|(\\.)', re.DOTALL)
_CONTROL = patterns.lazy(r"[\x00-\x1f]")
_NOT_BREAK = patterns.lazy(r"[^\r\n]")


def beyond(
    data: bytes, path: str | None = None, versions: tuple[str, ...] | None = None
) -> tuple[list[ParseError], CfgJsonDocument | None]:
    """Every mistake of a `.cfg.json` that nobody can doubt, the first one too, and a document of what has none.

    Args:
        data: the file's bytes, any bytes.
        path: the file's; some names are hard on the old readers.
        versions: the readers that count; all of them by default.
    """
    if len(data) > MAX_BYTES or b"\0" in data:
        return [], None
    name = path.rpartition("/")[2] if path else ""
    return _Reading(Written(data, java.decode_utf8(data), name), versions).run()


class _Reading:
    """One way through a text with mistakes.

    Attributes:
        written: the file as it is.
        text: the text as it is mended so far; nothing stands elsewhere in it.
        touched: where a mended value stands that is not the one that was meant.
        found: the mistakes.
    """

    def __init__(self, written: Written, versions: tuple[str, ...] | None) -> None:
        self.written = written
        self.text = joined(written.text)
        self.versions = versions
        self.touched: list[int] = []
        self.found: list[ParseError] = []

    def run(self) -> tuple[list[ParseError], CfgJsonDocument | None]:
        if self.text.startswith("\ufeff"):
            self.found.append(self.written.error(0, errors.BOM))
            self.put(0, " ")
        root = self.root()
        return self.found, None if root is None else self.document(root)

    def root(self) -> Pairs | None:
        """The object that the mended text is; None where it cannot be mended."""
        while len(self.found) < MOST:
            clean = blanked(self.text)
            try:
                root = cfgjson_json.decode(clean)
            except JsonError as error:
                problem = self.written.error(*errors.of_syntax(self.written.text, clean, error))
                is_mended = self.mend(problem.rule, clean, min(error.offset, len(clean)))
                if self.found and _is_doubtful(problem, error, self.found[-1], is_mended=is_mended):
                    return None
                self.found.append(problem)
                if not is_mended:
                    return None
            else:
                return root if isinstance(root, Pairs) else None
        return None

    def document(self, root: Pairs) -> CfgJsonDocument | None:
        """What is left without the members that have mistakes."""
        standing = entries(blanked(self.text))
        kept: list[Entry] = []
        for entry, found in zip(standing, cfgjson_document.members(root, self.versions), strict=True):
            if any(entry.key_start <= at < entry.value_end for at in self.touched):
                continue
            if len(self.found) >= MOST:
                return None
            if isinstance(found, Mistake):
                self.found.append(cfgjson_document.error_of(self.written, entry, found))
            else:
                kept.append(entry)
        try:
            return cfgjson_document.parse(_only(self.text, standing, kept).encode(), versions=self.versions)
        except ParseError as error:
            self.found.append(error)
            return None

    def mend(self, rule: str, clean: str, at: int) -> bool:
        """Whether there is one way to mend a mistake; then it is done."""
        mend, before = _MENDS.get(rule), self.text
        return mend is not None and mend(self, clean, at) and self.text != before

    def put(self, at: int, characters: str, *, is_other: bool = False) -> bool:
        self.text = self.text[:at] + characters + self.text[at + len(characters) :]
        if is_other:
            self.touched.append(at)
        return True


def _is_doubtful(problem: ParseError, error: JsonError, last: ParseError, *, is_mended: bool) -> bool:
    """Whether it is perhaps the mend of another mistake that has made this one, or that has not helped."""
    if (problem.line, problem.column, problem.rule) == (last.line, last.column, last.rule):
        return True
    by_quotes = problem.rule in ("json-unclosed-string", "json-unquoted-text")
    return (by_quotes and not is_mended) or "':' delimiter" in str(error)


def _only(text: str, standing: Sequence[Entry], kept: Sequence[Entry]) -> str:
    """The text with blanks for all members but some."""
    pieces, at = [], 0
    left, last = set(kept), kept[-1] if kept else None
    for entry in standing:
        if entry not in left:
            pieces += [
                text[at : entry.key_start],
                _NOT_BREAK.sub(" ", text[entry.key_start : entry.value_end]),
            ]
            at = entry.value_end
        if entry.comma >= 0 and (entry not in left or entry == last):
            pieces += [text[at : entry.comma], " "]
            at = entry.comma + 1
    return "".join((*pieces, text[at:]))


def _begins_value(clean: str, at: int) -> bool:
    """Whether a key, value or item is due at an offset."""
    return clean[:at].rstrip(" \t\r\n")[-1:] in (":", ",", "[", "{")


def _without_comma(reading: _Reading, clean: str, at: int) -> bool:
    return reading.put(at if clean[at : at + 1] == "," else clean.rindex(",", 0, at), " ")


def _without_line(reading: _Reading, clean: str, at: int) -> bool:
    return reading.put(at, " " * (places.end_of_line(clean, at) - at))


def _without_one(reading: _Reading, _clean: str, at: int) -> bool:
    return reading.put(at, " ")


def _without_rest(reading: _Reading, clean: str, at: int) -> bool:
    return reading.put(at, _NOT_BREAK.sub(" ", clean[at:]))


def _in_quotes(reading: _Reading, clean: str, at: int) -> bool:
    found = _SINGLE.match(clean, at)
    return found is not None and _begins_value(clean, at) and reading.put(at, f'"{found[1]}"')


def _in_small_letters(reading: _Reading, clean: str, at: int) -> bool:
    found = _WORD.match(clean, at)
    return found is not None and reading.put(at, found[0].lower())


def _as_string(reading: _Reading, clean: str, at: int) -> bool:
    found = _PLACEHOLDER.match(clean, at) or _WORD.match(clean, at)
    if found is None or len(found[0]) < len('""') or not _begins_value(clean, at):
        return False
    return reading.put(at, f'"{found[0][1:-1]}"', is_other=True)


def _as_number(reading: _Reading, clean: str, at: int) -> bool:
    word = _WORD_BEFORE.search(clean, 0, at)
    found = _WORD.match(clean, word.start()) if word else None
    return (
        found is not None
        and _begins_value(clean, found.start())
        and reading.put(found.start(), "1" * len(found[0]), is_other=True)
    )


def _without_controls(reading: _Reading, clean: str, at: int) -> bool:
    """All of the string; where a line ends in it, perhaps a quote is missing, and who knows which."""
    rest = _REST_OF_STRING.match(clean, at)
    if rest is None or "\n" in rest[0] or "\r" in rest[0]:
        return False
    return reading.put(at, _CONTROL.sub(" ", rest[0]))


def _without_escapes(reading: _Reading, clean: str, at: int) -> bool:
    """All of the string."""
    start = clean.rfind("\\", 0, at + 1)
    rest = _REST_OF_STRING.match(clean, start)
    if rest is None:
        return False
    return reading.put(
        start, _BAD_ESCAPE.sub(lambda found: found[2] or f"-{found[1]}", rest[0]), is_other=True
    )


def _with_comma(reading: _Reading, clean: str, at: int) -> bool:
    if at == len(clean):
        reading.text += "\n}"  # Behind a comment, too.
        return clean.count("{") == clean.count("}") + 1 and clean.count("[") == clean.count("]")
    if _begins_value(clean, at):
        return False
    before = clean[:at].rstrip(" \t\r\n")
    blank = re.fullmatch(r"[\r\n]*([ \t])\s*", reading.text[len(before) : at])
    return blank is not None and reading.put(len(before) + blank.start(1), ",")


_MENDS: dict[str, Callable[[_Reading, str, int], bool]] = {
    "json-trailing-comma": _without_comma,
    "json-hash-comment": _without_line,
    "json-odd-blank": _without_one,
    "json-text-after-end": _without_rest,
    "json-single-quotes": _in_quotes,
    "json-literal-case": _in_small_letters,
    "json-unquoted-placeholder": _as_string,
    "json-unquoted-text": _as_string,
    "json-bad-number": _as_number,
    "json-control-character": _without_controls,
    "json-bad-escape": _without_escapes,
    "json-syntax": _with_comma,
}
