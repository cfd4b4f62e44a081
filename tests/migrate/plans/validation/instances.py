"""What was seen on an instance where everything is right, to be made wrong by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grammar import forms
from grammar.config.writer import write_config
from grammar.documents import Document
from grammar.values import Value
from migrate.integration import properties as p
from migrate.integration.profile import CUSTOMIZER, PROVIDER, SMART_TAGS
from migrate.integration.secret import Secret
from migrate.plans.instance.standing import Standing, stand
from migrate.plans.validation.seen import Seen, Token, Training
from migrate.targets.instance.aem.assets import Asset, Folder
from migrate.targets.instance.aem.cloud import CloudService
from migrate.targets.instance.aem.jmx import Answer, Row
from migrate.targets.instance.aem.keys import Certificate, date_of
from migrate.targets.instance.aem.workflows import Instance, Model, Step
from migrate.targets.instance.installer import Index, Resource
from migrate.targets.instance.live import Live
from migrate.targets.instance.versions import Versions
from migrate.targets.names import Identity, identify

CONFIG = "apps/system/config"
U = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
CLIENT_ID, ORG_ID = "fedcba98765432100123456789abcdef", "5A3B1C9D5E7F81234A495E22@AdobeOrg"
SECRET = "v9a-canary-secret"
NAME = SMART_TAGS.provider_name

Values = dict[str, Value]

OAUTH: Values = {
    p.NAME: Value.string(NAME),
    p.REQUEST_CUSTOMIZER_TYPE: Value.string(NAME),
    p.GRANTS: Value.string(p.CLIENT_CREDENTIALS),
    p.ORG_ID: Value.string(ORG_ID),
    p.CLAIMS: Value.collection([f'"iss" : "{ORG_ID}"']),
    p.SCOPE: Value.string(SMART_TAGS.scope),
    p.VALIDATOR_TYPE: Value.string(NAME),
    p.CLIENT_ID: Value.string(CLIENT_ID),
    p.TOKEN_URL: Value.string(SMART_TAGS.token_url),
}
JWT: Values = {
    p.NAME: Value.string(NAME),
    p.REQUEST_CUSTOMIZER_TYPE: Value.string(NAME),
    p.CLAIMS: Value.array(['"sub" : "x@techacct.adobe.com"', f'"iss" : "{ORG_ID}"']),
    p.CLIENT_ID: Value.string("0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
    p.TOKEN_URL: Value.string("https://ims-na1.adobelogin.com/ims/exchange/jwt"),
    p.KEY_ALIAS: Value.string("similaritysearch"),
}
KEY: Values = {p.CUSTOMIZER_TYPE: Value.string(NAME), p.CLIENT_SECRET: Value.string(SECRET)}


class File(NamedTuple):
    """A file of the repository, and what the installer makes of it."""

    label: str
    values: Mapping[str, Value]
    entity: str
    state: str = "INSTALLED"
    folder: str = CONFIG
    is_first: bool = True


def live(pid: str, values: Mapping[str, Value], factory: str | None, hidden: tuple[str, ...] = ()) -> Live:
    """A configuration as the console tells it: several values are an array, whatever they were."""
    told = {
        name: Value.array(value.items) if value.shape is not Value.string("").shape else value
        for name, value in values.items()
    }
    return Live(pid, factory, told, {}, hidden)


FILES = (
    File(f"{PROVIDER}-{U}.config", OAUTH, f"{PROVIDER}~{U}"),
    File(f"{CUSTOMIZER}-{U}.config", KEY, f"{CUSTOMIZER}~{U}"),
)
RUNS = (
    live(f"{PROVIDER}~{U}", OAUTH, PROVIDER),
    live(f"{CUSTOMIZER}~{U}", KEY, CUSTOMIZER),
)


def standing(files: Sequence[File] = FILES, runs: Sequence[Live] = RUNS, version: str = "1.3.4") -> Standing:
    """Files and what runs, tied together as `scan` ties them."""
    known: list[tuple[Identity, Document | None]] = []
    resources = []
    for one in files:
        path = f"{one.folder}/{one.label}"
        identity = identify(path)
        assert identity is not None
        known.append((identity, forms.parse(write_config(one.values))))
        resources.append(Resource(one.entity, "0" * 32, 200, f"jcrinstall:/{path}", one.state, one.is_first))
    return stand(known, Index(tuple(resources), False), runs, version)


def steps(*titles: str, **arguments: str) -> tuple[Step, ...]:
    """The steps of a model by what they do."""
    processes = {
        "Process Thumbnails": "com.day.cq.dam.core.process.ThumbnailProcess",
        "Smart Tag Assets": "com.day.cq.dam.similaritysearch.internal.workflow.process.AutoTagAssetProcess",
    }
    usual = {"PROCESS_AUTO_ADVANCE": "true", **arguments}
    return tuple(Step(title, processes.get(title, ""), usual) for title in titles)


MODEL = "/var/workflow/models/dam/update_asset"
PAGE = CloudService(
    "/etc/cloudservices/smarttagging/tags",
    "https://smartcontent.adobe.io/emea",
    "https://ims-na1.adobelogin.com",
    CLIENT_ID,
    "7C1D2E3F5E7F81234A495E22@techacct.adobe.com",
    ORG_ID,
    Secret(SECRET),
)


def images(tag: str, number: int, pixels: int = 800) -> list[Asset]:
    """Images with one tag."""
    return [Asset(f"/content/dam/t/{tag}{n}", (tag,), pixels, 300, "image/jpeg") for n in range(number)]


def right() -> Seen:
    """An instance where everything is right."""
    return Seen(
        versions=Versions({"com.adobe.cq.adobeims.core": "1.1.22"}, "6.5.18.0", frozenset({"author"}), True),
        standing=standing(),
        validator=True,
        cloud_services=(PAGE,),
        keys=(Certificate("similaritysearch", "CN=x", date_of("Sat Nov 28 12:00:00 UTC 2026")),),
        token=Token("granted", "IMS gives a token"),
        jmx=Answer("bean", (Row("passed", {"Configuration": "x", "Status": "passed"}),), "x passed"),
        update_asset=Model(MODEL, steps("Process Thumbnails", "Smart Tag Assets")),
        training=Training(
            Folder("/content/dam/t", True, tuple(images("a:b", 30)), True),
            "/var/workflow/models/smart-tags-training",
            (Instance("/var/workflow/instances/2026-11-01/a", "COMPLETED", "yesterday"),),
        ),
    )
