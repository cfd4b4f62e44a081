"""Why a `.cfg.json` is rejected, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grammar import placeholders
from grammar.cfgjson.json import JsonError
from grammar.cfgjson.values import INTERNAL_PREFIX, TYPES, Node, split_key
from grammar.errors import ParseError
from grammar.places import error_at

LOST = "AEM loses the whole file"
DIFFER = "AEM's readers disagree about it"


def lost_by(versions: Sequence[str]) -> str:
    """Who loses the file, where not all readers do."""
    if not versions:
        return "AEM reads something else"
    names = " and ".join(filter(None, (", ".join(versions[:-1]), versions[-1])))
    return f"installer core {names} {'lose' if len(versions) > 1 else 'loses'} the whole file"


_OPENING = '"{['


def syntax_error(text: str, clean: str, error: JsonError) -> ParseError:
    """What is wrong with a text that is no JSON; clean is the text with its comments blanked."""
    at = min(error.offset, len(text))
    if error.kind == "depth":
        return error_at(text, at, "json-too-deep", f"{error}; not read", "Write a value or a list of values")
    rule, message, fix = _syntax(clean, at, error)
    return error_at(text, at, rule, f"{message}: {LOST}", fix)


def _syntax(clean: str, at: int, error: JsonError) -> tuple[str, str, str]:
    char = clean[at : at + 1]
    if clean.startswith("/*", at):
        return "json-unclosed-comment", "this comment is never closed", "Close it with */"
    if error.kind == "extra":
        return "json-text-after-end", "text after the closing brace", "Remove it"
    if "control character" in str(error):
        fix = "Write \\t, \\n or \\u and four hexadecimal digits"
        return "json-control-character", "a raw tab, line break or control character in a string", fix
    if "Unterminated" in str(error):
        return "json-unclosed-string", "this string is never closed", 'Close it with "'
    if "escape" in str(error):
        return (
            "json-bad-escape",
            "no escape of JSON",
            'Write \\\\ for a backslash, or one of \\" \\/ \\b \\f \\n \\r \\t \\uXXXX',
        )
    trailing = clean[:at].rstrip(" \t\r\n").endswith(",") or (char == "," and _closes(clean, at + 1))
    if (trailing and (char in "}]," or not char)) or (char == "," and _closes(clean, at + 1)):
        return "json-trailing-comma", "a comma with nothing after it", "Remove the comma"
    return _missing(clean, at, char, str(error)) or _odd_character(clean, at, char)


def _missing(clean: str, at: int, char: str, message: str) -> tuple[str, str, str] | None:
    """What should stand here, when it is a colon, a comma or a bracket."""
    if not char and clean.strip(" \t\r\n"):
        return (
            "json-syntax",
            "the file ends before its last bracket",
            "Close every { with } and every [ with ]",
        )
    if "':' delimiter" in message:
        return "json-syntax", "no colon after the key", 'Write "name": "value"'
    apart = char in _OPENING or clean[at - 1] in " \t\r\n"
    if "',' delimiter" in message and apart and char not in "#'":
        return "json-syntax", "no comma before this", "Write a comma after the value before it"
    return None


def _closes(clean: str, at: int) -> bool:
    return clean[at:].lstrip(" \t\r\n")[:1] in ("}", "]")


def _odd_character(clean: str, at: int, char: str) -> tuple[str, str, str]:
    if not clean.strip(" \t\r\n"):
        return "json-empty", "nothing in the file", "Write {} for a configuration without properties"
    if char == "'":
        return "json-single-quotes", "single quotes are no quotes in JSON", 'Write "value"'
    if char == "#":
        return "json-hash-comment", "a comment begins with // or /*", "Write // instead of #"
    if placeholders.begins_at(clean, at):
        return (
            "json-unquoted-placeholder",
            "a placeholder without quotes",
            'Write "$[env:NAME;type=Integer;default=1]"',
        )
    if char and (char.isspace() or char in "\ufeff\u200b"):
        return "json-odd-blank", "a blank that is no blank in JSON", "Write a plain blank"
    word = re.match(r"[\w.+-]+", clean[at:])
    if word and re.match(r"[+-]?[.\d]|NaN|Infinity|-", word[0]):
        return "json-bad-number", "no number of JSON", "Write digits, optionally a fraction and an exponent"
    if word and word[0].lower() in ("true", "false", "null"):
        return (
            "json-literal-case",
            "true, false and null are written in small letters",
            f"Write {word[0].lower()}",
        )
    if word:
        return "json-unquoted-text", "text without quotes", 'Write "text"'
    return "json-syntax", "this is no JSON", ""


def key_error(key: str) -> tuple[str, str, str] | None:
    """Rule, message and fix for a key that no value can save."""
    _, type_name, internal = split_key(key)
    if internal:
        message = (
            f'keys that begin with "{INTERNAL_PREFIX}" are dropped by old readers and loaded by new ones'
        )
        return "json-configurator-key", message, "Remove the property"
    if type_name in ("binary", "binary[]"):
        return "json-binary-type", f"the type binary works in bundles only: {LOST}", "Remove the type"
    if type_name is not None and type_name not in TYPES:
        message = f'there is no type "{type_name[:40]}" after the first colon of the key: {LOST}'
        fix = "Types are String, Integer, Long, Float, Double, Byte, Short, Character, Boolean, T[] and Collection<T>"
        return "json-unknown-type", message, f"{fix}; case matters"
    return None


def value_error(node: Node, type_name: str | None, *, differ: bool) -> tuple[str, str, str]:
    """Rule, message and fix for a value that is lost, or that the readers load each in their own way."""
    if node is None:
        message = f"null is no value: {LOST}"
        return "json-null", message if not differ else f"null: {DIFFER}", "Remove the property, or write []"
    if isinstance(node, list) and None in node:
        return "json-null-in-array", f"null in an array: {DIFFER}", "Remove it"
    if isinstance(node, str) and placeholders.begins_in(node):
        fix = 'Write the type into the placeholder: "port": "$[env:PORT;type=Integer;default=80]"'
        return "json-placeholder-typed", f"a placeholder is not converted to {type_name}: {LOST}", fix
    if isinstance(node, list) and type_name is not None and not type_name.endswith(("[]", ">")) and differ:
        return "json-array-for-scalar", f"an array for one {type_name}: {DIFFER}", "Write one value, or T[]"
    if isinstance(node, list) and differ:
        return (
            "json-mixed-array",
            f"an array whose items are not all alike: {DIFFER}",
            "Write items of one kind",
        )
    if isinstance(node, bool) and differ:
        message = f"{str(node).lower()} for a {type_name}: installer core 3.9 makes an Integer of it"
        return "json-readers-differ", message, f"Write {int(node)}"
    if differ:
        return "json-object-text", f"an object becomes a String: {DIFFER}", "Write the text as a string"
    if type_name is None:
        return "json-number-range", f"a number out of every range: {LOST}", "Write a smaller number"
    return "json-bad-value", f"this value is no {type_name} to Java: {LOST}", "Write a value of the type"
