"""Credential files as Adobe's tools write them, and everything that people mistake for one."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.ims.credentials import checks, credential, dotenv, formats
from migrate.ims.credentials.credential import Credentials
from migrate.ims.credentials.errors import ChoiceNeeded, CredentialsError
from migrate.integration.secret import Secret
from tests.places import ROOT

CANARY = "p8e-canary-0f3a-DO-NOT-SHOW"
OTHER = "p8e-second-77aa-DO-NOT-SHOW"
CLIENT = "0123456789abcdef0123456789abcdef"
ORG = "ABCDEF0123456789ABCDEF01@AdobeOrg"
SCOPES = ["read_pc.dma_smart_content", "openid", "AdobeID", "additional_info.projectedProductContext"]


def oauth(**changes: object) -> dict[str, object]:
    return {
        "ORG_ID": ORG,
        "CLIENT_SECRETS": [CANARY],
        "CLIENT_ID": CLIENT,
        "SCOPES": SCOPES,
        "TECHNICAL_ACCOUNT_ID": "X@techacct.adobe.com",
        "TECHNICAL_ACCOUNT_EMAIL": "x@techacct.adobe.com",
    } | changes


def project(*entries: object, org: object = ORG) -> dict[str, object]:
    details = {"credentials": list(entries)}
    return {
        "project": {"name": "p", "org": {"ims_org_id": org}, "workspace": {"name": "w", "details": details}}
    }


def entry(
    name: str = "one", number: str = "11", kind: str = "oauth_server_to_server", **oauth: object
) -> dict[str, object]:
    inner = {"client_id": CLIENT, "client_secrets": [CANARY], "scopes": SCOPES} | oauth
    return {"id": number, "name": name, "integration_type": kind, "oauth_server_to_server": inner}


@pytest.fixture
def write(tmp_path: Path):
    def to(content: object) -> Path:
        path = tmp_path / "credential"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return to


def fails(path: Path | str, **options: object) -> CredentialsError:
    """The error, after looking for the secrets in everything that a traceback would show."""
    with pytest.raises(CredentialsError) as caught:
        formats.load(path, **options).need_secret()
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert CANARY not in shown
    assert OTHER not in shown
    assert "\n" not in str(caught.value)
    chain = caught.value.__cause__ or caught.value.__context__
    assert chain is None or isinstance(chain, CredentialsError)
    return caught.value


def refusal_of(call: Callable[[], None]) -> str:
    """The text of the CredentialsError, or nothing; any other exception is the test's failure."""
    try:
        call()
    except CredentialsError as error:
        return str(error)
    return ""


# --- what is read ---------------------------------------------------------------------------------------------


def test_console_download(write) -> None:
    path = write(oauth())
    found = formats.load(path)
    assert (found.client_id, found.org_id, found.scopes) == (CLIENT, ORG, tuple(SCOPES))
    assert found.secret == Secret(CANARY)
    assert (found.kind, found.source) == ("oauth-json", str(path))
    assert found.technical_account_id == "X@techacct.adobe.com"
    assert found.technical_account_email == "x@techacct.adobe.com"
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    "data",
    [
        {"client_id": CLIENT, "client_secret": CANARY, "ims_org_id": ORG, "scopes": ",".join(SCOPES)},
        {"clientId": CLIENT, "clientSecret": CANARY, "imsOrgId": ORG, "scope": " ".join(SCOPES)},
        {"api_key": CLIENT, "secret": CANARY, "org_id": ORG, "scopes": ", ".join(SCOPES)},
        oauth(TYPE="oauthservertoserver"),
    ],
)
def test_names_and_spellings_that_tools_use(write, data: object) -> None:
    found = formats.load(write(data))
    assert (found.client_id, found.org_id, found.scopes) == (CLIENT, ORG, tuple(SCOPES))
    assert found.need_secret() == Secret(CANARY)


def test_project_json(write) -> None:
    found = formats.load(write(project(entry(kind="oauth_server_to_server_migrate"))))
    assert (found.client_id, found.org_id, found.name, found.migrating) == (CLIENT, ORG, "one", True)
    assert [f.id for f in checks.check(found)] == ["migration-open"]


