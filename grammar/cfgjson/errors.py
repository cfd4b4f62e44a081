"""Why a `.cfg.json` is rejected, in words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from grammar import placeholders
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.values import INTERNAL_PREFIX, TYPES, Node, split_key
from grammar.errors import ParseError
from grammar.places import error_at

DIFFER = "AEM's readers disagree about it"


class Problem(NamedTuple):
    """What is wrong at a place.

    Attributes:
        rule: stable, as in docs/rules.
        message: what there is.
        fix: how to write it right.
        is_lost: whether that loses the whole file; by whom, only `Written` can say.
    """

    rule: str
    message: str
    fix: str
    is_lost: bool = True


class Written:
    """A file as it is written: what makes errors of problems."""

    def __init__(self, data: bytes, text: str, name: str = "") -> None:
        """`name` is the file's, without folders: some readers paste it into the text."""
        self.data = data
        self.text = text
        self.name = name

    def error(self, offset: int, problem: Problem) -> ParseError:
        """A problem at an offset of the text."""
        message = f"{problem.message}: {self.loss}" if problem.is_lost else problem.message
        return error_at(self.text, offset, problem.rule, message, problem.fix)

    @property
    def loss(self) -> str:
        """Who loses the file as it stands; the readers' models are asked."""
        return _loss(self.data, self.name or "X.cfg.json")


@functools.lru_cache(maxsize=1)
def _loss(data: bytes, name: str) -> str:
    """Kept for whoever asks next: what is wrong first, and then what else, is asked of the same file."""
    from grammar.cfgjson import reader

    losers = [version for version in reader.VERSIONS if reader.load(data, version, name).error is not None]
    return "AEM loses the whole file" if len(losers) == len(reader.VERSIONS) else lost_by(losers)


def lost_by(versions: Sequence[str]) -> str:
    """Who loses the file, where not all readers do."""
    if not versions:
        return "AEM reads something else"
    names = " and ".join(filter(None, (", ".join(versions[:-1]), versions[-1])))
    return f"installer core {names} {'lose' if len(versions) > 1 else 'loses'} the whole file"


BOM = Problem("json-bom", "a byte order mark", "Save as UTF-8 without BOM")
NUL = Problem("json-nul", "a NUL character, as in UTF-16", "Save as UTF-8")
NO_OBJECT = Problem("json-no-object", "the file must be one object", 'Write { "name": "value" }')
_OPENING = '"{['


def of_syntax(text: str, clean: str, error: JsonError) -> tuple[int, Problem]:
    """Where and why a text is no JSON; clean is the text with its comments blanked."""
    at = min(error.offset, len(text))
    if error.kind == "depth":
        fix = "Write a value or a list of values"
        return at, Problem("json-too-deep", f"{error}; not read", fix, is_lost=False)
    return at, _syntax(clean, at, error)


def _syntax(clean: str, at: int, error: JsonError) -> Problem:
    char = clean[at : at + 1]
    if clean.startswith("/*", at):
        return Problem("json-unclosed-comment", "this comment is never closed", "Close it with */")
    if error.kind == "extra":
        return Problem("json-text-after-end", "text after the closing brace", "Remove it")
    if "control character" in str(error):
        fix = "Write \\t, \\n or \\u and four hexadecimal digits"
        return Problem(
            "json-control-character", "a raw tab, line break or control character in a string", fix
        )
    if "Unterminated" in str(error):
        return Problem("json-unclosed-string", "this string is never closed", 'Close it with "')
    if "escape" in str(error):
        fix = 'Write \\\\ for a backslash, or one of \\" \\/ \\b \\f \\n \\r \\t \\uXXXX'
        return Problem("json-bad-escape", "no escape of JSON", fix)
    trailing = clean[:at].rstrip(" \t\r\n").endswith(",") or (char == "," and _closes(clean, at + 1))
    if (trailing and (char in "}]," or not char)) or (char == "," and _closes(clean, at + 1)):
        return Problem("json-trailing-comma", "a comma with nothing after it", "Remove the comma")
    return _missing(clean, at, char, str(error)) or _odd_character(clean, at, char)


def _missing(clean: str, at: int, char: str, message: str) -> Problem | None:
    """What should stand here, when it is a colon, a comma or a bracket."""
    if not char and clean.strip(" \t\r\n"):
        return Problem(
            "json-syntax",
            "the file ends before its last bracket",
            "Close every { with } and every [ with ]",
        )
    if "':' delimiter" in message:
        return Problem("json-syntax", "no colon after the key", 'Write "name": "value"')
    apart = char in _OPENING or clean[at - 1] in " \t\r\n"
    if "',' delimiter" in message and apart and char not in "#'":
        return Problem("json-syntax", "no comma before this", "Write a comma after the value before it")
    return None


