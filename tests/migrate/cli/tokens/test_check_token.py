"""`slingshift check-token`: what it prints, where, and with which exit code."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from migrate.cli import app
from migrate.ims.errors import Kind, TokenError
from migrate.ims.sandbox import endpoint
from migrate.ims.sandbox.server import Sandbox
from migrate.integration.secret import Secret
from tests.places import ROOT

CANARY = "p8e-canary-cli-DO-NOT-SHOW"
CLIENT = "0123456789abcdef0123456789abcdef"
SCHEMA = ROOT / "docs" / "schema" / "check-token.schema.json"
SCOPE = r"read_pc.dma_smart_content,\ openid,\ AdobeID,\ additional_info.projectedProductContext"
JWT_URL = "https://ims-na1.adobelogin.com/ims/exchange/jwt"
PROVIDER = "com.adobe.granite.auth.oauth.accesstoken.provider"
CUSTOMIZER = "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def ims() -> Iterator[Sandbox]:
    with Sandbox(clients={CLIENT: Secret(CANARY)}, legacy_jwt=True) as running:
        yield running


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the verb; looks for secrets and tokens in both streams; validates JSON against the schema."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))

    def call(*arguments: object) -> tuple[int, str, str]:
        code = app.run(["check-token", *map(str, arguments)])
        out, err = capfd.readouterr()
        for text in (out, err):
            assert "canary" not in text
            assert not re.search(r"eyJ|PRIVATE KEY", text)
            assert "Traceback" not in text
        if "json" in arguments:
            data = json.loads(out)
            jsonschema.validate(data, json.loads(SCHEMA.read_text()))
            assert data["exitCode"] == code
        return code, out, err

    return call


@pytest.fixture
def to(ims: Sandbox) -> tuple[object, ...]:
    return ("--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--timeout", 10, "--retries", 0)


# --- with a credential -------------------------------------------------------------------------------------------


def test_a_token(run: Run, ims: Sandbox, to: tuple[object, ...]) -> None:
    code, out, err = run("--credentials", ims.credentials_file, *to)
    assert (code, err) == (0, "")
    lines = dict(
        line.split(None, 1) for line in out.splitlines() if not line.startswith(("values", "client", "token"))
    )
    assert lines["endpoint"] == ims.token_url
    assert lines["result"] == "token granted (status 200, type bearer)"
    assert lines["missing"] == "none"


def test_json_and_markdown(run: Run, ims: Sandbox, to: tuple[object, ...]) -> None:
    code, out, _ = run("--credentials", ims.credentials_file, *to, "--format", "json")
    data = json.loads(out)
    assert (code, data["token"]["ok"], data["token"]["clientId"]) == (0, True, CLIENT)
    code, out, _ = run("--credentials", ims.credentials_file, *to, "--format", "markdown")
    assert (code, out.startswith("| | |\n|---|---|\n| values from | ")) == (0, True)


def code_of(name: str) -> int:
    if name in ("milliseconds", "opaque"):
        return 0
    refused = name in ("forbidden", "unknown-error", "echo", "fewer-scopes") or "_" in name
    return 5 if refused and name != "internal_error" else 6


@pytest.mark.parametrize("name", sorted({*endpoint.BEHAVIOURS, *endpoint.COMPUTED}))
def test_exit_code_of_every_behaviour(run: Run, ims: Sandbox, to: tuple[object, ...], name: str) -> None:
    arguments = ("--credentials", ims.credentials_file, "--client-id", f"sandbox-{name}", *to)
    # Short where the time has to run out; long elsewhere, so that a busy machine fails no test.
    seconds = 0.3 if name in ("silent", "slow", "slow-headers") else 20
    code, _, _ = run(*arguments, "--timeout", seconds, "--format", "json")
    assert code == code_of(name)


def test_retries_are_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.ims.client._BACKOFF", 0.0)
    with Sandbox(behave="flaky") as ims:
        reach = ("--token-url", ims.token_url, "--ca-bundle", ims.ca_bundle, "--retries", 1)
        code, _, err = run("--credentials", ims.credentials_file, *reach)
        assert (code, err) == (0, "the endpoint fails (status 503); trying again in 0 s\n")
        code, _, err = run("--credentials", ims.credentials_file, *reach, "--quiet")
        assert (code, err) == (0, "")


def test_a_missing_scope_is_an_error(run: Run, ims: Sandbox, to: tuple[object, ...]) -> None:
    code, out, err = run("--credentials", ims.credentials_file, "--client-id", "sandbox-fewer-scopes", *to)
    assert code == 5
    assert "missing      additional_info.projectedProductContext\n" in out
    assert "error: the token lacks additional_info.projectedProductContext" in err
    assert "[scope-not-granted]" in err


def test_secret_from_environment_and_file(
    run: Run, to: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMS_SECRET", CANARY)
    assert run("--client-id", CLIENT, "--client-secret-env", "IMS_SECRET", *to)[0] == 0
    file = tmp_path / "secret"
    file.write_text(CANARY + "\n")
    file.chmod(0o644)
    code, _, err = run("--client-id", CLIENT, "--client-secret-file", file, *to)
    assert (code, "[secret-file-mode]" in err) == (0, True)
    code, _, err = run(
        "--client-id", CLIENT, "--client-secret-file", file, "--client-secret-env", "IMS_SECRET", *to
    )
    assert (code, "exclude each other" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "name a TARGET"),
        (["--client-id", CLIENT], "no client secret, and there is no terminal to ask on"),
        (["--credentials", "/nowhere"], "--credentials: there is no file of the name that was given"),
        (["--client-id", CLIENT, "--profile", "/nowhere"], "cannot read the profile"),
        (["--certificate", "/nowhere"], "--certificate: there is no file"),
        (["--legacy-jwt", "/nowhere.zip"], "/nowhere.zip: cannot be read"),
        (["--legacy-jwt", "/nowhere", "--token-url", "http://a.example/"], "is not https"),
        (["--client-id", CLIENT, "--timeout", "0"], "timeout"),
    ],
)
def test_usage(run: Run, arguments: list[str], text: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert text in err


@pytest.mark.parametrize(
    ("arguments", "secret", "text"),
    [
        (["--client-id", "<ClientID>"], CANARY, "[placeholder]"),
        (["--client-id", CLIENT], "{" + "ab" * 16 + "}", "[protected-secret]"),
        (["--client-id", CLIENT, "--scope", "\u201copenid\u201d"], CANARY, "[smart-quotes]"),
        (["--client-id", "x@AdobeOrg"], CANARY, "[client-id-shape]"),
        (
            ["--client-id", CLIENT, "--token-url", "https://ims-na1.adobelogin.com/ims/exchange/jwt"],
            CANARY,
            "[jwt-url]",
        ),
    ],
)
def test_values_that_cannot_be_right_are_not_sent(
    run: Run, arguments: list[str], secret: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMS_SECRET", secret)
    code, out, err = run("--client-secret-env", "IMS_SECRET", *arguments)
    assert (code, out) == (2, "")
    assert text in err
    assert err.endswith("slingshift: nothing was sent, because of the errors above\n")


def test_an_address_that_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMS_SECRET", CANARY)
    code, out, err = run(
        "--client-id",
        CLIENT,
        "--client-secret-env",
        "IMS_SECRET",
        "--token-url",
        "http://ims.example/ims/token/v3",
    )
    assert code == 2
    assert "is not https" in out
    assert "[unknown-host]" in err


def test_two_secrets(run: Run, to: tuple[object, ...], tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"CLIENT_ID": CLIENT, "CLIENT_SECRETS": ["canary-old", CANARY]}))
    code, _, err = run("--credentials", file, *to)
    assert (code, "Choose with --secret-index 1|2" in err) == (2, True)
    assert run("--credentials", file, "--secret-index", 2, *to)[0] == 0
    assert run("--credentials", file, "--secret-index", 1, *to)[0] == 5


def test_findings_on_the_file(run: Run, to: tuple[object, ...], tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    data = {
        "CLIENT_ID": CLIENT,
        "CLIENT_SECRETS": [CANARY],
        "SCOPES": ["openid"],
        "ORG_ID": "x@techacct.adobe.com",
    }
    file.write_text(json.dumps(data), "utf-8-sig")
    file.chmod(0o644)
    assert "[secret-file-mode]" in run("--credentials", file, *to)[2]
    file.chmod(0o600)
    code, _, err = run("--credentials", file, *to)
    assert code == 0
    assert re.findall(r"\[([a-z-]+)\]", err) == ["org-id-shape", "file-encoding", "scope-missing"]


# --- with a configuration ----------------------------------------------------------------------------------------


def pair(folder: Path, url: str, *, secret: str = CANARY, client: str = CLIENT, **more: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    escaped = secret.replace("=", r"\=")
    (folder / f"{PROVIDER}-1.config").write_text(
        f'name="adobe-ims-similaritysearch"\n'
        f'token.request.customizer.type="smart"\n'
        f'auth.token.provider.client.id="{client}"\n'
        f'auth.token.provider.scope="{SCOPE}"\n'
        f'auth.token.provider.orgId="ABC@AdobeOrg"\n'
        f'auth.token.provider.authorization.grants="client_credentials"\n'
        f'auth.access.token.request="{url}"\n' + "".join(f'{name}="{text}"\n' for name, text in more.items())
    )
    (folder / f"{CUSTOMIZER}-1.config").write_text(
        f'customizer.type="smart"\nauth.ims.client.secret="{escaped}"\n'
    )
    return folder


def test_from_the_configuration_alone(run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    code, out, err = run(folder, *to[2:])
    assert (code, err) == (0, "")
    assert f"{PROVIDER}-1.config\n" in out.splitlines(keepends=True)[0]


def test_one_provider_by_its_file(run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    pair(folder / "below", ims.token_url, client="f" * 32)
    other = (folder / f"{PROVIDER}-1.config").read_text().replace(CLIENT, "e" * 32)
    (folder / f"{PROVIDER}-2.config").write_text(other)
    assert run(folder / f"{PROVIDER}-1.config", *to[2:])[0] == 0
    assert run(folder / f"{PROVIDER}-2.config", *to[2:])[0] == 5
    code, _, err = run(folder / f"{CUSTOMIZER}-1.config", *to[2:])
    assert (code, "2 providers are named" in err) == (4, True)


def test_another_client_than_the_configured_one(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", ims.token_url, client="sandbox-opaque")
    code, out, err = run(folder, "--credentials", ims.credentials_file, *to[2:])
    assert (code, "client id    sandbox-opaque\n" in out) == (0, True)
    assert "another client id than" in err


def test_placeholder_in_the_url(run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path) -> None:
    host = ims.url.removeprefix("https://")
    more = {"auth.token.provider.endpoint": host}
    folder = pair(tmp_path / "config", "https://%s/ims/token/v3", **more)
    assert run(folder, *to[2:])[0] == 0
    code, _, err = run(pair(tmp_path / "other", "https://%s/ims/token/v3"), *to[2:])
    assert code == 2
    assert f"{PROVIDER}-1.config: the token URL holds %s, and auth.token.provider.endpoint" in err


def test_protected_secret_needs_the_plain_one(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pair(tmp_path / "config", ims.token_url, secret="{" + "ab" * 32 + "}")
    code, _, err = run(folder, *to)
    assert (code, "no client secret" in err, "[protected-secret]" in err) == (2, True, True)
    monkeypatch.setenv("IMS_SECRET", CANARY)
    code, _, err = run(folder, *to, "--client-secret-env", "IMS_SECRET")
    assert (code, "[protected-secret]" in err) == (0, True)
    folder = pair(tmp_path / "config", ims.token_url, secret="$[secret:ims]")
    code, _, err = run(folder, *to, "--client-secret-env", "IMS_SECRET")
    assert (code, "[secret-filled-in]" in err) == (0, True)


def test_another_secret_than_the_configured_one(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMS_SECRET", "canary-another")
    folder = pair(tmp_path / "config", ims.token_url)
    code, _, err = run(folder, *to[2:], "--client-secret-env", "IMS_SECRET")
    assert (code, "[secret-differs]" in err) == (0, True)


def test_run_modes_alike_and_apart(run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path) -> None:
    pair(tmp_path / "config.author", ims.token_url)
    pair(tmp_path / "config.publish", ims.token_url)
    assert run(tmp_path, *to[2:])[0] == 0
    pair(tmp_path / "config.publish", ims.token_url, client="f" * 32)
    code, out, err = run(tmp_path, *to[2:])
    assert (code, out) == (4, "")
    assert "2 providers are named adobe-ims-similaritysearch and differ" in err
    assert "config.author" in err
    assert "config.publish" in err


def test_not_migrated_yet(run: Run, tmp_path: Path) -> None:
    folder = pair(tmp_path / "config", JWT_URL)
    code, _, err = run(folder)
    assert (code, "is not migrated yet" in err, "Run: slingshift plan" in err) == (2, True, True)


def test_the_new_credential_through_a_provider_that_is_not_migrated(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", JWT_URL)
    code, _, err = run(folder, *to)
    assert (code, "warning: this provider is not migrated yet" in err) == (0, True)
    assert run(folder, "--scope", "openid")[0] == 2


def test_a_provider_without_a_customizer(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    (folder / f"{CUSTOMIZER}-1.config").unlink()
    code, _, err = run(folder, *to, "--credentials", ims.credentials_file)
    assert (code, "[no-customizer]" in err) == (0, True)


@pytest.mark.parametrize("client", ["", "<ClientID>"])
def test_values_missing_in_the_configuration(run: Run, ims: Sandbox, tmp_path: Path, client: str) -> None:
    folder = pair(tmp_path / "config", ims.token_url, client=client)
    code, _, err = run(folder)
    assert code == 2
    assert ("there is no client id. Give it with --client-id ID" in err) == (not client)


def test_a_jwt_provider_is_called_that(run: Run, tmp_path: Path) -> None:
    (tmp_path / f"{PROVIDER}.7.config").write_text('name="adobe-ims-similaritysearch"\n')
    code, _, err = run(tmp_path)
    assert (code, "is not migrated yet" in err) == (2, True)


def test_targets_without_a_provider(run: Run, tmp_path: Path) -> None:
    code, out, err = run(tmp_path)
    assert (code, out) == (4, "")
    assert "no provider is named adobe-ims-similaritysearch here" in err
    code, _, err = run(tmp_path / "nowhere")
    assert code == 4
    (tmp_path / f"{PROVIDER}-1.config").write_text('name="adobe-ims-similaritysearch\n')
    code, _, err = run(tmp_path)
    assert (code, "Could not be read" in err) == (4, True)


@pytest.mark.parametrize(
    ("placeholder", "option"),
    [("client", "--client-id"), ("url", "--token-url"), ("scope", "--scope")],
)
def test_what_only_aem_knows_is_asked_for(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path, placeholder: str, option: str
) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    provider = folder / f"{PROVIDER}-1.config"
    old = {"client": CLIENT, "url": ims.token_url, "scope": SCOPE}[placeholder]
    provider.write_text(provider.read_text().replace(old, r"$[env:IMS;default\=x]"))
    code, _, err = run(folder, *to[2:])
    assert (code, f"Give its value with {option}" in err, "default" in err) == (2, True, False)
    value = {"--client-id": CLIENT, "--token-url": ims.token_url, "--scope": "openid"}[option]
    assert run(folder, *to[2:], option, value)[0] == 0


def test_a_secret_that_is_filled_in_partly(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", ims.token_url, secret="canary-$[env:REST]")
    code, _, err = run(folder, *to)
    assert (code, "[secret-filled-in]" in err, "no client secret" in err) == (2, True, True)


def test_one_of_two_providers_in_a_folder(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    other = (folder / f"{PROVIDER}-1.config").read_text().replace(CLIENT, "sandbox-opaque")
    (folder / f"{PROVIDER}-2.config").write_text(other)
    assert run(folder, *to[2:])[0] == 4
    code, out, _ = run(folder, *to[2:], "--pick", f"{PROVIDER}-2.config")
    assert (code, "client id    sandbox-opaque\n" in out) == (0, True)
    (folder / f"{CUSTOMIZER}-2.config").write_bytes((folder / f"{CUSTOMIZER}-1.config").read_bytes())
    code, out, err = run(folder, *to, "--pick", f"{PROVIDER}-2.config", "--credentials", ims.credentials_file)
    assert (code, "client id    sandbox-opaque\n" in out, "[several-customizers]" in err) == (0, True, True)


# --- what cannot be done -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "option",
    ["--client-id", "--scope", "--token-url", "--org-id", "--credentials", "--client-secret-env", "--pick"],
)
def test_an_empty_option_is_not_taken_for_none(run: Run, ims: Sandbox, tmp_path: Path, option: str) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    code, out, err = run(folder, option, "")
    assert (code, out, err) == (2, "", f"slingshift: {option} is empty; was a variable not set?\n")


def test_an_empty_target_is_not_this_folder(run: Run) -> None:
    assert run("")[2] == "slingshift: TARGET is empty; was a variable not set?\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--secret-index", 1), "--secret-index chooses from a file: give it with --credentials FILE"),
        (("--credential", "x"), "--credential chooses from a file: give it with --credentials FILE"),
        (("--private-key", "x"), "--private-key and --metascope belong to --legacy-jwt FILE"),
        (("--metascope", "x"), "--private-key and --metascope belong to --legacy-jwt FILE"),
    ],
)
def test_options_that_would_have_no_effect(run: Run, arguments: tuple[object, ...], text: str) -> None:
    code, out, err = run("--client-id", CLIENT, *arguments)
    assert (code, out, err) == (2, "", f"slingshift: {text}\n")


def test_a_timeout_that_is_no_number(run: Run) -> None:
    code, _, err = run("--client-id", CLIENT, "--timeout", "nan")
    assert (code, err) == (2, "slingshift: --timeout is not a number of seconds\n")


@pytest.mark.parametrize(
    ("arguments", "code", "rule"),
    [
        (("--credentials", "nowhere.json"), 2, "unreadable"),
        (("nowhere",), 4, "target"),
        (("--client-id", "<ClientID>", "--client-secret-env", "IMS_SECRET"), 2, "nothing-sent"),
        (("--client-id", CLIENT, "--client-secret-env", "NOT_SET_AT_ALL"), 2, "secret-env"),
        (("--client-id", CLIENT, "--client-secret-env", "A", "--client-secret-file", "b"), 2, "two-sources"),
        (("--client-id", CLIENT, "--profile", "nowhere.toml"), 2, "profile"),
        (("--legacy-jwt", "nowhere", "--token-url", "http://ims.example/"), 2, "bad-url"),
    ],
)
def test_json_says_why_nothing_was_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], code: int, rule: str
) -> None:
    monkeypatch.setenv("IMS_SECRET", CANARY)
    got, out, err = run(*arguments, "--format", "json")
    data = json.loads(out)
    assert (got, data["exitCode"], data["token"]) == (code, code, None)
    assert (data["findings"][-1]["id"], data["findings"][-1]["severity"]) == (rule, "error")
    assert err.splitlines()[-1].startswith("slingshift: ")


def test_what_was_found_is_shown_before_what_fails(run: Run, ims: Sandbox) -> None:
    code, out, err = run("--certificate", ims.ca_bundle, "--credentials", "nowhere.json")
    assert (code, out.startswith("certificate  CN=")) == (2, True)
    assert err == "slingshift: nowhere.json: cannot be read: No such file or directory\n"


def test_verbose_says_what_is_sent_but_for_the_secret(run: Run, ims: Sandbox, to: tuple[object, ...]) -> None:
    _, _, err = run("--credentials", ims.credentials_file, *to, "--scope", "openid", "-v")
    assert f"client_id={CLIENT}, client_secret=***, scope=openid\n" in err
    assert "attempt 1: status 200, " in err
    _, _, err = run("--legacy-jwt", ims.jwt_folder, *to, "-v")
    assert "client_secret=***, jwt_token=***\n" in err


def test_a_secret_in_the_place_of_its_name(run: Run) -> None:
    for option in ("--client-secret-env", "--client-secret-file"):
        code, _, err = run("--client-id", CLIENT, option, CANARY)
        assert (code, "not the secret" in err) == (2, True)


# --- the old way and certificates ----------------------------------------------------------------------------------


def test_old_exchange(run: Run, ims: Sandbox, to: tuple[object, ...]) -> None:
    code, out, _ = run("--legacy-jwt", ims.jwt_folder, *to)
    assert code == 0
    assert out.startswith("old exchange the JWT exchange still gives a token\n")
    assert "deadline     JWT credentials ended on 2026-03-01" in out or "stops on" in out
    code, out, _ = run(
        "--legacy-jwt", ims.jwt_folder, *to, "--format", "json", "--metascope", "a", "--metascope", "b"
    )
    assert json.loads(out)["legacyJwt"]["expiresInMilliseconds"] == 86399000


def test_old_exchange_that_is_refused_beside_a_token(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    assert ims.jwt_folder is not None
    config = json.loads((ims.jwt_folder / "config.json").read_text()) | {"API_KEY": "sandbox-invalid_client"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    key = ("--private-key", ims.jwt_folder / "private.key")
    arguments = ("--legacy-jwt", tmp_path / "config.json", *key, "--credentials", ims.credentials_file, *to)
    code, out, _ = run(*arguments, "--format", "json")
    data = json.loads(out)
    assert (code, data["token"]["ok"], data["legacyJwt"]["answers"]) == (5, True, False)


def test_old_exchange_warns_before_it_sends(
    run: Run, tmp_path: Path, ims: Sandbox, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of a host that is none of Adobe's, in ASCII, and of files that others can read."""
    assert ims.jwt_folder is not None
    for name in ("config.json", "private.key"):
        (tmp_path / name).write_bytes((ims.jwt_folder / name).read_bytes())
        (tmp_path / name).chmod(0o644)
    said: list[str] = []

    def take(url: str, *_: object) -> None:
        said.append(capfd.readouterr().err)
        raise TokenError(Kind.DNS, "no network in this test")

    monkeypatch.setattr("migrate.ims.legacy_jwt.exchange_jwt", take)
    url = "https://ims-na1.\u0430dobelogin.com/ims/token/v3"
    assert run("--legacy-jwt", tmp_path, "--token-url", url)[0] == 6
    (text,) = said
    assert "warning: ims-na1.xn--dobelogin-zyh.com is not a host of Adobe IMS" in text
    assert f"{tmp_path}/config.json: warning: other users of this machine can read this file" in text
    assert f"{tmp_path}/private.key: warning: other users" in text


