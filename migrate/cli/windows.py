"""What consoles and pipes of Windows need before the command may forget where it runs."""

from __future__ import annotations

import signal
import sys


def prepare() -> None:
    """UTF-8 where output is redirected, colours where a console shows them, and Ctrl-Break like Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # The code page of the machine could not write every name that a file can have.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout.isatty() or sys.stderr.isatty():
        import colorama

        colorama.just_fix_windows_console()
    ctrl_break = getattr(signal, "SIGBREAK", None)
    if ctrl_break is not None:
        # It ends a process on the spot otherwise, in the middle of whatever it writes.
        signal.signal(ctrl_break, signal.default_int_handler)
