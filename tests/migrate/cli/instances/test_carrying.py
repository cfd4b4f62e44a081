"""`apply` and `undo` of instances on the command line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrate.cli import exits
from migrate.ims import validating
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.plans.validation.seen import Token
from migrate.targets.instance.session import Session
from tests.conftest import Ended
from tests.migrate.runs.instance.living import Living, files_in
from tests.migrate.targets.instance.author import CONFIG, JWT, U, console_made
from tests.migrate.targets.instance.servers import Reply, Server

Command = Callable[..., Ended]
USER = ("--user", "admin", "--password-env", "AEM_PASSWORD")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setenv("AEM_PASSWORD", "p8e-canary-password")
    no_way = Token("unreachable", "no token with the values that run: there is no way to Adobe from here")
    monkeypatch.setattr(validating, "ask", lambda *_: no_way)


@pytest.fixture
def author() -> Living:
    made = Living()
    console_made(made)
    return made


@pytest.fixture
def server(author: Living) -> Iterator[Server]:
    with author.running() as running:
        yield running


@pytest.fixture
def run(slingshift: Command, oauth_options: list[str]) -> Command:
    """The command with its access, and no secret in anything it says."""

    def call(verb: str, *words: str, code: int = exits.OK) -> Ended:
        plans = verb in ("plan", "apply") and not {"--resume", "--plan"} & {*words}
        options = oauth_options if plans else []
        done = slingshift(verb, *words, *USER, *options)
        said = done.out + done.err
        assert done.code == code, said
        assert "p8e-canary" not in said
        assert "fixture-new-oauth-secret" not in said
        return done

    return call


def names(author: Living) -> set[str]:
    return set(files_in(author))


NEW = {f"{factory}-{U}.config" for factory in (PROVIDER, CUSTOMIZER)}
OLD = {f"{factory}.{U}.config" for factory in (PROVIDER, CUSTOMIZER)}


def test_forward_and_back(author: Living, server: Server, run: Command) -> None:
    done = run("apply", server.base, "--yes")
    assert "rename to" in done.out
    assert "slingshift undo" in done.err
    assert f"slingshift validate {server.base}" in done.err
    assert f"{PROVIDER}.{U} is deleted" in done.err
    assert names(author) == NEW
    posts = list(author.posts)
    run("plan", server.base)
    assert "nothing to change" in run("apply", server.base, "--yes").err.lower()
    assert author.posts == posts
    listed = json.loads(run("undo", "--list", "--format", "json").out)["runs"]
    (row,) = listed
    assert row["targets"] == [server.base]
    assert row["state"] == "done"
    assert {one["path"].rpartition("/")[2]: one["becomes"] for one in row["undo"]} == dict.fromkeys(
        NEW, "changed back"
    )
    back = run("undo", "--yes")
    assert back.err.count("gets the old values: as /apps/system/config/") == 2
    assert "JWT credential does not come back" in back.err
    gone = [f"{CUSTOMIZER}.{U}", f"{PROVIDER}.{U}"]
    assert row["notMadeAgain"] == gone
    assert (
        f"not made again, since the console makes PIDs of its own: {', '.join(gone)}; files have their values"
        in back.err
    )
    assert names(author) == NEW
    assert not [path for path in author.files if path.startswith("/var/")]


def test_a_diff_of_what_would_come_back(author: Living, server: Server, run: Command) -> None:
    run("apply", server.base, "--yes")
    posts = len(author.posts)
    shown = run("undo", "--diff").out
    assert "+auth.access.token.request=" in shown
    assert "/ims/exchange/jwt" in shown
    assert len(author.posts) == posts


def test_nothing_is_done_without_a_word(author: Living, server: Server, run: Command) -> None:
    run("apply", server.base, code=exits.USAGE)
    assert not author.posts
    run("apply", server.base, "--yes")
    posts = len(author.posts)
    run("undo", code=exits.USAGE)
    assert len(author.posts) == posts


def test_a_saved_plan(author: Living, server: Server, run: Command, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    run("plan", server.base, "--out", str(saved), code=exits.PENDING)
    assert "p8e-canary" not in saved.read_text()
    assert "admin" not in saved.read_text()
    secret = ("--client-secret-env", "SLINGSHIFT_TEST_SECRET")
    author.files[f"{CONFIG}/{PROVIDER}.{U}.config"] += b'x="y"\r\n'
    done = run("apply", "--plan", str(saved), "--yes", *secret, code=exits.CONFLICT)
    assert "the saved plan is stale" in done.err
    assert not author.posts
    run("plan", server.base, "--values", "file", "--out", str(saved), code=exits.PENDING)
    run("apply", "--plan", str(saved), "--yes", "--wait", "30", *secret)
    assert names(author) == NEW


def test_an_interrupted_run_is_told_of_and_finished(author: Living, server: Server, run: Command) -> None:
    author.after_post = lambda number: Reply(0)
    author.installs = False
    done = run("apply", server.base, "--yes", "--wait", "2", code=exits.CONFLICT)
    assert "slingshift apply --resume" in done.err
    assert "not everything runs" in done.err
    author.after_post = lambda number: None
    before = {path.replace("-", ".", 1) if "/config/" in path else path: b"" for path in author.files}
    author._install({path: b"" for path in before if path.startswith("/apps/")}, author.files)
    told = run("plan", server.base, code=exits.PENDING).err
    assert "was interrupted" in told
    assert "2 old instances to delete in the console" in told
    run("apply", "--resume")
    assert names(author) == NEW
    assert not [path for path in author.files if path.startswith("/var/")]


def test_a_run_is_given_up(author: Living, server: Server, run: Command) -> None:
    run("apply", server.base, "--yes")
    run("undo", "--forget", code=exits.USAGE)
    (row,) = json.loads(run("undo", "--list", "--format", "json").out)["runs"]
    run("undo", row["id"], "--forget", code=exits.USAGE)
    run("undo", row["id"], "--forget", "--yes")
    assert json.loads(run("undo", "--list", "--format", "json").out)["runs"] == []
    run("undo", row["id"], "--yes", code=exits.CONFLICT)


def test_nothing_to_finish_is_said_whoever_asks(run: Command) -> None:
    assert "no run was interrupted" in run("apply", "--resume", code=exits.CONFLICT).err
    assert "there is no run to take back" in run("undo", "--yes", code=exits.CONFLICT).err


def test_what_is_left_makes_the_code(author: Living, server: Server, run: Command) -> None:
    def changed(number: int) -> None:
        author.runs(f"{PROVIDER}.{U}", {**JWT, "auth.token.provider.scope": "mine"}, PROVIDER)

    author.after_post = changed  # type: ignore[assignment]
    done = run("apply", server.base, "--yes", code=exits.REFUSED)
    assert "is left where it is: its values are not those that the plan saw" in done.err


def test_a_closed_console(author: Living, server: Server, run: Command) -> None:
    author.console = 404
    done = run("apply", server.base, "--yes", code=exits.TOKEN_REFUSED)
    assert "--repository-only" in done.err
    assert not author.posts
    # Not everything could be looked at.
    done = run("apply", server.base, "--yes", "--repository-only", code=exits.REFUSED)
    assert f"in the web console, delete {PROVIDER}.{U} if it still runs" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--keep-token",), "--keep-token is for an instance; no TARGET is a URL"),
        (("--wait", "5"), "--wait is for an instance"),
        (("--restart", "bundle"), "--restart is for an instance"),
        (("--no-validate",), "--no-validate is for an instance"),
    ],
)
def test_what_is_for_instances_alone(
    words: tuple[str, ...], said: str, slingshift: Command, tmp_path: Path, oauth_options: list[str]
) -> None:
    done = slingshift("apply", str(tmp_path), "--yes", *words, *oauth_options)
    assert (done.code, said in done.err) == (exits.USAGE, True)


def test_restarting_takes_the_console(server: Server, run: Command) -> None:
    done = run("apply", server.base, "--restart", "bundle", "--repository-only", code=exits.USAGE)
    assert "takes the web console" in done.err


# --- validate afterwards -----------------------------------------------------------------------------------------


LIVE = ("provider-one", "customizer-one", "file-agrees", "file-agrees")


def test_what_was_done_is_looked_at_again(author: Living, server: Server, run: Command) -> None:
    done = run("apply", server.base, "--yes")
    for id_ in LIVE:
        assert f"[{id_}]" in done.out
    # Nobody asked this machine for a way to Adobe.
    assert "unclear  no token" not in done.out
    assert "note     no token with the values that run" in done.out
    # The stand-in has no MBean: said, and no matter of the run.
    assert "the run is done, and validate finds" in done.err
    assert "jmx-missing" in done.err
    assert f"slingshift validate {server.base}" in done.err


def test_it_can_be_left_out(author: Living, server: Server, run: Command) -> None:
    done = run("apply", server.base, "--yes", "--no-validate")
    assert "[provider-one]" not in done.out
    assert "validate finds" not in done.err
    assert f"slingshift validate {server.base}" in done.err


def test_json_has_what_was_found(server: Server, run: Command) -> None:
    (target,) = json.loads(run("apply", server.base, "--yes", "--format", "json").out)["targets"]
    assert (target["state"], target["exitCode"]) == ("applied", 0)
    found = {check["id"]: check["verdict"] for check in target["validation"]["checks"]}
    assert {found[id_] for id_ in LIVE} == {"right"}
    # As it was found, whatever people are told of it.
    assert found["token-unreachable"] == "unclear"
    assert target["validation"]["ok"] is False


def test_without_it_json_has_nothing_of_it(server: Server, run: Command) -> None:
    done = run("apply", server.base, "--yes", "--no-validate", "--format", "json")
    (target,) = json.loads(done.out)["targets"]
    assert not {"validation", "notValidated"} & target.keys()


def test_something_wrong_is_said_and_the_code_stays(author: Living, server: Server, run: Command) -> None:
    def another(number: int) -> None:
        author.runs(f"{PROVIDER}~theirs", JWT, PROVIDER)

    author.after_post = another  # type: ignore[assignment]
    done = run("apply", server.base, "--yes")
    assert "provider-several" in done.err
    assert "the run is done" in done.err
    # With -q only what is wrong is left.
    assert "[customizer-one]" in done.out


def test_an_instance_that_goes_away_afterwards_was_changed_all_the_same(
    author: Living, server: Server, run: Command
) -> None:
    def closes(path: str) -> Reply | None:
        # The journal is through when what lay below /var is gone.
        gone = any(where == "/var/slingshift" for where, _ in author.posts)
        return Reply(404) if gone and path.startswith("/system/console") else None

    author.before_get = closes
    done = run("apply", server.base, "--yes")
    assert "done, but not validated: " in done.err
    assert names(author) == NEW
    (row,) = json.loads(run("undo", "--list", "--format", "json").out)["runs"]
    assert row["state"] == "done"


def test_quiet_prints_what_is_wrong_alone(author: Living, server: Server, run: Command) -> None:
    done = run("apply", server.base, "--yes", "-q")
    assert "[provider-one]" not in done.out
    assert "[jmx-missing]" in done.out


def test_a_run_without_the_console_is_not_looked_at(author: Living, server: Server, run: Command) -> None:
    author.console = 404
    done = run("apply", server.base, "--yes", "--repository-only", code=exits.REFUSED)
    assert "validated" not in done.err


def test_a_finished_run_is_looked_at_too(author: Living, server: Server, run: Command) -> None:
    author.after_post = lambda number: Reply(0)
    author.installs = False
    run("apply", server.base, "--yes", "--wait", "2", code=exits.CONFLICT)
    author.after_post = lambda number: None
    old = {path.replace("-", ".", 1): b"" for path in author.files if path.startswith("/apps/")}
    author._install(old, author.files)
    done = run("apply", "--resume")
    assert "[provider-one]" in done.out
    assert "is finished" in done.err


def test_the_instances_of_a_wave_are_looked_at_once(
    slingshift: Command, oauth_options: list[str], tmp_path: Path
) -> None:
    with contextlib.ExitStack() as running:
        servers = []
        for _ in range(3):
            made = Living()
            console_made(made)
            servers.append(running.enter_context(made.running()))
        lines = [
            'waves = ["first", "second"]',
            "[defaults]",
            'user = "admin"',
            'password-env = "AEM_PASSWORD"',
        ]
        for number, (server, wave) in enumerate(zip(servers, ("first", "first", "second"), strict=True)):
            lines += [f"[targets.author{number}]", f'url = "{server.base}"', f'wave = "{wave}"']
        (tmp_path / "fleet.toml").write_text("\n".join(lines))
        done = slingshift("apply", "--fleet", tmp_path / "fleet.toml", "--yes", *oauth_options)
        # Only who validates asks for the MBean.
        looked = [sum("/monitoring/mbeans" in one.path for one in server.asked) for server in servers]
    # The stand-in has no MBean, so the wave is not through; no later one is begun, and nobody looks twice.
    assert looked == [1, 1, 0]
    assert "the wave first is not through" in done.err
    assert done.err.count("does not validate") == 2


def test_what_only_deletes_has_nothing_that_could_come_back(
    author: Living, server: Server, run: Command
) -> None:
    run("apply", server.base, "--yes", "--no-validate")
    author.runs(f"{PROVIDER}.{U}", JWT, PROVIDER)
    run("apply", server.base, "--yes", "--no-validate")
    *_, row = json.loads(run("undo", "--list", "--format", "json").out)["runs"]
    assert (row["undo"], row["notMadeAgain"]) == ([], [f"{PROVIDER}.{U}"])
    back = run("undo", "--yes")
    assert f"{PROVIDER}.{U}; nothing has their values any more" in back.err
    assert names(author) == NEW
