"""`slingshift`, also as `python -m migrate`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from types import ModuleType

_GARBAGE = 100_000
"""Objects that are made before one looks for garbage: nearly all that a start makes is still there at the end."""


class _Later(ModuleType):
    """Stands for a module of the standard library until something of it is used."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
            self.__dict__.update(vars(__import__(self.__name__)))
            return getattr(self, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def main() -> None:
    """Run the command and leave with its exit code."""
    _leave(_run())


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        # Before anything is imported: scripts ask for this one often.
        from migrate import __version__

        try:
            print(f"slingshift {__version__}", flush=True)
        except OSError:
            pass  # The command says what it is that keeps it from printing.
        else:
            return 0
    try:
        _start_lightly()
        from migrate.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C while we are still being imported.
        sys.stderr.write("slingshift: stopped\n")
        return 130


def _leave(code: int) -> None:
    """End the process without taking everything apart first, which takes a fifth of a short command.

    Whoever opened something has closed it. As usual where somebody measures, or where what was printed does not get
    out: then the interpreter says so.
    """
    if sys.gettrace() is None and sys.getprofile() is None:
        try:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except (OSError, ValueError):
            pass
        else:
            atexit._run_exitfuncs()
            os._exit(code)
    sys.exit(code)


def _start_lightly() -> None:
    """Leave out what a short command does not need: a start is most of what it takes.

    `dataclasses` imports `inspect` and `copy`, `pathlib` imports `ntpath`, `urllib.parse` imports `ipaddress`, each for
    what it does in rare cases only; together they take longer than a whole interpreter.
    """
    gc.set_threshold(_GARBAGE)
    for name in ("copy", "inspect", "ipaddress", "ntpath"):
        sys.modules.setdefault(name, _Later(name))


if __name__ == "__main__":
    main()
