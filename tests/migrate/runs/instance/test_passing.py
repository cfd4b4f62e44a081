"""What an instance answers while configurations come and go: it is asked again, and only then believed.

Seen on a real Sling 12 with factory configuration 1.4.10: right after the swap the console walked its list of
configurations while the installer deleted one of them, and answered 500 (``ConfigurationAdapter.checkDeleted``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

import migrate
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.runs import listing
from migrate.runs.apply import resume
from migrate.runs.errors import ApplyError, Kind
from migrate.runs.instance.survey import look
from migrate.targets.base import Kind as TargetKind
from migrate.targets.base import Target
from migrate.targets.instance import installer, live
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.session import Session
from tests.migrate.runs.instance.living import Living, directly
from tests.migrate.runs.instance.test_apply import ACCESS, is_new, living, plan, short, undo, values
from tests.migrate.targets.instance.author import CONFIG, JWT, KEY, U, console_made
from tests.migrate.targets.instance.servers import Reply

CONFIGMGR, INSTALLER = "/system/console/configMgr/", installer.PAGE
JSON = (("content-type", "application/json"),)
TEXT = (("content-type", "text/plain"),)
FAILS = {
    "the list of configurations": (CONFIGMGR, Reply(500)),
    "half a list": (CONFIGMGR, Reply(200, b'[{"pid":"com.adobe.', JSON)),
    "an entry without a PID": (CONFIGMGR, Reply(200, b"[{}]", JSON)),
    "the installer's page": (INSTALLER, Reply(500)),
    "half a page": (INSTALLER, Reply(200, b"*** OSGi Installer:\nActive Resources\n", TEXT)),
    "a folder's list": (f"{CONFIG}.1.json", Reply(500)),
    "while it starts": (CONFIGMGR, Reply(503)),
}


def not_there(path: str) -> NoReturn:
    """Nobody listens on the port."""
    raise httpx.ConnectError(path) from ConnectionRefusedError()


NO_CONSOLE = {
    "a console without its pages yet": (CONFIGMGR, Reply(404)),
    "a console without the installer's page yet": (INSTALLER, Reply(404)),
}
"""What an instance that was restarted answers; to a wait it passes, to anything else it is an address that is wrong."""


def made() -> Living:
    author = living()
    console_made(author)
    return author


def failing(author: Living, where: str, reply: Reply, times: int) -> Callable[[str], Reply | None]:
    """Fail after each POST, as often as said."""
    seen = [0, 0]

    def before_get(path: str) -> Reply | None:
        if not path.startswith(where):
            return None
        if seen[0] != len(author.posts):
            seen[:] = [len(author.posts), times]
        seen[1] -= 1
        return reply if seen[1] >= 0 else None

    return before_get


@pytest.mark.parametrize("name", FAILS)
@pytest.mark.parametrize("times", [1, 3])
def test_a_read_that_fails_for_a_moment(name: str, times: int, settings: Settings, state: Path) -> None:
    where, reply = FAILS[name]
    author = made()
    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = failing(author, where, reply, times)
        (run,) = migrate.apply(made_plan, state=state, access=ACCESS)
        assert not run.left
        is_new(author)
        assert undo(state).state == "undone"
    assert sorted(map(short, author.live)) == [f"C~{U}", f"P~{U}"]
    assert values(author, f"{PROVIDER}~{U}") == JWT
    assert values(author, f"{CUSTOMIZER}~{U}") == KEY


WAITED_FOR = {name: told for name, told in FAILS.items() if name != "a folder's list"} | NO_CONSOLE


@pytest.mark.parametrize("name", WAITED_FOR)
def test_a_wait_lasts_as_long_as_it_may(name: str, settings: Settings, state: Path) -> None:
    """More failures than a single reading stands, and fewer than the wait has time for."""
    where, reply = WAITED_FOR[name]
    author = made()
    with directly(author) as server:
        made_plan = plan(server, settings)
        # Of a 404 a single reading stands none; what is deleted has ten seconds to be gone.
        author.before_get = failing(author, where, reply, 15 if name in NO_CONSOLE else 40)
        (run,) = migrate.apply(made_plan, state=state, access=ACCESS)
        assert not run.left
        is_new(author)


def test_an_instance_that_is_restarted_meanwhile_is_waited_for(settings: Settings, state: Path) -> None:
    author = made()
    left = [40]

    def restarted(path: str) -> Reply | None:
        if not author.posts or not path.startswith("/system/console") or left[0] <= 0:
            return None
        left[0] -= 1
        return not_there(path) if left[0] > 20 else Reply(503) if left[0] > 10 else Reply(404)

    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = restarted
        (run,) = migrate.apply(made_plan, state=state, access=ACCESS)
        assert left == [0]
        assert not run.left
        is_new(author)


@pytest.mark.parametrize("rule", [Rule.CONNECTION_REFUSED, Rule.CONSOLE_HIDDEN])
def test_an_instance_that_does_not_come_back_leaves_a_run_that_can_be_finished(
    rule: Rule, settings: Settings, state: Path
) -> None:
    author = made()

    def away(path: str) -> Reply | None:
        if not author.posts or not path.startswith("/system/console"):
            return None
        return not_there(path) if rule is Rule.CONNECTION_REFUSED else Reply(404)

    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = away
        with pytest.raises(InstanceError, match="apply --resume") as caught:
            migrate.apply(made_plan, state=state, access=ACCESS)
        assert caught.value.rule is rule
        author.before_get = lambda path: None
        resume(state=state, access=ACCESS)
        is_new(author)


@pytest.mark.parametrize("name", [name for name in FAILS if name != "a folder's list"])
def test_what_does_not_pass_leaves_a_run_that_can_be_finished(
    name: str, settings: Settings, state: Path
) -> None:
    where, reply = FAILS[name]
    author = made()
    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = failing(author, where, reply, 1_000_000)
        with pytest.raises(InstanceError, match="apply --resume") as caught:
            migrate.apply(made_plan, state=state, access=ACCESS)
        assert caught.value.passes
        assert not caught.value.refused
        assert listing.interrupted(state, ()) is not None
        author.before_get = lambda path: None
        resume(state=state, access=ACCESS)
        is_new(author)


def test_what_no_time_mends_ends_a_wait_at_once(settings: Settings, state: Path, slept: list[float]) -> None:
    author = made()
    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = failing(author, CONFIGMGR, Reply(403), 1_000_000)
        slept.clear()
        with pytest.raises(InstanceError) as caught:
            migrate.apply(made_plan, state=state, access=ACCESS)
    assert caught.value.rule is Rule.CONSOLE_FORBIDDEN
    assert not slept


@pytest.mark.parametrize("times", [8, 1_000_000])
def test_what_replaces_a_deleted_instance_may_be_away_for_a_moment(
    times: int, settings: Settings, state: Path
) -> None:
    author = made()
    left = [times]

    def away(path: str) -> Reply | None:
        """The first orphan goes, and the list has nothing of the provider's for a while."""
        deleted = any(where.startswith(CONFIGMGR) for where, _ in author.posts)
        if not deleted or PROVIDER not in path or not path.startswith(CONFIGMGR) or left[0] <= 0:
            return None
        left[0] -= 1
        return Reply(200, b"[]", JSON)

    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = away
        if times == 8:
            (run,) = migrate.apply(made_plan, state=state, access=ACCESS)
            assert not run.left
            is_new(author)
        else:
            with pytest.raises(InstanceError, match=r"something else went .*it does not run"):
                migrate.apply(made_plan, state=state, access=ACCESS)


