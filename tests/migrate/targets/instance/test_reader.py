"""A running instance as a target: what is found, and what is not believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.plans import inventory
from migrate.plans.target_plan import plan_target
from migrate.targets.base import LostError, TargetError
from migrate.targets.instance.access import Access
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.reader import InstanceReader
from migrate.targets.instance.session import Session
from migrate.targets.opening import open_target, target_of
from migrate.workers import SERIAL, Workers
from tests.migrate.targets.instance.author import CONFIG, JWT, KEY, Author, U, console_made, text_of
from tests.migrate.targets.instance.servers import Asked, Server

ADMIN = Access("admin", Secret("p8e-canary-password"), timeout=20)
FOLDER = CONFIG.lstrip("/")


@contextmanager
def reading(
    author: Author, access: Access = ADMIN, context: str = ""
) -> Iterator[tuple[InstanceReader, Server]]:
    """A reader of an author, without a socket between them."""
    server = Server(f"http://127.0.0.1:4502{context}")

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode("ascii")
        asked = Asked(request.method, path, dict(request.headers), request.read())
        server.asked.append(asked)
        reply = author.answer(asked, context)
        return httpx.Response(reply.status, headers=list(reply.headers), content=reply.body)

    target = target_of(server.base)
    session = Session(target, access, network=httpx.MockTransport(answer), sleep=lambda seconds: None)
    with InstanceReader(target, session) as reader:
        yield reader, server


def found(author: Author, access: Access = ADMIN) -> list[str]:
    with reading(author, access) as (reader, _):
        return list(reader.find())


def test_the_pair_of_an_instance_is_that_of_a_folder() -> None:
    with reading(console_made(Author())) as (reader, server):
        taken = inventory.take(reader)
        assert [scope.folder for scope in taken.scopes] == [FOLDER]
        assert {c.label for c in taken.scopes[0].configurations} == {
            f"{PROVIDER}.{U}.config",
            f"{CUSTOMIZER}.{U}.config",
        }
        assert taken.sources[f"{FOLDER}/{PROVIDER}.{U}.config"] == text_of(JWT)
        assert taken.scopes[0].taken == {f"{PROVIDER}.{U}.config", f"{CUSTOMIZER}.{U}.config"}
    assert server.methods <= {"GET", "SEARCH", "PROPFIND"}


def test_a_context_path_changes_no_path_of_the_repository() -> None:
    with reading(console_made(Author()), context="/author") as (reader, _):
        assert list(reader.find()) == sorted(
            f"{FOLDER}/{factory}.{U}.config" for factory in (PROVIDER, CUSTOMIZER)
        )


def test_folders_of_inactive_run_modes_are_searched() -> None:
    author = console_made(Author())
    author.files["/apps/proj/config.publish.dev/" + PROVIDER + "-1.config"] = b'name="x"\r\n'
    author.files["/apps/proj/clientlibs/" + PROVIDER + "-2.config"] = (
        b'name="no folder of configurations"\r\n'
    )
    names = found(author)
    assert f"apps/proj/config.publish.dev/{PROVIDER}-1.config" in names
    assert not any("clientlibs" in name for name in names)


def test_without_a_search_the_folders_beside_are_listed() -> None:
    author = console_made(Author(searches=False))
    author.files[f"/apps/system/config.publish/{PROVIDER}-1.config"] = b'name="x"\r\n'
    author.files[f"/apps/far/away/config/{PROVIDER}-1.config"] = b'name="x"\r\n'
    with reading(author) as (reader, _):
        assert f"apps/system/config.publish/{PROVIDER}-1.config" in list(reader.find())
        assert not reader.searched


def test_libs_are_found_and_left_alone() -> None:
    author = console_made(Author())
    author.installed(f"/libs/x/config/{PROVIDER}-1.config", b'name="x"\r\n', f"{PROVIDER}~1")
    with reading(author) as (reader, _):
        taken = inventory.take(reader)
    assert [path for path, _ in taken.skipped] == [f"libs/x/config/{PROVIDER}-1.config"]


def test_a_folder_that_is_not_there_is_not_another_one() -> None:
    """Sling lists /apps/system/config for the missing /apps/system/config.author."""
    with reading(console_made(Author())) as (reader, server):
        assert reader.listing("apps/system/config.author") == frozenset()
        assert reader.read_if_there(f"apps/system/config.author/{PROVIDER}.{U}.config") is None
        assert reader.listing(FOLDER)
        assert reader.listing(FOLDER, "no such part") == frozenset()
    assert not any("config.author" in asked.path for asked in server.asked)


def test_a_listing_right_after_a_start_is_not_believed() -> None:
    author = console_made(Author(flaps=2))
    assert len(found(author)) == 2
    assert author.flaps == 0


def test_an_empty_instance_is_looked_at_twice() -> None:
    with reading(Author()) as (reader, server):
        assert list(reader.find()) == []
    assert sum(asked.path == "/server/default/jcr:root" for asked in server.asked) == 2


def test_what_the_installer_knows_and_nobody_sees_is_told() -> None:
    author = console_made(Author())
    author.entities.append((f"{PROVIDER}~9", [(f"jcrinstall:{CONFIG}/{PROVIDER}-9.config", "INSTALLED")]))
    author.entities.append(
        (f"{PROVIDER}~8", [(f"fileinstall0a:/srv/install/{PROVIDER}-8.config", "INSTALLED")])
    )
    with reading(author) as (reader, _):
        assert len(list(reader.find())) == 2
        told = dict(reader.unreadable)
    assert "it is not there, or not for us" in told[f"{FOLDER}/{PROVIDER}-9.config"]
    assert "on the disk of the instance" in told[f"fileinstall0a:/srv/install/{PROVIDER}-8.config"]


def test_other_forms_are_told() -> None:
    author = console_made(Author())
    author.installed(f"{CONFIG}/{PROVIDER}-7.cfg", b"name=x\n", f"{PROVIDER}~7")
    with reading(author) as (reader, _):
        assert len(list(reader.find())) == 2
        assert reader.unreadable == [(f"{FOLDER}/{PROVIDER}-7.cfg", reader.unreadable[0][1])]


def test_a_node_reads_as_the_file_that_says_the_same() -> None:
    author = Author()
    author.nodes[f"{CONFIG}/{PROVIDER}.88"] = {
        "jcr:createdBy": "admin",
        "name": "a b",
        "auth.token.provider.conn.timeout": 30000,
        "half": 0.5,
        "auth.token.provider.reuse.access.token": True,
        "claims": ["x=y"],
        "none": [],
    }
    with reading(author) as (reader, _):
        (path,) = reader.find()
        assert reader.is_node(path)
        assert reader.read(path) == (
            b'auth.token.provider.conn.timeout=L"30000"\r\nauth.token.provider.reuse.access.token=B"true"\r\n'
            b'claims=[ \\\r\n  "x\\=y", \\\r\n  ]\r\nhalf=D"4602678819172646912"\r\n'
            b'name="a\\ b"\r\nnone=[ \\\r\n  ]\r\n'
        )


def test_a_node_with_a_date_is_no_configuration() -> None:
    author = Author()
    author.nodes[f"{CONFIG}/{PROVIDER}.88"] = {"when": "Fri Jan 02 2026 03:04:05 GMT+0100"}
    with reading(author) as (reader, _):
        (path,) = reader.find()
        with pytest.raises(TargetError, match="when is a date"):
            reader.read(path)


@pytest.mark.parametrize("status", [403, 404])
def test_a_closed_console_leaves_the_files(status: int) -> None:
    with reading(console_made(Author(console=status))) as (reader, _):
        assert len(list(reader.find())) == 2
        assert reader.console() is None
        assert reader.closed is not None
        assert reader.closed.rule is (Rule.CONSOLE_FORBIDDEN if status == 403 else Rule.CONSOLE_HIDDEN)


def test_a_closed_repository_is_the_end() -> None:
    with (
        reading(console_made(Author(hidden=("/apps",)))) as (reader, _),
        pytest.raises(InstanceError) as error,
    ):
        list(reader.find())
    assert (error.value.rule, error.value.refused) == (Rule.NOT_FOUND, True)
    assert "the user admin may not read /apps" in str(error.value)


def test_wrong_credentials_are_the_end() -> None:
    with (
        reading(Author(), Access("admin", Secret("wrong"))) as (reader, _),
        pytest.raises(InstanceError) as error,
    ):
        list(reader.find())
    assert error.value.rule is Rule.CREDENTIALS_REFUSED


def test_an_instance_that_goes_away_is_no_unreadable_file() -> None:
    author = console_made(Author())

    class Leaving(InstanceReader):
        def find(self, workers: Workers = SERIAL) -> Iterator[str]:
            yield from list(super().find(workers))[:1]
            author.users = {}
            yield f"{FOLDER}/{PROVIDER}.{U}.config"

    with (
        author.running() as server,
        Leaving.open(target_of(server.base), ADMIN) as reader,
        pytest.raises(LostError),
    ):
        inventory.take(reader)


def test_what_the_console_tells() -> None:
    author = console_made(Author(), restarted=True)
    author.runs(f"{PROVIDER}.88", {"name": "x"}, further={"title": "My = title"})
    with reading(author) as (reader, _):
        console = reader.console()
    assert console is not None
    resource = console.index.at(f"{CONFIG}/{PROVIDER}.{U}.config")
    assert resource is not None
    assert (resource.entity, resource.state) == (f"com.adobe.granite~{U}", "INSTALLED")
    live = {one.pid: one for one in console.live}
    assert live[f"{PROVIDER}.{U}"].factory_pid == PROVIDER
    assert live[f"{PROVIDER}.88"].factory_pid is None
    assert live[f"{PROVIDER}.88"].texts == {"title": "My = title"}
    assert console.versions.factory_configuration == "1.3.4"
    assert console.versions.product == "6.5.17.0"
    assert console.versions.run_modes == {"author", "crx3"}
    assert "p8e-canary" not in repr(console)


def test_rights() -> None:
    with reading(Author(privileges=("jcr:read", "jcr:addChildNodes", "jcr:removeNode"))) as (reader, _):
        some, none = reader.rights([FOLDER, "nowhere"])
    assert some.missing == ("jcr:modifyProperties", "jcr:nodeTypeManagement", "jcr:removeChildNodes")
    assert none.missing is None


def test_an_instance_asks_without_credentials_by_default() -> None:
    with Author().running() as server, open_target(target_of(server.base)) as reader:
        assert list(reader.find()) == []
    assert not any("authorization" in asked.headers for asked in server.asked)


def test_an_edited_node_becomes_a_file(settings: Settings) -> None:
    author = Author()
    values = {name: value for name, value in JWT.items() if name != "auth.token.provider.conn.timeout"}
    author.nodes[f"{CONFIG}/{PROVIDER}.88"] = values
    author.nodes[f"{CONFIG}/{CUSTOMIZER}-89"] = KEY
    with reading(author) as (reader, _):
        plan = plan_target(reader, settings)
    assert not plan.refusals
    assert {change.path: change.moved_to for change in plan.changes} == {
        f"{FOLDER}/{PROVIDER}.88": f"{FOLDER}/{PROVIDER}-88.config",
        f"{FOLDER}/{CUSTOMIZER}-89": f"{FOLDER}/{CUSTOMIZER}-89.config",
    }


def beside(name: str) -> Author:
    author = Author()
    author.nodes[f"{CONFIG}/{PROVIDER}.88"] = {k: v for k, v in JWT.items() if not isinstance(v, int)}
    author.nodes[f"{CONFIG}/{CUSTOMIZER}-89"] = KEY
    author.files[f"{CONFIG}/{PROVIDER}{name}"] = b'name="other"\r\n'
    return author


def test_a_node_does_not_take_the_name_of_what_is_no_configuration(settings: Settings) -> None:
    with reading(beside("-88")) as (reader, _):
        (refusal,) = plan_target(reader, settings).refusals
    assert refusal.rule == "target-exists"
    assert f"should become {PROVIDER}-88.config" in refusal.message


def test_a_node_does_not_take_anothers_name(settings: Settings) -> None:
    with reading(beside("-88.config")) as (reader, _):
        plan = plan_target(reader, settings)
    assert f"{FOLDER}/{PROVIDER}-adobe-ims-similaritysearch.config" in {one.moved_to for one in plan.changes}
