"""Every rule: its stable id, how bad it is, what it is about. docs/rules/ has a page for each.

Here are those that `grammar` finds in a text; the others are found by `checks`.
"""

from __future__ import annotations

from migrate.lint import checks
from migrate.lint.rule import ERROR as ERROR
from migrate.lint.rule import INFO as INFO
from migrate.lint.rule import WARNING as WARNING
from migrate.lint.rule import Rule as Rule

_ERRORS = {
    "blank-after-type": "white space after a type code",
    "blank-around-key": "white space around the equals sign",
    "bad-number": "text that is no number of its type",
    "bad-unicode-escape": "\\u without four hexadecimal digits",
    "bom": "a byte order mark",
    "case-twins": "keys that differ in case only",
    "comment-in-list": "a comment inside a list",
    "file-name": "a file name that the repository does not take",
    "double-extension": "a file name with two extensions",
    "empty-character": "a Character without a character",
    "key-with-line-break": "a key that runs over a line break",
    "lone-carriage-return": "a carriage return as the last character",
    "lone-comment": "one comment without a line end",
    "missing-comma": "no comma between two items",
    "missing-equals": "a key without an equals sign",
    "missing-value": "nothing after the equals sign",
    "stray-character": "a character where a key should begin",
    "stray-continuation": "a backslash that continues nothing",
    "stray-quote": "a quote where a key should begin",
    "too-large": "a file too large for a configuration",
    "unclosed-list": "a list that is never closed",
    "unclosed-quote": "a quote that is never closed",
    "unescaped-equals": "an equals sign inside a value",
    "unknown-type": "a letter that is no type code",
    "unquoted-item": "an item of a list without quotes",
    "unquoted-value": "a value without quotes",
    "wrong-bracket": "a list closed with the other bracket",
    "xml-as-config": "XML in a file called .config",
}
_WARNINGS = {
    "bad-boolean": "a Boolean that is neither true nor false",
    "control-escape": "\\b or \\f, which are control characters",
    "dotted-number": "a dot before the instance's number",
    "duplicate-key": "the same key more than once",
    "empty-collection": "an empty collection",
    "escaped-line-break": "a backslash at the end of a line inside quotes",
    "float-bits": "a decimal number where IEEE 754 bits are read",
    "hyphen-in-pid": "a hyphen inside a PID",
    "invalid-utf8": "bytes that are not UTF-8",
    "list-in-quotes": "a list in quotes",
    "long-character": "a Character of several characters",
    "lost-backslash": "a backslash that is dropped",
    "odd-key": "text glued to a key",
    "windows-path": "a Windows path with single backslashes",
}
_INFOS = {
    "dotted-uuid": "a dot before the instance's UUID",
    "xml-prefix": "an attribute with a prefix",
    "pid-differs": "a PID inside the file that is not its name's",
}
# What the readers of the other forms load alike but otherwise than it looks; the rest of them are errors.
_XML_ERRORS = {
    "xml-bad-item": "an item that is none of the array's type",
    "xml-binary": "a {Binary} text",
    "xml-case-twins": "keys that differ in case only",
    "xml-doctype": "a DTD",
    "xml-encoding": "bytes that are not of the declared encoding",
    "xml-file-name": "a file name that makes another node, or none",
    "xml-limit": "more depth, attributes or characters than a configuration has",
    "xml-malformed": "text that is not well-formed XML",
    "xml-too-large": "a file too large for a configuration",
    "xml-uuid": "a jcr:uuid that is no UUID",
    "xml-version": "a version of XML that readers do not know alike",
    "xml-date": "a {Date}, which ConfigAdmin refuses",
    "xml-duplicate": "the same name twice, once encoded",
    "xml-name": "a name that the repository does not take",
    "xml-namespace": "a namespace without a colon",
    "xml-no-primary-type": "an element without jcr:primaryType",
    "xml-not-config": "a node that is no sling:OsgiConfig",
    "xml-not-docview": "a file that FileVault stores as it is",
    "xml-own-property": "a property that the repository defines, of another type",
    "xml-npe-type": "an array of a type that stops the installer",
    "xml-unknown-type": "{...} that is no type",
}
_XML_WARNINGS = {
    "xml-backslash": "a backslash that is dropped",
    "xml-bad-boolean": "a Boolean that is neither true nor false",
    "xml-bad-scalar": "text that is none of its type",
    "xml-bad-unicode": "\\u without four hexadecimal digits",
    "xml-cut-escape": "an unfinished escape at the end",
    "xml-dropped-type": "a type that AEM drops",
    "xml-empty-array": "an empty array, which one FileVault drops",
    "xml-empty-escape": "\\0 inside a text",
    "xml-item-blanks": "blanks around an item",
    "xml-last-comma": "a comma with nothing after it",
    "xml-leading-blank": "a blank before { or [",
    "xml-lone-surrogate": "half a character",
    "xml-raw-break": "a line break or tab in an attribute",
    "xml-split-item": "a comma inside brackets",
    "xml-typed-item": "a type inside an array",
    "xml-unclosed-array": "[ that nothing closes",
    "xml-unclosed-type": "{ that nothing closes",
}

