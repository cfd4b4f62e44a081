"""`slingshift plan` as a user meets it: codes, streams, masks, mistakes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

CANARY = "CANARY-old-9f8e7d"
PROVIDER = (
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
)
CUSTOMIZER = f'# client secret: {CANARY}\ncustomizer.type="t"\nauth.ims.client.secret="{CANARY}"\n'
PAIR = {"apps/system/config/P.1.config": PROVIDER, "apps/system/config/C.2.config": CUSTOMIZER}

Run = Callable[..., "object"]
Tree = Callable[[Mapping[str, str]], Path]


def test_pending_edits_give_1_and_a_masked_diff(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", tree(PAIR), *oauth_options)
    assert ended.code == 1
    assert "rename to apps/system/config/com.adobe.granite.auth.oauth" in ended.out
    assert '-auth.ims.client.secret="***" (before)' in ended.out
    assert '+auth.ims.client.secret="***" (after)' in ended.out
    assert "2 files to change: 8 set, 2 renamed" in ended.err


@pytest.mark.parametrize("output", ["text", "json", "markdown"])
@pytest.mark.parametrize("verbose", [[], ["-v"]])
def test_no_secret_in_any_output(
    output: str, verbose: list[str], slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "plan.json"
    ended = slingshift("plan", tree(PAIR), *oauth_options, "--format", output, "--out", out, *verbose)
    assert ended.code == 1
    for text in (ended.out, ended.err, out.read_text()):
        assert CANARY not in text
        assert os.environ["SLINGSHIFT_TEST_SECRET"] not in text


def test_the_plan_never_writes_to_the_target(
    slingshift: Run, tree: Tree, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    root = tree(PAIR)
    before = snapshot(root)
    slingshift("plan", root, *oauth_options)
    assert snapshot(root) == before


def test_json_has_the_documented_shape(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    plan = json.loads(slingshift("plan", tree(PAIR), *oauth_options, "--format", "json").out)
    assert plan["version"] == 1
    (target,) = plan["targets"]
    assert set(target) >= {"target", "edits", "refusals", "findings"}
    for edit in target["edits"]:
        assert set(edit) >= {"path", "pass", "action", "property", "type", "before", "after", "secret", "to"}
    secret = next(e for e in target["edits"] if e["secret"])
    assert (secret["before"], secret["after"]) == ('"***" (before)', '"***" (after)')
    rename = next(e for e in target["edits"] if e["action"] == "rename")
    assert rename["to"].startswith("apps/system/config/com.adobe.granite.auth")
    assert plan["summary"]["rename"] == 2


def test_nothing_found_is_refused_with_the_candidates(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    other = PROVIDER.replace("similaritysearch", "target")
    ended = slingshift("plan", tree({"config/P-1.config": other}), *oauth_options)
    assert ended.code == 3
    assert "no provider named adobe-ims-similaritysearch" in ended.err
    assert "(adobe-ims-target)" in ended.err
    assert "--create" in ended.err


def test_a_missing_target_is_4(slingshift: Run, tmp_path: Path) -> None:
    ended = slingshift("plan", tmp_path / "nowhere")
    assert ended.code == 4
    assert ended.err.startswith("slingshift: ")
    assert "No such file" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "nothing"], "no pass is called 'nothing'"),
        (["--client-secret-env", "UNSET_VARIABLE"], "UNSET_VARIABLE"),
        (["--client-secret-env", "A", "--client-secret-file", "B"], "exclude each other"),
        (["--credentials", "missing.json"], "missing.json"),
        (["--profile", "missing.toml"], "missing.toml"),
        (["--installer", "new"], "not a bundle version"),
        (["--instance-name", "a/b", "--create", "x"], "no / in it"),
        (["--scope", " , "], "names no scope"),
        (["--show-secrets"], "terminal only"),
        (["--wrong"], "--wrong"),
        (["--format", "yaml"], "yaml"),
    ],
)
def test_mistakes_are_2_and_one_line_says_what(
    arguments: list[str], words: str, slingshift: Run, tree: Tree
) -> None:
    ended = slingshift("plan", tree(PAIR), *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_single_file_can_be_the_target(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(PAIR)
    file = next(root.rglob("*provider.1.config"))
    ended = slingshift("plan", file, *oauth_options)
    assert ended.code == 3
    assert "no customizer with customizer.type t" in ended.err


def test_targets_must_not_overlap(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(PAIR)
    ended = slingshift("plan", root, root / "apps", *oauth_options)
    assert ended.code == 2
    assert "lies in" in ended.err
    assert slingshift("plan", root, root, *oauth_options).code == 1


def test_only_and_skip(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(PAIR)
    only = json.loads(
        slingshift("plan", root, *oauth_options, "--only", "rename_instance", "--format", "json").out
    )
    assert {e["action"] for e in only["targets"][0]["edits"]} == {"rename"}
    skip = json.loads(
        slingshift("plan", root, *oauth_options, "--skip", "rename_instance", "--format", "json").out
    )
    assert {e["action"] for e in skip["targets"][0]["edits"]} == {"set"}


def test_create_makes_the_pair(slingshift: Run, tmp_path: Path, oauth_options: list[str]) -> None:
    folder = tmp_path / "new" / "apps" / "x" / "config"
    folder.mkdir(parents=True)
    arguments = [tmp_path / "new", *oauth_options, "--create", "apps/x/config"]
    ended = slingshift("plan", *arguments)
    assert ended.code == 1
    assert ended.out.count("new file mode") == 2
    assert '+auth.ims.client.secret="***" (after)' in ended.out
    assert slingshift("apply", *arguments, "--yes").code == 0
    assert slingshift("plan", *arguments).code == 0
    assert len(list(folder.iterdir())) == 2
    # Now it is an integration like any other.
    assert slingshift("plan", tmp_path / "new", *oauth_options).code == 0


def test_create_beside_an_existing_provider_is_refused(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", tree(PAIR), *oauth_options, "--create", "apps/system/config")
    assert ended.code == 3
    assert "already there" in ended.err


def test_create_never_leaves_the_target(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    ended = slingshift("plan", tree({"a": ""}), *oauth_options, "--create", "../x")
    assert ended.code == 3
    assert "inside the target" in ended.err


def test_a_broken_customizer_never_shows_its_secret(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    broken = f'auth.ims.client.secret="{CANARY}=="\ncustomizer.type="t"\n'
    root = tree({"config/P.1.config": PROVIDER, "config/C.1.config": broken})
    for output in ("text", "json", "markdown"):
        ended = slingshift("plan", root, *oauth_options, "--format", output, "-v")
        assert ended.code == 3
        assert CANARY not in ended.out + ended.err
    assert "unescaped" in ended.out


def test_control_characters_in_files_do_not_reach_the_terminal(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    evil = {**PAIR, "apps/system/config/P.1.config": PROVIDER + 'x="\x1b[2J\u202e"\n'}
    ended = slingshift("plan", tree(evil), *oauth_options)
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out


def test_color_only_when_asked(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(PAIR)
    assert "\x1b[32m" in slingshift("plan", root, *oauth_options, "--color", "always").out
    assert "\x1b" not in slingshift("plan", root, *oauth_options).out


def test_a_saved_plan_is_applied_and_a_stale_one_is_not(
    slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    root, saved = tree(PAIR), tmp_path / "plan.json"
    assert slingshift("plan", root, *oauth_options, "--out", saved).code == 1
    assert saved.stat().st_mode & 0o777 == 0o600
    file = next(root.rglob("*provider.1.config"))
    original = file.read_bytes()
    file.write_bytes(original + b'more="1"\n')
    ended = slingshift("apply", "--plan", saved, "--yes")
    assert ended.code == 4
    assert "changed since the plan was made" in ended.err
    file.write_bytes(original)
    assert slingshift("apply", "--plan", saved, "--yes").code == 0
    assert slingshift("plan", root, *oauth_options).code == 0


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"kind":"slingshift-plan","version":1}', b"[" * 99999]
)
def test_a_damaged_saved_plan_is_refused(data: bytes, slingshift: Run, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    saved.write_bytes(data)
    ended = slingshift("apply", "--plan", saved, "--yes")
    assert ended.code == 2
    assert "plan.json" in ended.err or "damaged" in ended.err


def test_apply_asks_and_needs_yes_without_a_terminal(
    slingshift: Run, tree: Tree, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    root = tree(PAIR)
    before = snapshot(root)
    ended = slingshift("apply", root, *oauth_options)
    assert ended.code == 2
    assert "--yes" in ended.err
    assert snapshot(root) == before
