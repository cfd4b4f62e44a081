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

from migrate import sandbox_ims
from migrate.cli import app
from migrate.sandbox import Sandbox
from migrate.secret import Secret

CANARY = "p8e-canary-cli-DO-NOT-SHOW"
CLIENT = "0123456789abcdef0123456789abcdef"
SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "check-token.schema.json"
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
        if "json" in arguments and code not in (2, 4):
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


@pytest.mark.parametrize("name", sorted({*sandbox_ims.BEHAVIOURS, *sandbox_ims.COMPUTED}))
def test_exit_code_of_every_behaviour(run: Run, ims: Sandbox, to: tuple[object, ...], name: str) -> None:
    arguments = ("--credentials", ims.credentials_file, "--client-id", f"sandbox-{name}", *to)
    # Short where the time has to run out; long elsewhere, so that a busy machine fails no test.
    seconds = 0.3 if name in ("silent", "slow", "slow-headers") else 20
    code, _, _ = run(*arguments, "--timeout", seconds, "--format", "json")
    assert code == code_of(name)


def test_retries_are_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.oauth._BACKOFF", 0.0)
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
        (["--credentials", "/nowhere"], "/nowhere: cannot be read"),
        (["--client-id", CLIENT, "--profile", "/nowhere"], "cannot read the profile"),
        (["--certificate", "/nowhere"], "/nowhere: cannot be read"),
        (["--legacy-jwt", "/nowhere"], "/nowhere: cannot be read"),
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
    assert f"{PROVIDER}-1.config: auth.access.token.request holds %s, and auth.token.provider.endpoint" in err


def test_protected_secret_needs_the_plain_one(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pair(tmp_path / "config", ims.token_url, secret="{" + "ab" * 32 + "}")
    code, _, err = run(folder, *to[2:])
    assert (code, "no client secret" in err, "[protected-secret]" in err) == (2, True, True)
    monkeypatch.setenv("IMS_SECRET", CANARY)
    code, _, err = run(folder, *to[2:], "--client-secret-env", "IMS_SECRET")
    assert (code, "[protected-secret]" in err) == (0, True)
    folder = pair(tmp_path / "config", ims.token_url, secret="$[secret:ims]")
    code, _, err = run(folder, *to[2:], "--client-secret-env", "IMS_SECRET")
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
    assert (code, "[not-migrated]" in err, "[jwt-url]" in err) == (2, True, True)


def test_a_provider_without_a_customizer(
    run: Run, ims: Sandbox, to: tuple[object, ...], tmp_path: Path
) -> None:
    folder = pair(tmp_path / "config", ims.token_url)
    (folder / f"{CUSTOMIZER}-1.config").unlink()
    code, _, err = run(folder, *to[2:], "--credentials", ims.credentials_file)
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
    assert (code, "[not-migrated]" in err, "there is no client id" in err) == (2, True, True)


def test_targets_without_a_provider(run: Run, tmp_path: Path) -> None:
    code, out, err = run(tmp_path)
    assert (code, out) == (4, "")
    assert "no provider is named adobe-ims-similaritysearch here" in err
    code, _, err = run(tmp_path / "nowhere")
    assert code == 4
    (tmp_path / f"{PROVIDER}-1.config").write_text('name="adobe-ims-similaritysearch\n')
    code, _, err = run(tmp_path)
    assert (code, "Could not be read" in err) == (4, True)


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
