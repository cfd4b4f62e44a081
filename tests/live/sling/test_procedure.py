"""Adobe's steps 4 to 7 by slingshift on real Slings: forward, back, forward again, with restarts between."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from migrate.ims.sandbox import endpoint
from tests.live.sling import starts
from tests.live.sling.author import CUSTOMIZER, PROVIDER, Author
from tests.live.sling.boot.options import DEPLOYER, NEW_CONFIGURATIONS, OPERATOR, WATCHER
from tests.live.sling.migration import Hurry, Migration, Received
from tests.live.sling.pairs import JWT_FILES, NAME, Pair, files
from tests.live.sling.proxy import Fault, FaultProxy, Match

Start = Callable[[Author, Pair], None]

FOR_GOOD = 7
"""Seconds after which the repository has written what there is: a crash takes the last five."""


@dataclass(frozen=True)
class Case:
    """An integration in a state of its own; all cases stand side by side, and share the restarts.

    Attributes:
        start: brings it about.
        pair: its name, and that of its files.
        options: what a person has to say.
        kept: what the provider has to have in the end beside the new values, where AEM took it for none before.
        exactly: whether an undo brings every byte back.
        has_way_back: whether what then runs is what ran before; of what was half done nobody can say which half.
    """

    start: Start
    pair: Pair
    options: tuple[str, ...] = ()
    kept: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    exactly: bool = True
    has_way_back: bool = True

    def files(self, author: Author) -> dict[str, bytes]:
        """Those of its integration, in every folder."""
        found = {}
        for folder in (NEW_CONFIGURATIONS, f"{starts.PROJECT}/config", f"{starts.PROJECT}/config.publish"):
            there = author.files(folder) if author.has(folder) else {}
            found |= {
                f"{folder}/{name}": data for name, data in there.items() if f"{self.pair.number}." in name
            }
        return found


CASES = (
    Case(starts.digits, Pair("lab-digits", "7001")),
    Case(
        starts.edited_in_the_console,
        Pair("lab-edited", "7002"),
        kept={starts.TITLE: ("String", ["Edited"])},
    ),
    Case(starts.json_files, Pair("lab-json", "7003")),
    Case(starts.two_forms_in_the_name, Pair("lab-two-forms", "7004")),
    Case(starts.nodes, Pair("lab-nodes", "7005")),
    Case(
        starts.twins_in_several_folders,
        Pair("lab-folders", "7006"),
        ("--pick", f"{PROVIDER}-7006.config"),
    ),
    Case(
        starts.half_done,
        Pair("lab-half", "7007"),
        ("--prefer", "new", "--values", "file"),
        exactly=False,
        has_way_back=False,
    ),
)
"""What is no matter of waiting: each swap is given one second for the repository, and the pair of the console, which is
migrated beside them, the real six."""


def test_forward_back_and_forward_with_restarts(
    migrated: Migration,
    author: Author,
    proxy: FaultProxy,
    hurried: Hurry,
    tmp_path: Path,
) -> None:
    """Every form and start, beside other integrations, by somebody who is no administrator; read, forward, back and
    forward again, with restarts between, and what AEM's components got compared value by value."""
    migrated.user = OPERATOR.name
    starts.neighbours(author)
    starts.console_made(author, migrated.pair)
    there = [(case, migrated.of(case.pair, tmp_path)) for case in CASES]
    for case, one in there:
        case.start(author, one.pair)
    author.restart()
    before = {one.pair: one.runs() for one in (migrated, *(one for _, one in there))}
    files = {case.pair: case.files(author) for case in CASES}
    neighbour = migrated.of(Pair("adobe-ims-other"), tmp_path)
    others = neighbour.runs()
    assert [len(several) for several in others.values()] == [1, 0]

    reads_alone(migrated, author, proxy)
    forward(migrated, there, before, hurried)
    carrying = [one for one in proxy.requests if one.holds(endpoint.DEMO_CLIENT_SECRET)]
    assert {one.method for one in carrying} == {"POST"}
    author.restart()
    are_migrated(migrated, there, before)

    with hurried():
        for case, one in reversed(there):
            one.undo()
            if case.has_way_back:
                one.is_back(before[one.pair], alone=False)
            if case.exactly:
                assert case.files(author) == files[case.pair], case.pair.name
    migrated.undo()
    migrated.is_back(before[migrated.pair], alone=False)

    forward(migrated, there, before, hurried)
    author.restart()
    are_migrated(migrated, there, before)
    assert neighbour.runs() == others
    assert author.files()[starts.NEIGHBOUR] == starts.NEIGHBOUR_TEXT


