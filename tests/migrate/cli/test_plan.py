"""`slingshift plan` as a user meets it: codes, streams, masks, mistakes."""

from __future__ import annotations

import functools
import json
import operator
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from migrate.integration.profile import CUSTOMIZER as CUSTOMIZER_PID
from migrate.integration.profile import PROVIDER as PROVIDER_PID
from migrate.targets import system

CANARY = "CANARY-old-9f8e7d"
PROVIDER = (
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
)
CUSTOMIZER = f'# client secret: {CANARY}\ncustomizer.type="t"\nauth.ims.client.secret="{CANARY}"\n'
OTHER = PROVIDER.replace("similaritysearch", "target").replace('"t"', '"other"')
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


@pytest.mark.parametrize("verb", ["plan", "scan", "apply"])
def test_an_empty_name_is_not_the_working_folder(verb: str, slingshift: Run) -> None:
    ended = slingshift(verb, "")
    assert (ended.code, "not a path" in ended.err) == (4, True)


def test_a_missing_target_is_4(slingshift: Run, tmp_path: Path) -> None:
    ended = slingshift("plan", tmp_path / "nowhere")
    assert ended.code == 4
    assert ended.err.startswith("slingshift: ")
    assert "No such file" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "nothing"], "no pass is called 'nothing'"),
        (["--only", "delete_stale", "--skip", "delete_stale"], "no pass is left"),
        (["--client-secret-env", "UNSET_VARIABLE"], "UNSET_VARIABLE"),
        (["--client-secret-env", "A", "--client-secret-file", "B"], "exclude each other"),
        (["--credentials", "missing.json"], "missing.json"),
        (["--profile", "missing.toml"], "missing.toml"),
        (["--installer", "new"], "not a bundle version"),
        (["--instance-name", "a/b", "--create", "x"], "letters, digits"),
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
    root = tree({**PAIR, "apps/system/config/P.3.config": OTHER})
    for name, edits in (("provider.1", "7 set, 1 renamed"), ("Impl.2", "1 set, 1 renamed")):
        file = next(root.rglob(f"*{name}.config"))
        ended = slingshift("plan", file, *oauth_options)
        assert ended.code == 1, ended.err
        assert ended.out.count("diff --git") == 1
        assert f"1 file to change: {edits}" in ended.err
    other = slingshift("plan", next(root.rglob("*provider.3.config")), *oauth_options)
    assert other.code == 3
    assert "neither the provider named adobe-ims-similaritysearch nor its customizer" in other.err


