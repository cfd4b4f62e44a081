"""The fleet file: what it may say, and what it may not."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.fleet.errors import FleetError
from migrate.fleet.file import KEYS, load
from tests.places import ROOT

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "docs" / "schema" / "fleet.schema.json").read_text("utf-8"))
)
WHOLE = """
waves = ["canary", "rest"]

[defaults]
client-id = "id"
client-secret-env = "SECRET"
user = "admin"
password-command = "pass aem"
profile = "profiles/launch.toml"

[targets.prod-author]
url = "https://author:4502"
tags = ["prod"]
run-modes = ["author", "prod"]
wave = "rest"

[targets.site]
path = "sites/one"
client-secret-command = "vault read scs"
pick = "F.1.config"
wave = "canary"

[targets.pack]
package = "/abs/p.zip"
skip = ["delete_stale"]
secret-index = 2
"""


def written(tmp_path: Path, text: str, name: str = "fleet.toml") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def test_a_whole_one(tmp_path: Path) -> None:
    fleet = load(written(tmp_path, WHOLE))
    author, site, pack = fleet.members
    assert (author.name, author.target, author.tags, author.run_modes) == (
        "prod-author", "https://author:4502", ("prod",), ("author", "prod"),
    )  # fmt: skip
    assert author.access == {"user": "admin", "password_command": "pass aem"}
    assert author.request["profile"] == tmp_path / "profiles/launch.toml"
    assert site.target == str(tmp_path / "sites/one")
    assert site.access == {}
    assert site.request == {
        "client_id": "id",
        "client_secret_command": "vault read scs",
        "profile": tmp_path / "profiles/launch.toml",
        "pick": "F.1.config",
    }
    assert (pack.target, pack.skip, pack.request["secret_index"]) == ("/abs/p.zip", ("delete_stale",), 2)
    assert [wave for wave, _ in fleet.in_waves()] == ["canary", "rest", None]
    SCHEMA.validate(tomllib.loads(WHOLE))


@pytest.mark.parametrize(
    ("limits", "waves", "names"),
    [
        ([], [], ["prod-author", "site", "pack"]),
        (["p*"], [], ["prod-author", "pack"]),
        (["site,pack"], [], ["site", "pack"]),
        (["tag:prod"], [], ["prod-author"]),
        (["site", "tag:pro*"], [], ["prod-author", "site"]),
        ([], ["canary"], ["site"]),
        (["p*"], ["canary", "rest"], ["prod-author"]),
    ],
)
def test_some_of_it(limits: list[str], waves: list[str], names: list[str], tmp_path: Path) -> None:
    fleet = load(written(tmp_path, WHOLE)).limited(limits, waves)
    assert [one.name for one in fleet.members] == names


@pytest.mark.parametrize(("limits", "waves"), [(["x*"], []), ([], ["none"]), (["site"], ["rest"])])
def test_none_of_it(limits: list[str], waves: list[str], tmp_path: Path) -> None:
    with pytest.raises(
        FleetError,
        match=r"no wave 'none'; there are: canary, rest|no target is left|fits no target; there are: prod",
    ):
        load(written(tmp_path, WHOLE)).limited(limits, waves)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("site,packs", "--limit 'packs' fits no target; did you mean 'pack'?"),
        ("tag:prud", "--limit 'tag:prud' fits no target; did you mean 'tag:prod'?"),
        ("tag:x", "--limit 'tag:x' fits no target; there are: tag:prod"),
        ("site,PACK", "--limit 'PACK' fits no target; there are: prod-author, site, pack"),
    ],
)
def test_a_part_of_a_limit_that_fits_nothing_is_a_mistake(limit: str, words: str, tmp_path: Path) -> None:
    """A target that is mistyped must not be left out in silence."""
    with pytest.raises(FleetError) as raised:
        load(written(tmp_path, WHOLE)).limited([limit])
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[targets.a]\npath = "x"\nclient-ID = "x"', 'unknown key "client-ID"; did you mean "client-id"?'),
        ('[targets.a]\npath = "x"\nclient_id = "x"', 'did you mean "client-id"?'),
        ("", "there are no targets"),
        ("targets = 3", "there are no targets"),
        ("[targets]", "there are no targets"),
        ("x = 1", 'unknown key "x"'),
        ("= 1", "not TOML"),
        ("[targets.a]", "needs one of url, path, package; it has none"),
        ('[targets.a]\npath = "x"\nurl = "https://h"', "it has url, path"),
        ('[targets.a]\nurl = "h:4502"', "url is the address of an instance"),
        ('[targets.a]\npath = ""', "a text that is not empty"),
        ('[targets.a]\npath = "x"\ncolour = "red"', 'unknown key "colour"'),
        ('[targets.a]\npath = "x"\nclient_id = "red"', 'unknown key "client_id"'),
        ('[targets.a]\npath = "x"\nclient-secret = "CANARY"', '"client-secret-env"'),
        ('[targets.a]\npath = "x"\npassword = "CANARY"', '"password-env"'),
        ('[targets.a]\npath = "x"\ntags = "prod"', "must be a list of texts"),
        ('[targets.a]\npath = "x"\nsecret-index = "2"', "must be a whole number from 1"),
        ('[targets.a]\npath = "x"\nsecret-index = true', "must be a whole number from 1"),
        ('[targets.a]\npath = "x"\nsecret-index = 0', "must be a whole number from 1"),
        ('[targets.a]\nurl = "https://h"\ntimeout = 0', "a number of seconds from 0.1 to 3600"),
        ('[targets.a]\nurl = "https://h"\ntimeout = nan', "a number of seconds from 0.1 to 3600"),
        ('[targets."a,b"]\npath = "x"', "no name for a target"),
        ('[targets.a]\nurl = "https://u:CANARY@h"', "https://***@h holds a user name or a password"),
        ('[targets.a]\npath = "x"\nno-ignore = 1', "must be true or false"),
        ('[targets.a]\npath = "x"\nprefer = "newest"', "is one of old, new"),
        ('[targets.a]\npath = "x"\nwave = "one"', "is not among waves"),
        ('[targets." "]\npath = "x"', "no name for a target"),
        ('[targets."tag:x"]\npath = "x"', "no name for a target"),
        ('[defaults]\npath = "x"\n[targets.a]\npath = "x"', "not for [defaults]"),
        ('defaults = 3\n[targets.a]\npath = "x"', "defaults must be a table"),
        ("[targets]\na = 3", "targets.a must be a table"),
        ('waves = "x"\n[targets.a]\npath = "x"', "waves must be a list of texts"),
    ],
)
def test_what_it_may_not_say(text: str, words: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FleetError) as raised:
        load(path)
    assert words in str(raised.value)
    assert str(raised.value).startswith(f"{path}")
    assert "CANARY" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a" * 5_000_000], ids=["not-utf-8", "too-large"])
def test_what_is_no_fleet_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_bytes(data)
    for path in (tmp_path / "f.toml", tmp_path / "none.toml", tmp_path):
        with pytest.raises(FleetError):
            load(str(path))


def test_the_choices_are_those_of_the_options() -> None:
    from migrate.cli.arguments import choices
    from migrate.fleet import file

    assert {key: set(values) for key, values in file._CHOICES.items()} == {
        "prefer": set(choices.Prefer),
        "values": set(choices.Values),
        "platform": set(choices.Platform),
    }


def test_the_schema_has_every_key() -> None:
    targets = SCHEMA.schema["properties"]["targets"]["additionalProperties"]["properties"]
    assert set(targets) == set(KEYS)
    assert set(SCHEMA.schema["properties"]["defaults"]["properties"]) == set(KEYS) - {
        "url", "path", "package", "wave",
    }  # fmt: skip


VALUES = st.one_of(
    st.booleans(),
    st.integers(0, 9),
    st.sampled_from(["x", "old", "file", "https://h", ""]),
    st.lists(st.just("t"), max_size=2),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*KEYS, "other"]), VALUES, max_size=4))
def test_the_schema_and_the_code_say_the_same(table: dict[str, object]) -> None:
    from migrate.fleet.file import _member

    whole = {"waves": ["x"], "targets": {"a": table}}
    try:
        _member("f", "", "a", {}, table, ["x"])
        ours = True
    except FleetError:
        ours = False
    theirs = SCHEMA.is_valid(whole)
    assert theirs or not ours
    if theirs and not ours:
        # A schema cannot compare a wave with the list of waves.
        assert table.get("wave", "x") != "x"


NAMES = st.one_of(
    st.sampled_from(["a", "prod-author", "a b", "tag:x", "x,y", " ", "a.b", "a[1]", "ü"]),
    st.text("ab:, \t\x01", min_size=1, max_size=4),
)


def toml(value: object) -> str:
    """A value as TOML, which for these is as JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def table_of(head: str, table: dict[str, object]) -> str:
    return f"[{head}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["one", "two", " "]), max_size=2),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2),
    st.dictionaries(NAMES, st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3), max_size=2),
    st.booleans(),
)
def test_they_say_the_same_of_a_whole_file(
    waves: list[str], defaults: dict[str, object], targets: dict[str, dict[str, object]], is_odd: bool
) -> None:
    """As a file is read, and as an editor that knows the schema reads it."""
    from migrate.fleet.file import _of_toml

    for table in targets.values():
        table.setdefault("path", "x") if "url" not in table and "package" not in table else None
    text = f"waves = {toml(waves)}\n" + ("other = 1\n" if is_odd else "")
    text += table_of("defaults", defaults)
    text += "".join(table_of(f"targets.{toml(name)}", table) for name, table in targets.items())
    told = tomllib.loads(text)
    try:
        _of_toml(text, "fleet.toml")
        ours = True
    except FleetError:
        ours = False
    theirs = SCHEMA.is_valid(told)
    assert theirs or not ours, text
    if theirs and not ours:
        # A schema cannot compare a wave with the list of waves.
        assert any(table.get("wave") not in (None, *waves) for table in targets.values()), text


