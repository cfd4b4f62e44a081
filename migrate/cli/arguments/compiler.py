"""Makes `compiled.py` of what the verbs declare for typer: `make options`. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_type_hints

from migrate.cli.arguments import full
from migrate.cli.verbs import VERBS

if TYPE_CHECKING:
    from typer.core import TyperCommand

HERE = Path(__file__).with_name("compiled.py")

_HEAD = '''"""What the verbs take, as far as a plain command line says it. Made by `make options`; see `compiler`.

Each verb has the parameter of its arguments, whether that takes more than one, the parameters that must be given, and
its options: the parameter that each sets and the kind of its value.
"""

from __future__ import annotations

from enum import Enum

{imports}

Kind = str | type[Enum]
"""``"flag"``, ``"text"``, ``"texts"`` (may be repeated), ``"path"``, or what the option chooses from."""

VERBS: dict[str, tuple[str, bool, tuple[str, ...], dict[str, tuple[str, Kind]]]] = {{
'''


def source() -> str:
    """The text of `compiled.py`."""
    lines: list[str] = []
    enums: set[str] = set()
    for name in VERBS:
        lines += _verb(name, enums)
    return _HEAD.format(imports=_imports(sorted(enums))) + "".join(f"    {line}\n" for line in lines) + "}\n"


def _imports(names: list[str]) -> str:
    """The import of what options choose from, as ruff writes one that does not fit into a line."""
    listed = "".join(f"    {name},\n" for name in names)
    return f"from migrate.cli.arguments.choices import (\n{listed})"


def _verb(name: str, enums: set[str]) -> Iterator[str]:
    command = full.command(name)
    hints = get_type_hints(full.declared(name))
    (argument,) = (one for one in command.params if one.param_type_name == "argument")
    required = tuple(one.name for one in command.params if one.required and one.name)
    yield f'"{name}": ('
    yield f'    "{argument.name}",'
    yield f"    {argument.nargs == -1},"
    yield f"    {_tuple(required)},"
    yield "    {"
    for option, parameter, kind in _options(command, hints):
        if kind not in _KINDS.values():
            enums.add(kind)
            yield f'        "{option}": ("{parameter}", {kind}),'
        else:
            yield f'        "{option}": ("{parameter}", "{kind}"),'
    yield "    },"
    yield "),"


_KINDS: dict[object, str] = {bool: "flag", str: "text", list[str]: "texts", Path: "path"}


def _options(command: TyperCommand, hints: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """Name, parameter and kind of each option; numbers are left to typer, which knows their bounds."""
    for one in command.params:
        if one.param_type_name == "argument" or not one.name:
            continue
        hint = hints[one.name]
        (plain,) = [part for part in get_args(hint) if part is not type(None)] if _is_union(hint) else [hint]
        if isinstance(plain, type) and issubclass(plain, Enum):
            kind = plain.__name__
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