@pytest.mark.parametrize("wanted", ["two", "22", "ffff"])
def test_project_json_with_several_credentials(write, wanted: str) -> None:
    path = write(project(entry(), entry("two", "22", client_id="ffff", client_secrets=[OTHER])))
    error = fails(path)
    assert isinstance(error, ChoiceNeeded)
    assert error.rule == "several-credentials"
    assert error.choices == ("one (id 11)", "two (id 22)")
    assert "one (id 11); two (id 22)" in str(error)
    assert formats.load(path, credential=wanted).secret == Secret(OTHER)


def test_several_of_one_name_and_none_of_a_name(write) -> None:
    path = write(project(entry(), entry("one", "22")))
    assert "several credentials of this name" in str(fails(path, credential="one"))
    assert "no such credential" in str(fails(path, credential="three"))


ENV_FILES = {
    "app builder": f"""# made by aio
CLIENTID={CLIENT}
CLIENTSECRET="{CANARY}"
IMSORGID={ORG}
SCOPES='{json.dumps(SCOPES)}'
""",
    "s2s": f"""export IMS_OAUTH_S2S_CLIENT_ID={CLIENT}   # the one of production
IMS_OAUTH_S2S_CLIENT_SECRET='{CANARY}'
IMS_OAUTH_S2S_ORG_ID = "{ORG}"
IMS_OAUTH_S2S_SCOPES={",".join(SCOPES)}
PORT=8080
""",
    "aio": f"""AIO_ims_contexts_my__context_client__id={CLIENT}
AIO_ims_contexts_my__context_client__secrets='["{CANARY}"]'
AIO_ims_contexts_my__context_scopes={json.dumps(SCOPES)}
AIO_project_org_ims__org__id={ORG}
""",
    "crlf": f"CLIENT_ID={CLIENT}\r\nCLIENT_SECRET={CANARY}\r\nORG_ID={ORG}\r\nSCOPE={' '.join(SCOPES)}\r\n",
}


@pytest.mark.parametrize("name", ENV_FILES)
def test_env_files(write, name: str) -> None:
    found = formats.load(write(ENV_FILES[name].encode()))
    assert (found.client_id, found.org_id, found.scopes) == (CLIENT, ORG, tuple(SCOPES))
    assert (found.secret, found.kind) == (Secret(CANARY), "env")


def test_env_with_several_contexts(write) -> None:
    other = ENV_FILES["aio"].replace("my__context", "other").replace(CLIENT, "ffff")
    path = write(ENV_FILES["aio"] + other)
    assert fails(path).choices == ("my_context", "other")  # type: ignore[attr-defined]
    assert formats.load(path, credential="other").client_id == "ffff"


def test_env_with_a_jwt_context_only(write) -> None:
    path = write(f"AIO_ims_contexts_j_client__id={CLIENT}\nAIO_ims_contexts_j_meta__scopes=[]\n")
    assert fails(path).rule == "jwt-only"


def test_env_with_a_broken_list(write) -> None:
    error = fails(write(f"CLIENT_ID={CLIENT}\nSCOPES=[openid\n"))
    assert (error.rule, "line 2: SCOPES" in str(error)) == ("not-json", True)


def test_env_without_a_client_id(write) -> None:
    assert fails(write(f"CLIENT_SECRET={CANARY}\n")).rule == "not-a-credential"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("K=a b # c", "a b"),
        ("K=a#b", "a#b"),
        ("K=#b", ""),
        ("K='a # \"b'  # c", 'a # "b'),
        (r'K="a\"b\n\\c$d"', 'a"b\n\\c$d'),
        ("K='one\ntwo'", "one\ntwo"),
        ("K='open", "'open"),
        ('K="a"b', '"a"b'),
        ("K=", ""),
        ("export K=x", "x"),
        ("  K = x  ", "x"),
    ],
)
def test_dotenv_values(line: str, value: str) -> None:
    (found,) = dotenv.parse(line)
    assert (found.key, found.value) == ("K", value)
    assert value not in repr(found) or len(value) < 2


def test_dotenv_line_numbers() -> None:
    found = dotenv.parse("A=1\r\n\r\n# c\rB='x\ny'\nC=3")
    assert [(line.key, line.number) for line in found] == [("A", 1), ("B", 4), ("C", 6)]


