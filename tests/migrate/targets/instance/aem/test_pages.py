"""What is read of AEM's own pages and nodes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrate.targets.instance import address
from migrate.targets.instance.access import Access
from migrate.targets.instance.aem import assets, cloud, jmx, keys, workflows
from migrate.targets.instance.files import Files
from migrate.targets.instance.session import Session
from tests.migrate.targets.instance.author import Author
from tests.migrate.targets.instance.servers import Reply

PAGE = "/etc/cloudservices/smarttagging"


def files(author: Author) -> tuple[Session, Files]:
    """Files of an author that answers without a network."""
    import httpx

    from tests.migrate.targets.instance.servers import Asked

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = author.answer(Asked(request.method, path, headers, request.content))
        return httpx.Response(reply.status, content=reply.body, headers=list(reply.headers))

    target = address.named("http://127.0.0.1:4502")
    session = Session(target, Access(), network=httpx.MockTransport(answer), sleep=lambda s: None)
    return session, Files(session)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Sat Nov 28 12:00:00 UTC 2026", datetime(2026, 11, 28, 12, tzinfo=UTC)),
        ("2026-11-28T12:00:00+0100", datetime(2026, 11, 28, 11, tzinfo=UTC)),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_dates(text: str, date: datetime | None) -> None:
    assert keys.date_of(text) == date


def test_cloud_pages_are_found_below_folders_and_pages() -> None:
    author = Author()
    author.content[f"{PAGE}/jcr:content"] = {"jcr:title": "Smart Tags"}
    author.content[f"{PAGE}/a"] = {"jcr:primaryType": "cq:Page"}
    author.content[f"{PAGE}/a/jcr:content"] = {"serviceUrl": "u", "apiKey": "k", "clientSecret": "canary"}
    author.content[f"{PAGE}/a/b"] = {"jcr:primaryType": "cq:Page"}
    author.content[f"{PAGE}/a/b/jcr:content"] = {"apiKey": "k2"}
    found = cloud.read(files(author)[1])
    assert [(one.path, one.api_key) for one in found] == [(f"{PAGE}/a", "k"), (f"{PAGE}/a/b", "k2")]
    assert "canary" not in repr(found)


def test_steps_come_in_the_order_of_their_transitions() -> None:
    author = Author()
    model = "/var/workflow/models/dam/update_asset"
    for name in ("z", "a", "m", "lonely"):
        author.content[f"{model}/nodes/{name}"] = {"title": name}
    for number, (start, end) in enumerate([("z", "m"), ("m", "a"), ("a", "z")]):
        if number < 2:
            author.content[f"{model}/transitions/{number}"] = {"from": start, "to": end}
    found = workflows.running(files(author)[1], workflows.UPDATE_ASSET)
    assert found is not None
    assert [step.title for step in found.steps] == ["z", "m", "a", "lonely"]


def test_a_circle_of_transitions_ends() -> None:
    author = Author()
    model = "/var/workflow/models/dam/update_asset"
    for name, following in (("a", "b"), ("b", "a")):
        author.content[f"{model}/nodes/{name}"] = {"title": name}
        author.content[f"{model}/transitions/{name}"] = {"from": name, "to": following}
    found = workflows.running(files(author)[1], workflows.UPDATE_ASSET)
    assert found is not None
    assert {step.title for step in found.steps} == {"a", "b"}


def test_the_design() -> None:
    author = Author()
    flow = "/conf/global/settings/workflow/models/dam/update_asset/jcr:content/flow"
    author.content[f"{flow}/process"] = {"jcr:title": "Tag"}
    author.content[f"{flow}/process/metaData"] = {"PROCESS": "x", "IGNORE_ERRORS": True}
    found = workflows.design(files(author)[1], workflows.UPDATE_ASSET)
    assert found is not None
    (step,) = found.steps
    assert (step.title, step.process, step.is_on("IGNORE_ERRORS")) == ("Tag", "x", True)


def test_the_newest_workflows_of_a_model() -> None:
    author = Author()
    for day in ("2026-11-01", "2026-11-25", "2026-11-26_1"):
        folder = f"/var/workflow/instances/server0/{day}"
        author.content[f"{folder}/a"] = {"modelId": "/var/workflow/models/x", "status": day}
        author.content[f"{folder}/b"] = {"modelId": "/var/workflow/models/other", "status": "no"}
    found = workflows.instances(files(author)[1], "/var/workflow/models/x", limit=2)
    assert [one.status for one in found] == ["2026-11-26_1", "2026-11-25"]


def test_assets_by_query_come_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_AT_A_TIME", 2)
    author = Author()
    author.content["/content/dam/t"] = {"jcr:primaryType": "sling:Folder"}
    asked = []

    def answer(offset: int) -> Reply:
        import json

        asked.append(offset)
        hits = [
            {"jcr:path": f"/content/dam/t/{n}", "jcr:content": {"metadata": {"cq:tags": "a:b"}}}
            for n in range(offset, min(offset + 2, 5))
        ]
        return Reply(200, json.dumps({"hits": hits}).encode(), (("content-type", "application/json"),))

    class Pages(dict[str, Reply]):
        def __contains__(self, path: object) -> bool:
            return str(path).startswith("/bin/querybuilder.json")

        def __getitem__(self, path: str) -> Reply:
            return answer(int(path.partition("p.offset=")[2].partition("&")[0]))

    author.pages = Pages()
    counted: list[int] = []
    session, found_files = files(author)
    found = assets.read(session, found_files, "/content/dam/t", counted.append)
    assert found is not None
    assert [one.path.rpartition("/")[2] for one in found.assets] == ["0", "1", "2", "3", "4"]
    assert found.assets[0].tags == ("a:b",)
    assert (asked, counted, found.by_query) == ([0, 2, 4], [1, 2, 3, 4, 5], True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no table",
        "<table></table>",
        "<table><tr><td>Status</td></tr><tr></tr></table>",
        "<td>lonely</td>",
        "<table><tr><th>Name</th></tr><tr><td>passed</td></tr></table>",
        "<",
    ],
)
def test_answers_without_a_status_have_no_rows(text: str) -> None:
    assert jmx.parsed("bean", text).rows == ()


def test_a_table_without_heads_of_its_own() -> None:
    answer = jmx.parsed(
        "b", "<table><tr><td> STATUS </td><td>x</td></tr><tr><td>PASSED</td><td>&lt;y</td></table>"
    )
    assert [(row.passed, row.cells) for row in answer.rows] == [(True, {"STATUS": "PASSED", "x": "<y"})]
