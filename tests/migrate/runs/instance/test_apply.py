"""Runs on an instance: forward, cut off anywhere, finished, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import migrate
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.plans.target_plan import Plan
from migrate.runs import audit, listing
from migrate.runs.errors import ApplyError, Kind
from migrate.runs.instance import recording
from migrate.runs.instance.recording import Options
from migrate.runs.instance.undo import outline
from migrate.runs.records import Run
from migrate.targets.instance.access import Access
from migrate.targets.instance.errors import InstanceError, Rule
from migrate.targets.instance.session import Session
from migrate.targets.instance.versions import FACTORY_CONFIGURATION
from tests.migrate.plans.instance.test_plan import AEM65, NEW, NEW_KEY, OAUTH, S11, S12
from tests.migrate.runs.instance.living import Living, directly, files_in
from tests.migrate.targets.instance.author import CONFIG, JWT, KEY, U, console_made, text_of
from tests.migrate.targets.instance.servers import Reply, Server

PASSWORD = "p8e-canary-password"
ACCESS = Access("admin", Secret(PASSWORD))
PAIR = ((PROVIDER, JWT), (CUSTOMIZER, KEY))
DONE = {**JWT, **OAUTH}
BUILDS = [S11, AEM65, S12, NEW]


def living(version: str = AEM65) -> Living:
    author = Living()
    author.bundles[FACTORY_CONFIGURATION] = version
    return author


def with_digits(author: Living, name: str = "123456") -> Living:
    for factory, values in PAIR:
        pid = f"{factory}.{name}"
        author.installed(f"{CONFIG}/{pid}.config", text_of(values), pid)
        author.runs(pid, values)
    return author


def plan(server: Server, settings: Settings) -> Plan:
    return migrate.plan(server.base, settings, access=ACCESS)


def apply(server: Server, settings: Settings, state: Path, **options: object) -> Run:
    (run,) = migrate.apply(
        plan(server, settings),
        state=state,
        access=ACCESS,
        options=Options(**options),  # type: ignore[arg-type]
    )
    return run


def undo(state: Path) -> Run:
    return migrate.undo(state=state, access=ACCESS)


def short(name: str) -> str:
    return name.replace(PROVIDER, "P").replace(CUSTOMIZER, "C")


def names(author: Living) -> list[str]:
    return sorted(map(short, files_in(author)))


def running(author: Living) -> list[str]:
    return sorted(map(short, author.live))


def values(author: Living, pid: str) -> dict[str, object]:
    properties = author.live[pid]["properties"]
    assert isinstance(properties, dict)
    return {name: one.get("values", one.get("value")) for name, one in properties.items() if one["is_set"]}


def is_new(author: Living, name: str = U) -> None:
    """The one right end: both halves under the new name, nothing else, nothing below /var."""
    assert names(author) == [f"C-{name}.config", f"P-{name}.config"]
    assert running(author) == [f"C~{name}", f"P~{name}"]
    assert values(author, f"{PROVIDER}~{name}") == DONE
    assert values(author, f"{CUSTOMIZER}~{name}") == NEW_KEY
    assert not below_var(author)


def below_var(author: Living) -> list[str]:
    return [path for path in (*author.files, *author.nodes) if path.startswith("/var/")]


# --- forward and back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", BUILDS)
@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_console_made(version: str, restarted: bool, settings: Settings, state: Path) -> None:
    author = living(version)
    console_made(author, restarted=restarted)
    before = files_in(author)
    with author.running() as server:
        run = apply(server, settings, state)
        is_new(author)
        assert run.state == "done"
        assert not run.left
        assert not plan(server, settings).is_pending
        assert migrate.apply(plan(server, settings), state=state, access=ACCESS) == ()
        back = undo(state)
        assert back.state == "undone"
        if version == NEW:
            assert files_in(author) == before
        else:
            # Under the dotted name there would be no provider.
            assert {short(name): data for name, data in files_in(author).items()} == {
                short(name).replace(".", "-", 1): data for name, data in before.items()
            }
        assert running(author) == [f"C~{U}", f"P~{U}"]
        assert values(author, f"{PROVIDER}~{U}") == JWT
        assert values(author, f"{CUSTOMIZER}~{U}") == KEY
        assert not below_var(author)
        apply(server, settings, state)
        is_new(author)


@pytest.mark.parametrize("version", BUILDS)
def test_digits_come_back_exactly(version: str, settings: Settings, state: Path) -> None:
    author = with_digits(living(version))
    before = dict(author.files), dict(author.live)
    with author.running() as server:
        apply(server, settings, state)
        is_new(author, "123456")
        undo(state)
        assert (author.files, author.live) == before


def test_one_post_swaps_everything(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        run = apply(server, settings, state)
    swap, *rest = [(path, fields) for path, fields in author.posts if not path.startswith("/system/")]
    path, fields = swap
    assert path == CONFIG
    assert {short(name) for name, text in fields.items() if text is None} == {
        f"{CONFIG}/P-{U}.config",
        f"{CONFIG}/C-{U}.config",
    }
    moved = {short(text or ""): name for name, text in fields.items() if name.endswith("@MoveFrom")}
    assert moved.keys() == {f"{CONFIG}/P.{U}.config", f"{CONFIG}/C.{U}.config"}
    assert all(name.startswith(f"/var/slingshift/{run.id}/old/") for name in moved.values())
    # What was moved aside goes when all is done, and nothing else is touched.
    assert [path for path, _ in rest] == ["/var/slingshift"]
    deleted = [path for path, _ in author.posts if path.startswith("/system/console/configMgr/")]
    assert {short(path.rpartition("/")[2]) for path in deleted} == {f"P.{U}", f"C.{U}"}


def test_the_swap_has_time_to_reach_the_disk_before_anything_is_deleted(
    settings: Settings, state: Path, slept: list[float]
) -> None:
    author = living()
    console_made(author)
    seen: list[float] = []
    manage = author._manage

    def managed(path: str, fields: dict[str, str]) -> Reply:
        seen.append(sum(slept))
        return manage(path, fields)

    author._manage = managed  # type: ignore[method-assign]
    with author.running() as server:
        apply(server, settings, state)
    assert len(seen) == 2
    assert min(seen) >= 6


def test_nothing_secret_is_told(settings: Settings, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        run = apply(server, settings, state)
        text = repr(run) + "".join(str(path) for path in state.rglob("*")) + "".join(capsys.readouterr())
        folder = state / "runs" / run.id
        for name in ("plan.json", "instance.json", "steps", "state"):
            text += (folder / name).read_text()
        for secret in (PASSWORD, "p8e-canary-old-secret", "fixture-new-oauth-secret"):
            assert secret not in text
        everything = b"".join(path.read_bytes() for path in folder.iterdir())
        assert PASSWORD.encode() not in everything
        # The new secret is needed until the run is done, the old one to take it back.
        assert b"fixture-new-oauth-secret" not in everything
        assert b"p8e-canary-old-secret" in everything
        assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
        undo(state)
        everything = b"".join(path.read_bytes() for path in folder.iterdir())
        assert b"p8e-canary-old-secret" not in everything


def test_steps_are_written_down_before_and_after(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        run = apply(server, settings, state)
    import json

    lines = (state / "runs" / run.id / "steps").read_text().splitlines()
    steps = [(one["step"], one["phase"]) for one in map(json.loads, lines)]
    assert steps == [
        ("swap", "sent"),
        ("swap", "confirmed"),
        ("wait", "begun"),
        ("wait", "confirmed"),
        *[("delete-orphan", "sent"), ("delete-orphan", "confirmed")] * 2,
        ("clean", "sent"),
        ("clean", "confirmed"),
    ]


# --- cut off -----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a SIGKILL leaves behind, but for the locks, which the kernel takes back."""


