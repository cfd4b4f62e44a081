"""One family of errors, drawn as it is, and turned into exit codes in one place."""

from __future__ import annotations

import importlib
import inspect
import os
import pickle
import pkgutil
import re

import pytest

import migrate
from migrate import errors
from migrate.cli import app, exits
from migrate.errors import MigrateError
from migrate.fleet.outcomes import CrashError
from migrate.ims.errors import Kind as TokenKind
from migrate.ims.errors import TokenError
from migrate.runs.errors import ApplyError
from migrate.runs.errors import Kind as RunKind
from migrate.targets import system
from migrate.targets.base import LostError
from migrate.targets.instance.errors import InstanceError, Rule

OF_OTHER_SYSTEMS = {
    f"migrate.runs.disk.{name}"
    for name, here in (("posix", system.HOLDS_FOLDERS), ("access_lists", os.name == "nt"))
    if not here
}
"""Modules that cannot be imported here."""


def defined() -> set[type[BaseException]]:
    """Every exception class that a module of migrate/ defines for others; `exits.Exit` is no error, as SystemExit is
    none, and one whose name starts with `_` does not leave its module."""
    found = set()
    for module in pkgutil.walk_packages(migrate.__path__, "migrate."):
        if module.name not in ("migrate.__main__", *OF_OTHER_SYSTEMS):
            members = vars(importlib.import_module(module.name)).values()
            found |= {
                member
                for member in members
                if inspect.isclass(member)
                and issubclass(member, BaseException)
                and member.__module__ == module.name
                and not member.__name__.startswith("_")
            }
    return found - {exits.Exit}


def test_every_exception_is_of_the_family() -> None:
    found = defined()
    assert len(found) > 15
    assert [kind for kind in found if not issubclass(kind, MigrateError)] == []


def test_the_family_is_drawn_as_it_is() -> None:
    drawn: dict[str, tuple[str, str]] = {}
    branch: list[str] = []
    for indent, name, home in re.findall(
        r"^( {4,})(\w+) {2,}.*? {2,}([\w.]+)$", errors.__doc__ or "", re.MULTILINE
    ):
        depth = (len(indent) - 4) // 2
        branch[depth - 1 :] = [name]
        drawn[name] = ("MigrateError" if depth == 1 else branch[depth - 2], f"migrate.{home}")
    assert drawn == {
        kind.__name__: (kind.__base__.__name__ if kind.__base__ else "", kind.__module__)
        for kind in defined() - {MigrateError}
    }


def test_the_root_is_public() -> None:
    assert migrate.MigrateError is MigrateError
    assert "MigrateError" in migrate.__all__


def made(kind: type[MigrateError]) -> MigrateError:
    """One of a kind, whatever its constructor wants."""
    error = kind.__new__(kind)
    Exception.__init__(error, "x")
    return error


def test_every_kind_has_an_exit_code() -> None:
    for kind in defined():
        assert issubclass(kind, MigrateError)
        expected = (exits.USAGE, exits.CONFLICT)
        if issubclass(kind, TokenError | LostError):
            expected = (exits.UNREACHABLE,)
        elif kind is CrashError:
            expected = (exits.BUG,)
        assert exits.of(made(kind)) in expected


def test_every_kind_can_be_pickled() -> None:
    for kind in defined():
        error = made(kind)
        error.kind, error.files = "stale", ("a", "b")  # type: ignore[attr-defined]
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again.args), vars(again)) == (kind, str(error.args), vars(error))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TokenError(TokenKind.BAD_URL, "x"), exits.USAGE),
        (TokenError(TokenKind.INVALID_SCOPE, "x"), exits.TOKEN_REFUSED),
        (TokenError(TokenKind.DNS, "x"), exits.UNREACHABLE),
        (InstanceError(Rule.CA_BUNDLE, "x", ""), exits.USAGE),
        (InstanceError(Rule.FORBIDDEN, "x", ""), exits.TOKEN_REFUSED),
        (InstanceError(Rule.TIMEOUT, "x", ""), exits.UNREACHABLE),
        (ApplyError(RunKind.STALE, "x"), exits.CONFLICT),
        (ApplyError(RunKind.STOPPED, "x"), exits.INTERRUPTED),
        (MigrateError("x"), exits.USAGE),
    ],
)
def test_codes_that_the_error_decides(
    error: MigrateError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exits.of(error) == code

    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(app, "_run", fails)
    assert app.run(["plan"]) == code
    assert capsys.readouterr().err.startswith("slingshift: x")
