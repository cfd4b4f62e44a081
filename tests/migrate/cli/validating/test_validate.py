"""`validate` from the outside, before an author in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrate.integration import properties as p
from migrate.integration.profile import CUSTOMIZER, PROVIDER, SMART_TAGS
from migrate.reports.evidence import given, markdown, pages
from migrate.targets.instance.aem import jmx, validators
from tests.conftest import CLIENT_ID, ORG_ID, Ended
from tests.migrate.targets.instance.author import CONFIG, Author, U, text_of
from tests.migrate.targets.instance.servers import Reply

Run = Callable[..., Ended]
SECRET = "v9a-canary-live-secret"
PASSWORD = "p8e-canary-password"
OAUTH: dict[str, Any] = {
    p.NAME: SMART_TAGS.provider_name,
    p.REQUEST_CUSTOMIZER_TYPE: SMART_TAGS.provider_name,
    p.GRANTS: p.CLIENT_CREDENTIALS,
    p.ORG_ID: ORG_ID,
    p.CLAIMS: [f'"iss" : "{ORG_ID}"'],
    p.SCOPE: SMART_TAGS.scope,
    p.VALIDATOR_TYPE: SMART_TAGS.provider_name,
    p.CLIENT_ID: CLIENT_ID,
    p.TOKEN_URL: SMART_TAGS.token_url,
}
KEY = {p.CUSTOMIZER_TYPE: SMART_TAGS.provider_name, p.CLIENT_SECRET: SECRET}
OPERATION = f"/system/console/jmx/{jmx.BEAN}/op/validateConfigs/"
MODELS = "/var/workflow/models"


def page(value: object, kind: str = "application/json") -> Reply:
    body = value if isinstance(value, str) else json.dumps(value)
    return Reply(200, body.encode(), (("content-type", kind),))


def services(*several: tuple[str, str]) -> Reply:
    """The page of all services: the PID and the validator type of each."""
    blocks = [
        f"Service {n} - [x.Y] (pid: {pid})\n  from Bundle 1 - X (x), version 1\n    {p.VALIDATOR_TYPE}: {kind}\n"
        for n, (pid, kind) in enumerate(several)
    ]
    return page("*** Services:\n\n" + "\n".join(blocks), "text/plain")


def table(*statuses: str) -> Reply:
    rows = "".join(f"<tr><td>check {n}</td><td>{status}</td></tr>" for n, status in enumerate(statuses))
    head = "<tr><th>Configuration</th><th>Status</th></tr>"
    return page(f"<html><script>var a = '<td>';</script><table>{head}{rows}</table></html>", "text/html")


@pytest.fixture
def author() -> Author:
    """Everything is right there."""
    author = Author()
    for factory, values in ((PROVIDER, OAUTH), (CUSTOMIZER, KEY)):
        author.installed(f"{CONFIG}/{factory}-{U}.config", text_of(values), f"{factory}~{U}")
        author.runs(f"{factory}~{U}", values, factory)
    author.pages[validators.SERVICES] = services(("n/a", "default"), ("a.b", SMART_TAGS.provider_name))
    author.pages["/system/console/jmx"] = page(
        f'<a href="/system/console/jmx/{jmx.BEAN.replace(":", "%3A").replace("=", "%3D")}">x</a>', "text/html"
    )
    author.pages[OPERATION] = table("passed", "Passed")
    author.content["/etc/cloudservices/smarttagging/tags"] = {"jcr:primaryType": "cq:Page"}
    author.content["/etc/cloudservices/smarttagging/tags/jcr:content"] = {
        "serviceUrl": "https://smartcontent.adobe.io/na",
        "authServerUrl": "https://ims-na1.adobelogin.com",
        "apiKey": CLIENT_ID,
        "techAcctId": "7C1D2E3F5E7F81234A495E22@techacct.adobe.com",
        "orgId": ORG_ID,
        "clientSecret": SECRET,
    }
    model = f"{MODELS}/dam/update_asset"
    author.content[model] = {"title": "DAM Update Asset"}
    steps = {"node1": "x.ThumbnailProcess", "node2": "x.AutoTagAssetProcess"}
    for number, (node, process) in enumerate(steps.items()):
        author.content[f"{model}/nodes/{node}"] = {"title": process}
        author.content[f"{model}/nodes/{node}/metaData"] = {
            "PROCESS": process,
            "PROCESS_AUTO_ADVANCE": "true",
        }
        author.content[f"{model}/transitions/t{number}"] = {
            "from": ("node0", "node1")[number],
            "to": node,
        }
    author.content[f"{model}/nodes/node0"] = {"title": "Start"}
    return author


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("AEM_PASSWORD", PASSWORD)
    return ["--user", "admin", "--password-env", "AEM_PASSWORD", "--skip", "token"]


def validate(slingshift: Run, author: Author, options: list[str], *more: str) -> tuple[int, dict[str, Any]]:
    with author.running() as server:
        ended = slingshift("validate", server.base, *options, "--format", "json", *more)
    assert SECRET not in ended.out + ended.err
    assert PASSWORD not in ended.out + ended.err
    assert ended.err == "", ended.err
    return ended.code, json.loads(ended.out)


def bad(found: dict[str, Any]) -> list[str]:
    return [one["id"] for one in found["checks"] if one["verdict"] in ("wrong", "unclear")]


def test_all_right(slingshift: Run, author: Author, options: list[str]) -> None:
    code, found = validate(slingshift, author, options)
    assert bad(found) == []
    assert (code, found["ok"], found["exitCode"]) == (0, True, 0)
    assert [row["status"] for row in found["jmx"]["rows"]] == ["passed", "Passed"]
    assert found["jmx"]["raw"] == "Configuration Status check 0 passed check 1 Passed"


def test_it_reads_but_for_one_call(slingshift: Run, author: Author, options: list[str]) -> None:
    with author.running("/author") as server:
        slingshift("validate", server.base, *options)
        posts = [one.path for one in server.asked if one.method == "POST"]
        assert posts == [f"/author{OPERATION}"]
        slingshift("validate", server.base, *options, "--skip", "jmx")
        assert len([one for one in server.asked if one.method == "POST"]) == len(posts)
        assert server.methods <= {"GET", "SEARCH", "PROPFIND", "POST"}


def test_the_secret_that_is_wanted(
    slingshift: Run, author: Author, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--client-id", CLIENT_ID, "--org-id", ORG_ID, "--client-secret-env", "WANTED"]
    monkeypatch.setenv("WANTED", SECRET)
    assert validate(slingshift, author, options, *given)[0] == 0
    monkeypatch.setenv("WANTED", "another")
    code, found = validate(slingshift, author, options, *given)
    assert (code, bad(found)) == (1, ["values-differ"])


def test_what_jmx_says(slingshift: Run, author: Author, options: list[str]) -> None:
    author.pages[OPERATION] = table("passed", "failed")
    assert bad(validate(slingshift, author, options)[1]) == ["jmx-failed"]
    author.pages[OPERATION] = page("<p>All is <b>well</b></p>", "text/html")
    code, found = validate(slingshift, author, options)
    assert (code, bad(found), found["jmx"]["raw"]) == (1, ["jmx-unknown-form"], "All is well")
    author.pages[OPERATION] = Reply(500)
    assert bad(validate(slingshift, author, options)[1]) == ["jmx-fails"]
    del author.pages["/system/console/jmx"]
    assert bad(validate(slingshift, author, options)[1]) == ["jmx-missing"]


def test_validators(slingshift: Run, author: Author, options: list[str]) -> None:
    author.pages[validators.SERVICES] = services((f"{PROVIDER}~{U}", SMART_TAGS.provider_name), ("a", "b"))
    assert bad(validate(slingshift, author, options)[1]) == ["validator-missing"]
    # Without the page of services, a configuration tells.
    del author.pages[validators.SERVICES]
    assert bad(validate(slingshift, author, options)[1]) == ["validator-unknown"]
    author.runs("a.validator", {}, further={p.VALIDATOR_TYPE: SMART_TAGS.provider_name})
    assert bad(validate(slingshift, author, options)[1]) == []


def test_the_key_store(slingshift: Run, author: Author, options: list[str]) -> None:
    chain = [{"subject": "CN=x", "notAfter": "Sat Nov 28 12:00:00 UTC 2020"}]
    author.pages["/home/users/system/dam/dam-update-service.ks.json"] = page(
        {"exists": True, "aliases": [{"alias": "similaritysearch", "chain": chain}]}
    )
    code, found = validate(slingshift, author, options)
    (said,) = [one["message"] for one in found["checks"] if one["point"] == "key-store"]
    assert (code, said.endswith("it ended on 2020-11-28")) == (0, True)


def test_training(slingshift: Run, author: Author, options: list[str]) -> None:
    folder = "/content/dam/training"
    author.content[f"{folder}/jcr:content"] = {"smartTags": True}
    author.content[f"{MODELS}/smart-tags-training"] = {"title": "Smart Tags Training"}
    day = "/var/workflow/instances/server0/2026-11-26"
    author.content[f"{day}/one"] = {"modelId": f"{MODELS}/smart-tags-training", "status": "COMPLETED"}
    for n in range(31):
        name = f"{folder}/{n}.jpg"
        author.content[name] = {"jcr:primaryType": "dam:Asset"}
        metadata = {"cq:tags": ["a:b"], "tiff:ImageWidth": 400 + 100 * bool(n), "tiff:ImageLength": "300"}
        author.pages[f"{name}/jcr:content/metadata.json"] = page(metadata)
    code, found = validate(slingshift, author, options, "--training", folder)
    assert (code, bad(found)) == (0, [])
    training = found["training"]
    assert training["tags"] == [
        {"tag": "a:b", "ready": True, "good": 30, "lacks": 0, "small": 1, "unknown": 0}
    ]
    assert (training["byQuery"], training["assets"], training["smartTags"]) == (False, 31, True)
    assert [run["status"] for run in training["runs"]] == ["COMPLETED"]
    with author.running() as server:
        shown = slingshift("validate", server.base, *options, "--training", folder)
        marked = slingshift("validate", server.base, *options, "--training", folder, "--format", "markdown")
    assert "    a:b  30      ready  1          0" in shown.out.splitlines()
    assert "| a:b | 30 | ready | 1 | 0 |" in marked.out.splitlines()


def test_an_old_instance_that_comes_back(
    slingshift: Run, author: Author, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        author.runs(f"{PROVIDER}.late", OAUTH, PROVIDER)

    monkeypatch.setattr("time.sleep", sleep)
    code, found = validate(slingshift, author, options, "--again-after", "5m")
    assert (code, waited) == (1, [300])
    assert bad(found) == ["provider-several", "orphan-live"]
    assert found["firstLook"]["ok"] is True
    assert [one["id"] for one in found["firstLook"]["appeared"]] == ["provider-several", "orphan-live"]


def test_a_closed_console_is_no_validation(slingshift: Run, author: Author, options: list[str]) -> None:
    author.console = 403
    with author.running() as server:
        ended = slingshift("validate", server.base, *options)
    assert ended.code == 5
    assert "the web console is closed to the user admin" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/tmp"], "validate takes the address of a running instance"),
        (["http://127.0.0.1:1", "--skip", "nonsense"], "--skip knows no point nonsense"),
        (["http://127.0.0.1:1", "--again-after", "soon"], "--again-after is a time such as"),
        (["http://127.0.0.1:1", "--again-after", "0s"], "--again-after is a time such as"),
        (["http://127.0.0.1:1", "--training", "dam"], "--training names a folder of assets"),
    ],
)
def test_lines_that_make_no_sense(slingshift: Run, words: list[str], said: str) -> None:
    ended = slingshift("validate", *words)
    assert ended.code == 2
    assert said in ended.err


def test_text_and_quiet(slingshift: Run, author: Author, options: list[str]) -> None:
    author.pages[OPERATION] = table("failed")
    with author.running() as server:
        whole = slingshift("validate", server.base, *options).out.splitlines()
        quiet = slingshift("validate", server.base, *options, "--quiet").out.splitlines()
    assert whole[0] == f"{server.base} (AEM 6.5.17.0): not all right: 1 wrong, 0 unclear, 7 right"
    assert quiet[1:] == [
        "jmx",
        f"  wrong    {jmx.BEAN}: validateConfigs(): Configuration: check 0; Status: failed [jmx-failed]",
    ]
    assert set(quiet) < set(whole)


def test_a_fleet_is_looked_at_instance_by_instance(
    author: Author, options: list[str], slingshift: Run, tmp_path: Path
) -> None:
    with author.running() as server:
        (tmp_path / "fleet.toml").write_text(
            '[defaults]\nuser = "admin"\npassword-env = "AEM_PASSWORD"\n'
            f'[targets.one]\nurl = "{server.base}"\n'
            '[targets.lost]\nurl = "https://127.0.0.1:9"\n'
            f'[targets.two]\nurl = "{server.base}/"\npassword-env = "NO_SUCH"\n'
            '[targets.site]\npath = "site"\n'
        )
        ended = slingshift(
            "validate", "--fleet", tmp_path / "fleet.toml", "--skip", "token", "--format", "json"
        )
        told = json.loads(ended.out)
        shown = slingshift(
            "validate", "--fleet", tmp_path / "fleet.toml", "--skip", "token", "--limit", "one"
        )
    assert [(row["name"], row["exitCode"]) for row in told["targets"]] == [
        ("one", 0),
        ("lost", 6),
        ("two", 2),
    ]
    assert told["targets"][0]["validation"]["ok"] is True
    assert given.kind(told) == "validate-fleet"
    page = markdown.to_text(list(pages._evidence(told, 2)))
    assert [line.split(" | ")[:2] for line in page.splitlines() if line.startswith(("| one", "| lost"))] == [
        ["| one", "valid"], ["| lost", "failed"],
    ]  # fmt: skip
    assert page.count("all right") == 1
    assert "lost: " in ended.err
    assert "two: the environment variable NO_SUCH is not set" in ended.err
    assert ended.code == told["exitCode"] == 2
    assert (shown.code, shown.out.startswith("# one\n")) == (0, True)
    for text in (ended.out, ended.err, shown.out, shown.err):
        assert PASSWORD not in text
        assert SECRET not in text
    assert slingshift("validate", "--fleet", tmp_path / "fleet.toml", "--limit", "site").code == 2