@given(
    st.lists(
        st.sampled_from(["A=", "'", '"', "\\", "#", " ", "\n", "\r\n", "x", "export ", "["]), max_size=60
    )
)
def test_dotenv_reads_or_names_a_line(pieces: list[str]) -> None:
    text = "".join(pieces)
    numbers = []
    try:
        numbers = [line.number for line in dotenv.parse(text)]
    except CredentialsError as error:
        numbers = [int(number) for number in re.findall(r"line (\d+) is not KEY=value", str(error))]
        assert len(numbers) == 1
    assert all(1 <= number <= text.count("\n") + 1 for number in numbers)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    def read() -> None:
        text, _ = formats.decode(data)
        formats.parse(text)

    assert "\n" not in refusal_of(read)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["CLIENT_ID", "client_id", "CLIENT_SECRETS", "SCOPES", "ORG_ID", "TYPE", "project", "org", "workspace",
             "details", "credentials", "oauth_server_to_server", "integration_type", "PUBLIC_KEYS_WITH_EXPIRY", "id"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    def read() -> None:
        tuple(checks.check(formats.parse(json.dumps(value))))

    assert "\n" not in refusal_of(read)


def test_a_name_for_the_only_credential_has_to_be_its_own(write) -> None:
    """`--credential` was ignored for a Download JSON."""
    path = write(oauth())
    assert formats.load(path, credential=CLIENT).client_id == CLIENT
    error = fails(path, credential="another")
    assert (error.rule, f"holds no such credential: client id {CLIENT}" in str(error)) == (
        "several-credentials",
        True,
    )
    assert "Leave --credential out" in str(error)


# --- what is refused, by name -----------------------------------------------------------------------------------

JWT = {
    "CLIENT_SECRET": CANARY,
    "ORG_ID": ORG,
    "API_KEY": CLIENT,
    "TECHNICAL_ACCOUNT_ID": "x@techacct.adobe.com",
}
ENDS = {"ab": "12/31/2025", "cd": "1/2/2024", "x": "never", "y": "13/32/2030"}
SERVICE = {"ok": True, "integration": {"technicalAccount": {"clientId": "cm-p1-e1", "clientSecret": CANARY}}}

REFUSED: dict[str, tuple[object, str, str]] = {
    "jwt": (JWT | {"PUBLIC_KEYS_WITH_EXPIRY": ENDS}, "jwt-download", "2025-12-31"),
    "jwt without expiry": (JWT, "jwt-download", "ended on 2026-03-01"),
    "jwt with a key": ({"client_id": CLIENT, "private_key_path": "x"}, "jwt-download", "--legacy-jwt"),
    "service credentials": (SERVICE, "aem-service-credentials", "AEM as a Cloud Service"),
    "local token": ({"ok": True, "accessToken": CANARY}, "access-token", "an access token"),
    "web app": (oauth(TYPE="oauthwebapp"), "other-integration-type", "oauthwebapp"),
    "jwt project": (project({"name": "n", "integration_type": "service", "jwt": {}}), "jwt-only", "service"),
    "api key project": (project({"name": "n", "integration_type": "apikey"}), "other-integration-type", "apikey"),
    "empty project": (project(), "no-credentials", "without credentials"),
    "prose": ("Dear admin,\n", "not-json", "line 1 is not KEY=value"),
    "prose later": ("A=1\nDear admin\n", "not-json", "line 2 is not KEY=value"),
    "empty": ("", "empty", "is empty"),
    "blank": (" \r\n\t", "empty", "is empty"),
    "zip": (b"PK\x03\x04rest", "zip", "zip archive"),
    "binary": (b"0\x82\x01\x00\xff\xfe", "not-text", "not a text file"),
    "nul": (b"A=\x00", "not-text", "not a text file"),
    "cut": ('{"CLIENT_ID": "' + CANARY, "not-json", "line 1, column 15"),
    "list": ([oauth()], "not-a-credential", "a JSON list"),
    "deep": ("[" * 100_000, "not-json", "nested too deeply"),
    "long number": ('{"a":' + "9" * 5000 + "}", "not-json", "a number too long"),
    "no client id": ({"a": 1}, "not-a-credential", "without a CLIENT_ID"),
    "twice": ('{"client_id":"a","CLIENT_ID":"b"}', "not-json", '"CLIENT_ID" twice'),
    "client id a number": (oauth(CLIENT_ID=7), "wrong-type", "client id that is not text"),
    "secret a number": (oauth(CLIENT_SECRETS=[7]), "wrong-type", "client secret that is not text"),
    "scopes numbers": (oauth(SCOPES=[7]), "wrong-type", "list of scopes that is not text"),
    "private key": ("-----BEGIN RSA PRIVATE KEY-----\nMII\n", "private-key", "is a private key"),
    "certificate": ("-----BEGIN CERTIFICATE-----\nMII\n", "certificate", "--certificate FILE"),
    "other pem": ("-----BEGIN PUBLIC KEY-----\nMII\n", "pem", "PEM file"),
    "no secret": (oauth(CLIENT_SECRETS=[]), "secret-missing", "--client-secret-env"),
    "two secrets": (oauth(CLIENT_SECRETS=[CANARY, OTHER]), "two-secrets", "--secret-index 1|2"),
    "huge": (" " * (1024 * 1024 + 1), "too-big", "bigger than 1024 KiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(write, name: str) -> None:
    content, rule, text = REFUSED[name]
    path = write(content)
    error = fails(path)
    assert error.rule == rule
    assert text in str(error)
    assert str(error).startswith(f"{path}: ")


def test_names_from_files_are_made_printable(write) -> None:
    error = fails(write(project(entry("a\x1b[31m\nb" + "x" * 200), entry("two"))))
    assert "a?[31m?bxx" in str(error)
    assert "x" * 80 not in str(error)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/nowhere/at/all.json", "/nowhere/at/all.json: cannot be read: No such file"),
        ("/", "/: is a folder"),
        (CANARY, "there is no file of the name that was given. Give the file's name, not the secret"),
        (json.dumps(oauth()), "there is no file of the name that was given"),
        (json.dumps(oauth()) * 100, "there is no file of the name that was given"),
        (f"CLIENT_ID=a\nCLIENT_SECRET={CANARY}\n#.env", "there is no file of the name that was given"),
        (f"{CANARY}\0b", "there is no file of the name that was given"),
        ("", "there is no file of the name that was given"),
    ],
)
def test_unreadable(path: str, text: str) -> None:
    """What names no file may be the secret, or all of the file's content: `--credentials "$JSON"`."""
    error = fails(path)
    assert (error.rule, text in str(error)) == ("unreadable", True)


def test_bytes_that_the_caller_has_read() -> None:
    assert formats.read(json.dumps(oauth()).encode(), "<stdin>").source == "<stdin>"
    with pytest.raises(CredentialsError, match="<stdin>: is bigger than 1024 KiB"):
        formats.read(b" " * (1024 * 1024 + 1), "<stdin>")


def test_two_secrets(write) -> None:
    path = write(oauth(CLIENT_SECRETS=[CANARY, OTHER]))
    found = formats.load(path)
    assert found.secret is None
    assert "two-secrets" in [f.id for f in checks.check(found)]
    assert formats.load(path, secret_index=2).secret == Secret(OTHER)
    for number in (0, 3):
        assert "has two client secrets" in str(fails(path, secret_index=number))


@pytest.mark.parametrize(("secrets", "has"), [([], "no client secret"), ([CANARY], "one client secret")])
def test_secret_index_out_of_range(write, secrets: list[str], has: str) -> None:
    assert has in str(fails(write(oauth(CLIENT_SECRETS=secrets)), secret_index=2))


def test_encodings(write) -> None:
    for encoding, note in (("utf-8-sig", "UTF-8 with a byte order mark"), ("utf-16", "UTF-16")):
        found = formats.load(write(json.dumps(oauth()).encode(encoding)))
        assert found.client_id == CLIENT
        finding = checks.check(found)[0]
        assert (finding.id, note in finding.message) == ("file-encoding", True)


def test_one_secret_that_stands_twice(write) -> None:
    assert formats.load(write(oauth(CLIENT_SECRETS=[CANARY, CANARY]))).secret == Secret(CANARY)


def test_merge() -> None:
    file = Credentials("a", "o", ("s",), Secret("x"), source="f")
    assert credential.merge(file) == file
    merged = credential.merge(file, client_id="b", scope="t, u", secret=Secret("y"))
    assert (merged.client_id, merged.org_id, merged.scopes) == ("b", "o", ("t", "u"))
    assert (merged.secret, merged.source) == (Secret("y"), "f")
    assert credential.merge(client_id="c", org_id="o").org_id == "o"
    assert credential.merge().client_id is None


# --- checks -----------------------------------------------------------------------------------------------------


def ids(findings: object) -> list[str]:
    return [finding.id for finding in findings]  # type: ignore[attr-defined]


def test_a_good_credential_has_no_finding(write) -> None:
    assert checks.check(formats.load(write(oauth()))) == ()


@pytest.mark.parametrize(
    ("org", "text"),
    [
        ("X@techacct.adobe.com", "technical account"),
        ("ABC", "lacks its end"),
        ("ABC@adobeorg", "in another case"),
        ("AB C@AdobeOrg", "is not of the form"),
        ("<OrgID>@AdobeOrg", "is not of the form"),
    ],
)
def test_org_id(org: str, text: str) -> None:
    (finding,) = checks.check_org_id(org)
    assert (finding.id, finding.severity) == ("org-id-shape", "error")
    assert text in str(finding)


@pytest.mark.parametrize(
    ("client_id", "severity"),
    [(ORG, "error"), ("a b", "warning"), ("my-client", "info"), (CLIENT, None)],
)
def test_client_id(client_id: str, severity: str | None) -> None:
    assert [f.severity for f in checks.check_client_id(client_id)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc ", ["stray-blank"]),
        ("abc\n", ["stray-blank"]),
        ("\ufeffabc", ["invisible-character"]),
        ("\u201cabc\u201d", ["smart-quotes"]),
        ("<OrgID>", ["placeholder"]),
        ("**ClientID**", ["placeholder"]),
        ("${CLIENT_ID}", ["placeholder"]),
        ("$[env:CLIENT_ID]", ["placeholder"]),
        ("your-client-id", ["placeholder"]),
        ("abc", []),
    ],
)
def test_copying_damage(text: str, expected: list[str]) -> None:
    assert ids(checks.check_text("client id", text)) == expected


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("{" + "0a" * 16 + "}", ["protected-secret"]),
        ("{" + "0a" * 16 + "}\n", ["protected-secret"]),
        (" ", ["secret-empty"]),
        ("<ClientSecret>", ["placeholder"]),
        ("***", ["placeholder"]),
        ("a<b>c**d", []),
        (CANARY + "\n", ["stray-blank"]),
        (CANARY, []),
    ],
)
def test_secret(secret: str, expected: list[str]) -> None:
    findings = tuple(checks.check_secret(secret))
    assert ids(findings) == expected
    assert not any(secret.strip() and secret.strip() in str(f) for f in findings if secret.strip() != "***")


def test_scopes_that_the_service_needs(write) -> None:
    (finding,) = checks.check(formats.load(write(oauth(SCOPES=["openid", "AdobeID"]))))
    assert finding.id == "scope-missing"
    assert "read_pc.dma_smart_content, additional_info.projectedProductContext" in finding.message


def test_check_of_everything(write) -> None:
    found = formats.load(write(oauth(ORG_ID="x", CLIENT_ID="y ", CLIENT_SECRETS=["<s>"])))
    assert ids(checks.check(found)) == ["stray-blank", "client-id-shape", "org-id-shape", "placeholder"]


@given(st.text(max_size=300))
def test_findings_never_quote_a_secret(text: str) -> None:
    secret = "zq9" + text + "zq9"
    assert not any("zq9" in str(finding) for finding in checks.check_secret(secret))


def test_every_finding_is_documented() -> None:
    root = ROOT
    code = (root / "migrate" / "ims" / "credentials" / "checks.py").read_text("utf-8")
    found = set(re.findall(r'(?:Finding|_Damage)\(\s*"([a-z0-9-]+)"', code))
    assert len(found) > 9
    documented = (root / "docs" / "credentials.md").read_text("utf-8")
    assert [name for name in sorted(found) if f"`{name}`" not in documented] == []
