"""`show`, `lint` and `explain` of a running instance: they read, and tell of it what they tell of files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from migrate.cli import exits
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.targets.instance.session import Session
from migrate.targets.instance.versions import FACTORY_CONFIGURATION
from tests.conftest import Ended
from tests.migrate.runs.instance.living import Living
from tests.migrate.targets.instance.author import CONFIG, JWT, U, console_made, text_of
from tests.migrate.targets.instance.servers import Reply, Server

Command = Callable[..., Ended]
USER = ("--user", "admin", "--password-env", "AEM_PASSWORD")
READS = {"GET", "SEARCH", "PROPFIND"}
PID = "com.example.Service"
PROJECT = "/apps/project"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setenv("AEM_PASSWORD", "p8e-canary-password")


@pytest.fixture
def author() -> Living:
    made = Living()
    console_made(made)
    text = b'a="of config"\r\npassword="p8e-canary-in-a-file"\r\n'
    made.installed(f"{PROJECT}/config.author/{PID}-1.config", b'a\\=b="x"\r\nc="1"\r\n', f"{PID}~1")
    made.installed(f"{PROJECT}/config/{PID}-1.config", text, f"{PID}~1")
    made.installed(f"/libs/aem/config/{PID}-1.config", b'a="of libs\r\n', f"{PID}~1")
    made.files[f"{PROJECT}/config.publish/{PID}-1.config"] = b'a="of publish"\r\n'
    made.installed_node(f"{PROJECT}/config/{PID}", {"x": 1, "y": ["p", "q"]}, PID)
    made.files[f"{PROJECT}/config/readme.txt"] = b"no configuration"
    made.entities.append(("com.example.Disk", [("launchpad:com.example.Disk.config", "INSTALLED")]))
    made.runs(f"{PID}~1", {"c": "2"}, PID, further={"a=b": "x"})
    made.runs(PID, {"x": 1})
    return made


@pytest.fixture
def server(author: Living) -> Iterator[Server]:
    with author.running() as running:
        yield running
    assert running.methods <= READS
    assert author.posts == []


@pytest.fixture
def run(slingshift: Command) -> Command:
    """The command with its access, and no secret in anything it says."""

    def call(*words: str, code: int = exits.OK) -> Ended:
        done = slingshift(*words, *USER)
        assert done.code == code, done.out + done.err
        assert "p8e-canary" not in done.out + done.err
        assert "jcr_root" not in done.out + done.err
        return done

    return call


# --- show --------------------------------------------------------------------------------------------------------


def test_everything_is_shown_by_its_address(server: Server, run: Command) -> None:
    found = json.loads(run("show", server.base, code=exits.REFUSED).out)
    shown = {one["path"].removeprefix(server.base): one for one in found["configurations"]}
    assert set(shown) == {
        f"{CONFIG}/{PROVIDER}.{U}.config",
        f"{CONFIG}/{CUSTOMIZER}.{U}.config",
        *(f"{PROJECT}/{folder}/{PID}-1.config" for folder in ("config", "config.author", "config.publish")),
        f"{PROJECT}/config/{PID}",
    }
    assert [one["path"] for one in found["rejected"]] == [f"{server.base}/libs/aem/config/{PID}-1.config"]
    assert shown[f"{PROJECT}/config.publish/{PID}-1.config"]["state"] is None
    assert shown[f"{PROJECT}/config/{PID}-1.config"]["state"] == "INSTALLED"
    node = shown[f"{PROJECT}/config/{PID}"]
    assert (node["pid"], node["factoryPid"]) == (PID, None)
    assert [(p["type"], p["value"]) for p in node["properties"]] == [("Long", 1), ("String[]", ["p", "q"])]
    assert found["instances"] == [{"target": server.base, "factoryConfiguration": "1.3.4", "runs": None}]


def test_the_bytes_are_those_of_the_file(author: Living, server: Server, run: Command) -> None:
    """Lines and columns, types and blanks come from the file's node and from nothing that tells of it."""
    author.files[f"{PROJECT}/config/{PID}.odd.config"] = b'# c\r\n\r\nn=I"7"\nm=["\xc3\xbc", ]\r\n'
    found = json.loads(run("show", server.base, f"{PID}.odd").out)["configurations"]
    assert [(p["name"], p["type"], p["value"], p["line"]) for p in found[0]["properties"]] == [
        ("n", "Integer", 7, 3),
        ("m", "String[]", ["ü"], 4),
    ]


@pytest.mark.parametrize("pid", ["_odd.Service", "odd%20Service", "_jcr_odd", "__odd"])
def test_a_name_that_a_package_would_write_otherwise(
    pid: str, author: Living, server: Server, run: Command
) -> None:
    author.installed(f"{PROJECT}/config/{pid}.config", b'a="b"\r\n', pid)
    (one,) = json.loads(run("show", server.base, pid).out)["configurations"]
    assert one["pid"] == pid


