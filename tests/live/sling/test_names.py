"""Which configuration the name of a file means."""

from __future__ import annotations

import pytest

from tests.live.sling.author import PROVIDER as F
from tests.live.sling.author import Author
from tests.live.sling.pairs import UUID

pytestmark = pytest.mark.facts

BOGUS = f"{F}.{UUID[:8]}~{UUID[9:]}"

NAMES = {
    f"{F}.123456.config": (f"{F}.123456", None),
    f"{F}-123457.config": (f"{F}~123457", F),
    f"{F}~123458.config": (f"{F}~123458", F),
    f"{F}-{UUID}.config": (f"{F}~{UUID}", F),
    f"{F}-123459.cfg.json": (f"{F}~123459", F),
    f"{F}.123460.config.cfg.json": (f"{F}.123460.config", None),
}


def text_of(name: str) -> bytes:
    return b'{"name":"x"}' if name.endswith(".json") else b'name="x"\r\n'


def meaning(author: Author, pid: str) -> tuple[str, str | None]:
    """PID and factory PID of a live configuration."""
    (found,) = author.http.get(f"/system/console/configMgr/{pid}.json").json()
    return found["pid"], found.get("factoryPid")


def test_all_but_the_dotted_uuid_mean_the_same_everywhere(author: Author) -> None:
    author.put({name: text_of(name) for name in NAMES})
    assert {name: author.entry(name).entity for name in NAMES} == {  # type: ignore[union-attr]
        name: pid for name, (pid, _) in NAMES.items()
    }
    assert [meaning(author, pid) for pid, _ in NAMES.values()] == list(NAMES.values())
    assert author.pids() == sorted(pid for pid, _ in NAMES.values())


def test_a_dotted_uuid_is_another_factory_before_1_4_6(author: Author) -> None:
    name = f"{F}.{UUID}.config"
    author.put({name: text_of(name)})
    pid, factory = (
        (f"{F}~{UUID}", F) if author.instance.kind.name == "sling12n" else (BOGUS, BOGUS.partition("~")[0])
    )
    assert author.pids() == [pid]
    assert meaning(author, pid) == (pid, factory)


@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
def test_of_two_files_of_one_configuration_one_waits(author: Author) -> None:
    folder = "/apps/project/config"
    author.put({f"{F}-1.config": b'name="first"\r\n'})
    author.put({f"{F}-1.config": b'name="second"\r\n'}, folder)
    assert author.live(F) == {f"{F}~1": {"name": "first"}}
    assert author.entry(f"{F}-1.config", folder).state == "INSTALL"  # type: ignore[union-attr]
    author.remove(f"/apps/system/config/{F}-1.config")
    assert author.live(F) == {f"{F}~1": {"name": "second"}}
