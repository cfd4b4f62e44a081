"""The command starts lightly: what is left out is there once it is used."""

from __future__ import annotations

import os
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
from migrate.__main__ import _Later, _run
sys.argv = ["slingshift", *{arguments!r}]
_run()
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


def ending(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import atexit, sys\nfrom migrate.__main__ import _leave\n{code}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_what_was_printed_gets_out_and_what_others_want_at_the_end_is_done() -> None:
    done = ending(
        "print('out')\nprint('err', file=sys.stderr)\natexit.register(print, 'last', flush=True)\n_leave(3)"
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\nlast\n", "err\n")


@pytest.mark.parametrize("watching", ["settrace", "setprofile"])
def test_nothing_is_taken_apart_unless_somebody_watches(watching: str) -> None:
    told = "import os\nos._exit = lambda code: print('at once', code)\n"
    assert ending(f"{told}_leave(3)").stdout == "at once 3\n"
    ended = ending(f"{told}sys.{watching}(lambda *_: None)\n_leave(3)")
    assert (ended.returncode, ended.stdout) == (3, "")


def test_output_that_does_not_get_out_is_the_interpreters_to_tell() -> None:
    done = ending("sys.stdout = open('/dev/full', 'w')\nprint('out')\n_leave(0)")
    assert done.returncode != 0 or "No space left" in done.stderr


def test_a_stream_that_is_not_there_is_no_matter() -> None:
    assert ending("sys.stdout = None\n_leave(5)").returncode == 5


@pytest.mark.posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_version_that_cannot_be_printed_is_no_bug(unbuffered: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "migrate", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 4
    assert done.stderr == "slingshift: standard output cannot be written: No space left on device\n"