def test_a_pid_with_what_runs_beside_it(server: Server, run: Command) -> None:
    found = json.loads(run("show", server.base, f"{PID}~1", code=exits.REFUSED).out)
    assert {one["pid"] for one in found["configurations"]} == {f"{PID}~1"}
    (instance,) = found["instances"]
    (one,) = instance["runs"]
    assert one["file"] == f"{server.base}{PROJECT}/config.author/{PID}-1.config"
    assert (one["state"], one["agrees"], one["drift"]) == ("INSTALLED", False, ["c"])
    assert one["properties"] == [
        {"name": "a=b", "type": None, "value": "x"},
        {"name": "c", "type": "String", "value": "2"},
    ]
    text = run("show", server.base, f"{PID}~1", "--format", "text", code=exits.REFUSED).out
    assert 'c = String "2"  <- not as in the file\n' in text
    assert 'a\\=b = "x"\n' in text or '"a=b" = "x"\n' in text


def test_a_factory_pid_means_its_instances(server: Server, run: Command) -> None:
    found = json.loads(run("show", server.base, "--pid", PID, code=exits.REFUSED).out)
    assert {one["pid"] for one in found["configurations"]} == {PID, f"{PID}~1"}
    assert [one["pid"] for one in found["instances"][0]["runs"]] == [PID, f"{PID}~1"]
    (singleton, _) = found["instances"][0]["runs"]
    assert (singleton["file"], singleton["drift"]) == (f"{server.base}{PROJECT}/config/{PID}", ["y"])


def test_what_the_console_made_stands_beside_its_file(server: Server, run: Command) -> None:
    """On this build the file's name means something else; it backs the instance all the same."""
    found = json.loads(run("show", server.base, f"{PROVIDER}.{U}").out)
    (one,) = found["instances"][0]["runs"]
    assert one["pid"] == f"{PROVIDER}.{U}"
    assert one["file"] == f"{server.base}{CONFIG}/{PROVIDER}.{U}.config"
    assert (one["agrees"], one["drift"]) == (True, [])


def test_an_adopted_instance_is_found_by_either_name(author: Living, run: Command) -> None:
    author.bundles[FACTORY_CONFIGURATION] = "1.4.10"
    for path in [path for path in author.files if PROVIDER in path]:
        del author.files[path]
    author.entities = [one for one in author.entities if PROVIDER not in one[0]]
    author.installed(f"{CONFIG}/{PROVIDER}-{U}.config", text_of(JWT), f"{PROVIDER}~{U}")
    with author.running() as server:
        for pid in (f"{PROVIDER}.{U}", f"{PROVIDER}~{U}"):
            found = json.loads(run("show", server.base, pid).out)
            assert [one["path"] for one in found["configurations"]] == [
                f"{server.base}{CONFIG}/{PROVIDER}-{U}.config"
            ]
            (one,) = found["instances"][0]["runs"]
            assert (one["pid"], one["file"]) == (f"{PROVIDER}.{U}", found["configurations"][0]["path"])


def test_what_runs_without_a_file(author: Living, server: Server, run: Command) -> None:
    author.runs(f"{PID}~lost", {"secret": "p8e-canary-live"}, PID)
    shown = run("show", server.base, f"{PID}~lost")
    (one,) = json.loads(shown.out)["instances"][0]["runs"]
    assert (one["file"], one["agrees"]) == (None, None)
    assert one["properties"] == [{"name": "secret", "type": "String", "value": "***", "secret": True}]
    text = run("show", server.base, f"{PID}~lost", "--format", "text").out
    assert f"{PID}~lost runs, without a file of its name\n" in text


def test_a_secret_of_a_file_is_masked_where_something_that_runs_repeats_it(
    author: Living, server: Server, run: Command
) -> None:
    author.runs(f"{PID}~1", {"copy": "p8e-canary-in-a-file"}, PID)
    found = json.loads(run("show", server.base, f"{PID}~1", code=exits.REFUSED).out)
    assert found["instances"][0]["runs"][0]["properties"][0]["value"] == "***"


def test_a_closed_console_leaves_the_files(author: Living, server: Server, run: Command) -> None:
    author.console = 403
    shown = run("show", server.base, f"{PID}~1")
    found = json.loads(shown.out)
    # Of AEM's own only the console tells.
    assert len(found["configurations"]) == 3
    assert found["instances"][0]["runs"] is None
    assert "only what the repository tells" in shown.err


