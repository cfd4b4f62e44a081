"""What is read without typer is what typer reads, and whatever it would refuse is left to it."""

from __future__ import annotations

import contextlib
import functools
import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.cli.arguments import compiled, compiler, full, plain, verbs


def test_the_table_is_what_the_verbs_declare() -> None:
    assert compiler.HERE.read_text("utf-8") == compiler.source()


command = functools.cache(full.command)


def by_typer(verb: str, words: Sequence[str]) -> tuple[dict[str, object], set[str]] | None:
    """The parameters as typer gives them, and which of them stood there; None when it refuses the words, or helps."""
    told: list[tuple[dict[str, object], set[str]]] = []
    with (
        contextlib.redirect_stdout(io.StringIO()),
        mock.patch.object(verbs, "call", lambda _, given, written: told.append((given, {*written}))),
        contextlib.suppress(Exception),
    ):
        command(verb).main(list(words), standalone_mode=False)
    return told[0] if told else None


def plainly(verb: str, words: Sequence[str]) -> tuple[dict[str, object], set[str]] | None:
    """The same by the table; what does not stand there has the default that the verb declares."""
    read = plain.read([verb, *words])
    if read is None:
        return None
    assert read[0] == verb
    default = {one.name: one.default for one in command(verb).params if one.name}
    return {**default, **read[1]}, {*read[2]}


OPTIONS = sorted({name for verb in verbs.VERBS for name in plain.options(verb)})
WORDS = st.sampled_from(
    [
        "",
        "-",
        "--",
        "a.config",
        "--help",
        "-h",
        "-x",
        "-qv",
        "--verb",
        "text",
        "json",
        "TEXT",
        "config",
        "1",
        "=",
        "ä",
    ]
)
WORD = st.one_of(
    WORDS,
    st.sampled_from(OPTIONS),
    st.builds("{}={}".format, st.sampled_from(OPTIONS), WORDS),
    st.sampled_from(["--retries", "--timeout=3", "--secret-index"]),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(compiled.VERBS)), st.lists(WORD, max_size=6))
def test_a_plain_line_means_what_typer_makes_of_it(verb: str, words: list[str]) -> None:
    read = plainly(verb, words)
    assert read is None or read == by_typer(verb, words)


@given(st.sampled_from(sorted(compiled.VERBS)), st.data())
def test_good_lines_are_plain(verb: str, data: st.DataObject) -> None:
    """Each option once, in any order among the targets."""
    positional, many, _, _, required = compiled.VERBS[verb]
    options = plain.options(verb)
    words = ["a", "b.config", "-"] if many else ["a"]
    line = [[word] for word in words]
    values = {"text": "x y", "texts": "rename_instance", "path": "f.toml"}
    seen = set()
    names = st.lists(st.sampled_from(sorted(options)), unique=True) if options else st.just([])
    for name in data.draw(names):
        parameter, kind = options[name]
        if parameter in seen:
            continue
        seen.add(parameter)
        value = [] if kind == "flag" else [values[kind] if isinstance(kind, str) else next(iter(kind)).value]
        joined = value and data.draw(st.booleans())
        line.append([f"{name}={value[0]}"] if joined else [name, *value])
    needed = {"to": ["--to", "xml"], "out": ["--out", "f.zip"]}
    line += [words for parameter, words in needed.items() if parameter in required and parameter not in seen]
    mixed = [word for group in data.draw(st.permutations(line)) for word in group]
    read = plainly(verb, mixed)
    assert read is not None
    assert read == by_typer(verb, mixed)
    assert positional in read[0]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["--version"],
        ["plam", "x"],
        ["--version", "plan"],
        ["plan", "--help"],
        ["plan", "-h"],
        ["plan", "--", "x"],
        ["plan", "x", "-qv"],
        ["plan", "x", "--quiet=1"],
        ["plan", "x", "--client-id"],
        ["plan", "x", "--client-id", "--quiet"],
        ["plan", "x", "--client-id", "a", "--client-id", "b"],
        ["plan", "x", "--client", "a"],
        ["plan", "x", "--format", "yaml"],
        ["plan", "x", "--secret-index", "1"],
        ["undo", "a", "b"],
        ["fmt"],
        ["convert", "x"],
    ],
)
def test_other_lines_are_typers(words: list[str]) -> None:
    assert plain.read(words) is None


def test_values() -> None:
    assert plain.read(["plan", "-", "a", "--profile", "p.toml", "--only=a,b", "--only", "c", "-q"]) == (
        "plan",
        {"targets": ["-", "a"], "profile": Path("p.toml"), "only": ["a,b", "c"], "quiet": True},
        {"targets": "TARGET", "profile": "--profile", "only": "--only", "quiet": "-q"},
    )
    assert plain.read(["lint", "x", "--format=sarif"]) == (
        "lint",
        {"targets": ["x"], "output": "sarif"},
        {"targets": "TARGET", "output": "--format"},
    )
    assert plain.read(["undo", "R1"]) == ("undo", {"run": "R1"}, {"run": "TARGET"})
    assert plain.read(["plan", "--client-id="]) == ("plan", {"client_id": ""}, {"client_id": "--client-id"})


@pytest.mark.parametrize(
    "line", ["plan .", "lint README.md", "show --form config -", "undo --list", "--version"]
)
def test_typer_is_not_loaded_for_a_plain_line(line: str) -> None:
    code = "import sys; from migrate.cli.app import run; run(sys.argv[1:]); sys.exit('typer' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *line.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == (1 if line == "--version" else 0), done.stderr
