"""The manual and the completions: made of what the verbs declare, and tried in the shells that are here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from distribution import share
from distribution.commands import commands
from migrate.cli.arguments.verbs import VERBS

FILES = share.files()
BASH, ZSH, FISH, POWERSHELL, MANUAL = (
    next(text for name, text in FILES.items() if part in name)
    for part in ("bash-completion", "zsh", "fish", "powershell", "man1")
)


def needs(program: str) -> pytest.MarkDecorator:
    """What is left out where a shell is not installed; `.ci/run` says which ones it found."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def test_every_verb_and_option_is_in_every_file() -> None:
    for command in commands():
        names = [name for option in command.options for name in option.names]
        assert "--help" in names
        assert names.count("--format") <= 1
        for text in (BASH, ZSH, FISH, POWERSHELL, MANUAL.replace("\\-", "-")):
            assert command.name in text
            for name in names:
                assert name in text or f"-l {name[2:]} " in text or f"-s {name[1:]} " in text, (
                    command.name,
                    name,
                )


def bash(*words: str) -> list[str]:
    """What bash offers for the last of some words."""
    script = (
        BASH + '\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slingshift; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", "slingshift", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@needs("bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["pl"], {"plan"}),
        ([""], {*VERBS, "--version", "-h", "--help"}),
        (["plan", "--pref"], {"--prefer"}),
        (["plan", "--prefer", ""], {"old", "new"}),
        (["-q", "plan", "--prefer", "o"], {"old"}),
        (["lint", "--format", "s"], {"sarif"}),
        (["plan", "--credentials", ""], set()),
        (["plan", "folder"], set()),
        (["undo", "--lis"], {"--list"}),
    ],
)
def test_bash(words: list[str], offered: set[str]) -> None:
    assert set(bash(*words)) == offered


@needs("bash")
def test_bash_leaves_file_names_to_bash(tmp_path: Path) -> None:
    (tmp_path / "oauth credentials.json").write_bytes(b"{}")
    script = BASH + "\ncomplete -p slingshift"
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["complete", "-o", "default", "-F", "_slingshift", "slingshift"]


@needs("zsh")
@pytest.mark.posix
def test_zsh(tmp_path: Path) -> None:
    """In a real one that has a terminal, since its completion lives in the line editor."""
    (tmp_path / "_slingshift").write_bytes(ZSH.encode())
    start = (
        f"PS1=; fpath=({tmp_path} $fpath); autoload -U compinit; compinit -D -u; bindkey '^I' complete-word"
    )
    script = f"""
        zmodload zsh/zpty
        zpty shell 'zsh -f'
        zpty -w shell "{start}"
        for line in 'slingshift sca' 'slingshift plan --pref' 'slingshift lint --format sar'; do
            zpty -w -n shell $line$'\\t'; sleep 1; zpty -w -n shell $'\\n'; sleep 0.3
        done
        zpty -w shell exit
        while zpty -r shell out; do print -r -- $out; done
    """
    done = subprocess.run(
        ["zsh", "-f", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "TERM": "dumb", "HOME": str(tmp_path)},
    )
    for whole in ("slingshift scan", "slingshift plan --prefer", "slingshift lint --format sarif"):
        assert whole in done.stdout, done


@needs("fish")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("slingshift pl", {"plan"}),
        ("slingshift plan --pref", {"--prefer"}),
        ("slingshift plan --prefer ", {"old", "new"}),
        ("slingshift lint --format s", {"sarif"}),
    ],
)
def test_fish(line: str, offered: set[str], tmp_path: Path) -> None:
    script = f"source {tmp_path}/slingshift.fish; complete -C {line!r}"
    (tmp_path / "slingshift.fish").write_bytes(FISH.encode())
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        ["fish", "--private", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    assert {row.partition("\t")[0] for row in done.stdout.splitlines()} == offered


def test_powershell_is_balanced() -> None:
    """No PowerShell runs here: this holds its quotes and brackets alone."""
    code = [line.split("#")[0] if line.startswith("#") else line for line in POWERSHELL.splitlines()]
    depth = {"{": 0, "(": 0, "[": 0}
    closing = {"}": "{", ")": "(", "]": "["}
    quote = ""
    for character in "\n".join(code):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in depth:
            depth[character] += 1
        elif character in closing:
            depth[closing[character]] -= 1
            assert depth[closing[character]] >= 0
    assert (quote, set(depth.values())) == ("", {0})


@needs("man")
def test_the_manual_has_no_fault_of_its_language(tmp_path: Path) -> None:
    page = tmp_path / "slingshift.1"
    page.write_bytes(MANUAL.encode())
    done = subprocess.run(
        ["man", "--warnings", "-l", str(page)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PAGER": "cat", "MANPAGER": "cat"},
    )
    assert done.stderr == ""
    assert "slingshift plan [OPTIONS]" in done.stdout
    assert "70 a bug" in " ".join(done.stdout.split())
