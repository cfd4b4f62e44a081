"""Configurations that stand as elements in a folder's ``.content.xml``, several in one file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER

Run = Callable[..., Any]
Tree = Callable[[Mapping[str, str]], Path]

NODE = "jcr_root/apps/x/config/.content.xml"
FILTER = "META-INF/vault/filter.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
    ' xmlns:jcr="http://www.jcp.org/jcr/1.0"\n    jcr:primaryType="sling:Folder">\n'
)


def element(node: str, **properties: str) -> str:
    attributes = "".join(f'\n        {key.replace("__", ".")}="{text}"' for key, text in properties.items())
    return f'    <{node}\n        jcr:primaryType="sling:OsgiConfig"{attributes}/>\n'


OURS = element(
    f"{PROVIDER}.123",
    auth__access__token__request="https://ims-na1.adobelogin.com/ims/exchange/jwt",
    name="adobe-ims-similaritysearch",
    token__request__customizer__type="t",
)
OTHER = element(f"{PROVIDER}.7", name="adobe-target", token__request__customizer__type="o")
SECRET = element(f"{CUSTOMIZER}.77", auth__ims__client__secret="CANARY-old", customizer__type="t")
PROVIDER_TEXT = (
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
)
CUSTOMIZER_TEXT = 'auth.ims.client.secret="CANARY-pair"\ncustomizer.type="t"\n'
FILE = f"{HEAD}{OURS}    <!-- between -->\n{OTHER}{SECRET}    <order.only/>\n</jcr:root>\n"


def test_both_elements_are_edited_and_renamed_in_place(
    slingshift: Run, tree: Tree, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    root = tree({NODE: FILE})
    before = snapshot(root)
    ended = slingshift("apply", root, *oauth_options, "--yes", "-v")
    assert ended.code == 0, ended.err
    text = (root / NODE).read_text()
    assert f"<{PROVIDER}-123\n" in text
    assert f"<{CUSTOMIZER}-77\n" in text
    assert text.startswith(HEAD)
    assert f"    <!-- between -->\n{OTHER}" in text
    assert text.endswith("    <order.only/>\n</jcr:root>\n")
    assert 'auth.token.provider.authorization.grants="client_credentials"' in text
    assert 'auth.ims.client.secret="fixture-new-oauth-secret"' in text
    assert slingshift("plan", root, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert snapshot(root) == before


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_secret_of_an_element_is_shown(
    form: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({NODE: FILE})
    ended = slingshift("plan", root, *oauth_options, "--format", form, "-v")
    assert ended.code == 1
    assert "CANARY" not in ended.out + ended.err
    assert "fixture-new-oauth-secret" not in ended.out + ended.err
    if form == "text":
        assert '-        auth.ims.client.secret="***" (before)\n' in ended.out
        assert '+        auth.ims.client.secret="***" (after)\n' in ended.out


@pytest.mark.parametrize(
    "first", [element("com.example.Empty"), element("com.example.Empty", dropped="{Binary}")]
)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_first_element_without_properties_unmasks_nothing(
    first: str, form: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    neighbour = element("com.day.cq.mailer.DefaultMailService", smtp__password="CANARY-mail")
    root = tree({NODE: f"{HEAD}{first}{OURS}{SECRET}{neighbour}</jcr:root>\n"})
    ended = slingshift("plan", root, *oauth_options, "--format", form)
    assert ended.code == 1, ended.err
    assert "CANARY" not in ended.out + ended.err
    assert '-        auth.ims.client.secret="***" (before)\n' in ended.out
    assert '+        auth.ims.client.secret="***" (after)\n' in ended.out


AGENT = '    <agent jcr:primaryType="nt:unstructured" transportPassword="CANARY-agent"/>\n'


def test_no_secret_is_shown_of_a_file_whose_last_configuration_goes(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    files = {
        "jcr_root/apps/x/config/P-1.config": PROVIDER_TEXT,
        "jcr_root/apps/x/config/C-1.config": CUSTOMIZER_TEXT,
    }
    assert slingshift("apply", tree(files), *oauth_options, "--yes").code == 0
    root = tree({NODE: f"{HEAD}{OURS}{AGENT}</jcr:root>\n"})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 1, ended.err
    assert f"-    <{PROVIDER}.123\n" in ended.out
    assert '\n     <agent jcr:primaryType="nt:unstructured" transportPassword="***"/>\n' in ended.out


def test_no_secret_is_shown_of_nodes_beside_a_place(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    place = f"    <{PROVIDER}.1.config/>\n"
    files = {
        "jcr_root/apps/x/config/P.1.config": PROVIDER_TEXT,
        "jcr_root/apps/x/config/C.1.config": CUSTOMIZER_TEXT,
    }
    ended = slingshift("plan", tree({**files, NODE: f"{HEAD}{place}{AGENT}</jcr:root>\n"}), *oauth_options)
    assert ended.code == 1, ended.err
    assert f"-{place}" in ended.out
    assert '\n     <agent jcr:primaryType="nt:unstructured" transportPassword="***"/>\n' in ended.out


def test_a_secret_that_stays_is_shown_as_staying(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({NODE: FILE.replace("CANARY-old", "fixture-new-oauth-secret")})
    ended = slingshift("plan", root, *oauth_options)
    assert '\n         auth.ims.client.secret="***"\n' in ended.out


def test_json_names_the_file_and_the_node(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    ended = slingshift("plan", tree({NODE: FILE}), *oauth_options, "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    assert {edit["path"] for edit in target["edits"]} == {NODE}
    renames = {edit["node"]: edit["to"] for edit in target["edits"] if edit["action"] == "rename"}
    assert renames == {
        f"{PROVIDER}.123": f"{NODE}#{PROVIDER}-123",
        f"{CUSTOMIZER}.77": f"{NODE}#{CUSTOMIZER}-77",
    }
    assert target["refusals"] == []


def test_scan_lists_every_element(slingshift: Run, tree: Tree) -> None:
    ended = slingshift("scan", tree({NODE: FILE}), "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    assert {(row["path"], row["state"]) for row in target["configurations"]} == {
        (f"{NODE}#{PROVIDER}.123", "jwt"),
        (f"{NODE}#{PROVIDER}.7", "other integration"),
        (f"{NODE}#{CUSTOMIZER}.77", "jwt"),
    }


def test_a_pair_may_stand_half_in_a_file_and_half_in_the_folder(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    config = 'auth.ims.client.secret="old"\ncustomizer.type="t"\n'
    root = tree({NODE: FILE.replace(SECRET, ""), "jcr_root/apps/x/config/C.5.config": config})
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    assert f"<{PROVIDER}-123\n" in (root / NODE).read_text()
    assert len(list(root.rglob("*CustomizerImpl-5.config"))) == 1
    assert slingshift("plan", root, *oauth_options).code == 0


def test_a_stale_element_is_removed(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({NODE: FILE})
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    migrated = (root / NODE).read_text()
    stale = OURS.replace(".123", ".999")
    (root / NODE).write_text(migrated.replace(OTHER, stale + OTHER))
    ended = slingshift("apply", root, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    assert (root / NODE).read_text() == migrated


def test_a_name_that_another_element_has_is_refused(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({NODE: FILE.replace(f"{PROVIDER}.7", f"{PROVIDER}-123")})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3
    assert "[target-exists]" in ended.err
    assert ended.out == ""


def test_the_file_alone_as_a_target(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({NODE: FILE, "jcr_root/apps/x/config/P.8.config": 'name="adobe-target"\n'})
    assert slingshift("apply", root / NODE, *oauth_options, "--yes").code == 0
    assert f"<{PROVIDER}-123\n" in (root / NODE).read_text()
    assert slingshift("plan", root / NODE, *oauth_options).code == 0


def test_the_filter_follows_by_node(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    roots = [f"/apps/x/config/{PROVIDER}.123", f"/apps/x/config/{CUSTOMIZER}.77"]
    lines = "".join(f'    <filter root="{root}"/>\n' for root in roots)
    root = tree({NODE: FILE, FILTER: f'<workspaceFilter version="1.0">\n{lines}</workspaceFilter>\n'})
    ended = slingshift("apply", root, *oauth_options, "--yes")
    assert ended.code == 0, ended.err
    text = (root / FILTER).read_text()
    for old, new in ((roots[0], f"{PROVIDER}-123"), (roots[1], f"{CUSTOMIZER}-77")):
        assert f'root="{old}"' in text
        assert f'root="/apps/x/config/{new}"' in text


def test_a_filter_that_keeps_edits_out_refuses_the_pair(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    merge = '<workspaceFilter version="1.0"><filter root="/apps/x" mode="merge"/></workspaceFilter>'
    root = tree({NODE: FILE, FILTER: merge})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3
    assert ended.out == ""
    assert f"{NODE}#{PROVIDER}.123" in ended.err


def test_inside_a_package(slingshift: Run, tmp_path: Path, oauth_options: list[str]) -> None:
    target = tmp_path / "p.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(FILTER, '<workspaceFilter version="1.0"><filter root="/apps/x"/></workspaceFilter>')
        archive.writestr(NODE, FILE)
    before = target.read_bytes()
    assert slingshift("apply", target, *oauth_options, "--yes").code == 0
    with zipfile.ZipFile(target) as archive:
        assert f"<{CUSTOMIZER}-77\n" in archive.read(NODE).decode()
    assert slingshift("plan", target, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert target.read_bytes() == before


def test_a_broken_folder_node_is_refused(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    broken = FILE.replace("</jcr:root>", "")
    ended = slingshift("plan", tree({NODE: broken}), *oauth_options)
    assert ended.code == 3
    assert "CANARY" not in ended.err


DATE = element("com.example.Clock", start="{Date}2020-01-02T03:04:05.678Z")
BAD_OTHER = element(f"{PROVIDER}.8", name="adobe-target", NAME="adobe-launch")


@pytest.mark.parametrize("bad", [DATE, BAD_OTHER])
def test_a_bad_neighbour_in_the_file_is_a_finding(
    bad: str, slingshift: Run, tree: Tree, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    root = tree({NODE: FILE.replace(OTHER, bad)})
    before = snapshot(root)
    ended = slingshift("plan", root, *oauth_options, "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    findings = target["findings"]
    assert [
        one["path"].endswith(".content.xml") for one in findings if one["id"] == "unreadable-neighbour"
    ] == [True]
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    text = (root / NODE).read_text()
    assert bad in text
    assert f"<{PROVIDER}-123\n" in text
    assert slingshift("plan", root, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert snapshot(root) == before


def test_what_reaches_the_pair_refuses_it(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({NODE: FILE.replace(OTHER, element("com.example.B", p="{Foo}x"))})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3
    assert "xml-unknown-type" in ended.err + ended.out
    scanned = json.loads(slingshift("scan", root, "--format", "json").out)
    assert "unreadable" in json.dumps(scanned)


def test_a_bad_one_of_the_pair_is_refused(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({NODE: FILE.replace(OURS, OURS.replace("name=", 'jcr:uuid="x" name='))})
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code == 3
    assert "xml-uuid" in ended.err + ended.out


def test_show_and_explain_say_what_becomes_of_each(slingshift: Run, tree: Tree) -> None:
    root = tree({NODE: f"{HEAD}{DATE}{element('com.example.Sound', volume='{Long}5')}</jcr:root>\n"})
    shown = json.loads(slingshift("show", root).out)
    assert [one["pid"] for one in shown["configurations"]] == ["com.example.Sound"]
    (rejected,) = shown["rejected"]
    for loaded in rejected["loads"].values():
        assert loaded["nodes"]["com.example.Sound"] == {
            "properties": [{"name": "volume", "type": "Long", "value": 5}]
        }
        assert "ConfigAdmin" in loaded["nodes"]["com.example.Clock"]["error"]
    explained = slingshift("explain", root).out
    assert "com.example.Sound" in explained
    assert "AEM cannot read it and ignores the node" in explained
