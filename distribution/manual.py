"""The manual page slingshift(1), in man(7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from distribution.commands import HELP, VERSION, Command, Option
from migrate import __version__
from migrate.cli import exits

_ABOUT = "move AEM 6.5 configurations from JWT to OAuth Server-to-Server, without moving another byte"


def page(commands: Iterable[Command]) -> str:
    """The page. It has no date: the version says which one it is."""
    listed = list(commands)
    lines = ['.\\" Made by `make dist`, see distribution/manual.py.']
    lines += [f'.TH SLINGSHIFT 1 "" "slingshift {__version__}" "User Commands"']
    lines += [".SH NAME", f"slingshift \\- {_text(_ABOUT)}", ".SH SYNOPSIS"]
    for command in listed:
        lines += [f".B slingshift {_text(command.name)}", f"[OPTIONS] {_text(command.argument)}", ".br"]
    lines += [".SH OPTIONS", *_option(VERSION), *_option(HELP), ".SH COMMANDS"]
    for command in listed:
        lines += [f".SS slingshift {_text(command.name)} [OPTIONS] {_text(command.argument)}"]
        for number, paragraph in enumerate(command.about.split("\n\n")):
            lines += [".PP"] * bool(number) + [_text(paragraph)]
        for option in command.options:
            lines += _option(option)
    lines += [".SH EXIT STATUS", _text(exits.sentence())]
    lines += [".SH ENVIRONMENT"]
    for name, what in _ENVIRONMENT:
        lines += [".TP", f".B {name}", _text(what)]
    lines += [".SH FILES", ".TP", ".I $XDG_STATE_HOME/slingshift"]
    lines += [
        _text("The journals of the runs, which undo needs. They hold secrets; folders 0700, files 0600.")
    ]
    return "\n".join([*lines, ""])


_ENVIRONMENT = (
    ("XDG_STATE_HOME", "Where the journals are kept; ~/.local/state by default, %LOCALAPPDATA% on Windows."),
    ("NO_COLOR", "Anything here turns colours off, unless --color says otherwise."),
    ("HTTPS_PROXY, NO_PROXY", "The proxy to Adobe IMS, and the hosts that are reached without it."),
)


def _option(option: Option) -> Iterator[str]:
    value = f" \\fI{_text(option.value)}\\fR" if option.value else ""
    yield ".TP"
    yield ", ".join(f"\\fB{_text(name)}\\fR{value}" for name in option.names)
    about = option.help
    if option.choices:
        about = f"{about} One of {', '.join(option.choices)}."
    yield _text(about)


def _text(text: str) -> str:
    """Text that man(7) shows as it is."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", "\\\\&", shown, flags=re.MULTILINE)