def test_a_single_file_is_all_that_changes(
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    snapshot: Callable[[Path], dict[str, tuple[bytes, int]]],
) -> None:
    root = tree({**PAIR, "apps/system/config/P-9.config": 'name="other"\n'})
    file = next(root.rglob("*provider.1.config"))
    before = snapshot(root)
    assert slingshift("apply", file, *oauth_options, "--yes").code == 0
    after = snapshot(root)
    moved = file.with_name(file.name.replace(".1.", "-1."))
    assert set(before) - set(after) == {str(file.relative_to(root))}
    assert set(after) - set(before) == {str(moved.relative_to(root))}
    assert all(after[name] == before[name] for name in set(before) & set(after))
    assert slingshift("plan", moved, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert snapshot(root) == before


def test_a_provider_alone_needs_no_secret_and_says_where_that_is(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({"config/P.1.config": PROVIDER})
    file = next(root.rglob("*.config"))
    ended = slingshift("plan", file, *oauth_options[:4])
    assert ended.code == 1
    assert "[customizer-elsewhere]" in ended.err
    assert slingshift("plan", root, *oauth_options).code == 3


def test_a_left_over_alone_goes_only_when_the_other_is_migrated(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({**PAIR, "apps/system/config/P-5.config": PROVIDER})
    stale = next(root.rglob("*provider.1.config"))
    picked = next(root.rglob("*provider-5.config"))
    options = [*oauth_options, "--pick", picked.name]
    early = slingshift("plan", stale, *options)
    assert (early.code, "[not-superseded]" in early.err) == (3, True)
    assert slingshift("apply", picked, *options, "--yes").code == 0
    assert "deleted file" in slingshift("plan", stale, *options).out


def test_a_file_within_a_node_folder_can_be_the_target(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    xml = (
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
        ' jcr:primaryType="sling:OsgiConfig" name="adobe-ims-similaritysearch"'
        ' token.request.customizer.type="t"/>'
    )
    root = tree({"config/x": "", "config/C-2.config": CUSTOMIZER})
    node = root / "config" / f"{PROVIDER_PID}.1" / ".content.xml"
    node.parent.mkdir()
    node.write_text(xml)
    ended = slingshift("plan", node, *oauth_options, "--format", "json")
    assert ended.code == 1, ended.err
    edits = json.loads(ended.out)["targets"][0]["edits"]
    assert {edit["path"] for edit in edits} == {str(node)}
    assert edits[-1]["to"] == str(node.parent.with_name(f"{PROVIDER_PID}-1") / ".content.xml")


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


@pytest.mark.parametrize("output", ["text", "json", "markdown"])
def test_no_file_name_steers_the_terminal_or_forges_a_line(
    output: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    evil = "a\x1b[2J\n# forged`|/config"
    root = tree(
        {f"{evil}/P.1.config": PROVIDER, f"{evil}/C.1.config": CUSTOMIZER, f"{evil}x/P.1.config": PROVIDER}
    )
    for verb in ("plan", "scan"):
        options = oauth_options if verb == "plan" else []
        ended = slingshift(verb, root, *options, "--format", output, "-v")
        assert ended.code in (0, 3)
        assert "\x1b" not in ended.out + ended.err
        assert not any(line.startswith("# forged") for line in (ended.out + ended.err).splitlines())


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


def test_what_a_saved_plan_neither_writes_nor_rests_on_may_change(
    slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    """Another finding, another word in one, and a file that is refused elsewhere are no reason to review it again."""
    root, saved = tree(PAIR), tmp_path / "plan.json"
    slingshift("plan", root, *oauth_options, "--out", saved)
    plan = json.loads(saved.read_text())
    found = plan["targets"][0]["findings"]
    assert found
    found[0]["message"] = "said in other words by another version"
    saved.write_text(json.dumps(plan))
    tree({"elsewhere/config/P.9.config": 'name="adobe-ims-similaritysearch"\na="x=y"\n'})
    ended = slingshift("apply", "--plan", saved, "--yes")
    assert (ended.code, "elsewhere" in ended.err) == (3, True)
    assert (
        json.loads(slingshift("plan", root, *oauth_options, "--format", "json").out)["targets"][0]["edits"]
        == []
    )


def _apply_edited(
    edit: Callable[[Any], object], slingshift: Run, root: Path, options: list[str], saved: Path
) -> Any:
    """Save a plan, let somebody edit the file, and apply that."""
    slingshift("plan", root, *options, "--out", saved)
    plan = json.loads(saved.read_text())
    edit(plan)
    saved.write_text(json.dumps(plan))
    return slingshift("apply", "--plan", saved, "--yes")


def test_a_stale_plan_says_where_it_would_do_something_else(
    slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    paths: list[str] = []

    def edit(plan: Any) -> None:
        found = next(one for one in plan["targets"][0]["edits"] if one["action"] == "set")
        found["after"] = "another"
        paths.append(found["path"])

    ended = _apply_edited(edit, slingshift, tree(PAIR), oauth_options, tmp_path / "plan.json")
    words = f"the saved plan is stale: {paths[0]}: the plan made now would do something else there"
    assert (ended.code, words in ended.err) == (4, True)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"kind":"slingshift-plan","version":1}', b"[" * 99999]
)
def test_a_damaged_saved_plan_is_refused(data: bytes, slingshift: Run, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    saved.write_bytes(data)
    ended = slingshift("apply", "--plan", saved, "--yes")
    assert ended.code == 2
    assert "plan.json" in ended.err or "damaged" in ended.err


@pytest.mark.posix
@pytest.mark.parametrize("name", ["\ud800", "a\0b"])
@pytest.mark.parametrize(
    "where", [("inputs", "profile"), ("inputs", "create"), ("files", 0, "path"), ("targets", 0, "target")]
)
def test_a_saved_plan_names_nothing_that_cannot_be_named(
    where: tuple[str | int, ...],
    name: str,
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    tmp_path: Path,
    snapshot: Callable[[Path], object],
) -> None:
    root, (*above, last) = tree(PAIR), where
    before = snapshot(root)

    def edit(plan: Any) -> None:
        functools.reduce(operator.getitem, above, plan)[last] = name

    ended = _apply_edited(edit, slingshift, root, oauth_options, tmp_path / "plan.json")
    assert (ended.code, "the saved plan is damaged at " in ended.err) == (2, True), ended.err
    assert snapshot(root) == before


def test_apply_asks_and_needs_yes_without_a_terminal(
    slingshift: Run, tree: Tree, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    root = tree(PAIR)
    before = snapshot(root)
    ended = slingshift("apply", root, *oauth_options)
    assert ended.code == 2
    assert "--yes" in ended.err
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "folder", ["libs/x/config", "jcr_root/libs/config", "crx-quickstart/launchpad/config"]
)
def test_create_never_touches_what_belongs_to_aem(
    folder: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", tree({"a": ""}), *oauth_options, "--create", folder)
    assert (ended.code, ended.out) == (3, "")
    assert "[never-touched]" in ended.err


def test_create_takes_the_folder_as_the_target_or_by_its_whole_path(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({"apps/x/config/a": ""})
    folder = root / "apps/x/config"
    for arguments in ([root, "--create", folder], [root, "--create", "/apps/x/config"], ["--create", folder]):
        ended = slingshift("plan", *arguments, *oauth_options, "--format", "json")
        assert ended.code == 1, ended.err
        paths = {edit["path"] for edit in json.loads(ended.out)["targets"][0]["edits"]}
        prefix = "apps/x/config/" if arguments[0] == root else ""
        assert paths == {
            f"{prefix}{PROVIDER_PID}-smart-tags.config",
            f"{prefix}{CUSTOMIZER_PID}-smart-tags.config",
        }
    assert slingshift("apply", "--create", folder, *oauth_options, "--yes").code == 0
    assert len(list(folder.iterdir())) == 3
    assert slingshift("plan").code == 2


def test_create_knows_its_pair_again_however_it_is_laid_out(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({"config/a": ""})
    arguments = [root, "--create", "config", *oauth_options]
    assert slingshift("apply", *arguments, "--yes").code == 0
    provider = root / "config" / f"{PROVIDER_PID}-smart-tags.config"
    provider.write_bytes(b"# Configuration created by Apache Sling JCR Installer\n" + provider.read_bytes())
    assert slingshift("plan", *arguments).code == 0
    provider.write_bytes(provider.read_bytes() + b'more="1"\r\n')
    assert slingshift("plan", *arguments).code == 3


@pytest.mark.parametrize("name", ["a b", "x~y", "a.b", "-", "\u00e4", "x\ny", "a" * 65, ""])
def test_names_that_no_installer_reads_as_meant(
    name: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", tree({"a": ""}), "--create", "c", "--instance-name", name, *oauth_options)
    assert (ended.code, "--instance-name" in ended.err) == (2, True)


def test_a_target_in_two_spellings_is_one(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(PAIR)
    ended = slingshift("plan", root, f"{root}/", root / "apps" / "..", *oauth_options)
    assert (ended.code, ended.out.count("diff --git")) == (1, 2)


def test_a_saved_plan_is_carried_out_once(
    slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    root, saved = tree(PAIR), tmp_path / "plan.json"
    slingshift("plan", root, *oauth_options, "--out", saved)
    assert slingshift("apply", "--plan", saved, "--yes").code == 0
    again = slingshift("apply", "--plan", saved, "--yes")
    assert (again.code, "carried out already" in again.err) == (0, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan["targets"][0]["edits"].pop(),
        lambda plan: plan["targets"][0]["edits"][0].update(after="other"),
        lambda plan: plan["files"].pop(),
        lambda plan: plan["files"][0].update(sha256="0" * 64),
        lambda plan: plan["inputs"].update(client_id="0" * 32),
        lambda plan: plan["inputs"].update(only=["rename_instance"]),
    ],
)
def test_a_saved_plan_that_was_tampered_with_is_stale(
    change: Callable[[dict[str, object]], object],
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    tmp_path: Path,
    snapshot: Callable[[Path], object],
) -> None:
    root = tree(PAIR)
    before = snapshot(root)
    assert _apply_edited(change, slingshift, root, oauth_options, tmp_path / "plan.json").code == 4
    assert snapshot(root) == before


def test_a_saved_plan_that_is_not_there_is_4(slingshift: Run, tmp_path: Path) -> None:
    ended = slingshift("apply", "--plan", tmp_path / "none.json", "--yes")
    assert (ended.code, "No such file" in ended.err) == (4, True)


def test_ctrl_c_while_files_change_is_130_and_changes_nothing(
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    snapshot: Callable[[Path], object],
) -> None:
    naming = "link" if system.HOLDS_FOLDERS else "rename"
    real = getattr(os, naming)

    def interrupt(*arguments: str, **named: int) -> None:
        monkeypatch.setattr(os, naming, real)
        raise KeyboardInterrupt

    root = tree(PAIR)
    before = snapshot(root)
    monkeypatch.setattr(os, naming, interrupt)
    ended = slingshift("apply", root, *oauth_options, "--yes")
    assert (ended.code, "Everything is as it was before" in ended.err) == (130, True)
    assert snapshot(root) == before


def _mutants(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    """Every place of a JSON value, with values of other types to put there."""
    if path:
        for other in (None, 5, True, "x", [], {}, [None], {"a": 1}):
            if type(other) is not type(value):
                yield path, other
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _mutants(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value[:1]):
            yield from _mutants(inner, (*path, number))


def test_a_saved_plan_with_values_of_other_types_is_no_bug(
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    tmp_path: Path,
    snapshot: Callable[[Path], object],
) -> None:
    root, saved = tree(PAIR), tmp_path / "plan.json"
    slingshift("plan", root, *oauth_options, "--only", "provider_oauth", "--out", saved)
    before, text = snapshot(root), saved.read_text()
    secret = oauth_options[-2:]
    mutants = [
        m for m in _mutants(json.loads(text)) if m[0][0] in ("inputs", "targets", "files", "kind", "version")
    ]
    assert len(mutants) > 200
    for path, other in mutants:
        plan = json.loads(text)
        place = plan
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = other
        saved.write_text(json.dumps(plan))
        ended = slingshift("apply", "--plan", saved, *secret, "-q")
        assert ended.code in (2, 4), (path, other, ended)
        assert ended.err.count("\n") <= 3, (path, other, ended.err)
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("options", "spelling"),
    [
        (["--only", "delete_stale"], "--only"),
        (["--scope", "openid"], "--scope"),
        (["--client-id", "0" * 32], "--client-id"),
        (["--create", "x"], "--create"),
        (["--instance-name", "smart-tags"], "--instance-name"),
        (["--installer", "1.2.0"], "--installer"),
        (["--prefer", "old"], "--prefer"),
        (["tree"], "TARGET"),
    ],
)
def test_what_a_saved_plan_decides_is_not_said_again(
    options: list[str], spelling: str, slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    root, saved = tree(PAIR), tmp_path / "plan.json"
    slingshift("plan", root, *oauth_options, "--out", saved)
    ended = slingshift("apply", "--plan", saved, "--yes", *options)
    assert (ended.code, ended.out) == (2, "")
    assert (
        ended.err
        == f"slingshift: {spelling} is decided by the saved plan; leave it out, or plan again with it\n"
    )
    beside = slingshift("apply", "--plan", saved, "--yes", *oauth_options[-2:], "--quiet", "--color", "never")
    assert beside.code == 0


def test_a_run_is_resumed_without_a_plan(slingshift: Run) -> None:
    ended = slingshift("apply", "--plan", "plan.json", "--resume")
    assert (ended.code, "leave --plan out" in ended.err) == (2, True)
