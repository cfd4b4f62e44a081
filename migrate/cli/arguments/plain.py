"""Read a plain command line: known options with their values, and targets. Everything else is typer's to explain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import EnumMeta

from migrate.cli.arguments.compiled import OPTIONS, VERBS, Kind


def read(arguments: Sequence[str]) -> tuple[str, dict[str, object], dict[str, str]] | None:
    """The verb, its parameters as typer would give them, and how each was spelled; None when typer must look.

    That is for help, for every mistake, and for whatever can be written in another way: `--`, `-qv`, an option that is
    there twice, a value that looks like an option.
    """
    if not arguments or arguments[0] not in VERBS:
        return None
    verb, *rest = arguments
    positional, takes_many, _, _, required = VERBS[verb]
    known = options(verb)
    given: dict[str, object] = {}
    written: dict[str, str] = {}
    named: list[str] = []
    words = iter(rest)
    for word in words:
        if word[:1] != "-" or word == "-":
            named.append(word)
            continue
        name, equals, value = word.partition("=")
        parameter, kind = known.get(name, ("", ""))
        if not kind or not _take(given, parameter, kind, value if equals else None, words):
            return None
        written[parameter] = name
    if named:
        if len(named) > 1 and not takes_many:
            return None
        given[positional] = named if takes_many else named[0]
        written[positional] = "TARGET"
    return (verb, given, written) if all(parameter in given for parameter in required) else None


def options(verb: str) -> dict[str, tuple[str, Kind]]:
    """The options of a verb that a plain command line may have: the parameter that each sets, the kind of its value."""
    _, _, names, own, _ = VERBS[verb]
    common: dict[str, tuple[str, Kind]] = {}
    for kind, told in OPTIONS.items():
        for word in told.split():
            name, _, parameter = word.partition("=")
            common[name] = (parameter or parameter_of(name), kind)
    return {name: own.get(name) or common[name] for name in names.split()}


def parameter_of(option: str) -> str:
    """The parameter that has the name of an option."""
    return option.lstrip("-").replace("-", "_")


def _take(
    given: dict[str, object], parameter: str, kind: Kind, value: str | None, words: Iterator[str]
) -> bool:
    """Whether an option is plain; then its value is among those that are given."""
    if parameter in given and kind != "texts":
        return False
    if kind == "flag":
        given[parameter] = True
        return value is None
    if value is None:
        value = next(words, "-?")
        if value[:1] == "-" and value != "-":
            return False
    if isinstance(kind, EnumMeta):
        try:
            given[parameter] = kind(value)
        except ValueError:
            return False
    elif kind == "path":
        from pathlib import Path

        given[parameter] = Path(value)
    elif kind == "texts":
        texts = given.setdefault(parameter, [])
        assert isinstance(texts, list)
        texts.append(value)
    else:
        given[parameter] = value
    return True
