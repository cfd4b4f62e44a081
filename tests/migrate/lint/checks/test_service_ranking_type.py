"""A service ranking that is no Integer."""

from __future__ import annotations

import pytest

from migrate.lint import check

XML = (
    '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    '    jcr:primaryType="sling:OsgiConfig" {}/>\n'
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("config", 'service.ranking=I"5"\n'),
        ("config", 'service.ranking.x="5"\n'),
        ("cfg.json", '{"service.ranking:Integer": 5}'),
        ("cfg.json", '{"service.ranking:int": 5}'),
        ("cfg.json", '{"service.ranking": "$[env:RANK;type=Integer;default=5]"}'),
        ("xml", XML.format('other="{Long}5"')),
    ],
)
def test_an_integer_is_right(form: str, text: str) -> None:
    assert check.check(f"com.example.F.{form}", text.encode(), form) == []


@pytest.mark.parametrize(
    ("form", "text", "type_name", "line"),
    [
        ("config", 'a="1"\nservice.ranking="5"\n', "String", 2),
        ("config", 'service.ranking=L"5"\n', "Long", 1),
        ("config", 'service.ranking=I["5"]\n', "Integer[]", 1),
        ("cfg.json", '{\n"service.ranking": 5}', "Long", 2),
        ("cfg.json", '{"service.ranking": 5.5}', "Double", 1),
        ("xml", XML.format('service.ranking="{Long}5"'), "Long", 2),
        ("xml", XML.format('service.ranking="5"'), "String", 2),
    ],
)
def test_another_type_is_0_for_the_framework(form: str, text: str, type_name: str, line: int) -> None:
    (found,) = check.check(f"com.example.F.{form}", text.encode(), form)
    assert (found.rule, found.severity, found.line) == ("service-ranking-type", "warning", line)
    assert found.message.startswith(f"{type_name} is no type for service.ranking")
    assert {loaded["properties"][0]["type"] for loaded in found.loads.values()} == {type_name}


@pytest.mark.parametrize(
    ("form", "text", "fix"),
    [
        ("cfg.json", '{"service.ranking": 1000}', 'Write "service.ranking:Integer": 1000'),
        ("cfg.json", '{"service.ranking": "-7"}', 'Write "service.ranking:Integer": -7'),
        ("cfg.json", '{"service.ranking": 5.5}', 'Write "service.ranking:Integer": 5'),
        ("cfg.json", '{"service.ranking": 12345678901}', 'Write "service.ranking:Integer": 5'),
        ("config", 'service.ranking=L"30"\n', 'Write service.ranking=I"30"'),
        ("config", 'service.ranking=L["30"]\n', 'Write service.ranking=I"30"'),
        ("config", "service.ranking=[]\n", 'Write service.ranking=I"5"'),
        ("config", 'service.ranking="007"\n', 'Write service.ranking=I"5"'),
    ],
)
def test_the_right_form_has_the_number_that_was_written(form: str, text: str, fix: str) -> None:
    [hazard] = check.check(f"com.example.F.{form}", text.encode(), form)
    assert hazard.message.endswith(f". {fix}")
