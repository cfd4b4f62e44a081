"""Prepared states of an instance, one thing wrong in each: that thing is named, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration.profile import CUSTOMIZER, PROVIDER, SMART_TAGS
from migrate.integration.secret import Secret
from migrate.integration.settings import Settings
from migrate.plans.validation.checks import POINTS, Check, Verdict
from migrate.plans.validation.seen import Seen, Token
from migrate.plans.validation.verdict import judge
from migrate.targets.instance.aem.assets import Asset
from migrate.targets.instance.aem.jmx import Answer, Row
from migrate.targets.instance.aem.workflows import Instance, Model
from tests.migrate.plans.validation.instances import (
    CLIENT_ID,
    CONFIG,
    FILES,
    JWT,
    KEY,
    MODEL,
    NAME,
    OAUTH,
    ORG_ID,
    PAGE,
    RUNS,
    SECRET,
    File,
    U,
    Values,
    images,
    live,
    right,
    standing,
    steps,
)

NOW = datetime(2026, 11, 27, tzinfo=UTC)
GIVEN = Settings(client_id=CLIENT_ID, org_id=ORG_ID, secret=Secret(SECRET))
PROVIDER_FILE, KEY_FILE = FILES
PROVIDER_RUNS, KEY_RUNS = RUNS
OLD = live(f"{PROVIDER}.{U}", JWT, PROVIDER)


def judged(seen: Seen, settings: Settings = GIVEN) -> tuple[Check, ...]:
    checks = judge(seen, settings, NOW)
    assert SECRET not in repr(checks)
    return checks


def bad(seen: Seen, settings: Settings = GIVEN) -> list[str]:
    """The ids of what is wrong or unclear, without the second of two of a kind."""
    return list(dict.fromkeys(check.id for check in judged(seen, settings) if not check.is_right))


def notes(seen: Seen) -> list[str]:
    return [check.id for check in judged(seen) if check.verdict is Verdict.NOTE]


def with_provider(**changes: Value | None) -> Seen:
    """What runs, and its file, with other values of the provider, by the ends of their names."""
    values: Values = dict(OAUTH)
    for end, value in changes.items():
        name = next(name for name in (*OAUTH, p.RELAXED_SSL) if name.replace(".", "_").endswith(end))
        if value is None:
            del values[name]
        else:
            values[name] = value
    files = (PROVIDER_FILE._replace(values=values), KEY_FILE)
    return right()._replace(standing=standing(files, (live(PROVIDER_RUNS.pid, values, PROVIDER), KEY_RUNS)))


def runs(*several: object, files: tuple[File, ...] = FILES, version: str = "1.3.4") -> Seen:
    return right()._replace(standing=standing(files, several, version))  # type: ignore[arg-type]


def test_where_everything_is_right() -> None:
    checks = judged(right())
    assert bad(right()) == []
    assert {check.point for check in checks} == set(POINTS)
    rights = {check.point for check in checks if check.verdict is Verdict.RIGHT}
    assert rights == set(POINTS) - {"versions", "key-store"}
    assert [check.point for check in checks] == sorted((check.point for check in checks), key=POINTS.index)


def test_what_is_not_given_only_has_to_be_there() -> None:
    assert bad(right(), Settings()) == []


WRONG: dict[str, tuple[Callable[[], Seen], list[str]]] = {
    # What runs
    "nothing runs": (lambda: runs(files=()), ["provider-missing"]),
    "no customizer": (
        lambda: runs(PROVIDER_RUNS, files=(PROVIDER_FILE,)),
        ["customizer-missing"],
    ),
    "an orphan": (lambda: runs(*RUNS, OLD), ["provider-several", "orphan-live"]),
    "an orphan of the customizer": (
        lambda: runs(*RUNS, live(f"{CUSTOMIZER}.{U}", KEY, CUSTOMIZER)),
        ["customizer-several", "orphan-live"],
    ),
    "a bogus factory": (
        lambda: runs(*RUNS, live(f"{PROVIDER}.1a2b3c4d~5e6f", OAUTH, f"{PROVIDER}.1a2b3c4d")),
        ["bogus-live"],
    ),
    "adopted": (
        lambda: runs(live(f"{PROVIDER}.{U}", OAUTH, PROVIDER), KEY_RUNS, version="1.4.10"),
        ["adopted"],
    ),
    "adopted, and the old file is still there": (
        lambda: runs(
            live(f"{PROVIDER}.{U}", OAUTH, PROVIDER),
            KEY_RUNS,
            files=(*FILES, File(f"{PROVIDER}.{U}.cfg.json", JWT, f"{PROVIDER}.{U}")),
            version="1.4.10",
        ),
        ["adopted", "old-file-left"],
    ),
    "installed, and nothing runs": (
        lambda: runs(KEY_RUNS, version="1.4.10"),
        ["provider-missing", "not-running"],
    ),
    "no file": (lambda: runs(*RUNS, files=(KEY_FILE,)), ["no-file-live"]),
    "digits": (
        lambda: runs(
            live(f"{PROVIDER}.123", OAUTH, None),
            KEY_RUNS,
            files=(File(f"{PROVIDER}.123.config", OAUTH, f"{PROVIDER}.123"), KEY_FILE),
        ),
        ["provider-missing", "not-an-instance"],
    ),
    "drift": (
        lambda: runs(live(PROVIDER_RUNS.pid, {**OAUTH, "x": Value.string("y")}, PROVIDER), KEY_RUNS),
        ["drift"],
    ),
    "changed in the console": (
        lambda: runs(*RUNS, files=(PROVIDER_FILE._replace(state="IGNORED"), KEY_FILE)),
        ["file-ignored"],
    ),
    "an old file beside": (
        lambda: runs(*RUNS, files=(*FILES, File(f"{PROVIDER}.{U}.config", JWT, f"{PROVIDER}.x", "INSTALL"))),
        ["old-file-left"],
    ),
    "an unreadable file": (
        lambda: right()._replace(rejected={f"{CONFIG}/{PROVIDER}-x.config": "no"}),
        ["file-unreadable"],
    ),
    "a pause node": (lambda: right()._replace(paused=True), ["installer-paused"]),
    "a busy installer": (lambda: right()._replace(busy=True), ["installer-busy"]),
    # Its values
    "still JWT": (
        lambda: runs(
            live(PROVIDER_RUNS.pid, JWT, PROVIDER),
            KEY_RUNS,
            files=(PROVIDER_FILE._replace(values=JWT), KEY_FILE),
        ),
        ["still-jwt", "cloud-api-key", "cloud-org-id"],
    ),
    "half migrated": (
        lambda: with_provider(request=Value.string("https://ims-na1.adobelogin.com/ims/exchange/jwt")),
        ["half-migrated", "values-differ", "token-url-jwt"],
    ),
    "another client id": (
        lambda: with_provider(client_id=Value.string("0" * 32)),
        ["values-differ", "cloud-api-key"],
    ),
    "another scope": (lambda: with_provider(scope=Value.string("openid")), ["values-differ"]),
    "no grant type": (
        lambda: with_provider(grants=None),
        ["half-migrated", "values-differ"],
    ),
    "claims of two organisations": (
        lambda: with_provider(claims=Value.collection(['"iss" : "X@AdobeOrg"'])),
        ["values-differ", "claims-odd"],
    ),
    "TLS not checked": (lambda: with_provider(ssl=Value.boolean(True)), ["relaxed-ssl"]),
    "no customizer named": (lambda: with_provider(customizer_type=None), ["no-customizer-named"]),
    "another secret": (
        lambda: runs(
            PROVIDER_RUNS,
            live(KEY_RUNS.pid, {**KEY, p.CLIENT_SECRET: Value.string("other")}, CUSTOMIZER),
            files=(
                PROVIDER_FILE,
                KEY_FILE._replace(values={**KEY, p.CLIENT_SECRET: Value.string("other")}),
            ),
        ),
        ["values-differ", "cloud-secret"],
    ),
    # What it runs on
    "service pack 10": (
        lambda: right()._replace(versions=right().versions._replace(product="6.5.10.0")),
        ["service-pack-old"],
    ),
    "service pack 21 with the bundle of an older one": (
        lambda: right()._replace(versions=right().versions._replace(product="6.5.21.0")),
        ["ims-core-old"],
    ),
    "bundles that have not started": (
        lambda: right()._replace(versions=right().versions._replace(is_settled=False)),
        ["bundles-not-started"],
    ),
    "no validator": (lambda: right()._replace(validator=False), ["validator-missing"]),
    "a validator that nobody can see": (lambda: right()._replace(validator=None), ["validator-unknown"]),
    # The cloud service page
    "the old API key": (
        lambda: right()._replace(cloud_services=(PAGE._replace(api_key="0" * 32),)),
        ["cloud-api-key"],
    ),
    "the old secret": (
        lambda: right()._replace(cloud_services=(PAGE._replace(secret=Secret("old")),)),
        ["cloud-secret"],
    ),
    "no secret there": (
        lambda: right()._replace(cloud_services=(PAGE._replace(secret=Secret("")),)),
        ["cloud-secret"],
    ),
    "another organisation": (
        lambda: right()._replace(cloud_services=(PAGE._replace(org_id="X@AdobeOrg"),)),
        ["cloud-org-id"],
    ),
    "a service URL of nobody's": (
        lambda: right()._replace(cloud_services=(PAGE._replace(service_url="https://example.com"),)),
        ["cloud-url"],
    ),
    "another authorization server": (
        lambda: right()._replace(cloud_services=(PAGE._replace(auth_server="https://example.com"),)),
        ["cloud-auth-server"],
    ),
    "no technical account": (
        lambda: right()._replace(cloud_services=(PAGE._replace(technical_account="x"),)),
        ["cloud-account"],
    ),
    # IMS and JMX
    "a token refused": (lambda: right()._replace(token=Token("refused", "no")), ["token-refused"]),
    "a token that cannot be asked for": (
        lambda: right()._replace(token=Token("impossible", "no")),
        ["token-impossible"],
    ),
    "no IMS": (lambda: right()._replace(token=Token("unreachable", "no")), ["token-unreachable"]),
    "a row that failed": (
        lambda: right()._replace(jmx=Answer("b", (Row("failed", {"Status": "failed"}),), "failed")),
        ["jmx-failed"],
    ),
    "an answer in another form": (
        lambda: right()._replace(jmx=Answer("b", (), "who knows")),
        ["jmx-unknown-form"],
    ),
    "no MBean": (lambda: right()._replace(jmx=None), ["jmx-missing"]),
    "an MBean that fails": (lambda: right()._replace(jmx=None, jmx_error="status 500"), ["jmx-fails"]),
    # The workflow
    "no model": (lambda: right()._replace(update_asset=None), ["workflow-unknown"]),
    "no step": (
        lambda: right()._replace(update_asset=Model(MODEL, steps("Process Thumbnails"))),
        ["workflow-no-step"],
    ),
    "a step in the design only": (
        lambda: right()._replace(
            update_asset=Model(MODEL, steps("Process Thumbnails")),
            design=Model("/conf/x", steps("Process Thumbnails", "Smart Tag Assets")),
        ),
        ["workflow-not-synced"],
    ),
    "before the thumbnails": (
        lambda: right()._replace(update_asset=Model(MODEL, steps("Smart Tag Assets", "Process Thumbnails"))),
        ["workflow-order"],
    ),
    "without thumbnails": (
        lambda: right()._replace(update_asset=Model(MODEL, steps("Smart Tag Assets"))),
        ["workflow-no-thumbnails"],
    ),
    "Handler Advance off": (
        lambda: right()._replace(
            update_asset=Model(
                MODEL,
                steps("Process Thumbnails", "Smart Tag Assets", PROCESS_AUTO_ADVANCE="false"),
            )
        ),
        ["workflow-no-advance"],
    ),
}


@pytest.mark.parametrize("state", WRONG)
def test_each_wrong_state_is_named(state: str) -> None:
    make, ids = WRONG[state]
    assert bad(make()) == ids


def test_there_are_enough_of_them() -> None:
    assert len(WRONG) > 40


def test_what_is_left_out_is_not_judged() -> None:
    seen = right()._replace(jmx=None, update_asset=None, left_out=frozenset({"jmx", "workflow"}))
    assert bad(seen) == []
    assert [check.point for check in judged(seen) if check.id == "left-out"] == ["jmx", "workflow"]


# --- what is only worth knowing --------------------------------------------------------------------------------------


def test_ignored_errors_are_told_and_not_wrong() -> None:
    model = Model(MODEL, steps("Process Thumbnails", "Smart Tag Assets", IGNORE_ERRORS="true"))
    seen = right()._replace(update_asset=model)
    assert bad(seen) == []
    assert "workflow-ignores-errors" in notes(seen)


@pytest.mark.parametrize(("secret", "note"), [("{5ca1ab1e" + "0" * 32 + "}", "cloud-secret-encrypted")])
def test_an_encrypted_secret_is_not_compared(secret: str, note: str) -> None:
    seen = right()._replace(cloud_services=(PAGE._replace(secret=Secret(secret)),))
    assert bad(seen) == []
    assert note in notes(seen)


def test_the_service_of_before_2022_has_another_address() -> None:
    page = PAGE._replace(service_url="https://mc.adobe.io/marketingcloud/smartcontent")
    assert bad(right()._replace(cloud_services=(page,))) == []
    assert "cloud-url-before" in notes(right()._replace(cloud_services=(page,)))


@pytest.mark.parametrize(("year", "said"), [(2020, "ended on 2020-01-02"), (2030, "ends on 2030-01-02")])
def test_when_the_key_ends(year: int, said: str) -> None:
    (key,) = right().keys or ()
    seen = right()._replace(keys=(key._replace(ends=datetime(year, 1, 2, tzinfo=UTC)),))
    (check,) = [one for one in judged(seen) if one.point == "key-store"]
    assert check.message.endswith(said)
    assert check.verdict is Verdict.NOTE


def test_a_twin_that_waits_is_told() -> None:
    twin = PROVIDER_FILE._replace(folder="apps/x/config", state="INSTALL", is_first=False)
    assert "twin-waits" in notes(runs(*RUNS, files=(*FILES, twin)))


def test_the_neighbours_are_nobodys_business() -> None:
    other: Values = {**JWT, p.NAME: Value.string("other"), p.REQUEST_CUSTOMIZER_TYPE: Value.string("other")}
    others = [live(f"{PROVIDER}.{n}", other, PROVIDER) for n in range(2)]
    assert bad(runs(*RUNS, *others)) == []


def test_the_scopes_of_the_profile_are_wanted() -> None:
    profile = SMART_TAGS._replace(scopes=("openid",))
    assert bad(right(), GIVEN._replace(profile=profile)) == ["values-differ"]


def test_another_integration() -> None:
    """By its name: nothing here is said of smart tags' own pair."""
    profile = SMART_TAGS._replace(provider_name="adobe-ims-other")
    assert bad(right(), Settings(profile=profile))[0] == "provider-missing"
    assert SMART_TAGS.provider_name == NAME


