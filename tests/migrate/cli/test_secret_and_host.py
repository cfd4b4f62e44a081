"""Who gets the client secret: never a host that only the target names, and never before the warnings are said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.ims.client import TokenRequest
from migrate.ims.errors import Kind, TokenError
from migrate.integration.secret import Secret
from tests.places import ROOT

Run = Callable[..., "object"]

CANARY = "p8e-canary-drawn-DO-NOT-SHOW"
CLIENT = "0123456789abcdef0123456789abcdef"
SMART_TAGS = ROOT / "migrate" / "integration" / "profiles" / "smart-tags.toml"
FOREIGN = "https://elsewhere.example/ims/token/v3"
LOOK_ALIKE = "https://ims-na1.\u0430dobelogin.com/ims/token/v3"
ENCRYPTED = "{" + "ab" * 32 + "}"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[TokenRequest]:
    """What would have been sent; nothing is."""
    requests: list[TokenRequest] = []

    def take(request: TokenRequest, connection: object) -> None:
        requests.append(request)
        raise TokenError(Kind.DNS, "no network in this test")

    monkeypatch.setattr("migrate.ims.check.request_token", take)
    monkeypatch.setenv("IMS_SECRET", CANARY)
    return requests


@pytest.fixture
def target(tmp_path: Path) -> Callable[..., Path]:
    def make(url: str, secret: str = ENCRYPTED, endpoint: str = "") -> Path:
        folder = tmp_path / "config"
        folder.mkdir(exist_ok=True)
        more = f'auth.token.provider.endpoint="{endpoint}"\n' if endpoint else ""
        (folder / "com.adobe.granite.auth.oauth.accesstoken.provider-1.config").write_text(
            'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
            f'auth.token.provider.client.id="{CLIENT}"\nauth.token.provider.scope="openid"\n'
            'auth.token.provider.orgId="ABC@AdobeOrg"\n'
            'auth.token.provider.authorization.grants="client_credentials"\n'
            f'auth.access.token.request="{url}"\n{more}',
            "utf-8",
        )
        (folder / "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl-1.config").write_text(
            f'customizer.type="t"\nauth.ims.client.secret="{secret}"\n'
        )
        return folder

    return make


def options(tmp_path: Path, name: str) -> list[str]:
    """Every way in which a secret comes from elsewhere than the target."""
    file, credentials = tmp_path / "secret", tmp_path / "credentials.json"
    file.write_text(CANARY)
    file.chmod(0o600)
    credentials.write_text(json.dumps({"CLIENT_ID": CLIENT, "CLIENT_SECRETS": [CANARY]}))
    credentials.chmod(0o600)
    return {
        "env": ["--client-secret-env", "IMS_SECRET"],
        "file": ["--client-secret-file", str(file)],
        "command": ["--client-secret-command", f"cat {file}"],
        "credentials": ["--credentials", str(credentials)],
        "prompt": [],
    }[name]


@pytest.mark.parametrize("source", ["env", "file", "command", "credentials", "prompt"])
@pytest.mark.parametrize(
    ("url", "endpoint", "host"),
    [
        (FOREIGN, "", "elsewhere.example"),
        ("https://%s/ims/token/v3", "elsewhere.example", "elsewhere.example"),
        (LOOK_ALIKE, "", "ims-na1.xn--dobelogin-zyh.com"),
        ("https://adobelogin.com.elsewhere.example/ims/token/v3", "", "adobelogin.com.elsewhere.example"),
        ("https://ims-na1.adobelogin.com@elsewhere.example/ims/token/v3", "", "elsewhere.example"),
        # Anybody who works on this machine can listen on a port of it.
        ("https://127.0.0.1:4711/ims/token/v3", "", "127.0.0.1"),
        ("https://127.8.9.1:4711/ims/token/v3", "", "127.8.9.1"),
        ("https://localhost:4711/ims/token/v3", "", "localhost"),
        ("https://[::1]:4711/ims/token/v3", "", "::1"),
        ("https://%s:4711/ims/token/v3", "localhost", "localhost"),
    ],
)
def test_a_target_cannot_draw_a_secret(
    source: str,
    url: str,
    endpoint: str,
    host: str,
    slingshift: Run,
    target: Callable[..., Path],
    sent: list[TokenRequest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: pytest.fail("asked for a secret that is not sent"))
    ended = slingshift("check-token", target(url, endpoint=endpoint), *options(tmp_path, source))
    assert (ended.code, sent) == (2, [])
    assert f"{host} is none of Adobe's known IMS hosts" in ended.err
    assert "name it yourself: --token-url https://" in ended.err
    assert CANARY not in ended.out + ended.err
    assert "\u0430" not in ended.out + ended.err


@pytest.mark.parametrize(
    "given", ["https://%s/ims/token/v3", "https://%1$s/ims/token/v3", "http://%s/ims/token/v3"]
)
@pytest.mark.parametrize("endpoint", ["elsewhere.example", "127.0.0.1:4711", "elsewhere.example/x?"])
def test_a_target_cannot_draw_a_secret_by_filling_in_a_url_of_the_options(
    slingshift: Run,
    target: Callable[..., Path],
    sent: list[TokenRequest],
    tmp_path: Path,
    given: str,
    endpoint: str,
) -> None:
    arguments = [*options(tmp_path, "env"), "--token-url", given]
    ended = slingshift("check-token", target(FOREIGN, endpoint=endpoint), *arguments)
    assert (ended.code, sent) == (2, [])


def test_a_url_of_the_options_may_be_filled_in_with_adobes_host(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path
) -> None:
    folder = target(FOREIGN, endpoint="ims-na1.adobelogin.com")
    slingshift("check-token", folder, *options(tmp_path, "env"), "--token-url", "https://%s/ims/token/v3")
    assert [request.token_url for request in sent] == ["https://ims-na1.adobelogin.com/ims/token/v3"]


def test_an_endpoint_that_only_aem_knows_is_named(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path
) -> None:
    folder = target("https://%s/ims/token/v3", endpoint="$[env:IMS_HOST]")
    ended = slingshift("check-token", folder, *options(tmp_path, "env"))
    assert (ended.code, sent) == (2, [])
    assert "the token URL is a placeholder that AEM or the build fills in" in ended.err


@pytest.mark.parametrize("source", ["env", "credentials"])
@pytest.mark.parametrize("host", ["127.0.0.1:4711", "localhost:4711", "[::1]:4711"])
def test_a_target_cannot_draw_a_secret_by_plain_http_to_this_machine(
    source: str,
    host: str,
    slingshift: Run,
    target: Callable[..., Path],
    sent: list[TokenRequest],
    tmp_path: Path,
) -> None:
    ended = slingshift(
        "check-token", target(f"http://{host}/ims/token/v3"), *options(tmp_path, source), "--verbose"
    )
    assert (ended.code, sent) == (2, [])
    assert CANARY not in ended.out + ended.err


@pytest.mark.parametrize("url", ["https://localhost:4711/t", "http://127.0.0.1:4711/t"])
def test_the_person_may_name_this_machine(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path, url: str
) -> None:
    assert slingshift("check-token", target(url), *options(tmp_path, "env"), "--token-url", url).code == 6
    assert [request.token_url for request in sent] == [url]


@pytest.mark.parametrize("host", ["localhost:4711", "elsewhere.example"])
def test_a_profile_names_an_address_and_no_other_on_its_host(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path, host: str
) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text(
        SMART_TAGS.read_text("utf-8").replace(
            "https://ims-na1.adobelogin.com/ims/token/v3", f"https://{host}/ims/token/v3"
        )
    )
    arguments = [*options(tmp_path, "env"), "--profile", str(profile)]
    assert slingshift("check-token", target(f"https://{host}/ims/token/v2"), *arguments).code == 2
    assert sent == []
    assert slingshift("check-token", target(f"https://{host}/ims/token/v3"), *arguments).code == 6
    assert [request.token_url for request in sent] == [f"https://{host}/ims/token/v3"]


def test_the_person_may_name_the_host(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path
) -> None:
    arguments = [*options(tmp_path, "env"), "--token-url", FOREIGN]
    ended = slingshift("check-token", target(FOREIGN), *arguments)
    assert (ended.code, [request.token_url for request in sent]) == (6, [FOREIGN])
    assert "elsewhere.example is not a host of Adobe IMS, and the client secret is sent to it" in ended.err


def test_a_secret_that_the_target_holds_itself_goes_where_the_target_says(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest]
) -> None:
    ended = slingshift("check-token", target(FOREIGN, secret="the-target's-own"))
    assert (ended.code, [request.secret for request in sent]) == (6, [Secret("the-target's-own")])
    assert "[unknown-host]" in ended.err


def test_the_endpoint_is_compared_with_the_url_beside_it(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest]
) -> None:
    folder = target("https://ims-na1.adobelogin.com/ims/token/v3", secret="own", endpoint="ims.example")
    assert "[endpoint-differs]" in slingshift("check-token", folder).err
    ended = slingshift("check-token", folder, "--token-url", "https://ims-na1.adobelogin.com/ims/token/v3")
    assert "[endpoint-differs]" not in ended.err


def test_adobes_own_hosts_get_it(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path
) -> None:
    url = "https://ims-na1-stg1.adobelogin.com/ims/token/v3"
    assert slingshift("check-token", target(url), *options(tmp_path, "env")).code == 6
    assert [request.token_url for request in sent] == [url]


def test_aem_would_not_ask_this_machine_by_plain_http(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest]
) -> None:
    ended = slingshift("check-token", target("http://127.0.0.1:1/ims/token/v3", secret="own"))
    assert (ended.code, sent, "[token-url-not-https]" in ended.err) == (2, [], True)


def test_warnings_come_before_anything_is_sent(
    slingshift: Run,
    target: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("IMS_SECRET", CANARY)
    said: list[str] = []

    def take(request: TokenRequest, connection: object) -> None:
        said.append(capsysbinary.readouterr().err.decode())
        raise TokenError(Kind.DNS, "no network in this test")

    monkeypatch.setattr("migrate.ims.check.request_token", take)
    slingshift("check-token", target(FOREIGN), *options(tmp_path, "env"), "--token-url", FOREIGN)
    assert len(said) == 1
    for rule in ("unknown-host", "protected-secret", "scope-dropped"):
        assert f"[{rule}]" in said[0]


def test_scopes_that_are_left_out_are_said_by_every_verb(
    slingshift: Run, target: Callable[..., Path], sent: list[TokenRequest], tmp_path: Path
) -> None:
    folder = target("https://ims-na1.adobelogin.com/ims/token/v3", secret="own")
    for verb in ("plan", "check-token"):
        more = ["--client-id", CLIENT, "--org-id", "ABC@AdobeOrg", *options(tmp_path, "env")]
        ended = slingshift(verb, folder, *more, "--scope", "openid")
        assert "lack read_pc.dma_smart_content, AdobeID, additional_info.projectedProductContext" in ended.err
        assert "[scope-dropped]" in ended.err


ADDRESS = f"https://admin:{CANARY}@127.0.0.1:1"


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["plan", ADDRESS, "--format", form]
            for form in ("text", "json", "jsonl", "markdown", "github", "sarif")
        ),
        ["apply", ADDRESS, "--yes", "--format", "jsonl"],
        ["apply", "--resume", ADDRESS],
        *(["scan", ADDRESS, "--format", form] for form in ("text", "json")),
        ["undo", ADDRESS],
        ["undo", "--target", ADDRESS, "--yes"],
        ["validate", ADDRESS],
        ["check-token", ADDRESS, "--format", "json"],
        ["check-token", ADDRESS, ADDRESS + "/x"],
        ["lint", ADDRESS],
        ["show", ADDRESS],
        ["explain", ADDRESS],
        ["fmt", ADDRESS],
        ["convert", ADDRESS, "--to", "xml"],
        ["package", ADDRESS, "--out", "p.zip"],
        ["plan", "--targets-from", "list"],
        ["plan", "--fleet", "fleet.toml"],
        ["plan", "--fleet", "aem.yml"],
    ],
    ids=lambda words: " ".join(words).replace(ADDRESS, "URL"),
)
def test_a_password_in_an_address_is_refused_and_not_repeated(
    words: list[str], slingshift: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list").write_text(f"{ADDRESS}\n")
    (tmp_path / "fleet.toml").write_text(f'[targets.a]\nurl = "{ADDRESS}"\n')
    (tmp_path / "aem.yml").write_text(f"instance:\n  config:\n    a:\n      http_url: {ADDRESS}\n")
    ended = slingshift(*words)
    assert ended.code in (2, 4)  # type: ignore[attr-defined]
    assert CANARY not in ended.out + ended.err  # type: ignore[attr-defined]
    assert ended.out + ended.err  # type: ignore[attr-defined]
