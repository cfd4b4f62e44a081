"""Who is let in, and how the others are told."""

from __future__ import annotations

import time

import pytest

from tests.live.sling.author import PROVIDER, SIMILARITY, Author
from tests.live.sling.boot.options import DEPLOYER, NEW_CONFIGURATIONS, READER, User

pytestmark = pytest.mark.facts

FOLDER = f"{NEW_CONFIGURATIONS}.1.json"
PAGES = (
    "/system/console/bundles.json",
    "/system/console/configMgr/x.json",
    "/system/console/status-osgi-installer.txt",
    "/system/console/status-Configurations.txt",
    "/system/console/status-productinfo.txt",
)


def test_a_wrong_password_is_401_everywhere(author: Author) -> None:
    http = author.instance.client(User("nobody"))
    for page in (FOLDER, *PAGES):
        answer = http.get(page)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic realm=")


def test_without_credentials_each_part_answers_in_its_own_way(author: Author) -> None:
    """404 may mean that somebody may not see it."""
    http = author.instance.client(None)
    for page in PAGES:
        answer = http.get(page)
        assert answer.status_code == 302
        assert "/system/sling/form/login?" in answer.headers["location"]
    assert http.get(FOLDER).status_code == 404
    assert author.swap({"x.config": b""}, http=http).status_code == 500


@pytest.mark.parametrize("user", [READER, DEPLOYER], ids=lambda user: user.name)
def test_the_console_is_closed_to_whom_it_does_not_name(author: Author, user: User) -> None:
    http = author.instance.client(user)
    assert {http.get(page).status_code for page in PAGES} == {403}
    assert http.post(f"/system/console/configMgr/{PROVIDER}~1", data={"apply": "1"}).status_code == 403
    assert http.get(FOLDER).status_code == 200


def test_csrf_tokens(author: Author) -> None:
    page = "/libs/granite/csrf/token.json"
    assert author.http.get(page).status_code == 404
    author.switch(csrf="1.5")
    posts = (
        "/var",
        f"/system/console/jmx/{SIMILARITY}/op/validateConfigs/",
        "/system/console/configMgr/no.such.pid",
    )
    data = {":operation": "nop", ":nopstatus": "200", "apply": "1", "delete": "1"}
    assert [author.http.post(path, data=data).status_code for path in posts] == [403, 403, 403]
    header = {"CSRF-Token": author.http.get(page).json()["token"]}
    assert [author.http.post(path, data=data, headers=header).status_code for path in posts] == [
        200,
        200,
        200,
    ]
    time.sleep(1.6)
    assert author.http.post("/var", data=data, headers=header).status_code == 403
    assert author.http.get(FOLDER).status_code == 200
    assert author.instance.client(None).get(page).json() == {}
