"""One POST that puts the new files and takes the old ones away, and what is live after it."""

from __future__ import annotations

import pytest

from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.boot.options import NEW_CONFIGURATIONS
from tests.live.sling.pairs import (
    JWT_CUSTOMIZER,
    JWT_FILES,
    JWT_PROVIDER,
    OAUTH_FILES,
    files,
    is_oauth,
)

pytestmark = pytest.mark.facts

PASSED = {"Access token provider": "passed", "Access token request customizer": "passed"}


def make_pair(author: Author) -> dict[str, str]:
    """A pair made in the console: the UUID of each PID by its factory."""
    pids = {
        PROVIDER: author.create(PROVIDER, JWT_PROVIDER),
        CUSTOMIZER: author.create(CUSTOMIZER, JWT_CUSTOMIZER),
    }
    return {factory: pid.removeprefix(f"{factory}.") for factory, pid in pids.items()}


def renamed(uuids: dict[str, str]) -> dict[str, bytes]:
    return {f"{factory}-{uuid}.config": OAUTH_FILES[factory] for factory, uuid in uuids.items()}


def test_a_pair_made_in_the_console(author: Author) -> None:
    uuids = make_pair(author)
    old = list(author.files())
    author.switch()
    assert author.swap(renamed(uuids), old).status_code == 200
    author.settle()
    assert author.files() == renamed(uuids)
    for factory, uuid in uuids.items():
        live = {pid: is_oauth(values) for pid, values in author.live(factory).items()}
        orphan = {} if author.instance.kind.name == "sling12n" else {f"{factory}.{uuid}": False}
        assert live == {f"{factory}~{uuid}": True, **orphan}
        assert author.entry(f"{factory}-{uuid}.config").entity == f"{factory}~{uuid}"  # type: ignore[union-attr]
        added = ("added", f"{factory}~{uuid}")
        assert added in author.events()
        assert (("deleted", f"{factory}.{uuid}") in author.events()) is not bool(orphan)
    assert (author.validate_configs() == PASSED) is (author.instance.kind.name == "sling12n")
    for factory, uuid in uuids.items():
        author.delete(f"{factory}.{uuid}")
    assert author.files() == renamed(uuids)
    assert author.validate_configs() == PASSED


def test_names_of_digits_leave_no_orphan(author: Author) -> None:
    old = files(JWT_FILES, ".123456")
    new = files(OAUTH_FILES, "-123456")
    author.put(old)
    assert author.pids() == [f"{CUSTOMIZER}.123456", f"{PROVIDER}.123456"]
    assert author.swap(new, old).status_code == 200
    author.settle()
    assert author.pids() == [f"{CUSTOMIZER}~123456", f"{PROVIDER}~123456"]
    assert author.validate_configs() == PASSED
    # And back, exactly.
    assert author.swap(old, new).status_code == 200
    author.settle()
    assert (author.files(), author.pids()) == (old, [f"{CUSTOMIZER}.123456", f"{PROVIDER}.123456"])


def test_twice_changes_nothing(author: Author) -> None:
    new = files(OAUTH_FILES, "-1")
    author.put(files(JWT_FILES, ".1"))
    for _ in range(2):
        assert author.swap(new, files(JWT_FILES, ".1")).status_code == 200
        author.settle()
        assert author.files() == new
        assert author.pids() == [f"{CUSTOMIZER}~1", f"{PROVIDER}~1"]


def test_back_under_the_dotted_name_there_is_no_provider(author: Author) -> None:
    """So a way back of a UUID name has to use the new name."""
    uuids = make_pair(author)
    old = author.files()
    author.swap(renamed(uuids), old)
    author.settle()
    for factory, uuid in uuids.items():
        author.delete(f"{factory}.{uuid}")
    assert author.swap(old, renamed(uuids)).status_code == 200
    author.settle()
    new = author.instance.kind.name == "sling12n"
    assert list(author.live(PROVIDER)) == ([f"{PROVIDER}~{uuids[PROVIDER]}"] if new else [])


def test_adoption(sling12n: Author) -> None:
    """A new file beside the living old one: the old instance gets its values, and keeps its PID."""
    uuids = make_pair(sling12n)
    sling12n.put(renamed(uuids))
    assert {pid: is_oauth(values) for pid, values in sling12n.live(PROVIDER).items()} == {
        f"{PROVIDER}.{uuids[PROVIDER]}": True
    }
    name = f"{PROVIDER}-{uuids[PROVIDER]}.config"
    entry = sling12n.entry(name)
    assert entry is not None
    assert (entry.entity, entry.state) == (f"{PROVIDER}~{uuids[PROVIDER]}", "INSTALLED")
    # The repair: another name.
    assert sling12n.swap({f"{PROVIDER}-x.config": OAUTH_FILES[PROVIDER]}, [name]).status_code == 200
    sling12n.settle()
    assert f"{PROVIDER}~x" in sling12n.live(PROVIDER)
    assert f"{PROVIDER}.{uuids[PROVIDER]}" not in sling12n.live(PROVIDER)


@pytest.mark.parametrize("fresh", [False, True], ids=["as planned", "edited in between"])
def test_moving_the_old_file_away_shows_what_it_held(author: Author, fresh: bool) -> None:
    """Compare and swap: what was swapped out can be read where it was moved to."""
    old, new = f"{PROVIDER}.7.config", f"{PROVIDER}-7.config"
    author.put({old: JWT_FILES[PROVIDER]})
    planned = JWT_FILES[PROVIDER]
    if fresh:
        planned += b'edited="in between"\r\n'
        author.put({old: planned})
    author.http.post("/var/slingshift/run", data={"jcr:primaryType": "sling:Folder"})
    moved = f"/var/slingshift/run/{old}"
    fields = {f"{moved}@MoveFrom": f"{NEW_CONFIGURATIONS}/{old}"}
    assert author.swap({new: OAUTH_FILES[PROVIDER]}, fields=fields).status_code == 200
    author.settle()
    assert author.files() == {new: OAUTH_FILES[PROVIDER]}
    assert author.http.get(moved).content == planned
    assert author.pids() == [f"{PROVIDER}~7"]
    # What has been taken by somebody else already is a success, too, and moves nothing.
    fields = {"/var/slingshift/run/second@MoveFrom": f"{NEW_CONFIGURATIONS}/{old}"}
    assert author.swap({new: OAUTH_FILES[PROVIDER]}, fields=fields).status_code == 200
    assert author.http.get("/var/slingshift/run/second").status_code == 404
    # And back: the moment of its last change comes along.
    before = author.http.get(f"{moved}/jcr:content.json").json()["jcr:lastModified"]
    fields = {f"./{old}@MoveFrom": moved}
    assert author.swap({}, [new], fields=fields).status_code == 200
    author.settle()
    assert author.files() == {old: planned}
    assert (
        author.http.get(f"{NEW_CONFIGURATIONS}/{old}/jcr:content.json").json()["jcr:lastModified"] == before
    )
    assert author.pids() == [f"{PROVIDER}.7"]
