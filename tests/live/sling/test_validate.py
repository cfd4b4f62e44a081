"""`validate` before real Slings: where everything is right, and where one thing is wrong that only a real one shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from tests.conftest import Ended
from tests.live.sling import content
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.boot.options import NEW_CONFIGURATIONS, OPERATOR, READER
from tests.live.sling.pairs import JWT_CUSTOMIZER, JWT_FILES, JWT_PROVIDER, NAME, UUID, files, migrated
from tests.live.sling.proxy import FaultProxy

Run = Callable[..., Ended]
VALIDATOR = "com.adobe.granite.auth.ims.impl.IMSTokenValidatorImpl"
TRAINING = "/content/dam/training"
MODEL = "/var/workflow/models/smart-tags-training"


@dataclass
class Validate:
    """Runs `validate` on an author, as a user."""

    slingshift: Run
    author: Author
    ims: Sandbox

    def __call__(self, *more: str, base: str = "", user: str = "admin") -> tuple[int, dict[str, Any]]:
        ended = self.slingshift(
            "validate",
            base or self.author.instance.base,
            "--user",
            user,
            "--password-env",
            f"LAB_{user.upper()}",
            "--token-url",
            self.ims.token_url,
            "--ims-ca-bundle",
            self.ims.ca_bundle,
            "--format",
            "json",
            *more,
        )
        assert endpoint.DEMO_CLIENT_SECRET not in ended.out + ended.err
        assert ended.out, ended.err
        return ended.code, json.loads(ended.out)

    def bad(self, *more: str) -> list[str]:
        """The ids of what is not right, each once."""
        code, found = self(*more)
        ids = [one["id"] for one in found["checks"] if one["verdict"] in ("wrong", "unclear")]
        assert (code == 0) == (not ids)
        return list(dict.fromkeys(ids))


@pytest.fixture
def validate(slingshift: Run, author: Author, ims: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Validate:
    """`validate` on an author that has everything but the pair, and all of it right."""
    for user in ("admin", OPERATOR.name, READER.name):
        monkeypatch.setenv(f"LAB_{user.upper()}", user)
    page = {
        "serviceUrl": "https://smartcontent.adobe.io/emea",
        "authServerUrl": ims.url,
        "apiKey": endpoint.DEMO_CLIENT_ID,
        "techAcctId": "7C1D2E3F5E7F81234A495E22@techacct.adobe.com",
        "orgId": endpoint.DEMO_ORG_ID,
        "clientSecret": endpoint.DEMO_CLIENT_SECRET,
    }
    author.load(f"{content.CLOUD_SERVICES}/tags", content.cloud_service(page))
    author.load(content.RUNNING_MODEL, content.running_model(content.STEPS))
    author.load(
        f"{content.USER}/keystore", content.key_store("similaritysearch", "Sat Nov 28 12:00:00 UTC 2026")
    )
    return Validate(slingshift, author, ims)


def pair(ims: Sandbox) -> dict[str, bytes]:
    return migrated(endpoint.DEMO_CLIENT_ID, endpoint.DEMO_ORG_ID, endpoint.DEMO_CLIENT_SECRET, ims.token_url)


def validator(kind: str = NAME) -> dict[str, bytes]:
    return {f"{VALIDATOR}-1.config": f'auth.token.validator.type="{kind}"\r\n'.encode()}


def test_all_right(validate: Validate, author: Author, ims: Sandbox) -> None:
    author.put(files(pair(ims), "-123") | validator())
    with FaultProxy(author.instance.base) as proxy:
        code, found = validate(base=proxy.base, user=OPERATOR.name)
    assert [
        (one["id"], one["message"]) for one in found["checks"] if one["verdict"] in ("wrong", "unclear")
    ] == []
    assert code == 0
    assert {one["point"] for one in found["checks"]} == {
        *("versions", "live", "validator", "cloud-service", "key-store", "token", "jmx", "workflow")
    }
    assert [row["status"] for row in found["jmx"]["rows"]] == ["passed", "passed"]
    assert found["product"] == "6.5.25.0"
    assert [request.path.rpartition("/op/")[2] for request in proxy.writes] == ["validateConfigs/"]
    assert not any(request.holds(endpoint.DEMO_CLIENT_SECRET) for request in proxy.requests)


@pytest.mark.cases
def test_what_only_a_real_installer_shows(validate: Validate, author: Author, ims: Sandbox) -> None:
    """The old pair of the console swapped by hand, and every way to do it wrong on the way."""
    new = author.instance.kind.name == "sling12n"
    author.put(validator())
    assert validate.bad()[0] == "provider-missing"

    uuids = {
        factory: author.create(factory, values).removeprefix(f"{factory}.")
        for factory, values in ((PROVIDER, JWT_PROVIDER), (CUSTOMIZER, JWT_CUSTOMIZER))
    }
    assert "still-jwt" in validate.bad()
    old = [name for name in author.files() if not name.startswith(VALIDATOR)]
    texts = pair(ims)

    # Added, and the old ones forgotten: from 1.4.6 on the old ones are adopted, before there are two of each.
    dashed = {f"{factory}-{uuid}.config": texts[factory] for factory, uuid in uuids.items()}
    author.put(dashed)
    found = validate.bad()
    assert ("adopted" in found) is new
    assert ("provider-several" in found) is not new
    assert "jmx-failed" in found or new

    author.remove(*(f"{NEW_CONFIGURATIONS}/{name}" for name in old))
    found = validate.bad()
    if new:
        assert "adopted" in found
        moved = {f"{factory}-fresh.config": texts[factory] for factory in uuids}
        assert author.swap(moved, dashed).status_code == 200
        author.settle()
    else:
        assert found == ["provider-several", "orphan-live", "customizer-several", "jmx-failed"]
        for factory, uuid in uuids.items():
            author.delete(f"{factory}.{uuid}")
    assert validate.bad() == []


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_files_that_are_not_behind_what_runs(validate: Validate, author: Author, ims: Sandbox) -> None:
    texts = pair(ims)
    author.put(validator() | files(texts, f".{UUID}"))
    if author.instance.kind.name != "sling12n":
        assert validate.bad()[:2] == ["provider-missing", "bogus-live"]
    author.remove(*(f"{NEW_CONFIGURATIONS}/{name}" for name in files(texts, f".{UUID}")))

    author.put(files(texts, ".77"))
    assert "not-an-instance" in validate.bad()
    author.remove(*(f"{NEW_CONFIGURATIONS}/{name}" for name in files(texts, ".77")))

    # Where the installer may not write, a change in the console leaves the file behind.
    folder = "/apps/project/config"
    author.put(files(texts, "-1"), folder)
    assert validate.bad() == []
    author.save(f"{CUSTOMIZER}~1", {"auth.ims.client.secret": "another", "customizer.type": NAME})
    assert {"file-ignored", "cloud-secret", "token-refused"} <= set(validate.bad())


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_an_old_twin_in_another_folder(validate: Validate, author: Author, ims: Sandbox) -> None:
    author.put(validator() | files(pair(ims), "-1"))
    author.put(files(JWT_FILES, "-1"), "/apps/project/config")
    assert validate.bad() == ["old-file-left"]


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_the_rest(validate: Validate, author: Author, ims: Sandbox) -> None:
    """One thing after the other, each put right again."""
    author.put(files(pair(ims), "-1"))
    assert validate.bad() == ["validator-missing"]
    author.put(validator())
    assert validate.bad() == []

    author.switch(status="failed")
    assert validate.bad() == ["jmx-failed"]
    author.switch(status="exception")
    assert validate.bad() == ["jmx-fails"]
    author.switch(status="")

    author.switch(csrf="60")
    assert validate.bad() == []
    author.switch(csrf="")

    author.load(content.RUNNING_MODEL, content.running_model((content.STEPS[2], *content.STEPS[:2])))
    assert validate.bad() == ["workflow-order"]
    author.load(content.RUNNING_MODEL, content.running_model(content.STEPS[:2]))
    author.load(content.DESIGN_MODEL, content.design_model(content.STEPS))
    assert validate.bad() == ["workflow-not-synced"]
    author.load(
        content.RUNNING_MODEL, content.running_model((*content.STEPS[:2], content.auto_tag(advance=False)))
    )
    assert validate.bad() == ["workflow-no-advance"]
    author.load(content.RUNNING_MODEL, content.running_model(content.STEPS))

    author.switch(product="6.5.10.0")
    assert validate.bad() == ["service-pack-old"]
    author.switch(product="6.5.25.0")


@pytest.mark.cases
@pytest.mark.parametrize("queries", ["", "on"], ids=["walked", "by query"])
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_training(validate: Validate, author: Author, ims: Sandbox, queries: str) -> None:
    author.put(validator() | files(pair(ims), "-1"))
    images = {f"{n}.jpg": content.asset(["a:b"], 700, 500) for n in range(30)}
    images |= {f"small{n}.jpg": content.asset(["a:b", "a:c"], 400, 300) for n in range(2)}
    author.load(TRAINING, content.folder(images, {"smartTags": True}))
    author.load(MODEL, content.running_model((), "Smart Tags Training"))
    author.switch(queries=queries)
    code, found = validate("--training", TRAINING)
    training = found["training"]
    assert training["tags"] == [
        {"tag": "a:c", "ready": False, "good": 0, "lacks": 30, "small": 2, "unknown": 0},
        {"tag": "a:b", "ready": True, "good": 30, "lacks": 0, "small": 2, "unknown": 0},
    ]
    assert (code, training["byQuery"], training["smartTags"]) == (1, bool(queries), True)
    assert [one["id"] for one in found["checks"] if one["verdict"] == "wrong"] == ["training-short"]


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_whom_the_console_does_not_know(validate: Validate, author: Author) -> None:
    ended = validate.slingshift(
        "validate", author.instance.base, "--user", READER.name, "--password-env", "LAB_READER"
    )
    assert (ended.code, ended.out) == (5, "")
    assert f"the web console is closed to the user {READER.name}" in ended.err