def test_what_a_download_calls_its_api_key_cannot_steer_a_terminal(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    assert ims.jwt_folder is not None
    config = json.loads((ims.jwt_folder / "config.json").read_text()) | {"API_KEY": "a\x1b[2J\u202eb\nc"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "private.key").write_bytes((ims.jwt_folder / "private.key").read_bytes())
    for output in ("text", "markdown"):
        code, out, err = run("--legacy-jwt", tmp_path, *to, "--format", output, "-v")
        assert code == 5
        assert not re.search("[\x1b\u202e]", out + err)
        assert re.search(r"a\?\\?\[2J\?b\?c", out)


def test_password_of_the_key(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ims.jwt_folder is not None
    key = load_pem_private_key((ims.jwt_folder / "private.key").read_bytes(), None)
    protection = serialization.BestAvailableEncryption(b"canary-password")
    form = serialization.PrivateFormat.PKCS8
    (tmp_path / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, protection))
    (tmp_path / "password").write_bytes(b"canary-password\n")
    (tmp_path / "password").chmod(0o600)
    monkeypatch.setenv("KEY_PASSWORD", "canary-password")
    arguments = ("--legacy-jwt", ims.jwt_folder, "--private-key", tmp_path / "key", *to)
    assert run(*arguments, "--private-key-password-env", "KEY_PASSWORD")[0] == 0
    assert run(*arguments, "--private-key-password-file", tmp_path / "password")[0] == 0
    code, _, err = run(*arguments)
    assert (code, "no password of the private key" in err) == (2, True)
    assert "--private-key-password-env NAME" in err
    monkeypatch.setenv("KEY_PASSWORD", "canary-wrong")
    code, _, err = run(*arguments, "--private-key-password-env", "KEY_PASSWORD")
    assert (code, "the password is wrong" in err) == (2, True)


def test_certificate(run: Run, ims: Sandbox) -> None:
    code, out, _ = run("--certificate", ims.ca_bundle)
    assert (code, out.startswith("certificate  CN=slingshift sandbox authority\n")) == (0, True)
    code, out, _ = run("--certificate", ims.ca_bundle, "--format", "json")
    assert json.loads(out)["certificates"][0]["daysLeft"] >= 6


# --- what is left out of a folder ---------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize(("options", "code"), [((), 4), (("--no-ignore",), 0)])
def test_what_a_build_has_made_is_left_out(
    run: Run,
    ims: Sandbox,
    to: tuple[object, ...],
    tmp_path: Path,
    many: int,
    options: tuple[str, ...],
    code: int,
) -> None:
    roots = [tmp_path / str(number) for number in range(many)]
    for root in roots:
        folder = root / "target" / "config"
        folder.mkdir(parents=True)
        (folder / f"{PROVIDER}-1.config").write_text(
            'auth.token.provider.authorization.grants="client_credentials"\n'
            f'auth.token.provider.client.id="{CLIENT}"\n'
            f'auth.token.provider.scope="{SCOPE}"\nname="adobe-ims-similaritysearch"\n'
            'token.request.customizer.type="t"\n'
        )
        (folder / f"{CUSTOMIZER}-1.config").write_text('customizer.type="t"\n')
    ended, out, err = run(*roots, "--credentials", ims.credentials_file, *to, *options)
    assert ended == code, err
    assert ("no provider is named" in out + err) == (code == 4)


def test_what_the_table_excludes_is_left_out(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / f"{PROVIDER}-1.config").write_text('name="adobe-ims-similaritysearch"\n')
    (tmp_path / "slingshift.toml").write_text('exclude = ["old"]\n')
    code, out, err = run(tmp_path, "--credentials", ims.credentials_file, *to, "--no-ignore")
    assert code == 4
    assert "no provider is named" in out + err
