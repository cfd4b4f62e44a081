"""`check-token` on several targets: each distinct credential is asked for once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from migrate.ims.sandbox.server import Sandbox
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.secret import Secret
from tests.places import ROOT

Run = Callable[..., "object"]
SECRET = "CANARY-sandbox-secret-41"


@pytest.fixture
def ims() -> Iterator[Sandbox]:
    with Sandbox(clients={"client-one": Secret(SECRET), "client-two": Secret(SECRET)}) as server:
        yield server


def site(folder: Path, url: str, client: str, secret: str = SECRET) -> Path:
    folder.mkdir()
    claims = '["\\"iss\\"\\ :\\ \\"5A3B1C9D5E7F81234A495E22@AdobeOrg\\""]'
    (folder / f"{PROVIDER}-1.config").write_text(
        f'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
        f'auth.access.token.request="{url.replace("=", chr(92) + "=")}"\n'
        'auth.token.provider.authorization.grants="client_credentials"\n'
        'auth.token.provider.orgId="5A3B1C9D5E7F81234A495E22@AdobeOrg"\n'
        f"auth.token.provider.default.claims={claims}\n"
        'auth.token.provider.scope="read_pc.dma_smart_content,\\ openid,\\ AdobeID,'
        '\\ additional_info.projectedProductContext"\n'
        f'auth.token.provider.client.id="{client}"\n'
    )
    (folder / f"{CUSTOMIZER}-1.config").write_text(
        f'customizer.type="t"\nauth.ims.client.secret="{secret}"\n'
    )
    return folder


@pytest.fixture
def sites(ims: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name, client in (("a", "client-one"), ("b", "client-one"), ("c", "client-two"), ("d", "client-one")):
        site(tmp_path / name, ims.token_url, client)
    site(tmp_path / "wrong", ims.token_url, "client-one", "another-secret-it-is")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return ["a", "b", "wrong", "c", "empty", "nowhere", "d"]


def test_each_credential_is_asked_for_once(sites: list[str], ims: Sandbox, slingshift: Run) -> None:
    reach = ["--ca-bundle", ims.ca_bundle, "--timeout", 20]
    ended = slingshift("check-token", *sites, *reach, "--format", "json")
    told = json.loads(ended.out)
    schema = json.loads((ROOT / "docs" / "schema" / "check-token.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    rows = {row["name"]: (row["state"], row["exitCode"], row["sameAs"]) for row in told["targets"]}
    assert rows == {
        "a": ("granted", 0, None),
        "b": ("granted", 0, "a"),
        "wrong": ("refused", 5, None),
        "c": ("granted", 0, None),
        "empty": ("not asked", 4, None),
        "nowhere": ("not asked", 4, None),
        "d": ("granted", 0, "a"),
    }
    assert list(rows) == sites
    assert (ended.code, told["exitCode"]) == (4, 4)
    assert SECRET not in ended.out + ended.err


def test_the_text_ends_with_a_table(sites: list[str], ims: Sandbox, slingshift: Run) -> None:
    reach = ["--ca-bundle", ims.ca_bundle, "--timeout", 20]
    ended = slingshift("check-token", "a", "b", "wrong", *reach)
    table = [line.split() for line in ended.out.splitlines()[-4:]]
    assert [row[:3] for row in table[1:]] == [
        ["a", "granted", "client-one"], ["b", "granted", "client-one"], ["wrong", "refused", "client-one"],
    ]  # fmt: skip
    assert ended.out.count("token granted") == 1
    assert ended.code == 5
    markdown = slingshift("check-token", "a", "b", *reach, "--format", "markdown").out
    assert markdown.splitlines()[0] == "| target | token | client id | missing scopes | exit |"
    for text in (ended.out, ended.err, markdown):
        assert SECRET not in text


def test_a_fleet_and_a_list(sites: list[str], ims: Sandbox, slingshift: Run, tmp_path: Path) -> None:
    reach = ["--ca-bundle", ims.ca_bundle, "--timeout", 20]
    (tmp_path / "fleet.toml").write_text('[targets.one]\npath = "a"\n[targets.two]\npath = "wrong"\n')
    ended = slingshift("check-token", "--fleet", "fleet.toml", *reach, "--format", "json")
    assert [row["state"] for row in json.loads(ended.out)["targets"]] == ["granted", "refused"]
    (tmp_path / "list").write_text("a\nc\n")
    ended = slingshift("check-token", "--targets-from", "list", *reach, "--format", "json")
    assert [row["state"] for row in json.loads(ended.out)["targets"]] == ["granted", "granted"]
    shutil.rmtree(tmp_path / "c")
    assert slingshift("check-token", "a", "c", "--legacy-jwt", "x").code == 2