_JSON_ERRORS = {
    "json-array-for-scalar": "an array for a scalar type",
    "json-bad-escape": "an escape that JSON does not have",
    "json-bad-number": "no number of JSON",
    "json-bad-value": "a value that is none of its type",
    "json-binary-type": "the type binary",
    "json-bom": "a byte order mark",
    "json-case-duplicate": "keys that differ in case or type only",
    "json-comment": "a comment that not every reader takes out",
    "json-comment-quote-parity": "a string or comment after which comments are misread",
    "json-configurator-key": "a key for the configurator",
    "json-control-character": "a raw control character in a string",
    "json-empty": "an empty file",
    "json-empty-key": "an empty key",
    "json-file-name": "a file name that old readers trip over",
    "json-hash-comment": "a comment with #",
    "json-literal-case": "true, false or null in another case",
    "json-mixed-array": "an array of several types",
    "json-no-object": "a root that is no object",
    "json-nul": "a NUL character",
    "json-null": "null",
    "json-null-in-array": "null in an array",
    "json-number-range": "a number out of range",
    "json-object-text": "an object that readers print differently",
    "json-odd-blank": "a blank that JSON does not have",
    "json-placeholder-typed": "a placeholder with a type",
    "json-readers-differ": "a value that readers do not load alike",
    "json-single-quotes": "single quotes",
    "json-syntax": "text that is no JSON",
    "json-text-after-end": "text after the object",
    "json-too-deep": "nesting too deep",
    "json-too-large": "a file too large for a configuration",
    "json-trailing-comma": "a comma with nothing after it",
    "json-unclosed-comment": "a comment that is never closed",
    "json-unclosed-string": "a string that is never closed",
    "json-unknown-type": "a type that does not exist",
    "json-unquoted-placeholder": "a placeholder without quotes",
    "json-unquoted-text": "text without quotes",
}
_JSON_WARNINGS = {
    "json-broken-utf8": "bytes that are not UTF-8",
    "json-duplicate-key": "the same key more than once",
    "json-empty-collection": "an empty collection",
    "json-buffer-edge": "two characters that a reader's buffer tears apart",
    "json-lone-surrogate": "half a character",
    "json-first-item": "an array for a scalar type, of which one item is loaded",
    "json-odd-character": "a Character that is not one character",
    "json-retyped": "a value of another type than it looks",
    "json-number-changed": "a number that does not fit its type",
    "json-object-as-string": "an object as a value",
    "json-odd-boolean": "a Boolean that is neither true nor false",
}


def _table() -> dict[str, Rule]:
    kinds = (
        (ERROR, {**_ERRORS, **_JSON_ERRORS, **_XML_ERRORS}),
        (WARNING, {**_WARNINGS, **_JSON_WARNINGS, **_XML_WARNINGS}),
        (INFO, _INFOS),
    )
    rules = [Rule(name, severity, title) for severity, titles in kinds for name, title in titles.items()]
    rules += [
        Rule(name, check.severity, check.title, check.keys, check.security)
        for name, check in checks.registered().items()
    ]
    return {rule.id: rule for rule in sorted(rules)}


RULES = _table()