def killing(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool) -> list[str]:
    """Let the process die at its request of a number, before it was sent or after it was answered."""
    sent: list[str] = []
    outcome = Session._outcome

    def dying(self: Session, method: str, path: str, *rest: object) -> object:
        sent.append(method)
        if len(sent) == at and not after:
            raise Killed
        answer = outcome(self, method, path, *rest)  # type: ignore[arg-type]
        if len(sent) == at:
            raise Killed
        return answer

    monkeypatch.setattr(Session, "_outcome", dying)
    return sent


def counted(author: Callable[[], Living], settings: Settings, state: Path) -> int:
    """The requests of a whole run."""
    made = author()
    with directly(made) as server:
        made_plan = plan(server, settings)
        with pytest.MonkeyPatch.context() as patch:
            sent = killing(patch, 10_000, after=False)
            migrate.apply(made_plan, state=state / "counted", access=ACCESS)
    return len(sent)


def moments(
    author: Callable[[], Living], settings: Settings, state: Path, every: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Requests, with what to do when one was the last: all that change something, and some of those that read."""
    made = author()
    with directly(made) as server:
        made_plan = plan(server, settings)
        with pytest.MonkeyPatch.context() as patch:
            sent = killing(patch, 10_000, after=False)
            migrate.apply(made_plan, state=state / "counted", access=ACCESS)
    for at, method in enumerate(sent, start=1):
        changes = "POST" in (method, sent[at - 2] if at > 1 else "")
        ways = ("resume", "undo") if changes else (("resume", "undo")[at % 2],)
        if changes or every == 1 or at % every == 0:
            yield at, ways


def made_by_console(version: str) -> Callable[[], Living]:
    return lambda: console_made(living(version))  # type: ignore[return-value]


STARTS = {
    "console, 1.3.4": (made_by_console(AEM65), U),
    "console, 1.4.10": (made_by_console(NEW), U),
    "digits, 1.3.4": (lambda: with_digits(living()), "123456"),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("after", [False, True], ids=["before it is sent", "after it is answered"])
def test_killed_at_every_request_it_can_be_finished_and_taken_back(
    start: str, after: bool, settings: Settings, tmp_path: Path
) -> None:
    make, name = STARTS[start]
    # Every single one in one state; in the others it is the changes that differ.
    for at, ways in moments(make, settings, tmp_path, 1 if start == "console, 1.3.4" and after else 4):
        for way in ways:
            author, state = make(), tmp_path / f"{at}-{way}"
            with directly(author) as server:
                made = plan(server, settings)
                with pytest.MonkeyPatch.context() as patch:
                    killing(patch, at, after=after)
                    with pytest.raises(Killed):
                        migrate.apply(made, state=state, access=ACCESS)
                # Never half of it, whatever the moment.
                assert names(author) in (
                    [f"C-{name}.config", f"P-{name}.config"],
                    [f"C.{name}.config", f"P.{name}.config"],
                )
                run = listing.interrupted(state, ())
                if run is None:
                    # Killed before the journal was there: nothing had been sent.
                    assert not author.posts
                    apply(server, settings, state)
                    is_new(author, name)
                    continue
                _settle(way, author, name, server, settings, state)


def _settle(way: str, author: Living, name: str, server: Server, settings: Settings, state: Path) -> None:
    from migrate.runs.apply import resume

    if way == "resume":
        resume(state=state, access=ACCESS)
        is_new(author, name)
        return
    undo(state)
    assert not below_var(author)
    live = {short(pid): pid for pid in author.live}
    providers = [pid for short_pid, pid in live.items() if short_pid.startswith("P")]
    assert len(providers) == 1
    assert values(author, providers[0]) == JWT
    assert len(live) == 2
    apply(server, settings, state)
    assert running(author) == [f"C~{name}", f"P~{name}"]
    assert not plan(server, settings).is_pending


@pytest.mark.parametrize("start", STARTS)
def test_an_undo_killed_at_every_request_can_be_finished(
    start: str, settings: Settings, tmp_path: Path
) -> None:
    make, _ = STARTS[start]
    at = 0
    while True:
        at += 1
        author, state = make(), tmp_path / str(at)
        with directly(author) as server:
            apply(server, settings, state)
            with pytest.MonkeyPatch.context() as patch:
                killing(patch, at, after=at % 2 == 0)
                try:
                    undo(state)
                except Killed:
                    pass
                else:
                    break
            undo(state)
            providers = [pid for pid in author.live if pid.startswith(PROVIDER)]
            assert [values(author, pid) for pid in providers] == [JWT]
            assert not below_var(author)
    assert at > 10


def at_post(number: int, do: Callable[[], Reply | None]) -> Callable[[int], Reply | None]:
    return lambda seen: do() if seen == number else None


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_swap_without_an_answer_is_decided_by_reading(
    carried_out: bool, settings: Settings, state: Path
) -> None:
    author = living()
    console_made(author)
    cut = at_post(1, lambda: Reply(0))
    if carried_out:
        author.after_post = cut
    else:
        author.before_post = cut
    with author.running() as server:
        if carried_out:
            apply(server, settings, state)
        else:
            with pytest.raises(InstanceError, match="slingshift apply --resume") as caught:
                apply(server, settings, state)
            assert caught.value.rule is Rule.CONNECTION_LOST
            _settle("resume", author, U, server, settings, state)
        is_new(author)


@pytest.mark.parametrize("status", [409, 500, 403])
def test_a_refused_swap_changes_nothing(status: int, settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    before = dict(author.files)
    author.before_post = at_post(1, lambda: Reply(status))
    with author.running() as server:
        with pytest.raises(InstanceError, match="nothing was changed") as caught:
            apply(server, settings, state)
        assert caught.value.status == status
        assert author.files == before
        assert listing.interrupted(state, ()) is None
        assert [run.state for run in listing.list_runs(state)] == ["rolled-back"]
        apply(server, settings, state)
        is_new(author)


def refused_undo(author: Living, state: Path, wanted: str) -> str:
    """Undo is refused by the instance; the run stays done, its files too, and the undo can be had again."""
    before = dict(author.files)
    with pytest.raises(InstanceError, match=wanted) as caught:
        undo(state)
    assert author.files == before
    assert [run.state for run in listing.list_runs(state)] == ["done"]
    assert "interrupted" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("status", [409, 500, 403])
def test_a_refused_undo_leaves_the_run_done(status: int, settings: Settings, state: Path) -> None:
    author = with_digits(living())
    before = files_in(author)
    with author.running() as server:
        apply(server, settings, state)
        author.before_post = lambda number: Reply(status)
        said = refused_undo(author, state, "nothing was changed")
        assert ("undo it again" in said) == (status != 403)
        assert "plan again" not in said
        author.before_post = lambda number: None
        assert undo(state).state == "undone"
    assert files_in(author) == before


def test_a_refused_login_leaves_a_run_as_it_is(settings: Settings, state: Path) -> None:
    author = with_digits(living())
    with author.running() as server:
        apply(server, settings, state)
        author.users = {"admin": "another"}
        refused_undo(author, state, "does not accept the user admin")


@pytest.mark.parametrize("status", [403, 404])
def test_nothing_is_taken_back_where_the_console_is_closed(
    status: int, settings: Settings, state: Path
) -> None:
    author = with_digits(living())
    with author.running() as server:
        apply(server, settings, state)
        posts = list(author.posts)
        author.console = status
        refused_undo(author, state, "the web console")
    assert author.posts == posts


def test_no_run_is_finished_where_the_console_is_closed(settings: Settings, state: Path) -> None:
    from migrate.runs.apply import resume

    author = living()
    console_made(author)
    before = dict(author.files)
    author.before_post = lambda number: Reply(0)
    with author.running() as server:
        with pytest.raises(InstanceError, match="`slingshift apply --resume"):
            apply(server, settings, state)
        author.before_post = lambda number: None
        author.console = 403
        with pytest.raises(InstanceError, match=r"the web console is closed.*\. Run .* was interrupted; "):
            resume(state=state, access=ACCESS)
        assert author.files == before
        author.console = 200
        resume(state=state, access=ACCESS)
    is_new(author)


def test_an_edit_in_the_moment_of_an_undo_is_put_back(settings: Settings, state: Path) -> None:
    author = with_digits(living())
    path = f"{CONFIG}/{PROVIDER}-123456.config"
    with author.running() as server:
        apply(server, settings, state)
        theirs = author.files[path] + b'edited="in between"\r\n'
        number = sum(not where.startswith("/system/") for where, _ in author.posts)
        author.before_post = at_post(number + 1, lambda: author.files.update({path: theirs}))
        with pytest.raises(ApplyError, match="See whether that edit is to stay") as caught:
            undo(state)
        assert caught.value.kind is Kind.STALE
        assert author.files[path] == theirs
        assert names(author) == ["C-123456.config", "P-123456.config"]
        assert not below_var(author)
        assert [run.state for run in listing.list_runs(state)] == ["done"]


def test_a_refusal_after_it_was_carried_out_is_seen(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    author.after_post = at_post(1, lambda: Reply(500))
    with author.running() as server:
        apply(server, settings, state)
    is_new(author)


# --- somebody else -----------------------------------------------------------------------------------------------


def edit(author: Living) -> bytes:
    path = f"{CONFIG}/{PROVIDER}.{U}.config"
    author.files[path] += b'edited="in between"\r\n'
    return author.files[path]


def test_an_edit_between_plan_and_apply_is_refused(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        made = plan(server, settings)
        edit(author)
        with pytest.raises(ApplyError, match="not what the plan saw; nothing was changed") as caught:
            migrate.apply(made, state=state, access=ACCESS)
    assert caught.value.kind is Kind.STALE
    assert not author.posts


def test_an_edit_in_the_moment_of_the_swap_is_put_back(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    edited: list[bytes] = []

    def edits() -> None:
        edited.append(edit(author))

    author.before_post = at_post(1, edits)  # type: ignore[arg-type]
    with author.running() as server, pytest.raises(ApplyError, match="put back as they left it") as caught:
        apply(server, settings, state)
    assert caught.value.kind is Kind.STALE
    assert names(author) == [f"C.{U}.config", f"P.{U}.config"]
    assert author.files[f"{CONFIG}/{PROVIDER}.{U}.config"] == edited[0]
    assert not below_var(author)
    assert [run.state for run in listing.list_runs(state)] == ["rolled-back"]


@pytest.mark.parametrize("way", ["resume", "undo"])
def test_an_edit_in_the_moment_of_the_swap_survives_a_kill(way: str, settings: Settings, state: Path) -> None:
    from migrate.runs.apply import resume

    author = living()
    console_made(author)
    author.before_post = at_post(1, lambda: edit(author) and None)  # type: ignore[func-returns-value]
    with author.running() as server:
        made = plan(server, settings)
        with pytest.MonkeyPatch.context() as patch:
            real = Session._outcome

            def dying(self: Session, method: str, path: str, *rest: object) -> object:
                answer = real(self, method, path, *rest)  # type: ignore[arg-type]
                if method == "POST":
                    raise Killed
                return answer

            patch.setattr(Session, "_outcome", dying)
            with pytest.raises(Killed):
                migrate.apply(made, state=state, access=ACCESS)
        with pytest.raises(ApplyError, match="put back as they left it"):
            resume(state=state, access=ACCESS) if way == "resume" else undo(state)
    assert b"in between" in author.files[f"{CONFIG}/{PROVIDER}.{U}.config"]
    assert names(author) == [f"C.{U}.config", f"P.{U}.config"]
    assert not below_var(author)


def test_an_edit_after_the_run_is_never_lost_by_its_undo(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        apply(server, settings, state)
        path = f"{CONFIG}/{PROVIDER}-{U}.config"
        author.files[path] += b'mine="x"\r\n'
        posts = len(author.posts)
        with pytest.raises(ApplyError, match=r"neither what run .* found nor what it leaves") as caught:
            undo(state)
        assert (
            caught.value.files == (f"/{path[1:]}", f"/{path[1:].replace('-', '.', 1)}") or caught.value.files
        )
        assert len(author.posts) == posts
        assert [run.state for run in listing.list_runs(state)] == ["done"]


def test_two_at_once_end_in_the_new_state(settings: Settings, state: Path) -> None:
    """Both are answered with 200; the second finds nothing to move away."""
    author = living()
    console_made(author)
    with author.running() as server:
        made = plan(server, settings)

        def other() -> None:
            author.before_post = lambda number: None
            migrate.apply(made, state=state / "other", access=ACCESS)

        author.before_post = at_post(1, other)  # type: ignore[arg-type]
        (run,) = migrate.apply(made, state=state, access=ACCESS)
        is_new(author)
    assert any("somebody else took" in note for note in run.notes)


def test_an_instance_that_loses_the_swap_gets_it_again(settings: Settings, state: Path) -> None:
    """SIGKILL of the instance within Oak's five seconds: dot files back, on aem65 only a bogus instance live."""
    from migrate.runs.apply import resume

    author = living()
    console_made(author)
    before = dict(author.files), list(author.entities), dict(author.live)
    with author.running() as server:
        made = plan(server, settings)
        with pytest.MonkeyPatch.context() as patch:
            killing(patch, counted(made_by_console(AEM65), settings, state) // 2, after=True)
            with pytest.raises(Killed):
                migrate.apply(made, state=state, access=ACCESS)
        author.files, author.entities, author.live = before
        for factory, old in PAIR:
            author._stop(f"{factory}.{U}")
            author.runs(f"{factory}.{U.replace('-', '~', 1)}", old, f"{factory}.{U[:8]}")
        resume(state=state, access=ACCESS)
        assert {short(pid) for pid in author.live} >= {f"P~{U}", f"C~{U}"}
        assert names(author) == [f"C-{U}.config", f"P-{U}.config"]


# --- what forbids it, and what is left ---------------------------------------------------------------------------


def test_a_paused_installer_is_not_swapped_on(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        made = plan(server, settings)
        author.content["/system/sling/installer/jcr/pauseInstallation/x"] = {}
        with pytest.raises(ApplyError, match="paused"):
            migrate.apply(made, state=state, access=ACCESS)
    assert not author.posts


def test_what_does_not_come_to_run_leaves_the_run_interrupted(settings: Settings, state: Path) -> None:
    from migrate.runs.apply import resume

    author = living()
    console_made(author)
    author.installs = False
    before = dict(author.files)
    with author.running() as server:
        with pytest.raises(
            ApplyError, match=r"after 8 s not everything runs: .*the installer has not"
        ) as caught:
            apply(server, settings, state, wait=8.0)
        assert caught.value.kind is Kind.NOT_RUNNING
        assert "apply --resume" in str(caught.value)
        assert listing.interrupted(state, ()) is not None
        with pytest.raises(ApplyError, match="was interrupted"):
            migrate.apply(Plan((made_again(server, settings),)), state=state, access=ACCESS)
        author._install(before, author.files)
        resume(state=state, access=ACCESS)
        assert {short(pid) for pid in author.live} == {f"P~{U}", f"C~{U}"}


def test_what_is_adopted_after_the_swap_is_named_with_a_way_on(
    settings: Settings, state: Path, slept: list[float]
) -> None:
    """Counted as `F~U` while `F.U` got the values: it runs, and would be gone after the next start."""
    author = living(NEW)
    console_made(author)

    def adopt(number: int) -> Reply | None:
        for factory in (PROVIDER, CUSTOMIZER) if number == 1 else ():
            one = author.live.pop(f"{factory}~{U}")
            author.live[f"{factory}.{U}"] = {**one, "pid": f"{factory}.{U}"}
        return None

    author.after_post = adopt
    with author.running() as server:
        run = apply(server, settings, state)
        assert run.state == "done"
        assert sorted(one.partition(" runs ")[0] for one in run.left) == [
            f"{CUSTOMIZER}.{U}",
            f"{PROVIDER}.{U}",
        ]
        assert all("the next start deletes it for good" in one for one in run.left)
        assert all("`slingshift apply` once more" in one for one in run.left)
        # Nobody waits a minute for what does not come, and nothing that runs is deleted.
        assert 12 <= sum(slept) < 30
        assert running(author) == [f"C.{U}", f"P.{U}"]
        assert listing.interrupted(state, ()) is None

        again = apply(server, settings, state)
        assert not again.left
        is_new(author, "adobe-ims-similaritysearch")


@pytest.mark.parametrize("wait", [1.0, 60.0])
def test_one_half_may_be_adopted_alone(
    wait: float, settings: Settings, state: Path, slept: list[float]
) -> None:
    author = living(NEW)
    console_made(author)

    def adopt(number: int) -> Reply | None:
        if number == 1:
            one = author.live.pop(f"{PROVIDER}~{U}")
            author.live[f"{PROVIDER}.{U}"] = {**one, "pid": f"{PROVIDER}.{U}"}
        return None

    author.after_post = adopt
    with author.running() as server:
        (left,) = apply(server, settings, state, wait=wait).left
    assert left.startswith(f"{PROVIDER}.{U} runs with the new values in the place of {PROVIDER}~{U}: ")
    # Whatever --wait says: what is deleted before Oak has written could be the only instance left after a crash.
    assert sum(slept) >= 6


def test_what_runs_beside_its_successor_is_none_that_was_adopted(settings: Settings, state: Path) -> None:
    author = living(NEW)
    console_made(author)

    def beside(number: int) -> Reply | None:
        if number == 1:
            pid = f"{PROVIDER}.{U}"
            author.live[pid] = {**author.live[f"{PROVIDER}~{U}"], "pid": pid}
        return None

    author.after_post = beside
    with author.running() as server:
        assert not apply(server, settings, state).left
    assert running(author) == [f"C~{U}", f"P.{U}", f"P~{U}"]


def test_a_name_with_two_endings_comes_back_with_one_of_them_in_its_pid(
    settings: Settings, state: Path, slept: list[float]
) -> None:
    """JCR installer 3.3.0 writes `F.7.config` back as `F.7.config.cfg.json`; its PID stays until the file is new."""
    author = with_digits(living(S12), "7")
    plain = f"{CONFIG}/{PROVIDER}.7.config"
    del author.files[plain]
    for number, (entity, _) in enumerate(author.entities):
        if entity.startswith(PROVIDER):
            del author.entities[number]
    author.installed(f"{plain}.cfg.json", json.dumps(JWT).encode(), f"{PROVIDER}.7")
    before = files_in(author)
    with author.running() as server:
        apply(server, settings, state)
        assert running(author) == ["C~7", "P~7"]
        slept.clear()
        assert undo(state).state == "undone"
        assert sum(slept) < 10
        assert files_in(author) == before
        assert running(author) == ["C.7", "P.7.config"]
        apply(server, settings, state)
        assert running(author) == ["C~7", "P~7"]


def test_a_twin_that_comes_back_may_be_the_one_that_counts(
    settings: Settings, state: Path, slept: list[float]
) -> None:
    """Seen on Sling 12: put back together, the `.cfg.json` is installed, which was the waiting one before."""
    author = living(S12)
    for factory, held in PAIR:
        author.installed(f"{CONFIG}/{factory}-5.config", text_of(held), f"{factory}~5")
        author.runs(f"{factory}~5", held, factory)
    twin = f"{CONFIG}/{PROVIDER}-5.cfg.json"
    author.installed(twin, json.dumps(JWT).encode(), f"{PROVIDER}~5")
    before = files_in(author)
    with author.running() as server:
        apply(server, settings._replace(pick=f"{PROVIDER}-5.config"), state)
        assert twin not in author.files
        (done,) = listing.journals(state)
        assert outline(recording.load(done))[-2] == (
            f"of several files for one PID the installer may count another than before: {CONFIG}: {PROVIDER}~5"
        )
        slept.clear()
        assert undo(state).state == "undone"
        assert sum(slept) < 10
    assert files_in(author) == before
    (resources,) = (one for entity, one in author.entities if entity == f"{PROVIDER}~5")
    assert resources[0][0] == f"jcrinstall:{twin}"
    assert values(author, f"{PROVIDER}~5")["auth.access.token.request"] == JWT["auth.access.token.request"]


def made_again(server: Server, settings: Settings):  # type: ignore[no-untyped-def]
    """A plan that has something to do, whatever there is."""
    other = console_made(living())
    with other.running() as there:
        (made,) = plan(there, settings).targets
    from migrate.targets.opening import target_of

    return made._replace(target=target_of(server.base))


def test_an_orphan_that_somebody_changed_is_left(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        made = plan(server, settings)
        author.runs(f"{PROVIDER}.{U}", {**JWT, "auth.token.provider.scope": "mine"}, PROVIDER)
        (run,) = migrate.apply(made, state=state, access=ACCESS)
    assert len(run.left) == 1
    assert "somebody changed them since" in run.left[0]
    assert f"{PROVIDER}.{U}" in author.live
    assert f"{CUSTOMIZER}.{U}" not in author.live


def test_orphans_alone_are_deleted(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        apply(server, settings, state)
        author.runs(f"{PROVIDER}.{U}", JWT, PROVIDER)
        made = plan(server, settings)
        assert made.is_pending
        assert not made.edits
        (run,) = migrate.apply(made, state=state, access=ACCESS)
        assert not run.left
        is_new(author)
        undo(state)
        is_new(author)


def test_the_cached_token_goes_when_the_client_stays(settings: Settings, state: Path) -> None:
    token = "/home/users/system/dam/dam-update-service/oauth"
    same = settings._replace(client_id=str(JWT["auth.token.provider.client.id"]))
    for keep in (True, False):
        author = living()
        console_made(author)
        author.content[token] = {"oauthid": "p8e-canary-token"}
        with author.running() as server:
            run = apply(server, same, state / str(keep), keep_token=keep)
        assert (token in author.content) is keep
        assert any("cached token" in note for note in run.notes) is not keep


@pytest.mark.parametrize("is_known", [True, False])
def test_without_var_the_old_files_are_deleted(is_known: bool, settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    author.privileges = ()
    author.searches = is_known
    author.var_is_writable = False
    with author.running() as server:
        run = apply(server, settings, state)
        is_new(author)
        assert any("/var is not writable" in note for note in run.notes)
        undo(state)
        assert values(author, f"{PROVIDER}~{U}") == JWT


def test_bundles_are_restarted_only_when_asked(settings: Settings, state: Path) -> None:
    for restart in (False, True):
        author = living()
        author.bundles |= {"com.adobe.granite.auth.oauth": "1.0", "com.adobe.granite.auth.ims": "1.0"}
        console_made(author)
        with author.running() as server:
            apply(server, settings, state / str(restart), restart=restart)
        actions = [fields["action"] for path, fields in author.posts if "/bundles/" in path]
        assert actions == (["stop", "stop", "start", "start"] if restart else [])
        assert set(author.states.values()) <= {32}


def test_with_the_console_closed_nothing_is_done_unless_asked(settings: Settings, state: Path) -> None:
    author = living()
    console_made(author)
    author.console = 403
    with author.running() as server:
        with pytest.raises(InstanceError, match="nothing was done") as caught:
            apply(server, settings, state)
        assert caught.value.refused
        assert "--repository-only" in str(caught.value)
        assert not author.posts
        run = apply(server, settings, state, repository_only=True)
        assert len(names(author)) == 2
        assert not any(path.startswith("/system/console") for path, _ in author.posts)
        assert any("in the web console" in note for note in run.notes)
        assert not below_var(author)
        undo(state)
        assert not below_var(author)


def test_a_node_is_swapped_for_a_file_and_comes_back(settings: Settings, state: Path) -> None:
    author = living()
    for factory, old in PAIR:
        author.installed_node(f"{CONFIG}/{factory}-89", old, f"{factory}~89")
        author.runs(f"{factory}~89", old, factory)
    before = {path: dict(one) for path, one in author.nodes.items()}
    with author.running() as server:
        apply(server, settings, state)
        assert names(author) == ["C-89.config", "P-89.config"]
        assert not author.nodes
        undo(state)
    assert not author.files
    assert author.nodes.keys() == before.keys()
    node = author.nodes[f"{CONFIG}/{PROVIDER}-89"]
    assert node["auth.token.provider.default.claims"] == JWT["auth.token.provider.default.claims"]


def test_a_run_that_is_given_up_leaves_nothing_below_var(settings: Settings, state: Path) -> None:
    from migrate.runs.instance.settled import forget

    author = living()
    console_made(author)
    with author.running() as server:
        made = plan(server, settings)
        with pytest.MonkeyPatch.context() as patch:
            killing(patch, counted(made_by_console(AEM65), settings, state) // 2, after=True)
            with pytest.raises(Killed):
                migrate.apply(made, state=state, access=ACCESS)
        run = listing.interrupted(state, ())
        assert run is not None
        assert below_var(author)
        forget(run.id, state, access=ACCESS)
        assert not below_var(author)
        assert listing.list_runs(state) == []


def test_planning_reads_only(settings: Settings) -> None:
    author = living()
    console_made(author)
    with author.running() as server:
        plan(server, settings)
        assert server.methods <= {"GET", "SEARCH", "PROPFIND"}


# --- the audit log -----------------------------------------------------------------------------------------------


def test_what_is_done_to_an_instance_is_written_down(
    settings: Settings, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "audit.jsonl"
    monkeypatch.setenv(audit.VARIABLE, str(log))
    author = with_digits(living())
    with author.running() as server:
        run = apply(server, settings, state)
        assert undo(state).id == run.id
        entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        assert [entry["event"] for entry in entries] == ["begun", "done", "undo-begun", "undone"]
        assert {entry["run"] for entry in entries} == {run.id}
        assert entries[0]["targets"] == [server.base]
        assert all(file["before"] or file["after"] for file in entries[0]["files"])
        audit.verify(log)
        before = files_in(author)
        log.write_bytes(b"not a log")
        with pytest.raises(ApplyError, match="Nothing was changed"):
            apply(server, settings, state)
        assert files_in(author) == before
        assert listing.interrupted(state, ()) is None
    assert PASSWORD not in log.read_text("utf-8")
