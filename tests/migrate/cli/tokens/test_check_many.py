"""`check-token` on several targets: each distinct credential is asked for once."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate.ims import check
from migrate.ims.sandbox.server import Sandbox
from migrate.integration import properties as p
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.secret import Secret
from migrate.reports.evidence import given, markdown, pages
from tests.migrate.cli.validating.test_validate import KEY, OAUTH
from tests.migrate.targets.instance.author import Author
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
    for output in ("json", "markdown", "text"):
        told_of = slingshift("check-token", "empty", "nowhere", *reach, "--format", output).err
        assert [line.split(": ")[1] for line in told_of.splitlines() if line.startswith("slingshift: ")] == [
            "empty",
            "nowhere",
        ]
    assert (ended.code, told["exitCode"]) == (4, 4)
    assert (given.kind(told), given.kind({**told, "token": 1, "targets": []})) == (
        "check-token",
        "check-token",
    )
    page = markdown.to_text(list(pages._evidence(told, 2)))
    assert [line for line in page.splitlines() if line.startswith("| b |")] == ["| b | granted | as a | 0 |"]
    assert "| nowhere | not asked | nowhere: No such file" in page
    assert [line for line in page.splitlines() if line.startswith("###")] == ["### a", "### wrong", "### c"]
    assert page.count("token granted") == 2
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


def test_some_are_asked_for_at_a_time(
    sites: list[str], ims: Sandbox, slingshift: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same answers, in the order of the targets."""
    command = ["check-token", *sites, "--ca-bundle", ims.ca_bundle, "--timeout", 20, "--format", "json"]
    alone = json.loads(slingshift(*command).out)
    real, both = check.ask, threading.Barrier(2)
    asked = []

    def meeting(*rest: Any, **named: Any) -> object:
        asked.append(rest[0].client_id)
        if len(asked) < 3:
            both.wait(60)  # for another credential that is asked for at this moment
        return real(*rest, **named)

    monkeypatch.setattr(check, "ask", meeting)
    ended = slingshift(*command, "--jobs", 2)
    told = json.loads(ended.out)
    facts = ("name", "state", "exitCode", "sameAs", "error")
    assert [[row[fact] for fact in facts] for row in told["targets"]] == [
        [row[fact] for fact in facts] for row in alone["targets"]
    ]
    assert sorted(asked) == ["client-one", "client-one", "client-two"]
    assert SECRET not in ended.out + ended.err


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


def test_an_instance_is_asked_about_with_what_runs_there(
    ims: Sandbox, slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same credential in a folder and on two instances is one request; each instance has its own password."""
    values = {**OAUTH, p.TOKEN_URL: ims.token_url, p.CLIENT_ID: "client-one"}
    key = {**KEY, p.CLIENT_SECRET: SECRET}
    with contextlib.ExitStack() as running:
        servers = []
        for number in (1, 2):
            author = Author(users={"migration": f"p8e-canary-{number}"})
            monkeypatch.setenv(f"PASSWORD_{number}", f"p8e-canary-{number}")
            for factory, told in ((PROVIDER, values), (CUSTOMIZER, key)):
                author.runs(f"{factory}~x", told, factory)
            servers.append(running.enter_context(author.running()))
        site(tmp_path / "a", ims.token_url, "client-one")
        (tmp_path / "fleet.toml").write_text(
            '[defaults]\nuser = "migration"\n[targets.site]\npath = "a"\n'
            + "".join(
                f'[targets.author{n}]\nurl = "{server.base}"\npassword-env = "PASSWORD_{n}"\n'
                for n, server in enumerate(servers, start=1)
            )
        )
        reach = ["--ca-bundle", ims.ca_bundle, "--timeout", 20]
        fleet = ["check-token", "--fleet", tmp_path / "fleet.toml"]
        ended = slingshift(*fleet, *reach, "--format", "json")
        told = {row["name"]: row for row in json.loads(ended.out)["targets"]}
        assert {name: (row["state"], row["sameAs"]) for name, row in told.items()} == {
            "site": ("granted", None), "author1": ("granted", "site"), "author2": ("granted", "site"),
        }  # fmt: skip
        assert {one.method for server in servers for one in server.asked} <= {"GET", "SEARCH", "PROPFIND"}
        user = ["--user", "migration", "--password-env", "PASSWORD_1"]
        ended = slingshift("check-token", servers[0].base, *user, *reach, "--format", "json")
        assert (ended.code, json.loads(ended.out)["token"]["source"]) == (
            0, f"{servers[0].base}: {PROVIDER}~x",
        )  # fmt: skip
        ended = slingshift("check-token", servers[1].base, *user, *reach)
        assert (ended.code, "does not accept the user migration" in ended.err) == (5, True)
        assert "p8e-canary" not in ended.err + ended.out
        ended = slingshift("check-token", tmp_path / "a", *user)
        assert (ended.code, "no TARGET is a URL" in ended.err) == (2, True)


def test_an_instance_that_runs_none_is_named(ims: Sandbox, slingshift: Run) -> None:
    with Author().running() as server:
        ended = slingshift("check-token", server.base, "--ca-bundle", ims.ca_bundle)
        assert (ended.code, f"{server.base}: no provider named" in ended.err) == (4, True)