def reads_alone(migrated: Migration, author: Author, proxy: FaultProxy) -> None:
    """What only looks sends nothing that could change anything, and nothing secret either way."""
    migrated.scan()
    migrated.plan()
    (pid,) = migrated.runs()[PROVIDER]
    told = json.loads(migrated.run("show", migrated.url, pid, *migrated.who).out)
    (run,) = told["instances"][0]["runs"]
    assert (run["pid"], run["agrees"]) == (pid, True)
    assert [one["path"] for one in told["configurations"]] == [run["file"]]
    shown = json.loads(migrated.run("show", migrated.url, "--pid", PROVIDER, *migrated.who).out)
    assert len(shown["configurations"]) > len(CASES)
    migrated.run("lint", migrated.url, "--format", "json", *migrated.who, code=(0, 1))
    explained = migrated.run("explain", migrated.url, "--format", "json", *migrated.who)
    found = {one["pid"]: one for one in json.loads(explained.out)["configurations"]}
    for entry in author.entries():
        if entry.state == "INSTALLED" and entry.entity in found and entry.path.startswith("/apps/"):
            states = {one["url"]: one.get("state") for one in found[entry.entity]["files"]}
            assert states.get(entry.path) == "INSTALLED", entry
    assert proxy.writes == []
    assert not any(request.holds(endpoint.DEMO_CLIENT_SECRET) for request in proxy.requests)


def forward(
    migrated: Migration,
    there: list[tuple[Case, Migration]],
    before: dict[Pair, dict[str, Received]],
    hurried: Hurry,
) -> None:
    """Migrate everything; each is right at once."""
    migrated.apply()
    migrated.is_migrated(before[migrated.pair], alone=False)
    with hurried():
        for case, one in there:
            one.apply("--no-validate", *case.options)
            if case.has_way_back:
                one.is_migrated(before[one.pair], alone=False)
    are_migrated(migrated, there, before)


def are_migrated(
    migrated: Migration, there: list[tuple[Case, Migration]], before: dict[Pair, dict[str, Received]]
) -> None:
    """All of them are, and nothing is left to do."""
    migrated.is_migrated(before[migrated.pair])
    migrated.plan(code=0)
    assert migrated.wrong() == []
    for case, one in there:
        one.is_migrated(before[one.pair] if case.has_way_back else {PROVIDER: {}, CUSTOMIZER: {}})
        (provider,) = one.runs()[PROVIDER].values()
        assert case.kept.items() <= provider.items(), case.pair.name
        one.plan(code=0)


@pytest.mark.cases
@pytest.mark.parametrize("start", [starts.half_done, starts.edited_in_place], ids=lambda one: one.__name__)
@pytest.mark.parametrize("author", ["aem65", "sling12n"], indirect=True)
def test_half_done_by_hand(migrated: Migration, author: Author, start: Start) -> None:
    """Whatever somebody has begun is finished, and outlives a restart, also where it was adopted."""
    start(author, Pair())
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


@pytest.mark.parametrize("author", ["sling12"], indirect=True)
def test_few_rights(migrated: Migration, author: Author) -> None:
    starts.digits(author, Pair())
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
    starts.digits(author, Pair())
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
