"""Plans of instances: the states that were seen on real Slings, and what is to be done in each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrate.integration.edits import Create, SetProperty
from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.integration.settings import Settings
from migrate.plans.target_plan import TargetPlan, plan_target
from migrate.targets.instance.versions import FACTORY_CONFIGURATION
from tests.conftest import CLIENT_ID, ORG_ID, SECRET
from tests.migrate.targets.instance.author import CONFIG, JWT, KEY, Author, U, console_made, text_of
from tests.migrate.targets.instance.test_reader import reading

S11, AEM65, S12, NEW = "1.2.0", "1.3.4", "1.4.2", "1.4.10"
FOLDER = CONFIG.lstrip("/")
FRESH = "adobe-ims-similaritysearch"
PAIR = ((PROVIDER, JWT), (CUSTOMIZER, KEY))
OAUTH = {
    **{name: value for name, value in JWT.items() if "keypair" not in name},
    "auth.token.provider.authorization.grants": "client_credentials",
    "auth.token.provider.orgId": ORG_ID,
    "auth.token.provider.default.claims": [f'"iss" : "{ORG_ID}"'],
    "auth.token.provider.scope": "read_pc.dma_smart_content, openid, AdobeID, additional_info.projectedProductContext",
    "auth.token.validator.type": "adobe-ims-similaritysearch",
    "auth.token.provider.client.id": CLIENT_ID,
    "auth.access.token.request": "https://ims-na1.adobelogin.com/ims/token/v3",
}
NEW_KEY = {"customizer.type": "adobe-ims-similaritysearch", "auth.ims.client.secret": SECRET}
NEW_PAIR = ((PROVIDER, OAUTH), (CUSTOMIZER, NEW_KEY))


def build(version: str = AEM65, **more: object) -> Author:
    author = Author(**more)  # type: ignore[arg-type]
    author.bundles[FACTORY_CONFIGURATION] = version
    return author


def planned(author: Author, settings: Settings, *passes: str) -> TargetPlan:
    with reading(author) as (reader, server):
        plan = plan_target(reader, settings, passes or None)
    assert server.methods <= {"GET", "SEARCH", "PROPFIND"}
    assert "p8e-canary" not in repr(plan)
    return plan


def moves(plan: TargetPlan) -> dict[str, str | None]:
    """Old names and new ones, without folder and factory."""
    assert plan.instance is not None
    return {short(part.old): short(part.new) for part in plan.instance.parts}


def short(path: str | None) -> str | None:
    if path is None:
        return None
    return path.removeprefix(f"{FOLDER}/").replace(PROVIDER, "P").replace(CUSTOMIZER, "C")


def orphans(plan: TargetPlan) -> dict[str | None, str]:
    assert plan.instance is not None
    return {short(one.running.live.pid): one.leaves for one in plan.instance.orphans}


def awaited(plan: TargetPlan) -> set[str | None]:
    assert plan.instance is not None
    return {short(one.pid) for one in plan.instance.expected}


def ids(plan: TargetPlan) -> set[str]:
    return {one.id for one in plan.findings}


# --- what the console made ----------------------------------------------------------------------------------


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize(
    ("version", "leaves"), [(S11, "ever"), (AEM65, "restart"), (S12, "restart"), (NEW, "")]
)
def test_console_made(settings: Settings, version: str, leaves: str, restarted: bool) -> None:
    plan = planned(console_made(build(version), restarted=restarted), settings)
    assert moves(plan) == {f"P.{U}.config": f"P-{U}.config", f"C.{U}.config": f"C-{U}.config"}
    assert awaited(plan) == {f"P~{U}", f"C~{U}"}
    assert orphans(plan) == ({f"P.{U}": leaves, f"C.{U}": leaves} if leaves else {})
    assert plan.instance is not None
    assert not plan.instance.renames
    assert all(not one.is_there for one in plan.instance.orphans)
    assert {one.state for one in plan.instance.parts} == {"INSTALLED"}
    # The diff is that of a folder.
    assert {change.path: change.moved_to for change in plan.changes} == {
        f"{FOLDER}/{factory}.{U}.config": f"{FOLDER}/{factory}-{U}.config" for factory, _ in PAIR
    }


def test_the_values_that_must_run(settings: Settings) -> None:
    plan = planned(console_made(build()), settings)
    assert plan.instance is not None
    provider = next(one for one in plan.instance.expected if one.factory_pid == PROVIDER)
    ((path, values),) = provider.choices
    assert path == f"{FOLDER}/{PROVIDER}-{U}.config"
    assert dict(values)["auth.token.provider.client.id"].text == CLIENT_ID
    assert dict(values)["auth.token.provider.keypair.alias"].text == "similaritysearch"
    assert provider.name == "adobe-ims-similaritysearch"


def test_edited_in_place_by_hand(settings: Settings) -> None:
    """Before 1.4.6: the file stands for a bogus factory, what runs is without one."""
    author = build()
    for (factory, old), (_, new) in zip(PAIR, NEW_PAIR, strict=True):
        bogus = f"{factory}.{U[:8]}"
        author.installed(f"{CONFIG}/{factory}.{U}.config", text_of(new), f"{bogus}~{U[9:]}")
        author.runs(f"{bogus}~{U[9:]}", new, bogus)
        author.runs(f"{factory}.{U}", old, factory)
    plan = planned(author, settings)
    assert moves(plan) == {f"P.{U}.config": f"P-{U}.config", f"C.{U}.config": f"C-{U}.config"}
    assert orphans(plan) == {f"P.{U}": "restart", f"C.{U}": "restart"}
    assert "bogus-instance" in ids(plan)


def test_edited_in_place_where_the_build_knows_it(settings: Settings) -> None:
    author = build(NEW)
    for factory, values in PAIR:
        author.installed(f"{CONFIG}/{factory}.{U}.config", text_of(values), f"{factory}~{U}")
        author.runs(f"{factory}~{U}", values, factory)
    plan = planned(author, settings)
    assert moves(plan) == {f"P.{U}.config": f"P-{U}.config", f"C.{U}.config": f"C-{U}.config"}
    assert (awaited(plan), orphans(plan)) == ({f"P~{U}", f"C~{U}"}, {})


@pytest.mark.parametrize("version", [S11, AEM65, NEW])
def test_digits(settings: Settings, version: str) -> None:
    author = build(version)
    for factory, values in PAIR:
        author.installed(f"{CONFIG}/{factory}.77.config", text_of(values), f"{factory}.77")
        author.runs(f"{factory}.77", values)
    plan = planned(author, settings)
    assert moves(plan) == {"P.77.config": "P-77.config", "C.77.config": "C-77.config"}
    assert (awaited(plan), orphans(plan)) == ({"P~77", "C~77"}, {})


# --- whose values count -------------------------------------------------------------------------------------


def ignored(version: str, name: str = U) -> Author:
    """Edited in the console where nothing writes that back: the title runs, and is not in the file."""
    author = build(version)
    for factory, values in PAIR:
        pid = f"{factory}.{name}"
        author.installed(f"{CONFIG}/{pid}.config", text_of(values), pid, "IGNORED")
        runs = {**values, "auth.token.provider.conn.timeout": 12345, "title": "of the console"}
        author.runs(pid, runs, factory if name == U else None)
    return author


def test_a_file_that_is_not_what_runs_is_refused(settings: Settings) -> None:
    plan = planned(ignored(AEM65), settings)
    assert not plan.changes
    assert [refusal.rule for refusal in plan.refusals] == ["live-differs"]
    assert "auth.token.provider.conn.timeout, title" in plan.refusals[0].message
    assert {"file-ignored"} <= ids(plan)


@pytest.mark.parametrize("version", [AEM65, NEW])
@pytest.mark.parametrize("name", [U, "77"])
def test_ignored_files_get_a_fresh_name(settings: Settings, version: str, name: str) -> None:
    plan = planned(ignored(version, name), settings._replace(values="file"))
    assert moves(plan) == {f"P.{name}.config": f"P-{FRESH}.config", f"C.{name}.config": f"C-{FRESH}.config"}
    assert orphans(plan) == {f"P.{name}": "ever", f"C.{name}": "ever"}
    assert plan.instance is not None
    assert "IGNORED" in dict(plan.instance.renames)[f"{FOLDER}/{PROVIDER}-{FRESH}.config"]


def test_the_values_that_run_may_count(settings: Settings) -> None:
    plan = planned(ignored(AEM65), settings._replace(values="live"))
    change = next(one for one in plan.changes if PROVIDER in one.path)
    assert change.after is not None
    assert change.before == text_of(JWT)
    assert b'auth.token.provider.conn.timeout=I"12345"\r\n' in change.after
    assert b'title="of\\ the\\ console"' in change.after
    assert b'auth.token.provider.client.id="' + CLIENT_ID.encode() in change.after
    assert change.old is not None
    assert change.old.source == change.before
    named = [edit.name for edit in plan.edits if isinstance(edit, SetProperty) and edit.made_by == "instance"]
    assert named.count("title") == 2


def test_what_the_migration_sets_may_differ(settings: Settings) -> None:
    author = console_made(build())
    author.runs(f"{PROVIDER}.{U}", {**JWT, "auth.token.provider.client.id": "other"}, PROVIDER)
    plan = planned(author, settings)
    assert not plan.refusals
    assert {"drift"} <= ids(plan)


def test_a_value_that_the_console_hides_does_not_differ(settings: Settings) -> None:
    author = console_made(build())
    properties = author.live[f"{CUSTOMIZER}.{U}"]["properties"]
    assert isinstance(properties, dict)
    properties["auth.ims.client.secret"] = {"is_set": True, "type": 12, "value": "unmodified"}
    assert not planned(author, settings).refusals


# --- half done, adopted, lost -------------------------------------------------------------------------------


def half_done(version: str) -> Author:
    """The dashed files were added by hand, the dotted ones are still there."""
    author = console_made(build(version))
    for factory, values in NEW_PAIR:
        author.installed(f"{CONFIG}/{factory}-{U}.config", text_of(values), f"{factory}~{U}")
        if version == NEW:
            author.runs(f"{factory}.{U}", values, factory)
        else:
            author.runs(f"{factory}~{U}", values, factory)
    return author


def test_half_done_before_it_is_adopted(settings: Settings) -> None:
    plan = planned(half_done(AEM65), settings)
    assert moves(plan) == {f"P.{U}.config": None, f"C.{U}.config": None}
    assert orphans(plan) == {f"P.{U}": "restart", f"C.{U}": "restart"}


def test_half_done_on_a_build_that_adopts(settings: Settings) -> None:
    plan = planned(half_done(NEW), settings)
    assert moves(plan) == {
        f"P.{U}.config": None,
        f"C.{U}.config": None,
        f"P-{U}.config": f"P-{FRESH}.config",
        f"C-{U}.config": f"C-{FRESH}.config",
    }
    assert (awaited(plan), orphans(plan)) == ({f"P~{FRESH}", f"C~{FRESH}"}, {})


def migrated(version: str, *, runs: str) -> Author:
    author = build(version)
    for factory, values in NEW_PAIR:
        author.installed(f"{CONFIG}/{factory}-{U}.config", text_of(values), f"{factory}~{U}")
        if runs:
            author.runs(f"{factory}{runs}{U}", values, factory)
    return author


@pytest.mark.parametrize("version", [S11, AEM65, NEW])
def test_migrated_and_done(settings: Settings, version: str) -> None:
    plan = planned(migrated(version, runs="~"), settings)
    assert (plan.edits, plan.refusals) == ((), ())
    assert plan.instance is not None
    assert plan.instance.is_empty


@pytest.mark.parametrize(
    ("runs", "reason", "found"), [(".", "next restart", "adopted"), ("", "nothing runs", "not-running")]
)
def test_adopted_or_lost_gets_a_fresh_name(settings: Settings, runs: str, reason: str, found: str) -> None:
    plan = planned(migrated(NEW, runs=runs), settings)
    assert moves(plan) == {f"P-{U}.config": f"P-{FRESH}.config", f"C-{U}.config": f"C-{FRESH}.config"}
    assert (awaited(plan), orphans(plan)) == ({f"P~{FRESH}", f"C~{FRESH}"}, {})
    assert plan.instance is not None
    assert all(reason in why for _, why in plan.instance.renames)
    assert {found} <= ids(plan)


def test_a_fresh_name_is_one_that_nothing_has(settings: Settings) -> None:
    author = migrated(NEW, runs=".")
    author.installed(f"{CONFIG}/{PROVIDER}-{FRESH}.config", b'name="other"\r\n', f"{PROVIDER}~{FRESH}")
    author.runs(f"{CUSTOMIZER}~{FRESH}-2", {"customizer.type": "other"}, CUSTOMIZER)
    assert set(moves(planned(author, settings)).values()) == {f"P-{FRESH}-3.config", f"C-{FRESH}-3.config"}


@pytest.mark.parametrize(("version", "leaves"), [(S11, "ever"), (AEM65, "restart")])
def test_orphans_that_are_there_already(settings: Settings, version: str, leaves: str) -> None:
    author = migrated(version, runs="~")
    for factory, values in PAIR:
        author.runs(f"{factory}.{U}", values, factory)
    plan = planned(author, settings)
    assert not plan.edits
    assert orphans(plan) == {f"P.{U}": leaves, f"C.{U}": leaves}
    assert plan.instance is not None
    assert all(one.is_there for one in plan.instance.orphans)
    assert {"orphan-live"} <= ids(plan)


def test_bogus_left_overs(settings: Settings) -> None:
    author = migrated(AEM65, runs="~")
    for factory, values in PAIR:
        author.runs(f"{factory}.{U[:8]}~{U[9:]}", values, f"{factory}.{U[:8]}")
    plan = planned(author, settings)
    assert orphans(plan) == {f"P.{U[:8]}~{U[9:]}": "ever", f"C.{U[:8]}~{U[9:]}": "ever"}
    assert {"bogus-live"} <= ids(plan)


# --- without files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [S11, AEM65, NEW])
def test_what_runs_without_files_gets_them(settings: Settings, version: str) -> None:
    author = build(version)
    for factory, values in PAIR:
        author.runs(f"{factory}.{U}", values, factory)
    plan = planned(author, settings)
    assert moves(plan) == {None: f"C-{FRESH}.config"} | {None: f"P-{FRESH}.config"}
    assert orphans(plan) == {f"P.{U}": "ever", f"C.{U}": "ever"}
    assert awaited(plan) == {f"P~{FRESH}", f"C~{FRESH}"}
    assert all(isinstance(edit, Create) for edit in plan.edits)
    change = next(one for one in plan.changes if PROVIDER in one.path)
    assert (change.before, change.moved_to) == (None, None)
    assert change.after is not None
    assert b'auth.token.provider.conn.timeout=I"30000"' in change.after
    assert b"exchange/jwt" not in change.after
    assert all(f"{PROVIDER}.{U}.config" not in (one.path or "") for one in plan.findings)


def test_a_file_for_the_half_that_has_none(settings: Settings) -> None:
    author = console_made(build())
    del author.files[f"{CONFIG}/{CUSTOMIZER}.{U}.config"]
    author.entities = [one for one in author.entities if CUSTOMIZER not in one[0]]
    plan = planned(author, settings)
    assert moves(plan) == {f"P.{U}.config": f"P-{U}.config", None: f"C-{FRESH}.config"}
    assert orphans(plan) == {f"P.{U}": "restart", f"C.{U}": "ever"}


def test_an_instance_without_the_integration(settings: Settings) -> None:
    author = build()
    author.runs(f"{PROVIDER}.{U}", {**JWT, "name": "other"}, PROVIDER)
    plan = planned(author, settings)
    assert [refusal.rule for refusal in plan.refusals] == ["no-provider"]


# --- twins, nodes, other forms ------------------------------------------------------------------------------


def test_twins_in_other_folders_go_with_it(settings: Settings) -> None:
    author = console_made(build())
    for factory, values in PAIR:
        other = f"/apps/proj/config.author/{factory}.{U}.config"
        author.files[other] = text_of(values)
        author.entities = [
            (entity, [*resources, (f"jcrinstall:{other}", "INSTALL")] if factory in entity else resources)
            for entity, resources in author.entities
        ]
        author.files[f"/apps/proj/config.publish/{factory}.{U}.config"] = text_of(values)
    plan = planned(author, settings)
    assert plan.instance is not None
    assert plan.instance.folders == ("apps/proj/config.author", "apps/proj/config.publish", FOLDER)
    assert len(plan.instance.parts) == 6
    provider = next(one for one in plan.instance.expected if one.factory_pid == PROVIDER)
    # Of the two that the installer may choose from; the folder of publish is not active here.
    assert sorted(path for path, _ in provider.choices) == [
        f"apps/proj/config.author/{PROVIDER}-{U}.config",
        f"{FOLDER}/{PROVIDER}-{U}.config",
    ]


def test_twins_are_swapped_in_all_folders_or_in_none(settings: Settings) -> None:
    author = console_made(build())
    author.files[f"/apps/proj/config.author/{PROVIDER}.{U}.config"] = text_of(JWT)
    plan = planned(author, settings)
    assert {refusal.rule for refusal in plan.refusals} == {"no-customizer", "twin-refused"}
    assert not plan.changes


def test_a_node_is_replaced_by_a_file(settings: Settings) -> None:
    author = build()
    for factory, values in PAIR:
        plain = {name: value for name, value in values.items() if not isinstance(value, int)}
        author.installed_node(f"{CONFIG}/{factory}.77", plain, f"{factory}.77")
        author.runs(f"{factory}.77", plain)
    plan = planned(author, settings)
    assert moves(plan) == {"P.77": "P-77.config", "C.77": "C-77.config"}
    assert plan.instance is not None
    assert all(part.is_node and part.takes_away for part in plan.instance.parts)


def test_a_doubled_ending_goes(settings: Settings) -> None:
    author = build(NEW)
    for factory, values in PAIR:
        import json

        plain = {name: value for name, value in values.items() if not isinstance(value, int)}
        path = f"{CONFIG}/{factory}.77.config.cfg.json"
        author.installed(path, json.dumps(plain).encode(), f"{factory}.77")
        author.runs(f"{factory}.77", plain)
    plan = planned(author, settings)
    assert moves(plan) == {"P.77.config.cfg.json": "P-77.cfg.json", "C.77.config.cfg.json": "C-77.cfg.json"}


def test_a_doubled_ending_of_a_hyphened_name_becomes_a_part_of_it(settings: Settings) -> None:
    """As a real Sling 12 did: untouched the file stands for F~1, edited for F~1.config."""
    author = build("1.4.2")
    for factory, values in PAIR:
        import json

        plain = {name: value for name, value in values.items() if not isinstance(value, int)}
        path = f"{CONFIG}/{factory}-1.config.cfg.json"
        author.installed(path, json.dumps(plain).encode(), f"{factory}~1")
        author.runs(f"{factory}~1", plain, factory)
    assert awaited(planned(author, settings)) == {"P~1.config", "C~1.config"}

    # And once it is migrated, there is nothing to do.
    author = build("1.4.2")
    for factory, values in NEW_PAIR:
        author.installed(
            f"{CONFIG}/{factory}-1.config.cfg.json", json.dumps(values).encode(), f"{factory}~1.config"
        )
        author.runs(f"{factory}~1.config", values, factory)
    assert moves(planned(author, settings)) == {}


def test_other_integrations_stay(settings: Settings) -> None:
    author = console_made(build())
    other = {**JWT, "name": "adobe-ims-launch", "token.request.customizer.type": "launch"}
    for factory, values in ((PROVIDER, other), (CUSTOMIZER, {**KEY, "customizer.type": "launch"})):
        author.installed(f"{CONFIG}/{factory}-9.config", text_of(values), f"{factory}~9")
        author.runs(f"{factory}~9", values, factory)
        author.runs(f"{factory}.old", values, factory)
    plan = planned(author, settings)
    assert set(moves(plan)) == {f"P.{U}.config", f"C.{U}.config"}
    assert set(orphans(plan)) == {f"P.{U}", f"C.{U}"}


def test_a_dotted_file_is_not_edited_under_its_name(settings: Settings) -> None:
    plan = planned(console_made(build()), settings, "provider_oauth", "customizer_secret")
    assert {refusal.rule for refusal in plan.refusals} == {"dotted-in-place"}
    assert not plan.changes


# --- what is left for others --------------------------------------------------------------------------------


def test_the_cached_token(settings: Settings) -> None:
    author = console_made(build())
    author.content["/home/users/system/dam/dam-update-service/oauth"] = {"oauthid-x": "{secret}"}
    assert planned(author, settings).instance.token is None  # type: ignore[union-attr]
    kept = settings._replace(client_id=str(JWT["auth.token.provider.client.id"]))
    plan = planned(author, kept)
    assert plan.instance is not None
    assert plan.instance.token == "/home/users/system/dam/dam-update-service/oauth"
    assert any("remove the cached token" in line for line in plan.instance.lines())


def test_the_cloud_service(settings: Settings) -> None:
    author = console_made(build())
    author.content["/etc/cloudservices/smarttagging/one/jcr:content"] = {
        "apiKey": "old",
        "clientSecret": "{x}",
    }
    author.content["/etc/cloudservices/smarttagging/two/jcr:content"] = {"apiKey": CLIENT_ID}
    plan = planned(author, settings)
    assert plan.instance is not None
    (advice,) = plan.instance.advice
    assert (advice.id, "/smarttagging/one" in advice.message) == ("cloud-service-old", True)


def test_a_closed_console(settings: Settings) -> None:
    plan = planned(console_made(build(console=403)), settings)
    assert moves(plan) == {f"P.{U}.config": f"P-{FRESH}.config", f"C.{U}.config": f"C-{FRESH}.config"}
    assert plan.instance is not None
    assert "security provider" in (plan.instance.closed or "")
    assert [one.id for one in plan.instance.advice] == ["console-steps"]
    assert {"console-closed"} <= ids(plan)


def test_a_paused_installer(settings: Settings) -> None:
    author = console_made(build())
    author.content["/system/sling/installer/jcr/pauseInstallation/x"] = {}
    plan = planned(author, settings)
    assert [refusal.rule for refusal in plan.refusals] == ["installer-paused"]
    assert (plan.changes, plan.edits) == ((), ())


def test_missing_rights(settings: Settings) -> None:
    author = console_made(build(privileges=("jcr:read",)))
    assert {"rights-missing", "rights-var"} <= ids(planned(author, settings))
    assert {"rights-unknown"} <= ids(planned(console_made(build(searches=False)), settings))


@pytest.mark.parametrize(
    ("product", "severity"), [("6.5.17.0", "info"), ("6.5.21.0", "warning"), ("6.5.9.0", "warning")]
)
def test_adobes_way_is_said(settings: Settings, product: str, severity: str) -> None:
    plan = planned(console_made(build(product=product)), settings)
    (way,) = (one for one in plan.findings if one.id == "service-pack-path")
    assert way.severity == severity


Lines = Callable[[TargetPlan], list[str]]


def test_every_step_is_a_line(settings: Settings) -> None:
    plan = planned(ignored(AEM65), settings._replace(values="file"))
    assert plan.instance is not None
    lines = [line.replace(PROVIDER, "P").replace(CUSTOMIZER, "C") for line in plan.instance.lines()]
    assert lines[0] == "swap 2 files in one request:"
    assert lines[1].startswith(
        f"  /{FOLDER}/C.{U}.config (IGNORED) becomes /{FOLDER}/C-{FRESH}.config, under another name"
    )
    assert lines[3].startswith(f"wait until C~{FRESH} runs with the new values")
    assert lines[5].startswith(
        f"delete C.{U}, the old customizer adobe-ims-similaritysearch: without a file it will run"
    )
    assert lines[6].endswith("for ever")
