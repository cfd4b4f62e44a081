"""With the profile of another service no verb gives the advice that is only true of smart tags."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from migrate.ims.sandbox.server import Sandbox
from migrate.integration.secret import Secret

Run = Callable[..., "object"]
Tree = Callable[[Mapping[str, str]], Path]

CLIENT = "0123456789abcdef0123456789abcdef"
SCOPES = ("AdobeID", "openid", "read_organizations")
SMART_TAGS_ONLY = re.compile(
    r"Smart ?(?:Content|Tags)|dam-update-service|40772|ent_smartcontent", re.IGNORECASE
)
PROVIDER = (
    'name="{name}"\ntoken.request.customizer.type="t"\nauth.token.provider.client.id="' + CLIENT + '"\n'
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
)


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox(clients={CLIENT: Secret("p8e-x")}, scopes=SCOPES[:2], legacy_jwt=True) as running:
        yield running


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "launch.toml"
    path.write_text(
        f'provider-name = "launch"\ntitle = "Launch"\nscopes = {json.dumps(SCOPES)}\n'
        'token-url = "https://ims-na1.adobelogin.com/ims/token/v3"\n'
    )
    return path


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    path = tmp_path / "c.json"
    data = {"CLIENT_ID": CLIENT, "CLIENT_SECRETS": ["p8e-x"], "ORG_ID": "A@AdobeOrg", "SCOPES": ["openid"]}
    path.write_text(json.dumps(data))
    path.chmod(0o600)
    return path


def root(tree: Tree, name: str) -> Path:
    return tree(
        {
            "jcr_root/apps/a/config/P.1.config": PROVIDER.format(name=name),
            "jcr_root/apps/a/config/C.1.config": 'customizer.type="t"\n',
            "jcr_root/etc/cloudservices/smarttagging/.content.xml": "<x/>",
        }
    )


def findings(ended: object) -> dict[str, str]:
    (target,) = json.loads(ended.out)["targets"]  # type: ignore[attr-defined]
    return {found["id"]: f"{found['message']} {found['fix']}" for found in target["findings"]}


def test_plan_and_scan(slingshift: Run, tree: Tree, profile: Path, credentials: Path) -> None:
    folder = root(tree, "launch")
    given = ["--profile", profile, "--credentials", credentials]
    said = findings(slingshift("plan", folder, *given, "--format", "json"))
    said |= findings(slingshift("scan", folder, "--profile", profile, "--format", "json"))
    assert {"service-pack-path", "same-client-id", "scope-missing"} <= said.keys()
    assert "cloud-service" not in said
    for text in said.values():
        assert not SMART_TAGS_ONLY.search(text), text


def test_smart_tags_has_its_advice(slingshift: Run, tree: Tree, credentials: Path) -> None:
    folder = root(tree, "adobe-ims-similaritysearch")
    said = findings(slingshift("plan", folder, "--credentials", credentials, "--format", "json"))
    assert "hotfix 40772" in said["service-pack-path"]
    assert "dam-update-service" in said["same-client-id"]
    assert "Smart Content API" in said["scope-missing"]
    assert "cloud-service" in said


def test_check_token(slingshift: Run, profile: Path, credentials: Path, ims: Sandbox) -> None:
    reach = ["--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--timeout", 20, "-v"]
    given = ["--profile", profile, "--credentials", credentials]
    ended = slingshift("check-token", *given, *reach)
    assert (ended.code, "does not grant this credential a scope" in ended.out) == (5, True)
    assert "[scope-missing]" in ended.err
    assert not SMART_TAGS_ONLY.search(ended.out + ended.err)
    ended = slingshift(
        "check-token", *given, *reach, "--client-id", "sandbox-fewer-scopes", "--scope", "openid,AdobeID"
    )
    assert (ended.code, "[scope-not-granted]" in ended.err, "[scope-dropped]" in ended.err) == (5, True, True)
    assert not SMART_TAGS_ONLY.search(ended.out + ended.err)


def test_the_refusal_of_smart_tags_names_its_api(slingshift: Run, credentials: Path, ims: Sandbox) -> None:
    reach = ["--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--timeout", 20]
    ended = slingshift("check-token", "--credentials", credentials, *reach)
    assert (ended.code, "the Smart Content API, or its product profile, may be missing" in ended.out) == (
        5,
        True,
    )


def test_plan_and_check_token_agree_on_the_credential(
    slingshift: Run, tree: Tree, profile: Path, credentials: Path, ims: Sandbox
) -> None:
    """The same ids for the same file and profile."""
    given = ["--profile", profile, "--credentials", credentials, "--scope", "openid"]
    planned = findings(slingshift("plan", root(tree, "launch"), *given, "--format", "json"))
    reach = ["--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--timeout", 20]
    ended = slingshift("check-token", *given, *reach, "--format", "json")
    checked = {
        found["id"]: f"{found['message']} {found['fix']}" for found in json.loads(ended.out)["findings"]
    }
    assert checked.keys() == {"scope-dropped"}
    assert planned["scope-dropped"] == checked["scope-dropped"]
    assert "scope-missing" not in planned


def test_the_old_exchange_needs_the_metascope_of_the_service(
    slingshift: Run, profile: Path, ims: Sandbox
) -> None:
    reach = ["--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--timeout", 20]
    arguments = ["--legacy-jwt", ims.jwt_folder, "--profile", profile, *reach]
    ended = slingshift("check-token", *arguments)
    assert (ended.code, ended.err) == (
        2,
        "slingshift: the metascope of Launch is not known. Name it with --metascope M\n",
    )
    assert slingshift("check-token", *arguments, "--metascope", "ent_reactor_sdk").code == 0
