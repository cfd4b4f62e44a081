"""What AEM has and a Sling lacks: that the stand-ins do what the tests believe."""

from __future__ import annotations

import pytest

from tests.live.sling import content
from tests.live.sling.author import CUSTOMIZER, PROVIDER, SIMILARITY, Author
from tests.live.sling.boot.bundles import SERVICE_PACK_20, SERVICE_PACK_25
from tests.live.sling.pairs import JWT_FILES, NAME, OAUTH_FILES, files

pytestmark = pytest.mark.facts

MBEANS = "/system/sling/monitoring/mbeans/com/day/cq/dam/similaritysearch/internal/impl"
VALIDATOR = "com.adobe.granite.auth.ims.impl.IMSTokenValidatorImpl"


def test_validate_configs_judges_what_was_delivered(author: Author) -> None:
    def statuses() -> list[str]:
        return list(author.validate_configs().values())

    assert statuses() == ["failed", "failed"]
    author.put(files(JWT_FILES, "-1"))
    assert statuses() == ["failed", "passed"]
    author.put(files(OAUTH_FILES, "-1"))
    assert statuses() == ["passed", "passed"]
    author.put(files(OAUTH_FILES, "-2"))
    assert statuses() == ["failed", "failed"]
    author.switch(status="Passed")
    assert statuses() == ["Passed", "Passed"]
    author.switch(status="exception")
    answer = author.http.post(f"/system/console/jmx/{SIMILARITY}/op/validateConfigs/")
    assert answer.status_code == 500
    encoded = SIMILARITY.replace(":", "%3A").replace("=", "%3D")
    assert encoded in author.http.get("/system/console/jmx").text
    found = author.http.get(f"{MBEANS}.3.json").json()
    assert found["similaritysearch"]["{noname}"]["mbean:objectName"] == SIMILARITY


def test_versions(author: Author) -> None:
    assert SERVICE_PACK_25.items() <= author.versions().items()
    author.put(files(OAUTH_FILES, "-1"))
    author.bundles(SERVICE_PACK_20)
    assert SERVICE_PACK_20.items() <= author.versions().items()
    assert list(author.received(PROVIDER)) == [f"{PROVIDER}~1"]
    author.switch(product="6.5.20.0")
    assert (
        "\n  Adobe Experience Manager (6.5.20.0)\n"
        in author.http.get("/system/console/status-productinfo.txt").text
    )
    lines = author.http.get("/system/console/status-productinfo.json").json()
    assert lines[lines.index("Installed Products") + 1] == "  Adobe Experience Manager (6.5.20.0)"
    overview = author.http.get("/libs/granite/operations/content/systemoverview/export.json").json()
    assert overview["Instance"]["Adobe Experience Manager"] == "6.5.20.0"


def test_a_consumer_forgets_what_it_had_when_its_bundle_stops(author: Author) -> None:
    author.put(files(OAUTH_FILES, "-1"))
    bundle = "/system/console/bundles/com.adobe.granite.auth.oauth"
    assert author.http.post(bundle, data={"action": "stop"}).json()["stateRaw"] == 4
    assert (author.received(PROVIDER), len(author.received(CUSTOMIZER))) == ({}, 1)
    assert author.http.post(bundle, data={"action": "start"}).json()["stateRaw"] == 32
    author.until("the delivery", lambda: author.received(PROVIDER))


def test_validators_are_services(author: Author) -> None:
    author.put({f"{VALIDATOR}-1.config": f'auth.token.validator.type="{NAME}"\r\n'.encode()})
    assert author.live(VALIDATOR) == {f"{VALIDATOR}~1": {"auth.token.validator.type": NAME}}
    assert author.received(VALIDATOR)[f"{VALIDATOR}~1"]["auth.token.validator.type"] == ("String", [NAME])


def test_content(author: Author) -> None:
    author.load(f"{content.CLOUD_SERVICES}/smart-tags", content.cloud_service({"apiKey": "id"}))
    author.load(content.RUNNING_MODEL, content.running_model(content.STEPS))
    author.load(content.DESIGN_MODEL, content.design_model(content.STEPS))
    author.load(f"{content.USER}/oauth", content.token_cache("id"))
    author.load(
        f"{content.USER}/keystore", content.key_store("similaritysearch", "Sat Nov 28 12:00:00 UTC 2026")
    )

    def get(path: str) -> dict[str, object]:
        answer = author.http.get(path)
        assert answer.status_code == 200, path
        found: dict[str, object] = answer.json()
        return found

    assert get(f"{content.CLOUD_SERVICES}/smart-tags.json")["jcr:primaryType"] == "cq:Page"
    assert get(f"{content.CLOUD_SERVICES}/smart-tags/jcr:content.json")["apiKey"] == "id"
    step = get(f"{content.RUNNING_MODEL}/nodes/node3/metaData.json")
    assert (step["PROCESS"], step["IGNORE_ERRORS"]) == (content.AUTO_TAG, "true")
    assert "process_2" in get(f"{content.DESIGN_MODEL}/jcr:content/flow.1.json")
    assert get(f"{content.USER}/oauth.json")["oauthid-id"]
    store = get(f"{content.USER}.ks.json")
    assert [alias["alias"] for alias in store["aliases"]] == ["similaritysearch"]  # type: ignore[attr-defined]


def test_queries(author: Author) -> None:
    images = {f"{number}.jpg": content.asset(["a:b"], 400 + number, 300) for number in range(30)}
    author.load("/content/dam/training", content.folder(images, {"x": "y"}))
    query = {"path": "/content/dam/training", "type": "dam:Asset", "p.limit": "20", "p.offset": "20"}
    selected = {"p.hits": "selective", "p.properties": "jcr:path jcr:content/metadata/tiff:ImageWidth"}
    assert author.http.get("/bin/querybuilder.json", params=query).status_code == 404
    author.switch(queries="on")
    found = author.http.get("/bin/querybuilder.json", params=query | selected).json()
    assert (found["total"], found["results"], found["more"]) == (30, 10, False)
    assert {400, 429} >= {
        min(400, hit["jcr:content"]["metadata"]["tiff:ImageWidth"]) for hit in found["hits"]
    }
    assert author.http.get("/bin/querybuilder.json", params={"nonsense": "1"}).status_code == 400


def test_everything_is_cleaned(author: Author) -> None:
    author.load("/content/dam/x", content.folder({}))
    author.put({f"{PROVIDER}-1.config": b'a="1"\r\n'}, "/libs/project/config")
    author.put({f"{PROVIDER}-2.config": b'a="1"\r\n'}, "/apps/system/config.author")
    author.clean()
    paths = ("/content/dam/x", "/libs/project", "/apps/system/config.author")
    assert [
        author.http.get(f"{path.rpartition('/')[0]}.1.json").json().get(path.rpartition("/")[2])
        for path in paths
    ] == [
        None,
        None,
        None,
    ]