AEM = """
instance:
  config:
    local_author:
      active: [[.Env.AEM_AUTHOR_ACTIVE | default true ]]
      http_url: [[.Env.AEM_AUTHOR_HTTP_URL | default "http://127.0.0.1:4502" ]]
      user: [[.Env.AEM_AUTHOR_USER | default "admin" ]]
      password: [[.Env.AEM_AUTHOR_PASSWORD | default "admin" ]]
      run_modes: [ local, nosamplecontent ]
      jvm_opts:
        - -Djava.io.tmpdir=[[canonicalPath .Path "aem/home/tmp"]]
    local_publish:
      active: false
      http_url: http://127.0.0.1:4503
    stage:
      http_url: https://stage:4502
      user: admin
      password: CANARY-in-clear
java:
  home_dir: "[[.Env.JAVA_HOME]]"
"""


def test_an_aem_yml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEM_AUTHOR_USER", 'od"d\\: name')
    fleet = load(written(tmp_path, AEM, "aem.yml"))
    author, stage = fleet.members
    assert (author.name, author.target, author.run_modes) == (
        "local_author", "http://127.0.0.1:4502", ("local", "nosamplecontent"),
    )  # fmt: skip
    assert author.access == {"user": 'od"d\\: name', "password_env": "AEM_AUTHOR_PASSWORD"}
    assert stage.access == {"user": "admin"}
    (remark,) = fleet.remarks
    assert (
        "the password of stage is no variable alone, so it stands in clear text there and is not used"
        in remark
    )
    assert "CANARY" not in repr(fleet)
    assert [one.name for one in fleet.limited(["tag:author"]).members] == ["local_author"]


