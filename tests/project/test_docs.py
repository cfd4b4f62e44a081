"""The documentation says what the code does."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.places import ROOT

DOCS = ROOT / "docs"


def string_arguments(function: str, position: int) -> Iterator[tuple[Path, str]]:
    """Literal arguments of calls to a function, anywhere in migrate/."""
    for path in (ROOT / "migrate").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", None) != function:
                continue
            if len(node.args) > position and isinstance(value := node.args[position], ast.Constant):
                yield path, str(value.value)


def documented(name: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", (DOCS / name).read_text("utf-8"), re.MULTILINE))


def test_every_finding_of_plan_and_scan_is_documented() -> None:
    plans = ROOT / "migrate" / "plans"
    calls = (("Finding", 0), ("finding", 0), ("_finding", 2))
    found = {rule for call in calls for path, rule in string_arguments(*call) if path.is_relative_to(plans)}
    found |= {rule for path, rule in string_arguments("Problem", 0)}
    assert len(found) > 30
    assert found <= documented("findings.md")


def test_every_refusal_is_documented() -> None:
    found = {rule for _, rule in string_arguments("Refusal", 1)}
    assert len(found) > 10
    assert found <= documented("findings.md")


def test_every_finding_of_check_token_is_documented() -> None:
    ims = ROOT / "migrate" / "ims"
    calls = ("Finding", "_Damage")
    found = {rule for call in calls for path, rule in string_arguments(call, 0) if path.is_relative_to(ims)}
    text = (DOCS / "check-token.md").read_text("utf-8") + (DOCS / "credentials.md").read_text("utf-8")
    assert len(found) > 25
    assert found <= set(re.findall(r"`([a-z0-9-]+)`", text))


def test_every_documented_id_exists() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "migrate").rglob("*.py"))
    for rule in documented("findings.md"):
        assert f'"{rule}"' in code, rule


@pytest.mark.parametrize("path", [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"], ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not link.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", sorted((DOCS / "schema").glob("*.json")), ids=lambda p: p.name)
def test_schemas_are_schemas(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def validate(name: str, text: str) -> None:
    schema = json.loads((DOCS / "schema" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


CASES = sorted(p.name for p in (ROOT / "fixtures").iterdir() if (p / "before").is_dir())


@pytest.mark.parametrize("name", CASES)
def test_plans_and_scans_follow_their_schema(
    name: str, case: Callable[[str], Path], slingshift: Callable[..., object], oauth_options: list[str]
) -> None:
    root = case(name)
    saved = root.parent / "saved.json"
    plan = slingshift("plan", root, *oauth_options, "--format", "json", "--out", saved)
    validate("plan", plan.out)  # type: ignore[attr-defined]
    validate("plan", saved.read_text())
    validate("scan", slingshift("scan", root, "--format", "json").out)  # type: ignore[attr-defined]


def test_the_readme_shows_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_exit_codes_are_documented(slingshift: Callable[..., object]) -> None:
    """One table gives them all; the page, the README and the help say the same."""
    from migrate.cli import exits

    page = (DOCS / "exit-codes.md").read_text("utf-8")
    assert exits.table() in page
    order = ", ".join(str(known.code) for known in exits.TABLE)
    assert f"in the order {order}." in " ".join(page.split())
    assert exits.sentence().removesuffix(".") in " ".join((ROOT / "README.md").read_text("utf-8").split())
    shown = slingshift("--help").out  # type: ignore[attr-defined]
    assert exits.sentence() in " ".join(shown.split())


def test_verbs_are_in_the_readme() -> None:
    from migrate.cli.arguments.verbs import VERBS

    text = (ROOT / "README.md").read_text("utf-8")
    for verb in VERBS:
        assert f"`slingshift {verb}" in text, verb


def test_the_transcript_of_the_readme_is_real(
    slingshift_process: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex
    import shutil

    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"```console\n\$ slingshift (.*?[^\\])\n(.*?)```", text, re.DOTALL)
    assert found is not None
    shutil.copytree(ROOT / "fixtures" / "demo" / "author-instance", tmp_path / "author-instance")
    monkeypatch.setenv("SCS_SECRET", "demo")
    ended = slingshift_process(*shlex.split(found[1].replace("\\\n", " ")), cwd=tmp_path)
    assert (ended.out + ended.err).replace("\r\n", "\n") == found[2]  # type: ignore[attr-defined]


def test_every_check_of_validate_is_documented() -> None:
    """Those of its own; what it says of single values has the ids of findings.md."""
    room = ROOT / "migrate" / "plans" / "validation"
    calls = (("Check", 1), ("wrong", 0), ("_wrong", 0))
    found = {rule for call in calls for path, rule in string_arguments(*call) if path.is_relative_to(room)}
    found |= set(
        re.findall(
            r'"((?:token|jmx|training)-[a-z-]+)"',
            "".join(p.read_text() for p in map(room.joinpath, ("proofs.py", "training.py"))),
        )
    )
    assert len(found) > 45
    text = (DOCS / "validate.md").read_text("utf-8")
    assert found - {"left-out"} <= set(re.findall(r"`([a-z0-9-]+)`", text))