def test_files_and_instances_together(server: Server, run: Command, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / f"{PID}-9.config"
    file.write_bytes(b'a="b"\n')
    found = json.loads(run("show", str(file), server.base, f"{PID}~9").out)
    assert [one["path"] for one in found["configurations"]] == [str(file)]


# --- lint --------------------------------------------------------------------------------------------------------


def test_rules_run_over_what_is_installed(author: Living, server: Server, run: Command) -> None:
    author.files[f"{PROJECT}/config/com.example.Other.config"] = b'a="x=y"\r\nb="2"\r\n'
    author.files[f"{PROJECT}/config/{PID}-1.cfg.json"] = b'{"a":"b"}'
    done = run("lint", server.base, "--format", "json", code=exits.PENDING)
    found = json.loads(done.out)
    at = {(one["rule"], one["path"].removeprefix(server.base)) for one in found["hazards"]}
    assert ("unescaped-equals", f"{PROJECT}/config/com.example.Other.config") in at
    assert any(rule == "twin" for rule, _ in at)
    # What is Adobe's nobody can mend.
    assert not [one for one in found["hazards"] if "/libs/" in one["path"]]
    text = run("lint", server.base, code=exits.PENDING).out
    assert f"{server.base}{PROJECT}/config/com.example.Other.config:1:5: error unescaped-equals" in text


def test_a_clean_instance(run: Command) -> None:
    author = Living()
    author.installed(f"{PROJECT}/config/{PID}.config", b'a="b"\r\n', PID)
    with author.running() as server:
        done = run("lint", server.base)
    assert "1 configuration" in done.err


@pytest.mark.parametrize("word", ["--fix", "--diff"])
def test_nothing_is_repaired_on_an_instance(server: Server, run: Command, word: str) -> None:
    assert "only reads" in run("lint", server.base, word, code=exits.USAGE).err
    assert server.asked == []


# --- explain -----------------------------------------------------------------------------------------------------


def test_its_own_run_modes_are_the_default(server: Server, run: Command) -> None:
    found = json.loads(run("explain", server.base, f"{PID}~1", "--format", "json").out)
    assert found["runModes"] == [["author", "crx3"]]
    (one,) = found["configurations"]
    (answer,) = one["answers"]
    assert answer["winner"] == {
        "path": f"{server.base}{PROJECT}/config.author/{PID}-1.config",
        "url": f"{PROJECT}/config.author/{PID}-1.config",
    }
    assert [loser["reason"] for loser in answer["losers"]] == ["priority", "priority", "run-modes"]
    assert {each["url"]: each.get("state") for each in one["files"]} == {
        f"{PROJECT}/config.author/{PID}-1.config": "INSTALLED",
        f"{PROJECT}/config/{PID}-1.config": "INSTALLED",
        f"/libs/aem/config/{PID}-1.config": "INSTALLED",
        f"{PROJECT}/config.publish/{PID}-1.config": None,
    }
    text = run("explain", server.base, f"{PID}~1").out
    assert f"  {server.base}{PROJECT}/config.author/{PID}-1.config (priority 201)\n" in text


def test_others_can_be_asked_for(server: Server, run: Command) -> None:
    found = json.loads(
        run("explain", server.base, f"{PID}~1", "--run-modes", "publish", "--format", "json").out
    )
    assert found["configurations"][0]["answers"][0]["winner"]["url"].startswith(f"{PROJECT}/config.publish/")


def test_without_its_run_modes_it_is_a_matrix(author: Living, server: Server, run: Command) -> None:
    author.console = 404
    found = json.loads(run("explain", server.base, f"{PID}~1", "--format", "json").out)
    assert found["runModes"] == [["author"], ["publish"]]


def test_the_installer_has_the_last_word(author: Living, server: Server, run: Command) -> None:
    """Of twins of one priority the one that came first stays."""
    for entity, resources in author.entities:
        if entity == f"{PID}~1":
            resources[0] = (resources[0][0], "INSTALL")
    done = run("explain", server.base, f"{PID}~1")
    assert f"{PID}~1: the installer has {server.base}{PROJECT}/config/{PID}-1.config installed" in done.err


def test_one_instance_at_a_time(server: Server, run: Command) -> None:
    assert "name it alone" in run("explain", server.base, "https://other.example", code=exits.USAGE).err


# --- what may go wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["show", "lint", "explain"])
def test_each_failure_keeps_its_exit_code(verb: str, author: Living, slingshift: Command) -> None:
    with author.running() as server:
        assert slingshift(verb, server.base).code in (exits.OK, exits.PENDING, exits.REFUSED)
        author.users = {"admin": "another"}
        refused = slingshift(verb, server.base, *USER)
        assert refused.code == exits.TOKEN_REFUSED
        assert "does not accept the user admin" in refused.err
    assert slingshift(verb, server.base, *USER).code == exits.UNREACHABLE
    assert slingshift(verb, "http://author.example:4502", *USER).code == exits.USAGE
    assert slingshift(verb, "https://admin:p8e-canary@author.example", *USER).code == exits.USAGE


@pytest.mark.parametrize("verb", ["show", "lint", "explain"])
def test_options_of_an_access_need_an_instance(verb: str, slingshift: Command, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.b.C.config").write_bytes(b'a="b"\n')
    done = slingshift(verb, tmp_path, *USER)
    assert done.code == exits.USAGE
    assert "no TARGET is a URL" in done.err


@pytest.mark.parametrize("verb", ["show", "lint", "explain"])
def test_a_file_that_goes_meanwhile_is_named(
    verb: str, author: Living, server: Server, slingshift: Command
) -> None:
    gone = f"{PROJECT}/config/{PID}-1.config"
    author.before_get = lambda path: Reply(404) if path == gone else None
    done = slingshift(verb, server.base, *USER)
    assert done.code == exits.CONFLICT
    assert f"{server.base}{gone}: " in done.err