FILTERED = """
instance:
  filter: {FILTER}
  config:
    local_author: { http_url: "http://127.0.0.1:4502" }
    local_publish: { http_url: "http://127.0.0.1:4503", active: "0" }
    remote_author_dev: { http_url: "https://dev:4502" }
    remote_author_prod: { http_url: "https://prod:4502" }
    remote_publish_prod1: { http_url: "https://prod:4503" }
"""


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("{}", ["local_author", "remote_author_dev", "remote_author_prod", "remote_publish_prod1"]),
        ("{authors: true}", ["local_author", "remote_author_dev", "remote_author_prod"]),
        ("{publishes: true, locals: false}", ["remote_publish_prod1"]),
        ("{locals: true}", ["local_author"]),
        ("{authors: true, remotes: true, classifier-prefix: prod}", ["remote_author_prod"]),
        ("{id: [remote_author_dev, local_publish], authors: false}", ["remote_author_dev"]),
        ("{id: remote_author_dev}", ["remote_author_dev"]),
        (
            '{id: "", author: false}',
            ["local_author", "remote_author_dev", "remote_author_prod", "remote_publish_prod1"],
        ),
    ],
)
def test_the_filter_of_an_aem_yml(wanted: str, names: list[str], tmp_path: Path) -> None:
    fleet = load(written(tmp_path, FILTERED.replace("{FILTER}", wanted), "aem.yml"))
    assert [one.name for one in fleet.members] == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a: {http_url: [[.Path]]}",
            "instance.config.a.http_url: [[.Path]] is no template that is understood",
        ),
        (
            'a: {http_url: "https://h", user: "[[ env \'X\' ]]"}',
            "instance.config.a.user: [[env 'X']] is no template",
        ),
        ("a: {http_url: ''}", "instance.config.a.http_url: it has to be the address"),
        ("a: {user: admin}", "instance.config.a.http_url: it has to be the address"),
        ("a: {http_url: 'https://h', active: off}", "no active instance below instance.config"),
    ],
)
def test_what_of_an_aem_yml_is_not_taken_for_nothing(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(FleetError) as raised:
        load(written(tmp_path, f"instance:\n  config:\n    {text}\n", "aem.yml"))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("key", ["adhoc_url: [https://h]", "config_url: https://h"])
def test_other_ways_of_an_aem_yml_to_name_instances(key: str, tmp_path: Path) -> None:
    text = f"instance:\n  {key}\n  config: {{a: {{http_url: 'https://h'}}}}\n"
    with pytest.raises(FleetError, match=key.partition(":")[0]):
        load(written(tmp_path, text, "aem.yml"))


@pytest.mark.parametrize(
    ("password", "variable"),
    [
        ("[[.Env.AEM_PW]]", "AEM_PW"),
        ("'[[ .Env.AEM_PW | default \"admin\" ]]'", "AEM_PW"),
        ('"{{.Env.AEM_PW}}"', "AEM_PW"),
        ("x[[.Env.AEM_PW]]", None),
        ("[[.Path]]", None),
    ],
)
def test_the_password_of_an_aem_yml_is_a_variable(
    password: str, variable: str | None, tmp_path: Path
) -> None:
    text = f"instance:\n  config:\n    a:\n      http_url: https://h\n      user: u\n      password: {password}\n"
    fleet = load(written(tmp_path, text, "aem.yml"))
    assert fleet.members[0].access.get("password_env") == variable
    assert bool(fleet.remarks) == (variable is None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "instance:",
        "instance: {config: 3}",
        "instance: [",
        "a: &a [*a]",
        "!!python/object/apply:os.getcwd []",
        "- x",
    ],
)
def test_what_is_no_aem_yml(text: str, tmp_path: Path) -> None:
    with pytest.raises(FleetError):
        load(written(tmp_path, text, "aem.yaml"))
