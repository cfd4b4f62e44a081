"""What a repository wants of `lint`: ``[tool.slingshift]`` in ``pyproject.toml``, or ``slingshift.toml``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from grammar import platforms
from grammar.errors import FormError
from grammar.platforms import DEFAULT, Platform
from migrate.errors import MigrateError

_LISTS = ("select", "ignore", "exclude")
_KEYS = (*_LISTS, "platform")
_FILES = ("slingshift.toml", "pyproject.toml")
_MOST_BYTES = 64 * 1024 * 1024


class SettingsError(MigrateError):
    """A table or an option that makes no sense; one line."""


class LintSettings(NamedTuple):
    """Which rules and files count.

    Attributes:
        select: only these rules; empty for all.
        ignore: not these.
        exclude: patterns of paths (``*`` also matches ``/``), relative to the file that holds the table.
        root: the folder of that file, absolute; None when there is none.
        platform: which AEM is meant.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    root: str | None = None
    platform: Platform = DEFAULT

    def wants(self, rule: str) -> bool:
        """Whether hazards of a rule are reported."""
        return (not self.select or rule in self.select) and rule not in self.ignore

    def excludes(self, path: str) -> bool:
        """Whether a file is left out."""
        if not self.exclude or self.root is None:
            return False
        relative = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")
        return any(
            fnmatchcase(relative, pattern) or fnmatchcase(relative, f"{pattern.rstrip('/')}/*")
            for pattern in self.exclude
        )


def load(start: str) -> LintSettings:
    """The settings for a target: of the nearest folder at or above it that has a table.

    Raises:
        SettingsError: the table cannot be read, has an unknown key, rule, or a value of another type.
    """
    here = Path(os.path.abspath(start))
    for folder in [here, *here.parents]:
        for name in _FILES:
            path = folder / name
            # Path.is_file would raise where the folder may not be entered; that is said when it is listed.
            table = _table(path) if os.path.isfile(path) else None
            if table is not None:
                return _settings(path, table)
    return LintSettings()


def with_options(
    settings: LintSettings, select: Iterable[str], ignore: Iterable[str], platform: str | None = None
) -> LintSettings:
    """The settings with what the command line says; its --select and --platform replace the table's.

    Raises:
        SettingsError: an unknown rule.
    """
    selected = frozenset(_rules("--select", _split(select)))
    ignored = frozenset(_rules("--ignore", _split(ignore)))
    return settings._replace(
        select=selected or settings.select,
        ignore=settings.ignore | ignored,
        platform=settings.platform if platform is None else platforms.of(platform),
    )


def read(path: Path) -> bytes:
    """The bytes of a file of settings; a link to what never ends is none.

    Raises:
        SettingsError: it is too large.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise SettingsError(f"{path}: larger than {_MOST_BYTES} bytes; not read")
    return data


def _table(path: Path) -> dict[str, object] | None:
    try:
        data = read(path)
        if path.name == "pyproject.toml" and b"slingshift" not in data:
            return None
        import tomllib

        content = tomllib.loads(data.decode())
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    if path.name == "slingshift.toml" and set(content) != {"tool"}:
        return content
    tool = content.get("tool")
    table = tool.get("slingshift") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.slingshift is a table")
    return table


def _settings(path: Path, table: dict[str, object]) -> LintSettings:
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise SettingsError(f"{path}: unknown key {unknown[0]!r}; known are {', '.join(_KEYS)}")
    lists = {key: _strings(path, key, table.get(key, [])) for key in _LISTS}
    return LintSettings(
        frozenset(_rules(str(path), lists["select"])),
        frozenset(_rules(str(path), lists["ignore"])),
        tuple(lists["exclude"]),
        str(path.parent),
        _platform(path, table.get("platform")),
    )


def _platform(path: Path, value: object) -> Platform:
    if not isinstance(value, str | None):
        raise SettingsError(f"{path}: platform is a string")
    try:
        return platforms.of(value)
    except FormError as error:
        raise SettingsError(f"{path}: {error}") from None


def _strings(path: Path, key: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{path}: {key} is a list of strings")
    return value


def _rules(where: str, rules: Iterable[str]) -> list[str]:
    """The rules that some ids and patterns (``xml-*``) name."""
    found: list[str] = []
    for wanted in rules:
        # Loads every check, and plan and its like only want to know what is left out.
        from migrate.lint.rules import RULES

        named = [wanted] if wanted in RULES else [rule for rule in RULES if fnmatchcase(rule, wanted)]
        if not named:
            from difflib import get_close_matches

            close = get_close_matches(wanted, RULES, n=1)
            hint = f"did you mean {close[0]!r}?" if close else "docs/rules/ lists them"
            raise SettingsError(f"{where}: no rule {wanted!r}; {hint}")
        found += named
    return found


def _split(values: Iterable[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