def _closes(clean: str, at: int) -> bool:
    return clean[at:].lstrip(" \t\r\n")[:1] in ("}", "]")


def _odd_character(clean: str, at: int, char: str) -> Problem:
    if not clean.strip(" \t\r\n"):
        return Problem("json-empty", "nothing in the file", "Write {} for a configuration without properties")
    if char == "'":
        return Problem("json-single-quotes", "single quotes are no quotes in JSON", 'Write "value"')
    if char == "#":
        return Problem("json-hash-comment", "a comment begins with // or /*", "Write // instead of #")
    if placeholders.begins_at(clean, at):
        return Problem(
            "json-unquoted-placeholder",
            "a placeholder without quotes",
            'Write "$[env:NAME;type=Integer;default=1]"',
        )
    if char and (char.isspace() or char in "\ufeff\u200b"):
        return Problem("json-odd-blank", "a blank that is no blank in JSON", "Write a plain blank")
    word = re.match(r"[\w.+-]+", clean[at:])
    if word and re.match(r"[+-]?[.\d]|NaN|Infinity|-", word[0]):
        return Problem(
            "json-bad-number", "no number of JSON", "Write digits, optionally a fraction and an exponent"
        )
    if word and word[0].lower() in ("true", "false", "null"):
        return Problem(
            "json-literal-case",
            "true, false and null are written in small letters",
            f"Write {word[0].lower()}",
        )
    if word:
        return Problem("json-unquoted-text", "text without quotes", 'Write "text"')
    return Problem("json-syntax", "this is no JSON", "")


def of_key(key: str) -> Problem | None:
    """What is wrong with a key that no value can save."""
    _, type_name, internal = split_key(key)
    if internal:
        message = (
            f'keys that begin with "{INTERNAL_PREFIX}" are dropped by old readers and loaded by new ones'
        )
        return Problem("json-configurator-key", message, "Remove the property", is_lost=False)
    if type_name in ("binary", "binary[]"):
        return Problem("json-binary-type", "the type binary works in bundles only", "Remove the type")
    if type_name is not None and type_name not in TYPES:
        message = f'there is no type "{type_name[:40]}" after the first colon of the key'
        fix = "Types are String, Integer, Long, Float, Double, Byte, Short, Character, Boolean, T[] and Collection<T>"
        return Problem("json-unknown-type", message, f"{fix}; case matters")
    return None


def of_value(node: Node, type_name: str | None, *, differ: bool) -> Problem:
    """What is wrong with a value that is lost, or that the readers load each in their own way."""
    if isinstance(node, str) and placeholders.begins_in(node):
        fix = 'Write the type into the placeholder: "port": "$[env:PORT;type=Integer;default=80]"'
        return Problem("json-placeholder-typed", f"a placeholder is not converted to {type_name}", fix)
    if isinstance(node, bool) and differ:
        message = f"{str(node).lower()} for a {type_name}: installer core 3.9 makes an Integer of it"
        return Problem("json-readers-differ", message, f"Write {int(node)}", is_lost=False)
    if differ or (isinstance(node, list) and None in node):
        rule, message, fix = _differing(node, type_name)
        return Problem(rule, f"{message}: {DIFFER}", fix, is_lost=False)
    if node is None:
        return Problem("json-null", "null is no value", _NO_NULL)
    if type_name is None:
        return Problem("json-number-range", "a number out of every range", "Write a smaller number")
    return Problem("json-bad-value", f"this value is no {type_name} to Java", "Write a value of the type")


_NO_NULL = "Remove the property, or write []"


def _differing(node: Node, type_name: str | None) -> tuple[str, str, str]:
    if node is None:
        return "json-null", "null", _NO_NULL
    if isinstance(node, list) and None in node:
        return "json-null-in-array", "null in an array", "Remove it"
    if not isinstance(node, list):
        return "json-object-text", "an object becomes a String", "Write the text as a string"
    if type_name is not None and not type_name.endswith(("[]", ">")):
        return "json-array-for-scalar", f"an array for one {type_name}", "Write one value, or T[]"
    return "json-mixed-array", "an array whose items are not all alike", "Write items of one kind"
