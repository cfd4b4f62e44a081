"""The Ansible collection, by real playbooks with ansible-core: `make collection`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.conftest import CLIENT_ID, FIXTURES, ORG_ID, SECRET, snapshot
from tests.places import ROOT

ANSIBLE = ROOT / ".venv-ansible" / "bin"
COMMAND = Path(sys.executable).with_name("slingshift")
CASE = FIXTURES / "hand-written"
CREDENTIAL = {"client_id": CLIENT_ID, "org_id": ORG_ID, "client_secret": "{{ lookup('env', 'CANARY') }}"}


class Played(NamedTuple):
    """How a playbook ended.

    Attributes:
        code: of ansible-playbook; 2 where a task failed.
        results: what the tasks registered, by number.
        shown: everything printed.
    """

    code: int
    results: list[dict[str, Any]]
    shown: str


class Host:
    """A machine with Ansible, the collection and the command.

    Args:
        place: an empty folder.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.collection = place / "ansible_collections" / "slingshift" / "slingshift"
        shutil.copytree(ROOT / "integrations" / "ansible", self.collection)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
            "PATH": f"{ANSIBLE}:{os.environ['PATH']}",
            "HOME": str(place),
            "ANSIBLE_HOME": str(place / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(place),
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_NOCOLOR": "1",
            "CANARY": SECRET,
            "LC_ALL": "C.UTF-8",
        }

    def play(self, *tasks: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> Played:
        """Run a playbook of modules; each may fail without ending it, and says what came of it."""
        steps: list[dict[str, Any]] = []
        for index, (module, parameters) in enumerate(tasks):
            given = {"executable": str(COMMAND), "state_home": str(self.place / "state"), **parameters}
            steps.append(
                {
                    "name": f"{module} {index}",
                    f"slingshift.slingshift.{module}": given,
                    "register": "result",
                    "ignore_errors": True,
                }
            )
            steps.append(
                {
                    "ansible.builtin.copy": {
                        "content": "{{ result | to_json }}",
                        "dest": f"{self.place}/result.{index}",
                    },
                    "check_mode": False,
                    "diff": False,
                    "no_log": True,
                }
            )
        book = self.place / "book.yml"
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": str(ANSIBLE / "python")},
            "tasks": steps,
        }
        book.write_text(yaml.safe_dump([play]), "utf-8")
        for old in self.place.glob("result.*"):
            old.unlink()
        done = subprocess.run(
            [ANSIBLE / "ansible-playbook", "-i", "localhost,", *options, book],
            capture_output=True,
            text=True,
            cwd=self.place,
            env=self.environment,
            timeout=250,
            check=False,
        )
        shown = done.stdout + done.stderr
        assert all((self.place / f"result.{index}").is_file() for index in range(len(tasks))), shown
        texts = [(self.place / f"result.{index}").read_text("utf-8") for index in range(len(tasks))]
        # Never the secret: in no result, no output (of -vvv, too), no file but the target and the journal.
        assert SECRET not in shown
        assert not [text for text in texts if SECRET in text]
        return Played(done.returncode, [json.loads(text) for text in texts], shown)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    assert ANSIBLE.is_dir(), "run `make collection`"
    return Host(tmp_path)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE / "before", tmp_path / "tree"))


def test_check_diff_apply_and_again(host: Host, tree: Path) -> None:
    before, after = snapshot(tree), snapshot(CASE / "after")
    migrate = ("migrate", {"targets": [str(tree)], **CREDENTIAL})

    checked = host.play(migrate, options=("--check", "--diff"))
    assert checked.code == 0, checked.shown
    assert snapshot(tree) == before
    (result,) = checked.results
    assert (result["changed"], result["exit_code"], "runs" in result) == (True, 1, False)
    assert "rename from " in checked.shown
    assert '"***" (after)' in checked.shown
    assert not (host.place / "state").exists()

    applied = host.play(migrate, migrate, options=("-vvv",))
    assert snapshot(tree) == after
    first, second = applied.results
    assert (first["changed"], first["exit_code"], len(first["runs"])) == (True, 0, 1)
    assert (second["changed"], second["exit_code"], "runs" in second) == (False, 0, False)
    assert "ok=4    changed=2" in applied.shown.replace("changed=3", "changed=2")

    taken_back = subprocess.run(
        [COMMAND, "undo", first["runs"][0], "--yes"],
        env={**host.environment, "XDG_STATE_HOME": str(host.place / "state")},
        capture_output=True,
        check=False,
    )
    assert taken_back.returncode == 0, taken_back.stderr
    assert snapshot(tree) == before


def test_what_is_refused_fails_and_the_rest_is_done(host: Host, tree: Path) -> None:
    refused = tree.parent / "refused"
    shutil.copytree(tree, refused)
    (provider,) = refused.rglob("com.adobe.granite.auth.oauth.accesstoken.provider*")
    provider.write_bytes(b'name="adobe-ims-similaritysearch"\nx="a=b"\n')
    untouched = snapshot(refused)
    targets = {"targets": [str(tree), str(refused)], **CREDENTIAL}
    played = host.play(("migrate", targets), ("migrate", {**targets, "allow_refusals": True}))
    failed, allowed = played.results
    assert (failed["failed"], failed["exit_code"], len(failed["refusals"])) == (True, 3, 1)
    assert "refused" in failed["msg"]
    assert provider.name in failed["msg"]
    assert len(failed["runs"]) == 1
    assert (allowed["changed"], allowed["exit_code"]) == (False, 3)
    assert snapshot(tree) == snapshot(CASE / "after")
    assert snapshot(refused) == untouched


