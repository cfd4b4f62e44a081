"""Makes `compiled.py` of what the verbs declare for typer: `make options`. A test compares the two."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_type_hints

from migrate.cli.arguments import full
from migrate.cli.arguments.plain import parameter_of
from migrate.cli.arguments.verbs import VERBS

if TYPE_CHECKING:
    from typer.core import TyperCommand

HERE = Path(__file__).with_name("compiled.py")

_HEAD = '''"""What the verbs take, as far as a plain command line says it. Made by `make options`; see `compiler`."""

from __future__ import annotations

from enum import Enum

from migrate.cli.arguments import choices

Kind = str | type[Enum]
"""``"flag"``, ``"text"``, ``"texts"`` (may be repeated), ``"path"``, or what the option chooses from."""

OPTIONS: dict[Kind, str] = {{
{options}}}
"""The options whose values are of a kind, in the verbs that do not say otherwise. ``--run=run_option`` sets the
parameter `run_option`; without one an option sets that of its own name."""

VERBS: dict[str, tuple[str, bool, str, dict[str, tuple[str, Kind]], tuple[str, ...]]] = {{
{verbs}}}
"""Each verb's parameter of the arguments, whether that takes more than one, the names of its options, the options that
mean something else here than in OPTIONS, and the parameters that must be given."""
'''


def source() -> str:
    """The text of `compiled.py`."""
    verbs = {name: _verb(name) for name in VERBS}
    common: dict[str, tuple[str, str]] = {}
    for option in dict.fromkeys(option for _, options, _ in verbs.values() for option in options):
        meanings = [options[option] for _, options, _ in verbs.values() if option in options]
        common[option] = max(dict.fromkeys(meanings), key=meanings.count)
    return _HEAD.format(
        options="".join(
            _of_kind(kind, common) for kind in dict.fromkeys(kind for _, kind in common.values())
        ),
        verbs="".join(_entry(name, *verb, common) for name, verb in verbs.items()),
    )


def _verb(name: str) -> tuple[tuple[str, bool], dict[str, tuple[str, str]], tuple[str, ...]]:
    """Its arguments, its options, what must be given."""
    command = full.command(name)
    hints = get_type_hints(full.declared(name))
    (argument,) = (one for one in command.params if one.param_type_name == "argument")
    options = {option: (parameter, kind) for option, parameter, kind in _options(command, hints)}
    required = tuple(one.name for one in command.params if one.required and one.name)
    return (argument.name or "", argument.nargs == -1), options, required


def _entry(
    name: str,
    arguments: tuple[str, bool],
    options: dict[str, tuple[str, str]],
    required: tuple[str, ...],
    common: dict[str, tuple[str, str]],
) -> str:
    lines = [f'    "{name}": (', f'        "{arguments[0]}",', f"        {arguments[1]},"]
    names = _told(list(options))
    lines += [f"        {line}" for line in names[:-1]] + [f"        {names[-1]},"]
    own = [_option(one, meaning) for one, meaning in options.items() if common[one] != meaning]
    lines += [f"        {{{' '.join(own).rstrip(',')}}},", f"        {_tuple(required)},", "    ),"]
    return "".join(f"{line}\n" for line in lines)


def _of_kind(kind: str, common: dict[str, tuple[str, str]]) -> str:
    """The entry of a kind in OPTIONS."""
    told = []
    for name, (parameter, found) in common.items():
        if found == kind:
            told.append(name if parameter == parameter_of(name) else f"{name}={parameter}")
    written = f'"{kind}"' if kind in _KINDS.values() else kind
    first, *others = _told(told)
    lines = [f"{written}: {first}", *others]
    return "".join(f"    {line}\n" for line in lines[:-1]) + f"    {lines[-1]},\n"


def _told(names: list[str]) -> list[str]:
    """A text of some names, as ruff lays it out."""
    told = " ".join(names)
    # What fits into a line, ruff would put into one.
    width = 99 if len(told) <= 99 else 90
    parts = [f'"{part}"' for part in textwrap.wrap(told, width, break_on_hyphens=False) or [""]]
    if len(parts) == 1:
        return parts
    return ["(", *(f"    {part[:-1]} {part[-1]}" for part in parts[:-1]), f"    {parts[-1]}", ")"]


def _option(name: str, meaning: tuple[str, str]) -> str:
    parameter, kind = meaning
    written = f'"{kind}"' if kind in _KINDS.values() else kind
    return f'"{name}": ("{parameter}", {written}),'


_KINDS: dict[object, str] = {bool: "flag", str: "text", list[str]: "texts", Path: "path"}


def _options(command: TyperCommand, hints: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Name, parameter and kind of each option; numbers are left to typer, which knows their bounds."""
    for one in command.params:
        if one.param_type_name == "argument" or not one.name:
            continue
        hint = hints[one.name]
        (plain,) = [part for part in get_args(hint) if part is not type(None)] if _is_union(hint) else [hint]
        if isinstance(plain, type) and issubclass(plain, Enum):
            kind = f"choices.{plain.__name__}"
        elif plain in _KINDS:
            kind = _KINDS[plain]
        else:
            continue
        for name in one.opts:
            yield name, one.name, kind


def _is_union(hint: object) -> bool:
    return type(None) in get_args(hint)


def _tuple(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "") + ")"


if __name__ == "__main__":
    HERE.write_text(source(), "utf-8")
