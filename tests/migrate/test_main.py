"""The command starts lightly: what is left out is there once it is used."""

from __future__ import annotations

import site
import subprocess
import sys
from types import ModuleType

import pytest

from migrate import __version__
from migrate.__main__ import _Later
from tests.places import ROOT

FOLDER = str(ROOT / "fixtures" / "hand-written" / "before")
STAND_INS = ("copy", "inspect", "ipaddress", "ntpath")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that is there by name only."""
    stand_in = _Later("colorsys")
    monkeypatch.setitem(sys.modules, "colorsys", stand_in)
    import colorsys

    assert colorsys is stand_in
    return stand_in


def test_a_module_is_loaded_when_something_of_it_is_used(later: ModuleType) -> None:
    assert "rgb_to_hsv" not in vars(later)
    assert later.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
    loaded = sys.modules["colorsys"]
    assert type(loaded) is ModuleType
    assert vars(later)["rgb_to_hsv"] is loaded.rgb_to_hsv
    assert later.__spec__ is loaded.__spec__


def test_what_a_module_lacks_it_lacks(later: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'colorsys' has no attribute 'nothing'"):
        _ = later.nothing
    with pytest.raises(ImportError):
        from colorsys import nothing  # noqa: F401


def command(*arguments: str, then: str) -> str:
    """What `then` prints after the command has run in a process of its own; `loaded` are the modules that are there.

    Without site: an editable installation loads much before we are asked anything.
    """
    code = f"""
import sys
sys.path[:0] = {[str(ROOT), *site.getsitepackages()]!r}
from migrate.__main__ import _Later, main
sys.argv = ["slingshift", *{arguments!r}]
try:
    main()
except SystemExit:
    loaded = {{name for name, module in sys.modules.items() if not isinstance(module, _Later)}}
    print({then})
"""
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("plan", FOLDER), ("lint", FOLDER), ("undo", "--list")])
def test_a_plain_command_loads_nothing_that_it_does_not_need(arguments: tuple[str, ...]) -> None:
    assert command(*arguments, then=f"sorted({{'typer', *{STAND_INS}}} & loaded)") == "[]"


def test_a_plan_loads_nothing_of_others() -> None:
    others = {
        "migrate.lint.rules",
        "migrate.cli.work.waves",
        "json",
        "lark",
        "shutil",
    }
    assert command("plan", FOLDER, then=f"sorted({others} & loaded)") == "[]"


def test_the_version_costs_next_to_nothing() -> None:
    heavy = {"typing", "re", "importlib", "migrate.cli"}
    told = command("--version", then=f"sorted({heavy} & loaded)")
    assert told == "[]"


def test_help_has_everything() -> None:
    assert command("--help", then="'inspect' in loaded") == "True"


def test_the_help_that_names_the_verbs_declares_none_of_their_options() -> None:
    assert command("--help", then="'migrate.cli.arguments.options' in loaded") == "False"


def test_the_version_is_the_package_s() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrate", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"slingshift {__version__}\n"
