"""One token URL, one answer: plan, apply, scan and check-token agree, and nothing is written that AEM refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Run = Callable[..., "object"]
Tree = Callable[[Mapping[str, str]], Path]

HOST = "ims-na1.adobelogin.com"
FORMAT = "https://%1$s/ims/token/v3"
OLD = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
NEW = (
    OLD
    + 'auth.token.provider.authorization.grants="client_credentials"\nauth.token.provider.orgId="A@AdobeOrg"\n'
)
NEW += (
    'auth.token.provider.client.id="0123456789abcdef0123456789abcdef"\nauth.token.provider.scope="openid"\n'
)
CUSTOMIZER = 'customizer.type="t"\n'
JWT = f"https://{HOST}/ims/exchange/jwt"


def pair(tree: Tree, provider: str, name: str = "P.1.config") -> Path:
    return tree({f"config/{name}": provider, "config/C.1.config": CUSTOMIZER})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("foo", "is not https"),
        ("%zz", "is a Java format, and %z breaks it"),
        (f"https://{HOST}/ims/token/v3?x=%20y", "%20y breaks it"),
        ("http://127.0.0.1:1/ims/token/v3", "is not https"),
        ("https:///ims/token/v3", "none that AEM can open"),
        (JWT, "is the one of the JWT exchange"),
    ],
)
@pytest.mark.parametrize("verb", ["plan", "apply"])
@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_a_token_url_that_aem_refuses_is_never_written(
    verb: str,
    quiet: list[str],
    url: str,
    words: str,
    slingshift: Run,
    tree: Tree,
    oauth_options: list[str],
    snapshot: Callable[[Path], object],
) -> None:
    root = pair(tree, OLD)
    before = snapshot(root)
    yes = ["--yes"] if verb == "apply" else []
    ended = slingshift(verb, root, *oauth_options, "--token-url", url, *yes, *quiet)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert snapshot(root) == before


def test_a_placeholder_is_for_the_build_to_fill_in(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    ended = slingshift("plan", pair(tree, OLD), *oauth_options, "--token-url", "${ims.token.url}")
    assert (ended.code, "token-url" in ended.err) == (1, False)
    assert 'auth.access.token.request="${ims.token.url}"' in ended.out


def test_so_is_one_of_a_profile(
    slingshift: Run, tree: Tree, oauth_options: list[str], tmp_path: Path
) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text(f'provider-name = "adobe-ims-similaritysearch"\nscopes = ["a"]\ntoken-url = "{JWT}"\n')
    ended = slingshift("apply", pair(tree, OLD), *oauth_options, "--profile", profile, "--yes")
    assert (ended.code, "JWT exchange" in ended.err) == (2, True)


def test_the_endpoint_that_a_file_keeps_decides_there(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    """With an endpoint it is fine; without one that folder is refused, and never written."""
    root = tree(
        {
            "config.author/P.1.config": f'{OLD}auth.token.provider.endpoint="{HOST}"\n',
            "config.author/C.1.config": CUSTOMIZER,
            "config.publish/P.1.config": OLD,
            "config.publish/C.1.config": CUSTOMIZER,
        }
    )
    ended = slingshift("apply", root, *oauth_options, "--token-url", FORMAT, "--yes", "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    assert ended.code == 3
    assert [refusal["rule"] for refusal in target["refusals"]] == ["token-url-endpoint"]
    written = {path.parent.name for path in root.rglob("*-1.config")}
    assert written == {"config.author"}
    assert "%1$s" in next(root.rglob("config.author/*provider-1.config")).read_text()


def test_a_new_pair_has_no_endpoint(slingshift: Run, tmp_path: Path, oauth_options: list[str]) -> None:
    (tmp_path / "config").mkdir()
    ended = slingshift(
        "apply", "--create", tmp_path / "config", *oauth_options, "--token-url", FORMAT, "--yes"
    )
    assert (ended.code, "is not set" in ended.err) == (2, True)
    assert list((tmp_path / "config").iterdir()) == []


@pytest.mark.parametrize(
    ("endpoint", "errors"), [(HOST, set()), ("ims.example", set()), (None, {"token-url-endpoint"})]
)
def test_every_verb_has_the_same_verdict(
    endpoint: str | None, errors: set[str], slingshift: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`https://%1$s/ims/token/v3` was an error to plan and fine to check-token."""
    provider = f'{NEW}auth.access.token.request="{FORMAT}"\n'
    if endpoint is not None:
        provider += f'auth.token.provider.endpoint="{endpoint}"\n'
    root = pair(tree, provider, "P-1.config")
    for verb in (["plan", "--skip", "provider_oauth", "--only", "delete_stale"], ["scan"]):
        (target,) = json.loads(slingshift(verb[0], root, *verb[1:], "--format", "json").out)["targets"]
        found = {finding["id"]: finding["severity"] for finding in target["findings"]}
        assert {rule for rule, severity in found.items() if severity == "error"} == errors
        assert ("token-host-unknown" in found) == (endpoint == "ims.example")
    monkeypatch.setenv("SECRET", "p8e-x")
    monkeypatch.setattr("migrate.ims.check.request_token", refuse_to_send)
    ended = slingshift("check-token", root, "--client-secret-env", "SECRET", "--format", "json")
    rules = {finding["id"] for finding in json.loads(ended.out)["findings"]}
    assert ("bad-url" in rules) == bool(errors)
    assert ("foreign-host" in rules) == (endpoint == "ims.example")


def refuse_to_send(*_: object) -> None:
    from migrate.ims.errors import Kind, TokenError

    raise TokenError(Kind.DNS, "no network in this test")


def test_errors_are_not_hidden_by_quiet(slingshift: Run, tree: Tree) -> None:
    root = pair(tree, f'{NEW}auth.access.token.request="http://{HOST}/ims/token/v3"\n', "P-1.config")
    ended = slingshift("scan", root, "-q")
    assert "[token-url-not-https]" in ended.err
    assert "warning" not in ended.err
    ended = slingshift("plan", root, "--only", "delete_stale", "-q")
    assert "[token-url-not-https]" in ended.err
    assert "warning" not in ended.err