def test_mistakes_are_told(host: Host, tree: Path) -> None:
    before = snapshot(tree)
    played = host.play(
        ("migrate", {"targets": [], **CREDENTIAL}),
        ("migrate", {"targets": [str(tree / "nowhere")], **CREDENTIAL}),
        ("migrate", {"targets": [str(tree)], **CREDENTIAL, "only": ["nope"]}),
        ("migrate", {"targets": [str(tree)], **CREDENTIAL, "executable": "/nowhere/slingshift"}),
        ("migrate_info", {"targets": [str(tree)]}),
    )
    *mistakes, info = played.results
    assert [one["failed"] for one in mistakes] == [True] * 4
    assert [one.get("exit_code") for one in mistakes[:3]] == [2, 4, 2]
    assert "nope" in mistakes[2]["msg"]
    assert (info["changed"], info["exit_code"], info["scan"]["version"]) == (False, 0, 1)
    assert snapshot(tree) == before


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    with subprocess.Popen(
        [COMMAND, "sandbox", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def test_a_token_is_asked_for(host: Host, sandbox: Mapping[str, str]) -> None:
    at = {"token_url": sandbox["tokenUrl"], "ca_bundle": sandbox["caBundle"]}
    played = host.play(
        ("check_token", {**at, "credentials": sandbox["credentials"]}),
        ("check_token", {**at, **CREDENTIAL}),
        ("check_token", {**at, **CREDENTIAL, "fail_on_refusal": False}),
        options=("--check",),
    )
    granted, refused, told = played.results
    assert (granted["granted"], granted["exit_code"], granted["changed"]) == (True, 0, False)
    assert (refused["failed"], refused["granted"], refused["exit_code"]) == (True, False, 5)
    assert (told["failed"], told["granted"], told["exit_code"]) == (False, False, 5)


def test_the_collection_can_be_built_and_installed(host: Host) -> None:
    built = host.place / "slingshift-slingshift-0.1.0.tar.gz"
    for command in (
        ["ansible-galaxy", "collection", "build", "--output-path", host.place, host.collection],
        ["ansible-galaxy", "collection", "install", "--offline", "-p", host.place / "there", built],
        ["ansible-doc", "--json", "-t", "module", "slingshift.slingshift.migrate"],
    ):
        done = subprocess.run(
            [ANSIBLE / command[0], *command[1:]],
            env={**host.environment, "ANSIBLE_COLLECTIONS_PATH": str(host.place / "there")},
            cwd=host.place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    (documented,) = json.loads(done.stdout).values()
    assert documented["examples"].count("slingshift.slingshift.migrate:") == 2


SPECIFICATION = """
import importlib, json, sys
from ansible.module_utils import basic
def caught(**given):
    print(json.dumps(given["argument_spec"]))
    sys.exit()
basic.AnsibleModule = caught
importlib.import_module("ansible_collections.slingshift.slingshift.plugins.modules." + sys.argv[1]).main()
"""


@pytest.mark.parametrize("module", ["migrate", "migrate_info", "check_token"])
def test_what_is_documented_is_what_is_taken(host: Host, module: str) -> None:
    """As validate-modules of ansible-test asks, whose packages it would have to download."""

    def asked(*command: str | Path) -> Any:
        done = subprocess.run(
            command, env={**host.environment, "PYTHONPATH": str(host.place)}, capture_output=True, check=True
        )
        return json.loads(done.stdout)

    taken = asked(ANSIBLE / "python", "-c", SPECIFICATION, module)
    name = f"slingshift.slingshift.{module}"
    documented = asked(ANSIBLE / "ansible-doc", "--json", "-t", "module", name)[name]["doc"]
    assert documented["options"].keys() == taken.keys()
    for option, said in documented["options"].items():
        for key in ("type", "elements", "choices", "default", "required"):
            assert (said.get(key) or None) == (taken[option].get(key) or None), (option, key)
    secrets = {option for option, spec in taken.items() if spec.get("no_log")}
    assert secrets == ({"client_secret"} if "client_secret" in taken else set())


SANITY = """
    action-plugin-docs compile empty-init ignores line-endings no-assert no-get-exception no-illegal-filenames
    no-smart-quotes replace-urlopen shebang symlinks use-argspec-type-path use-compat-six
"""


def test_the_sanity_tests_that_need_no_download(host: Host) -> None:
    """The others fetch pip from a server of Ansible's."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    done = subprocess.run(
        [ANSIBLE / "ansible-test", "sanity", "--python", python, "--color", "no"]
        + [part for name in SANITY.split() for part in ("--test", name)],
        env=host.environment,
        cwd=host.collection,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Running sanity test") + done.stderr.count("Running sanity test") == len(
        SANITY.split()
    )


def test_its_version_is_the_commands() -> None:
    from migrate import __version__

    galaxy = yaml.safe_load((ROOT / "integrations" / "ansible" / "galaxy.yml").read_text("utf-8"))
    assert galaxy["version"] == __version__
