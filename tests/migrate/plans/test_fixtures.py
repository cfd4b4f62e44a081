"""Each folder of fixtures/ is a case: before/ planned and carried out in memory is after/, shown as plan.diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.integration.settings import Settings
from migrate.plans.target_plan import TargetPlan, plan_target
from migrate.reports import diff
from migrate.targets.opening import open_target, target_of
from tests.places import FIXTURES

CASES = sorted(path.name for path in FIXTURES.iterdir() if (path / "before").is_dir())


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def carried_out(before: dict[str, bytes], plan: TargetPlan) -> dict[str, bytes]:
    after = dict(before)
    for change in plan.changes:
        after.pop(change.path, None)
    for change in plan.changes:
        if change.after is not None:
            after[change.moved_to or change.path] = change.after
    return after


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("name", CASES)
def test_before_becomes_after(name: str, settings: Settings) -> None:
    plan = plan_target(open_target(target_of(str(FIXTURES / name / "before"))), settings)
    assert carried_out(bytes_of(FIXTURES / name / "before"), plan) == bytes_of(FIXTURES / name / "after")


@pytest.mark.parametrize("name", CASES)
def test_the_diff_is_as_recorded(name: str, settings: Settings) -> None:
    plan = plan_target(open_target(target_of(str(FIXTURES / name / "before"))), settings)
    assert (
        diff.render(plan, [settings.secret] if settings.secret else []).encode()
        == (FIXTURES / name / "plan.diff").read_bytes()
    )


@pytest.mark.parametrize("name", CASES)
def test_a_second_plan_finds_nothing(name: str, settings: Settings) -> None:
    plan = plan_target(open_target(target_of(str(FIXTURES / name / "after"))), settings)
    assert plan.edits == ()


@pytest.mark.parametrize("name", CASES)
def test_refusals_are_as_recorded(name: str, settings: Settings) -> None:
    plan = plan_target(open_target(target_of(str(FIXTURES / name / "before"))), settings)
    recorded = FIXTURES / name / "refusals.txt"
    expected = recorded.read_text() if recorded.exists() else ""
    assert "".join(f"{refusal.rule} {refusal.key}\n" for refusal in plan.refusals) == expected


@pytest.mark.parametrize("name", CASES)
def test_only_files_of_the_two_factories_and_filters_change(name: str, settings: Settings) -> None:
    plan = plan_target(open_target(target_of(str(FIXTURES / name / "before"))), settings)
    for change in plan.changes:
        label = change.path.rpartition("/")[2]
        assert label.startswith("com.adobe.granite.auth.") or label in ("filter.xml", ".content.xml")
        assert "adobe-target" not in label


def test_apply_and_undo_on_disk(
    case: Callable[[str], Path],
    slingshift: Callable[..., object],
    oauth_options: list[str],
    snapshot: Callable[[Path], dict[str, tuple[bytes, int]]],
) -> None:
    root = case("digits-written-back")
    before = snapshot(root)
    applied = slingshift("apply", root, *oauth_options, "--yes")
    assert applied.code == 0, applied.err  # type: ignore[attr-defined]
    after = {name: data for name, (data, _) in snapshot(root).items()}
    assert after == bytes_of(FIXTURES / "digits-written-back" / "after")
    assert slingshift("plan", root, *oauth_options).code == 0  # type: ignore[attr-defined]
    assert slingshift("undo", "--yes").code == 0  # type: ignore[attr-defined]
    assert snapshot(root) == before