def test_a_bundle_is_waited_for(settings: Settings, state: Path) -> None:
    from migrate.runs.instance.recording import Options

    author = made()
    author.bundles |= {"com.adobe.granite.auth.oauth": "1.0", "com.adobe.granite.auth.ims": "1.0"}
    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = failing(author, "/system/console/bundles.json", Reply(500), 30)
        (run,) = migrate.apply(made_plan, state=state, access=ACCESS, options=Options(restart=True))
    assert [note for note in run.notes if note.endswith("is restarted")] == [
        "com.adobe.granite.auth.oauth is restarted",
        "com.adobe.granite.auth.ims is restarted",
    ]


# --- what vanishes between two readings ------------------------------------------------------------------------


def session(base: str) -> Session:
    return Session(Target(base, TargetKind.INSTANCE, base), ACCESS)


def test_a_file_that_goes_after_its_folder_was_listed_is_gone() -> None:
    author = made()
    path = f"{CONFIG}/{PROVIDER}.{U}.config"

    def vanish(asked: str) -> Reply | None:
        if asked == path:
            author.files.pop(path, None)
        return None

    author.before_get = vanish
    with directly(author) as server, session(server.base) as one:
        seen = look(one, [path[1:]])[path[1:]]
    assert (seen.data, seen.is_strange) == (None, False)


def test_a_file_that_nobody_may_read_is_strange() -> None:
    author = made()
    path = f"{CONFIG}/{PROVIDER}.{U}.config"
    author.before_get = lambda asked: Reply(404) if asked == path else None
    with directly(author) as server, session(server.base) as one:
        assert look(one, [path[1:]])[path[1:]].is_strange


def test_values_that_came_between_the_list_and_the_page_are_asked_for_again() -> None:
    author = living()
    author.runs(f"{PROVIDER}~{U}", {}, PROVIDER, further={"name": "x", "auth.token.provider.scope": "old"})
    pages: Iterator[Reply | None] = iter([Reply(200, b"*** Configurations:\n", TEXT), None])
    author.before_get = lambda path: next(pages) if path == live.PAGE else None
    with directly(author) as server, session(server.base) as one:
        (found,) = live.of_factory(one, PROVIDER)
    assert found.text("auth.token.provider.scope") == "old"
    assert not found.hidden


def test_a_run_that_lacks_what_is_awaited_says_what(settings: Settings, state: Path) -> None:
    """The time of a wait is over while the console answers: what is missing is told, not that it failed before."""
    from migrate.runs.instance.recording import Options

    author = made()
    author.installs = False
    with directly(author) as server:
        made_plan = plan(server, settings)
        author.before_get = failing(author, CONFIGMGR, Reply(500), 5)
        with pytest.raises(ApplyError, match="has not installed it") as caught:
            migrate.apply(made_plan, state=state, access=ACCESS, options=Options(wait=8.0))
    assert caught.value.kind is Kind.NOT_RUNNING
