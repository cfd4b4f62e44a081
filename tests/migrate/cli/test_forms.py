"""The migration in `.cfg.json` and XML, beside and instead of `.config`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import grammar
from migrate.integration.profile import CUSTOMIZER

Run = Callable[..., "object"]
Tree = Callable[[Mapping[str, str]], Path]

JSON_PROVIDER = """{
    // smart tags
    "name": "adobe-ims-similaritysearch",
    "token.request.customizer.type": "t",
    "auth.token.provider.conn.timeout:Integer": 5000,
    "auth.access.token.request": "https://ims-na1.adobelogin.com/ims/exchange/jwt"
}
"""
JSON_CUSTOMIZER = '{"customizer.type":"t","auth.ims.client.secret":"CANARY-json"}'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" '
    'xmlns:jcr="http://www.jcp.org/jcr/1.0"\n    jcr:primaryType="sling:OsgiConfig"\n'
)
XML_PROVIDER = (
    HEAD
    + '    name="adobe-ims-similaritysearch"\n    token.request.customizer.type="t"\n'
    + '    auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
    + '    auth.token.provider.conn.timeout="{Long}5000"/>\n'
)
XML_CUSTOMIZER = HEAD + '    customizer.type="t"\n    auth.ims.client.secret="CANARY-xml"/>\n'


def test_cfg_json_is_migrated_in_its_own_style(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({"config/P.1.cfg.json": JSON_PROVIDER, "config/C.2.cfg.json": JSON_CUSTOMIZER})
    ended = slingshift("apply", root, *oauth_options, "--yes", "-v")
    assert ended.code == 0, ended.err
    assert "CANARY" not in ended.out + ended.err
    (provider,) = root.rglob("*provider-1.cfg.json")
    text = provider.read_text()
    assert text.startswith('{\n    // smart tags\n    "name": "adobe-ims-similaritysearch",\n')
    assert '"auth.token.provider.conn.timeout:Integer": 5000' in text
    document = grammar.parse(provider.read_bytes(), form="cfg.json")
    assert document["auth.token.provider.default.claims"].value.type_name == "Collection<String>"
    assert document.text("auth.token.provider.authorization.grants") == "client_credentials"
    assert slingshift("plan", root, *oauth_options).code == 0


def test_xml_is_migrated_in_its_own_style(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree(
        {"jcr_root/apps/x/config/P.1.xml": XML_PROVIDER, "jcr_root/apps/x/config/C.2/.content.xml": ""}
    )
    (placeholder,) = root.rglob("C.2/.content.xml")
    placeholder.unlink()
    placeholder.parent.rmdir()
    folder = (
        root
        / "jcr_root/apps/x/config"
        / "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl.2"
    )
    folder.mkdir()
    (folder / ".content.xml").write_text(XML_CUSTOMIZER)
    ended = slingshift("apply", root, *oauth_options, "--yes", "-v")
    assert ended.code == 0, ended.err
    assert "CANARY" not in ended.out + ended.err
    (provider,) = root.rglob("*provider-1.xml")
    text = provider.read_text()
    assert '    auth.token.provider.conn.timeout="{Long}5000"' in text
    assert '    auth.token.provider.authorization.grants="client_credentials"' in text
    document = grammar.parse(provider.read_bytes(), str(provider), form="xml")
    assert document["auth.token.provider.default.claims"].value.type_name == "String[]"
    (customizer,) = root.rglob("*CustomizerImpl-2/.content.xml")
    assert grammar.parse(customizer.read_bytes(), str(customizer), form="xml").text("auth.ims.client.secret")
    assert slingshift("plan", root, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert (folder / ".content.xml").read_text() == XML_CUSTOMIZER


def test_forms_may_mix(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({"config/P.1.cfg.json": JSON_PROVIDER, "config/C.2.config": 'customizer.type="t"\n'})
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    assert slingshift("plan", root, *oauth_options).code == 0


def test_twins_in_two_forms_are_refused_and_explained(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    config = (
        'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
        'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
    )
    root = tree(
        {
            "config/P.1.cfg.json": JSON_PROVIDER,
            "config/P.1.config": config,
            "config/C.2.config": 'customizer.type="t"\n',
        }
    )
    ended = slingshift("plan", root, *oauth_options, "--format", "json")
    assert ended.code == 3
    (target,) = json.loads(ended.out)["targets"]
    assert target["edits"] == []
    (refusal,) = target["refusals"]
    assert refusal["rule"] == "twins"
    assert "--pick com.adobe.granite.auth.oauth.accesstoken.provider.1.cfg.json" in refusal["message"]
    assert "format-twin" in {f["id"] for f in target["findings"]}
    picked = ["--pick", "com.adobe.granite.auth.oauth.accesstoken.provider.1.config"]
    assert slingshift("apply", root, *oauth_options, *picked, "--yes").code == 0
    assert {p.name.partition("provider")[2] for p in root.rglob("*provider*")} == {"-1.config"}
    assert slingshift("plan", root, *oauth_options).code == 0


def test_the_rest_of_a_file_moves_with_it_and_is_no_configuration(
    tree: Tree, slingshift: Run, oauth_options: list[str], snapshot: Callable[[Path], object]
) -> None:
    companion = (
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:nt="http://www.jcp.org/jcr/nt/1.0"'
        ' jcr:primaryType="nt:file"><jcr:content jcr:primaryType="nt:resource"/></jcr:root>'
    )
    folder = "jcr_root/apps/x/config"
    root = tree(
        {
            f"{folder}/P.1.config": 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n',
            f"{folder}/C.2.config": 'customizer.type="t"\n',
        }
    )
    rest = root / folder / f"{CUSTOMIZER}.2.config.dir" / ".content.xml"
    rest.parent.mkdir()
    rest.write_text(companion)
    before = snapshot(root)
    assert slingshift("apply", root, *oauth_options, "--yes").code == 0
    assert (root / folder / f"{CUSTOMIZER}-2.config.dir" / ".content.xml").read_text() == companion
    assert not rest.parent.exists()
    assert slingshift("plan", root, *oauth_options).code == 0
    assert slingshift("undo", "--yes").code == 0
    assert snapshot(root) == before