# --- training --------------------------------------------------------------------------------------------------------


def trained(assets: list[Asset], **changes: object) -> Seen:
    seen = right()
    assert seen.training is not None
    assert seen.training.folder is not None
    folder = seen.training.folder._replace(assets=tuple(assets), **changes)  # type: ignore[arg-type]
    return seen._replace(training=seen.training._replace(folder=folder))


@pytest.mark.parametrize(
    ("assets", "ids"),
    [
        (images("a:b", 29), ["training-short"]),
        (images("a:b", 29) + images("a:b", 1, 499), ["training-short"]),
        (images("a:b", 30) + images("a:c", 1), ["training-short"]),
        ([], ["training-no-tags"]),
        (images("a:b", 30, 500), []),
    ],
)
def test_thirty_images_of_five_hundred_pixels(assets: list[Asset], ids: list[str]) -> None:
    assert bad(trained(assets)) == ids


def test_the_switch_of_the_folder() -> None:
    assert bad(trained(images("a:b", 30), smart_tags=False)) == ["training-off"]
    assert bad(trained(images("a:b", 30), smart_tags=None)) == []


def test_the_model_and_its_last_run() -> None:
    seen = right()
    assert seen.training is not None
    gone = seen._replace(training=seen.training._replace(model=None, runs=()))
    assert bad(gone) == ["training-no-model"]
    aborted = (Instance("/var/workflow/instances/x", "ABORTED", "today"),)
    assert bad(seen._replace(training=seen.training._replace(runs=aborted))) == ["training-failed"]
    assert bad(seen._replace(training=seen.training._replace(folder=None))) == ["training-no-folder"]
