"""What the console does to configurations and their files."""

from __future__ import annotations

import re

import pytest

from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.pairs import JWT_CUSTOMIZER, JWT_PROVIDER, NAME, UUID

pytestmark = pytest.mark.facts

CLAIMS = "auth.token.provider.default.claims"
BOGUS = f"{PROVIDER}.{UUID[:8]}~"


def file_name(author: Author, pid: str) -> str:
    """The file that the installer writes for what was made in the console."""
    return f"{pid}.config" if author.instance.kind.name == "aem65" else f"{pid}.cfg.json"


def state(author: Author, name: str, folder: str) -> str:
    entry = author.entry(name, folder)
    return entry.state if entry else ""


def test_a_pair_made_there_is_written_back_with_its_types(author: Author) -> None:
    provider = author.create(PROVIDER, JWT_PROVIDER)
    customizer = author.create(CUSTOMIZER, JWT_CUSTOMIZER)
    assert provider.startswith(f"{PROVIDER}.")
    assert author.live(PROVIDER) == {provider: JWT_PROVIDER}
    assert author.live(CUSTOMIZER) == {customizer: JWT_CUSTOMIZER}
    files = author.files()
    assert sorted(files) == sorted([file_name(author, provider), file_name(author, customizer)])
    text = files[file_name(author, provider)]
    if author.instance.kind.name == "aem65":
        assert b'auth.token.provider.conn.timeout=I"5000"\r\n' in text
        assert b'auth.token.provider.relaxed.ssl=B"false"\r\n' in text
        assert b'["\\"iss\\"\\ :\\ ' in text.replace(b"[ \\\r\n  ", b"[")
    else:
        assert b'"auth.token.provider.conn.timeout:Integer":5000' in text
        assert b'"auth.token.provider.relaxed.ssl":false' in text
    assert author.entry(file_name(author, provider)).entity == provider  # type: ignore[union-attr]


def test_consumers_get_the_types_of_the_metatype(author: Author) -> None:
    pid = author.create(PROVIDER, JWT_PROVIDER)
    received = author.received(PROVIDER)[pid]
    assert received["auth.token.provider.conn.timeout"] == ("Integer", ["5000"])
    assert received["auth.token.provider.relaxed.ssl"] == ("Boolean", ["false"])
    assert received[CLAIMS] == ("String[]", JWT_PROVIDER[CLAIMS])


def test_an_empty_text_is_not_kept_by_all(author: Author) -> None:
    """Web console 4.7.2 drops what equals the metatype's default."""
    pid = author.create(PROVIDER, {"name": NAME, "auth.token.provider.scope": ""})
    kept = "auth.token.provider.scope" in author.received(PROVIDER)[pid]
    assert kept is (author.instance.kind.name == "aem65")


def test_no_value_is_shown_of_what_the_metatype_does_not_know(author: Author) -> None:
    author.put({f"{PROVIDER}-1.config": b'name="x"\r\nauth.token.provider.orgId="y"\r\n'})
    (found,) = author.http.get(f"/system/console/configMgr/{PROVIDER}~1.json").json()
    assert found["additionalProperties"] == "auth.token.provider.orgId"
    assert "auth.token.provider.orgId" not in found["properties"]
    text = author.http.get("/system/console/status-Configurations.txt").text
    assert re.search(r"^\s*auth\.token\.provider\.orgId\s*=\s*y$", text, re.MULTILINE)


def test_a_list_that_is_not_sent_is_emptied(author: Author) -> None:
    """And the scalars keep their values: nobody may save a part of a dialog."""
    pid = author.create(PROVIDER, JWT_PROVIDER)
    url = f"/system/console/configMgr/{pid}"
    names = ",".join(JWT_PROVIDER)
    author.http.post(url, data={"apply": "true", "propertylist": names, "auth.token.provider.scope": "a"})
    author.settle()
    found = {values["name"]: values for values in author.live(PROVIDER).values()}[NAME]
    assert found["auth.token.provider.scope"] == "a"
    assert found["auth.token.provider.endpoint"] == JWT_PROVIDER["auth.token.provider.endpoint"]
    assert found.get(CLAIMS, []) == []


@pytest.mark.parametrize("author", ["aem65", "sling12"], indirect=True)
def test_an_edited_file_leaves_the_old_instance_and_makes_a_bogus_one(author: Author) -> None:
    pid = author.create(PROVIDER, JWT_PROVIDER)
    name = file_name(author, pid)
    author.put({name: author.files()[name].replace(b"exchange/jwt", b"token/v3")})
    assert author.live(PROVIDER) == {pid: JWT_PROVIDER}
    uuid = pid.removeprefix(f"{PROVIDER}.")
    assert author.pids() == sorted([pid, f"{PROVIDER}.{uuid[:8]}~{uuid[9:]}"])


def test_an_edited_file_becomes_a_named_instance_from_1_4_6_on(sling12n: Author) -> None:
    pid = sling12n.create(PROVIDER, JWT_PROVIDER)
    name = file_name(sling12n, pid)
    sling12n.put({name: sling12n.files()[name].replace(b"exchange/jwt", b"token/v3")})
    new = JWT_PROVIDER | {"auth.access.token.request": "https://ims-na1.adobelogin.com/ims/token/v3"}
    assert sling12n.live(PROVIDER) == {f"{PROVIDER}~{pid.removeprefix(f'{PROVIDER}.')}": new}


def test_where_the_installer_may_not_write_the_state_is_ignored(author: Author) -> None:
    """The live values are newer than the file, and the file will never know."""
    folder = "/apps/project/config"
    author.put(
        {f"{CUSTOMIZER}-1.config": b'auth.ims.client.secret="file"\r\ncustomizer.type="x"\r\n'}, folder
    )
    assert state(author, f"{CUSTOMIZER}-1.config", folder) == "INSTALLED"
    author.save(f"{CUSTOMIZER}~1", {"auth.ims.client.secret": "console", "customizer.type": "x"})
    author.until("the state", lambda: state(author, f"{CUSTOMIZER}-1.config", folder) == "IGNORED")
    assert author.live(CUSTOMIZER)[f"{CUSTOMIZER}~1"]["auth.ims.client.secret"] == "console"
    assert b"file" in author.files(folder)[f"{CUSTOMIZER}-1.config"]


def test_deleting_there_deletes_the_file(author: Author) -> None:
    pid = author.create(CUSTOMIZER, JWT_CUSTOMIZER)
    author.delete(pid)
    assert (author.pids(), author.files()) == ([], {})


def test_deleting_what_is_not_there_is_a_success(author: Author) -> None:
    answer = author.http.post("/system/console/configMgr/no.such.pid", data={"apply": "1", "delete": "1"})
    assert (answer.status_code, answer.json()) == (200, {"status": True})


def test_the_new_pid_is_told_by_some(author: Author) -> None:
    data = {
        "apply": "true",
        "factoryPid": CUSTOMIZER,
        "propertylist": "customizer.type",
        "customizer.type": "x",
    }
    new = "%5BTemporary%20PID%20replaced%20by%20real%20PID%20upon%20save%5D"
    answer = author.http.post(f"/system/console/configMgr/{new}", data=data)
    author.settle()
    (pid,) = author.live(CUSTOMIZER)
    assert answer.status_code == 302
    assert (answer.headers["location"].endswith(f"/{pid}")) is (author.instance.kind.name == "aem65")
