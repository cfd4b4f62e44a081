"""Plans as packages: what they bring, what they cover, and what their way back can do."""

from __future__ import annotations

from pathlib import Path

import pytest

import migrate
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.plans.carriage import Carriage, carriage
from tests.migrate.plans.instance.test_plan import NEW_PAIR, PAIR, build, planned
from tests.migrate.targets.instance.author import CONFIG, U, console_made, text_of

FOLDER = "apps/system/config"


def of_files(root: Path, names: dict[str, bytes], settings: Settings, version: str | None = None) -> Carriage:
    for name, data in names.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (plan,) = migrate.plan(root, settings).targets
    return carriage(plan, version)


def pair(name: str, folder: str = FOLDER, *, new: bool = False) -> dict[str, bytes]:
    return {
        f"{folder}/{factory}{name}.config": text_of(values) for factory, values in (NEW_PAIR if new else PAIR)
    }


def roots(*names: str) -> tuple[str, ...]:
    return tuple(
        sorted(f"/{FOLDER}/{factory}{name}.config" for factory in (PROVIDER, CUSTOMIZER) for name in names)
    )


def test_digits_come_back_exactly(tmp_path: Path, settings: Settings) -> None:
    made = of_files(tmp_path, pair(".123"), settings)
    assert made.forward.roots == made.back.roots == roots(".123", "-123")
    assert made.forward.files.keys() == pair("-123").keys()
    assert made.back.files == pair(".123")
    assert not made.notes
    assert not made.refusals


@pytest.mark.parametrize(("version", "name"), [(None, "-"), ("1.3.4", "-"), ("1.4.10", ".")])
def test_what_the_console_made_comes_back_where_it_runs(
    version: str | None, name: str, tmp_path: Path, settings: Settings
) -> None:
    made = of_files(tmp_path, pair(f".{U}"), settings, version)
    assert made.back.files == {
        f"{FOLDER}/{factory}{name}{U}.config": text_of(values) for factory, values in PAIR
    }
    assert made.back.roots == roots(f".{U}", f"-{U}")
    assert len(made.notes) == (2 if name == "-" else 0)


@pytest.mark.parametrize("above", ["content/src/main/content/jcr_root/", "", "export/"])
def test_where_the_repository_begins(above: str, tmp_path: Path, settings: Settings) -> None:
    made = of_files(tmp_path / "x", pair(".1", f"{above}{FOLDER}"), settings)
    assert made.forward.roots == roots(".1", "-1")
    assert made.forward.files.keys() == pair("-1").keys()


def test_a_tilde_is_written_as_filevault_does(tmp_path: Path, settings: Settings) -> None:
    made = of_files(tmp_path, pair("%7e1"), settings)
    assert made.forward.files.keys() == pair("%7e1").keys()
    assert made.forward.roots == roots("~1")
    author = build()
    for factory, values in PAIR:
        author.installed(f"{CONFIG}/{factory}~1.config", text_of(values), f"{factory}~1")
        author.runs(f"{factory}~1", values, factory)
    live = carriage(planned(author, settings), "1.3.4")
    assert (live.forward.files.keys(), live.forward.roots) == (pair("%7e1").keys(), roots("~1"))


def test_files_of_no_repository_are_named(tmp_path: Path, settings: Settings) -> None:
    made = of_files(tmp_path, pair(".1", "somewhere"), settings)
    assert [refusal.rule for refusal in made.refusals] == ["not-packaged"] * 2
    assert not made.forward.roots


def test_an_instance(settings: Settings) -> None:
    author = build()
    console_made(author)
    before = {path[1:]: data for path, data in author.files.items()}
    made = carriage(planned(author, settings), "1.3.4")
    assert made.forward.roots == roots(f".{U}", f"-{U}")
    assert made.back.files == {path.replace(f".{U}", f"-{U}"): data for path, data in before.items()}
    assert "p8e-canary" not in repr(made.forward)


def test_what_runs_without_files_comes_back_as_files(settings: Settings) -> None:
    author = build()
    for factory, values in PAIR:
        author.runs(f"{factory}.{U}", values, factory)
    made = carriage(planned(author, settings), "1.3.4")
    assert made.forward.files.keys() == made.back.files.keys()
    assert b"p8e-canary-old-secret" in b"".join(made.back.files.values())


def test_a_node_comes_back_as_a_file(settings: Settings) -> None:
    author = build()
    for factory, values in PAIR:
        author.installed_node(f"{CONFIG}/{factory}-89", values, f"{factory}~89")
        author.runs(f"{factory}~89", values, factory)
    made = carriage(planned(author, settings), "1.3.4")
    nodes = {f"{CONFIG}/{factory}-89" for factory, _ in PAIR}
    assert set(made.forward.roots) == nodes | {f"{node}.config" for node in nodes}
    assert made.back.files.keys() == pair("-89").keys()
    assert len(made.notes) == 2
