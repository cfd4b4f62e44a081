"""What is said of how an instance is reached never repeats what may be its password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ended

CANARY = "p8e-canary-reached"
HERE = "http://127.0.0.1:9"
VERBS = ("plan", "apply", "scan", "show", "lint", "explain", "validate", "check-token")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("user", [f"admin:{CANARY}", f":{CANARY}"])
def test_a_user_with_a_colon_is_refused_and_not_repeated(
    verb: str, user: str, slingshift: Callable[..., Ended]
) -> None:
    ended = slingshift(verb, HERE, "--user", user, *["--yes"] * (verb == "apply"))
    assert ended.code == 2
    assert "the name of a user has no colon" in ended.err
    assert CANARY not in ended.out + ended.err


def test_nor_does_a_fleet_repeat_it(tmp_path: Path, slingshift: Callable[..., Ended]) -> None:
    fleet = tmp_path / "fleet.toml"
    fleet.write_text(f'[targets.a]\nurl = "{HERE}"\nuser = "admin:{CANARY}"\n')
    for arguments in (
        ["scan"], ["plan"], ["plan", "--format", "json"], ["validate"], ["lint"], ["check-token"], ["apply", "--yes"]
    ):  # fmt: skip
        ended = slingshift(*arguments, "--fleet", fleet)
        assert ended.code == 2, arguments
        assert "the name of a user has no colon" in ended.out + ended.err
        assert CANARY not in ended.out + ended.err


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("more", [[], ["--user", "admin"]])
@pytest.mark.parametrize(
    "url",
    [
        f"http://admin:{CANARY}@127.0.0.1:9",
        f"http://127.0.0.1:9/?password={CANARY}",
        f"http://127.0.0.1:9/#{CANARY}",
        f"http://a:b@127.0.0.1:9/?j_password={CANARY}",
        f"http://127.0.0.1:9/?j_password=a@{CANARY}",
        f"http://admin:a?{CANARY}@127.0.0.1:9",
    ],
)
def test_an_address_with_a_password_is_not_repeated(
    verb: str, more: list[str], url: str, slingshift: Callable[..., Ended]
) -> None:
    ended = slingshift(verb, url, *more, *["--yes"] * (verb == "apply"))
    assert ended.code in (2, 4), ended
    assert CANARY not in ended.out + ended.err


@pytest.mark.parametrize("url", [f"http://127.0.0.1:9/?password={CANARY}", f"http://a:{CANARY}@127.0.0.1:9"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_nor_is_one_of_a_list_or_a_fleet(
    url: str, form: str, tmp_path: Path, slingshift: Callable[..., Ended]
) -> None:
    fleet, names = tmp_path / "fleet.toml", tmp_path / "names"
    fleet.write_text(f'[targets.a]\nurl = "{url}"\n')
    names.write_text(f"{url}\n")
    several = [
        *([verb, "--fleet", fleet] for verb in ("scan", "plan", "validate", "lint", "check-token")),
        *([verb, "--targets-from", names] for verb in ("scan", "plan", "check-token")),
        *([verb, url, f"{url}x"] for verb in ("scan", "plan", "check-token", "lint", "show")),
        ["apply", "--yes", "--fleet", fleet],
        ["apply", "--yes", "--targets-from", names],
        ["undo", "--list", "--target", url],
        ["undo", "--yes", "--target", url],
        ["plan", url, "--report", tmp_path / "report.json"],
    ]
    for arguments in several:
        ended = slingshift(*arguments, "--format", form)
        assert ended.code in ((0,) if "--list" in arguments else (2, 4)), (arguments, ended)
        assert CANARY not in ended.out + ended.err, arguments
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in (fleet, names)]
    assert not any(CANARY in path.read_text("utf-8") or CANARY in path.name for path in written)
