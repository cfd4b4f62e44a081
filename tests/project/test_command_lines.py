"""Every command line that is shown anywhere is one that the command takes: no renamed option lives on in a page."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from migrate.cli.arguments import full
from migrate.cli.arguments.examples import EXAMPLES
from migrate.cli.arguments.verbs import VERBS
from tests.places import ROOT

PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]
SCRIPTS = [
    ROOT / "action.yml",
    ROOT / "Containerfile",
    ROOT / ".ci" / "run",
    *sorted(
        path for path in (ROOT / "integrations").rglob("*") if path.suffix in (".md", ".yml", ".sh", ".py")
    ),
    ROOT / "integrations" / "gitlab" / ".gitlab-ci.yml",
    ROOT / "integrations" / "jenkins" / "Jenkinsfile",
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
]
VERB = "|".join(sorted(VERBS, key=len, reverse=True))
CALL = re.compile(rf"(^|[\s;&|(`'\"$/])slingshift\s+((?:{VERB})\b[^\n`]*)")
END = re.compile(r"(?:\s[|;&]|\s>|[;)]\s*$|\s2>|&&|\|\|).*")
"""Where the shell's own words begin again."""


class Line(NamedTuple):
    """One command line, and where it stands."""

    path: Path
    text: str
    whole: bool


def blocks(text: str) -> Iterator[str]:
    """What stands between fences, continued lines as one."""
    for found in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield found.replace("\\\n", " ")


def lines() -> Iterator[Line]:
    for path in PAGES:
        text = path.read_text("utf-8")
        for block in blocks(text):
            for before, found in CALL.findall(block):
                yield Line(path, found, whole=before != "`")
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for code in re.findall(r"`([^`\n]+)`", prose):
            if found := re.match(rf"(?:slingshift )?((?:{VERB})(?: .*)?)$", code):
                yield Line(path, found[1], whole=False)
    for path in SCRIPTS:
        # Continued by a backslash, by two in Groovy, or by an indented line of YAML that begins with an option.
        text = re.sub(r"\\+\n|\n\s+(?=--)", " ", path.read_text("utf-8"))
        for _, found in CALL.findall(text):
            yield Line(path, found, whole=path.suffix not in (".py", ".md"))
    for verb, examples in EXAMPLES.items():
        for example in examples:
            for _, found in CALL.findall(example.replace("\\\n", " ")):
                yield Line(Path(f"--help of {verb}"), found, whole=True)


LINES = list(dict.fromkeys(lines()))


def words(text: str) -> list[str]:
    """The arguments, without what belongs to the shell or is a remark."""
    bare = END.sub("", re.sub(r"\s#.*", "", text)).rstrip("\\)` ")
    for quote in "'\"":
        if bare.count(quote) % 2:  # the end of what the line stood in
            bare = bare.removesuffix(quote)
    found = shlex.split(bare)
    return found[: found.index("--")] if "--" in found else found


def known(verb: str) -> set[str]:
    command: Any = full.command(verb)
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {
        "--help",
        "-h",
    }


KNOWN = {verb: known(verb) for verb in VERBS}


def test_there_are_many() -> None:
    assert len(LINES) > 150
    assert {line.path.name for line in LINES} >= {
        "README.md", "fleet.md", "evidence.md", ".gitlab-ci.yml", "Jenkinsfile", "--help of plan",
    }  # fmt: skip


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.path.name}:{line.text[:50]}")
def test_its_options_are_those_of_the_verb(line: Line) -> None:
    verb, *rest = words(line.text)
    for word in rest:
        name = word.partition("=")[0].strip("[]`,.")
        if re.fullmatch(r"--[a-z][a-z-]*|-[a-z]", name):
            assert name in KNOWN[verb], f"{line.path}: {line.text}"


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in LINES
        if line.whole and "$" not in line.text and "..." not in line.text and "[" not in line.text
    ],
    ids=lambda line: f"{line.path.name}:{line.text[:50]}",
)
def test_it_is_read_without_a_complaint(line: Line) -> None:
    verb, *rest = words(line.text)
    if "--help" in rest:
        return
    command: Any = full.command(verb)
    command.make_context(verb, list(rest))
