"""The files for other systems: linted by the linters of those systems, and run where they can be run here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = [ROOT / "integrations" / "github" / "lint.yml"]
RUN = ROOT / "integrations" / "github" / "run.sh"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the linters are locked for Linux alone")
PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")


def tool(name: str) -> str:
    """A program of the virtual environment that the tests run in."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found is not None, f"{name} is in requirements/dev.txt"
    return found


def lint(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@LINUX
def test_actionlint_has_nothing_to_say() -> None:
    lint(tool("actionlint"), "-shellcheck", tool("shellcheck"), *WORKFLOWS, *EXAMPLES)


@LINUX
def test_zizmor_has_nothing_to_say() -> None:
    lint(tool("zizmor"), "--offline", "--persona", "pedantic", "--quiet", *WORKFLOWS, "action.yml")


@LINUX
def test_shellcheck_has_nothing_to_say() -> None:
    lint(tool("shellcheck"), RUN, ROOT / ".ci" / "run")


@LINUX
def test_hadolint_has_nothing_to_say() -> None:
    lint(tool("hadolint"), ROOT / "Containerfile")


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_rights_are_few(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(PINNED.fullmatch(step["uses"]) for step in steps if "uses" in step)
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_what_a_user_writes_is_never_a_script() -> None:
    action = loaded(ROOT / "action.yml")
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    given = {re.sub(r"\W", "_", name).upper() for name in action["inputs"] if name not in ("python-version",)}
    (run,) = (step for step in action["runs"]["steps"] if "run" in step)
    assert {f"SLINGSHIFT_{name}" for name in given} <= run["env"].keys()
    assert set(re.findall(r"\bSLINGSHIFT_[A-Z]+\b", RUN.read_text("utf-8"))) <= run["env"].keys()


Action = Callable[..., tuple[int, str, str]]


@pytest.fixture
def action(tmp_path: Path) -> Action:
    """The action's script, with this very command where it would install one."""
    home = tmp_path / "temp" / "slingshift"
    (home / "bin").mkdir(parents=True)
    (home / "ready").touch()
    command = home / "bin" / "slingshift"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m migrate "$@"\n', "utf-8")
    command.chmod(0o755)
    outputs = tmp_path / "outputs"

    def run(**inputs: str) -> tuple[int, str, str]:
        outputs.write_text("", "utf-8")
        texts = {"verb": "lint", "targets": ".", "arguments": "", "output": "", "accept": "", **inputs}
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "SLINGSHIFT_SOURCE": str(ROOT),
            "SLINGSHIFT_PYTHON": sys.executable,
            "RUNNER_TEMP": str(tmp_path / "temp"),
            "GITHUB_OUTPUT": str(outputs),
            **{f"SLINGSHIFT_{name.upper()}": text for name, text in texts.items()},
        }
        done = subprocess.run(
            ["bash", str(RUN)],
            capture_output=True,
            text=True,
            cwd=tmp_path / "checkout",
            env=environment,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, outputs.read_text("utf-8")

    checkout = tmp_path / "checkout"
    (checkout / "ui config").mkdir(parents=True)
    (checkout / "ui config" / "F.config").write_bytes(b'a="x=y"\n')
    return run


@pytest.mark.posix
def test_hazards_fail_unless_they_are_accepted(action: Action) -> None:
    assert action()[0] == 1
    code, shown, outputs = action(accept="1")
    assert (code, outputs) == (0, "exit-code=1\n")
    assert "unescaped-equals" in shown
    assert action(accept="0, 3,4")[0] == 1


@pytest.mark.posix
def test_a_sarif_file_for_the_upload(action: Action, tmp_path: Path) -> None:
    code, _, _ = action(targets="ui config\n", arguments="--format=sarif", output="out.sarif", accept="1")
    assert code == 0
    sarif = json.loads((tmp_path / "checkout" / "out.sarif").read_text("utf-8"))
    assert sarif["runs"][0]["results"][0]["ruleId"] == "unescaped-equals"


@pytest.mark.posix
@pytest.mark.parametrize(
    "inputs",
    [
        {"verb": "apply"},
        {"verb": "lint; touch broken"},
        {"targets": " \n"},
        {"targets": "--fix"},
        {"arguments": "--fix"},
    ],
)
def test_what_it_does_not_do(action: Action, inputs: dict[str, str], tmp_path: Path) -> None:
    code, shown, _ = action(**inputs)
    assert (code, "::error::" in shown) == (2, True)
    assert not (tmp_path / "checkout" / "broken").exists()


@pytest.mark.posix
@pytest.mark.parametrize(
    "text", ["$(touch broken)", "`touch broken`", "a;touch broken", '"; touch broken; "', "* ?"]
)
def test_texts_stay_texts(action: Action, text: str, tmp_path: Path) -> None:
    """A target of such a name is one that is not there."""
    assert action(targets=text)[0] == 4
    action(arguments=f"--select={text}", accept=text)
    assert not (tmp_path / "checkout" / "broken").exists()


@pytest.mark.posix
def test_fmt_only_looks(action: Action, tmp_path: Path) -> None:
    path = tmp_path / "checkout" / "G.config"
    path.write_bytes(b'b="1"\na="2"\n')
    assert action(verb="fmt", targets="G.config")[0] == 1
    assert path.read_bytes() == b'b="1"\na="2"\n'


def test_the_gitlab_example_is_yaml_with_two_jobs() -> None:
    jobs = loaded(ROOT / "integrations" / "gitlab" / ".gitlab-ci.yml")
    assert set(jobs) == {"slingshift-lint", "slingshift-plan"}
    assert all(
        "SCS_SECRET" not in line.replace("--client-secret-env SCS_SECRET", "") for line in _scripts(jobs)
    )


@pytest.mark.posix
def test_what_gitlab_shows_as_tests_is_written(slingshift: Callable[..., Any], tmp_path: Path) -> None:
    jobs = loaded(ROOT / "integrations" / "gitlab" / ".gitlab-ci.yml")
    line = next(line for line in jobs["slingshift-lint"]["script"] if "lint" in line)
    assert line.endswith(">" + jobs["slingshift-lint"]["artifacts"]["reports"]["junit"])
    (tmp_path / "F.config").write_bytes(b'a="x=y"\n')
    ended = slingshift("lint", tmp_path, *line.partition(" >")[0].split()[3:])
    assert (ended.code, ended.out.startswith("<?xml")) == (1, True)


def _scripts(jobs: dict[str, Any]) -> list[str]:
    return [line for job in jobs.values() for line in job["script"]]


def test_jenkins_hands_the_secret_to_the_shell_and_not_to_groovy() -> None:
    text = (ROOT / "integrations" / "jenkins" / "Jenkinsfile").read_text("utf-8")
    assert "${SCS_SECRET}" not in text
    assert "$SCS_SECRET" not in text
    assert text.count("{") == text.count("}")


def test_the_container_runs_as_nobody_in_work() -> None:
    text = re.sub(r"\\\n", " ", (ROOT / "Containerfile").read_text("utf-8"))
    last = text.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in last
    assert "\nWORKDIR /work\n" in last
    assert "XDG_STATE_HOME=/state" in last
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        assert f"!{source}" in ignored
