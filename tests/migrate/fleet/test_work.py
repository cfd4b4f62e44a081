"""Many targets, each with an outcome of its own, in the order of the tasks."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.cli.processes.jobs import Jobs
from migrate.errors import MigrateError
from migrate.fleet.outcomes import CrashError, Outcome, State, Task
from migrate.fleet.work import apply_each, plan_each, scan_each, stopping
from migrate.integration.settings import Settings
from migrate.plans import target_plan
from migrate.runs.listing import list_runs
from migrate.workers import SERIAL, Workers

Copies = Callable[..., list[Path]]
Snapshot = Callable[[Path], object]


def tasks_of(settings: Settings, *targets: str | Path) -> list[Task]:
    return [Task(str(target), settings) for target in targets]


@pytest.mark.parametrize("workers", [SERIAL, Jobs(3)], ids=["one", "three"])
def test_one_that_fails_stops_no_other(
    workers: Workers, settings: Settings, copies: Copies, case: Callable[[str], Path], tmp_path: Path
) -> None:
    first, second, third = copies(3)
    broken, migrated = case("broken-file"), case("already-migrated")
    nowhere = tmp_path / "nowhere"
    tasks = tasks_of(settings, first, nowhere, second, first / "apps", broken, third, migrated)
    planned = list(plan_each(tasks, workers))
    assert [one.state.value for one in planned] == [
        "pending", "failed", "pending", "failed", "refused", "pending", "unchanged",
    ]  # fmt: skip
    assert [one.target for one in planned] == [task.target for task in tasks]
    assert "lies in" in str(planned[3].error)
    done = list(apply_each(planned, lambda one: one.name, workers))
    assert [one.state.value for one in done] == [
        "applied", "failed", "applied", "failed", "refused", "applied", "unchanged",
    ]  # fmt: skip
    assert {run.description for run in list_runs()} == {str(first), str(second), str(third)}
    assert [one.run is not None for one in done] == [one.state is State.APPLIED for one in done]
    again = list(plan_each(tasks_of(settings, first, second, third)))
    assert {one.state for one in again} == {State.UNCHANGED}


def test_what_is_around_comes_after_what_is_inside(settings: Settings, copies: Copies) -> None:
    (root,) = copies(1)
    inner, outer, same = plan_each(tasks_of(settings, root / "apps", root, f"{root}/apps/"))
    assert inner.state is State.PENDING
    assert str(outer.error) == f"{root / 'apps'} lies in {root}; name one of them"
    assert "the same as" in str(same.error)
    assert {one.state for one in scan_each(tasks_of(settings, root / "apps", root))} == {State.SCANNED}


def test_neighbours_with_like_names_do_not_overlap(settings: Settings, tmp_path: Path) -> None:
    for name in ("a", "ab", "a.b"):
        (tmp_path / name).mkdir()
    found = plan_each(tasks_of(settings, *(tmp_path / name for name in ("a", "ab", "a.b"))))
    assert {one.error for one in found} == {None}


def test_a_bug_with_one_target_is_its_own(
    settings: Settings, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = copies(2)
    real = target_plan.plan_target

    def plan(reader: object, *rest: object) -> object:
        if str(reader.target) == str(first):  # type: ignore[attr-defined]
            raise KeyError("CANARY of a file")
        return real(reader, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(target_plan, "plan_target", plan)
    broken, whole = plan_each(tasks_of(settings, first, second))
    assert whole.state is State.PENDING
    assert isinstance(broken.error, CrashError)
    assert "KeyError at test_work.py:" in str(broken.error)
    assert "CANARY" not in str(broken.error)


def test_stopping_skips_the_rest(settings: Settings, copies: Copies, tmp_path: Path) -> None:
    first, second, third = copies(3)
    tasks = tasks_of(settings, first, tmp_path / "nowhere", second, third)
    states = [one.state.value for one in stopping(plan_each(tasks), tasks)]
    assert states == ["pending", "failed", "skipped", "skipped"]
    assert [one.state.value for one in stopping(plan_each(tasks[:1]), tasks[:1])] == ["pending"]


def test_outcomes_are_data(settings: Settings, copies: Copies) -> None:
    planned = list(plan_each(tasks_of(settings, *copies(1), "nowhere")))
    again: list[Outcome] = pickle.loads(pickle.dumps(planned))
    assert [one.state for one in again] == [one.state for one in planned]
    assert again[0].plan is not None
    assert again[0].plan.edits == planned[0].plan.edits  # type: ignore[union-attr]
    assert isinstance(again[1].error, MigrateError)
    assert str(again[1].error) == str(planned[1].error)
