"""Adding a rule is its module, its page, its test: nothing else names one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.lint import check, checks

THROW_AWAY = '''"""A rule that a test throws away."""

from grammar.hazards import Hazard
from migrate.lint.checks import Check


def _of_one(subject):
    for found in subject.document.properties:
        if found.value.text == "TODO":
            yield Hazard("", found.line, found.column, f"to do in {subject.node}", "Do it", found.name)


CHECK = Check("warning", "a value that is still to be written", of_one=_of_one)
'''


@pytest.fixture
def _left_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "left_to_do.py").write_text(THROW_AWAY)
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    _forget()
    yield
    _forget()


def _forget() -> None:
    checks.registered.cache_clear()
    checks._asked.cache_clear()


@pytest.mark.usefixtures("_left_to_do")
def test_a_module_is_a_rule() -> None:
    data = b'# slingshift: ignore left-to-do\na="TODO"\nb="TODO"\n'
    (found,) = check.check("conf/F~x.config", data, "config")
    assert (found.rule, found.line, found.column) == ("left-to-do", 3, 1)
    assert found.message == "to do in F~x.config. Do it"
    assert found.loads["1.9.26"]["properties"] == [{"name": "b", "type": "String", "value": "TODO"}]


def test_a_hazard_is_called_as_its_module() -> None:
    assert checks.registered().keys() >= {"service-ranking-type", "twin"}
    (found,) = check.check("F.config", b'service.ranking="1"\n', "config")
    assert found.rule == "service-ranking-type"
