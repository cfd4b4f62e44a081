"""Adobe's steps 4 to 7 by slingshift on real Slings: forward, back, forward again, with restarts between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from tests.live.sling import migration
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.boot.options import DEPLOYER, OPERATOR, WATCHER
from tests.live.sling.migration import Migration, Run
from tests.live.sling.pairs import JWT_FILES, NAME, files
from tests.live.sling.proxy import Fault, FaultProxy, Match, answered, cut_after, cut_before

Start = Callable[[Author], None]

FOR_GOOD = 7
"""Seconds after which the repository has written what there is: a crash takes the last five."""


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def migrated(slingshift: Run, author: Author, ims: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Migration:
    for user in ("admin", OPERATOR.name, DEPLOYER.name, WATCHER.name):
        monkeypatch.setenv(f"LAB_{user.upper()}", user)
    monkeypatch.setenv("LAB_SECRET", endpoint.DEMO_CLIENT_SECRET)
    return Migration(slingshift, author, ims.token_url, ims.ca_bundle)


@pytest.fixture
def proxy(migrated: Migration) -> Iterator[FaultProxy]:
    """A proxy that everything goes through."""
    with FaultProxy(migrated.author.instance.base) as proxy:
        migrated.base = proxy.base
        yield proxy


def test_forward_back_and_forward_with_restarts(
    migrated: Migration, author: Author, proxy: FaultProxy
) -> None:
    """A pair and other integrations made in the console, by somebody who is no administrator."""
    migrated.user = OPERATOR.name
    migration.neighbours(author)
    migration.console_made(author)
    before, others = migrated.runs(), migrated.others()
    author.restart()
    migrated.scan()
    migrated.plan()
    assert proxy.writes == []
    assert not any(request.holds(endpoint.DEMO_CLIENT_SECRET) for request in proxy.requests)
    migrated.apply()
    carrying = [one for one in proxy.requests if one.holds(endpoint.DEMO_CLIENT_SECRET)]
    assert {one.method for one in carrying} == {"POST"}
    migrated.is_migrated(before)
    assert migrated.wrong() == []
    author.restart()
    migrated.is_migrated(before)
    migrated.plan(code=0)

    migrated.undo()
    migrated.is_back(before)
    migrated.apply()
    author.restart()
    migrated.is_migrated(before)
    assert migrated.wrong() == []
    assert migrated.others() == others
    assert author.files()[migration.NEIGHBOUR] == migration.NEIGHBOUR_TEXT


def there_and_back(migrated: Migration, start: Start, *, exactly: bool = False) -> None:
    """Forward, nothing more to do, and back."""
    author = migrated.author
    start(author)
    before, found = migrated.runs(), author.files()
    migrated.plan()
    migrated.apply()
    migrated.is_migrated(before)
    migrated.plan(code=0)
    assert migrated.wrong() == []
    migrated.undo()
    if exactly:
        assert author.files() == found
    migrated.is_back(before)


@pytest.mark.cases
def test_names_of_digits_come_back_exactly(migrated: Migration, author: Author) -> None:
    migration.digits(author)
    pids, found = author.pids(), author.files()
    migrated.apply()
    migrated.is_migrated({PROVIDER: {}, CUSTOMIZER: {}})
    migrated.undo()
    assert (author.pids(), author.files()) == (pids, found)


FORMS: dict[str, tuple[Start, list[str]]] = {
    "cfg.json": (migration.json_files, ["aem65", "sling12n"]),
    "nodes": (migration.nodes, ["aem65", "sling12"]),
    "config.cfg.json": (migration.two_forms_in_the_name, ["sling12"]),
    "several folders": (migration.several_folders, ["aem65", "sling12n"]),
}


@pytest.mark.cases
@pytest.mark.parametrize(
    ("author", "form"),
    [pytest.param(kind, form, id=f"{kind}-{form}") for form, (_, kinds) in FORMS.items() for kind in kinds],
    indirect=["author"],
)
def test_every_form(migrated: Migration, author: Author, form: str) -> None:
    there_and_back(migrated, FORMS[form][0])


@pytest.mark.cases
@pytest.mark.parametrize(
    "start", [migration.half_done, migration.edited_in_place], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
def test_half_done_by_hand(migrated: Migration, author: Author, start: Start) -> None:
    """Whatever somebody has begun is finished, and outlives a restart, also where it was adopted."""
    start(author)
    migrated.apply("--prefer", "new", "--values", "file")
    for factory, several in migrated.runs().items():
        assert [pid.startswith(f"{factory}~") for pid in several] == [True]
    assert migrated.wrong() == []
    if author.instance.kind.name == "sling12n":
        author.restart()
        assert migrated.wrong() == []


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_whose_values_count_is_for_a_person_to_say(migrated: Migration, author: Author) -> None:
    """Where the installer may not write, a change in the console leaves the file behind."""
    folder = "/apps/project/config"
    author.put(files(JWT_FILES, "-1"), folder)
    author.save(f"{CUSTOMIZER}~1", {"auth.ims.client.secret": "console", "customizer.type": NAME, "x": "y"})
    ended = migrated.plan(code=3)
    assert "Say whose values count with --values live or --values file" in ended.out + ended.err
    migrated.apply("--values", "live")
    (values,) = migrated.runs()[CUSTOMIZER].values()
    assert values["x"] == ("String", ["y"])
    assert migrated.wrong() == []


@pytest.mark.cases
@pytest.mark.parametrize("author", ["sling12"], indirect=True)
def test_few_rights(migrated: Migration, author: Author) -> None:
    migration.digits(author)
    found = author.files()
    migrated.user = DEPLOYER.name
    ended = migrated.apply(code=5)
    assert "the web console is closed to the user deployer" in ended.err
    migrated.user = WATCHER.name
    migrated.apply(code=(4, 5, 6))
    assert author.files() == found
    assert migrated.aside() == []
    migrated.user = DEPLOYER.name
    migrated.run("undo", "--forget", "--yes", *migrated.who, code=(0, 2, 4))
    migrated.apply("--repository-only", code=(0, 3))
    author.settle()
    migrated.is_migrated({PROVIDER: {}, CUSTOMIZER: {}})


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
def test_somebody_else_was_at_work(
    migrated: Migration, author: Author, proxy: FaultProxy, tmp_path: Path
) -> None:
    """An edit between plan and apply, and one in the moment of the swap."""
    migration.digits(author)
    plan = str(tmp_path / "plan.json")
    migrated.plan("--out", plan)
    name = f"{PROVIDER}.123456.config"
    theirs = author.files()[name] + b'theirs="1"\r\n'
    author.put({name: theirs})
    migrated.run("apply", "--plan", plan, "--yes", "--client-secret-env", "LAB_SECRET", *migrated.who, code=4)
    assert author.files()[name] == theirs

    proxy.when(Match("POST"), Fault(before=lambda: author.swap({name: theirs + b'again="1"\r\n'})))
    migrated.apply(code=4)
    author.settle()
    assert author.files()[name] == theirs + b'again="1"\r\n'
    assert migrated.aside() == []
    migrated.apply()
    (values,) = migrated.runs()[PROVIDER].values()
    assert values["again"] == ("String", ["1"])


FAULTS: dict[str, Fault] = {
    "cut before": cut_before(),
    "cut after": cut_after(),
    "409": answered(409),
    "500 and carried out": answered(500, forward=True),
}


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
def test_faults_at_the_swap(migrated: Migration, author: Author, proxy: FaultProxy) -> None:
    """Never a lost or half-made configuration, always a way on that the message names."""
    migration.digits(author)
    pids, found = author.pids(), author.files()
    for name, fault in FAULTS.items():
        proxy.forget()
        proxy.when(Match("POST"), fault)
        ended = migrated.apply(code=(0, 4, 6))
        if "--resume" in ended.err:
            migrated.resume()
        elif ended.code:
            assert author.files() == found, (name, ended.err)
            migrated.apply()
        migrated.is_migrated({PROVIDER: {}, CUSTOMIZER: {}})
        migrated.undo()
        assert (author.pids(), author.files()) == (pids, found), name


@pytest.mark.cases
@pytest.mark.parametrize("author", ["aem65"], indirect=True)
def test_the_instance_is_killed_after_the_swap(
    migrated: Migration, author: Author, proxy: FaultProxy
) -> None:
    """What was not written yet is lost with it; the run is finished all the same."""
    migration.console_made(author)
    time.sleep(FOR_GOOD)
    before = migrated.runs()
    proxy.when(Match("POST"), Fault(after=author.instance.kill))
    ended = migrated.apply(code=6)
    assert "--resume" in ended.err
    author.instance.start()
    migrated.resume()
    migrated.is_migrated(before)
    assert migrated.wrong() == []
