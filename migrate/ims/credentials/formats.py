"""The files that Adobe's tools hand out: what kind of one a text is, and what it says (samples: docs/credentials.md).

* the Developer Console's "Download JSON" of an OAuth Server-to-Server credential,
* the JSON of a project or workspace (schema: adobe/aio-cli-plugin-app, schema/config.schema.json),
* `.env` files: aio's flattened keys, App Builder's, ``IMS_OAUTH_S2S_*``, or plain names.

Everything else is refused by name, with what to do instead: most people who arrive here hold a JWT download. Shapes and
key names are those seen in Adobe's own tools (aio-cli-plugin-app, asset-compute, aepp, aio-lib-ims); keys are compared
without regard to case, because those tools differ in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grammar import patterns
from migrate.ims.credentials import dotenv
from migrate.ims.credentials.credential import Credentials
from migrate.ims.credentials.errors import GET_OAUTH, ChoiceNeeded, CredentialsError
from migrate.ims.credentials.files import limited, read_limited
from migrate.integration import deadlines, scopes
from migrate.integration.secret import Secret
from migrate.terminal import stranger

_ALIASES = {
    "client_id": ("client_id", "clientid", "api_key", "apikey"),
    "secret": ("client_secrets", "client_secret", "clientsecrets", "clientsecret", "secret"),
    "org_id": ("org_id", "orgid", "ims_org_id", "imsorgid", "ims_org"),
    "scopes": ("scopes", "scope"),
    "account_id": ("technical_account_id", "tech_acct_id", "tech_id"),
    "account_email": ("technical_account_email", "tech_acct_email"),
}
_FIELD_OF = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_ENV_PREFIXES = ("", "ims_oauth_s2s_", "ims_", "aio_", "adobe_")
_JWT_MARKS = (
    "public_keys_with_expiry",
    "private_key",
    "privatekey",
    "private_key_path",
    "pathtokey",
    "meta_scopes",
)
_JWT = "jwt"
"""Stands for a field that only a JWT credential has."""
_OAUTH_TYPE_NAMES = ("oauthservertoserver", "oauth_server_to_server", "oauth_server_to_server_migrate")
_LONGEST_NAME = 80
_AIO_SEPARATOR = patterns.lazy(r"(?<!_)_(?!_)")


def load(path: Path | str, *, credential: str | None = None, secret_index: int | None = None) -> Credentials:
    """Read a credential file. Pipes work, so ``<(vault read ...)`` does too.

    Args:
        path: the file.
        credential: name, id or client id of the wanted credential, when the file holds several.
        secret_index: which of two secrets, from 1. Without it `secret` stays None when there are two.

    Raises:
        ChoiceNeeded: several credentials and `credential` names none of them.
        CredentialsError: unreadable, too big, or not an OAuth Server-to-Server credential.
    """
    return read(read_limited(path), str(path), credential=credential, secret_index=secret_index)


def read(
    data: bytes, source: str = "", *, credential: str | None = None, secret_index: int | None = None
) -> Credentials:
    """The same of a file's bytes.

    Args:
        source: what to call them.
    """
    try:
        text, decoding = decode(limited(data, source))
        found = replace(parse(text, credential), source=source, decoding=decoding)
        return found.with_secret(secret_index) if secret_index is not None else found
    except CredentialsError as error:
        raise error.at(source)  # noqa: B904 - the very same error


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a credential file, and notes on how it was encoded.

    Raises:
        CredentialsError: empty, a zip archive, or not text.
    """
    if data.startswith(b"PK\x03\x04"):
        raise CredentialsError(
            "is a zip archive, as the download of a JWT credential is (config.json and private.key); "
            f"JWT credentials ended on {deadlines.END.day.isoformat()}",
            rule="zip",
            fix=GET_OAUTH,
        )
    encoding = "utf-8"
    notes: tuple[str, ...] = ()
    if data.startswith(b"\xef\xbb\xbf"):
        encoding, notes = "utf-8-sig", ("UTF-8 with a byte order mark",)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, notes = "utf-16", ("UTF-16",)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        raise CredentialsError("is not a text file", rule="not-text", fix=GET_OAUTH)
    if not text.strip():
        raise CredentialsError("is empty", rule="empty", fix=GET_OAUTH)
    return text, notes


def parse(text: str, credential: str | None = None) -> Credentials:
    """The credential in a text, JSON or `.env`.

    Raises:
        ChoiceNeeded: several credentials and `credential` names none of them.
        CredentialsError: it is something else; the message says what.
    """
    start = text.lstrip()
    if start.startswith("-----BEGIN"):
        raise _pem(start)
    if start.startswith(("{", "[")):
        return _from_json(_json(text), credential)
    return _from_env(dotenv.parse(text), credential)


def _pem(text: str) -> CredentialsError:
    label = text[len("-----BEGIN") :].split("-----", 1)[0].strip()[:40]
    if "PRIVATE KEY" in label:
        return CredentialsError(
            "is a private key, which only the ended JWT flow used; an OAuth credential has a client secret instead",
            rule="private-key",
            fix=GET_OAUTH,
        )
    if "CERTIFICATE" in label:
        return CredentialsError(
            "is a certificate, not a credential",
            rule="certificate",
            fix="Look at it with `slingshift check-token --certificate FILE`",
        )
    return CredentialsError("is a PEM file, not a credential", rule="pem", fix=GET_OAUTH)


# --- JSON --------------------------------------------------------------------------------------------------


def _json(text: str) -> Mapping[str, object]:
    twice: list[str] = []
    problem = ""
    try:
        # A JSON error holds the whole text, so nothing raised below may be chained to it.
        value = json.loads(
            text.lstrip("\ufeff"), object_pairs_hook=lambda pairs: _with_lower_keys(pairs, twice)
        )
    except json.JSONDecodeError as error:
        problem = f"is not valid JSON at line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        problem = (
            "is not a JSON document that a credential could be (nested too deeply, or a number too long)"
        )
    if twice:
        problem = (
            f'has "{stranger(twice[0], _LONGEST_NAME)}" twice with different values, so it could mean either'
        )
    if problem:
        raise CredentialsError(problem, rule="not-json", fix=GET_OAUTH)
    if not isinstance(value, dict):
        raise CredentialsError(
            "is a JSON list, not a credential; a credential is an object in braces",
            rule="not-a-credential",
            fix=GET_OAUTH,
        )
    return value


def _with_lower_keys(pairs: list[tuple[str, object]], twice: list[str]) -> dict[str, object]:
    """Keys in lower case; one that stands twice with two values is added to `twice`."""
    result: dict[str, object] = {}
    for key, value in pairs:
        lower = key.lower()
        if lower in result and result[lower] != value:
            twice.append(key)
        result[lower] = value
    return result


def _from_json(data: Mapping[str, object], wanted: str | None) -> Credentials:
    project = data.get("project")
    if isinstance(project, dict):
        return _from_project(project, wanted)
    _refuse_service_credentials(data)
    _refuse_jwt(data)
    kind = str(data.get("type") or data.get("integration_type") or "oauthservertoserver").lower()
    if kind not in _OAUTH_TYPE_NAMES:
        raise _other_type([kind])
    fields = {_FIELD_OF[key]: value for key, value in _by_preference(data)}
    if "client_id" not in fields:
        raise CredentialsError(
            "is JSON without a CLIENT_ID, so not a credential", rule="not-a-credential", fix=GET_OAUTH
        )
    found = _credentials(fields, "oauth-json")
    name = str(found.client_id)
    return _choose([_Candidate((name,), f"client id {stranger(name, _LONGEST_NAME)}", found)], wanted)


def _by_preference(data: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    """The known keys; of several names of one field, the first in the table wins, so it comes last here."""
    for aliases in _ALIASES.values():
        for alias in reversed(aliases):
            if data.get(alias) not in (None, "", []):
                yield alias, data[alias]


def _refuse_service_credentials(data: Mapping[str, object]) -> None:
    integration = data.get("integration")
    if isinstance(integration, dict) or "technicalaccount" in data:
        raise CredentialsError(
            "holds service credentials of the AEM Developer Console (AEM as a Cloud Service): they let a program "
            "call AEM, and AEM cannot call Adobe's services with them",
            rule="aem-service-credentials",
            fix=GET_OAUTH,
        )
    if "accesstoken" in data or "access_token" in data:
        raise CredentialsError(
            "holds an access token, not the credential to get one with; it ends within a day",
            rule="access-token",
            fix=GET_OAUTH,
        )


def _refuse_jwt(data: Mapping[str, object]) -> None:
    marks = [mark for mark in _JWT_MARKS if mark in data]
    old_download = (
        "api_key" in data and "technical_account_id" in data and not ("scopes" in data or "scope" in data)
    )
    if not marks and not old_download:
        return
    ends = certificate_ends(data.get("public_keys_with_expiry"))
    expiry = f" (certificate until {max(ends.values())})" if ends else ""
    raise CredentialsError(
        f"is the download of a Service Account (JWT) credential{expiry}; "
        f"JWT credentials ended on {deadlines.END.day.isoformat()}",
        rule="jwt-download",
        fix=GET_OAUTH + ". To see whether the old credential still answers: --legacy-jwt FILE",
    )


def certificate_ends(value: object) -> dict[str, str]:
    """Fingerprint -> ISO date from the JWT download's ``{"<sha1>": "MM/DD/YYYY"}``; anything else is left out."""
    found: dict[str, str] = {}
    for key, text in value.items() if isinstance(value, dict) else ():
        match = re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text.strip()) if isinstance(text, str) else None
        if match and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31:
            found[key] = f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}"
    return found


def _other_type(kinds: list[str]) -> CredentialsError:
    shown = ", ".join(sorted({stranger(kind, _LONGEST_NAME) for kind in kinds}))
    jwt = any(kind in ("service", "jwt") for kind in kinds)
    why = (
        f"a Service Account (JWT) credential, which ended on {deadlines.END.day.isoformat()}"
        if jwt
        else "a kind with which AEM cannot ask for a token by itself"
    )
    return CredentialsError(
        f"holds no OAuth Server-to-Server credential; its type is {shown}, {why}",
        rule="jwt-only" if jwt else "other-integration-type",
        fix="In the Adobe Developer Console add an OAuth Server-to-Server credential to the project, "
        "then download its JSON",
    )


# --- project and workspace JSON ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One credential among several: how to ask for it, and its fields."""

    names: tuple[str, ...]
    shown: str
    found: Credentials


def _from_project(project: Mapping[str, object], wanted: str | None) -> Credentials:
    org = _child(project, "org").get("ims_org_id")
    items = _child(_child(project, "workspace"), "details").get("credentials")
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    usable = [entry for entry in entries if isinstance(entry.get("oauth_server_to_server"), dict)]
    if not usable:
        if entries:
            raise _other_type([str(entry.get("integration_type") or "unknown") for entry in entries])
        raise CredentialsError(
            "is the JSON of a project without credentials in its workspace",
            rule="no-credentials",
            fix="In the Adobe Developer Console add an OAuth Server-to-Server credential to the project, "
            "then download the JSON again",
        )
    return _choose([_project_candidate(entry, org) for entry in usable], wanted)


def _project_candidate(entry: Mapping[str, object], org: object) -> _Candidate:
    details = _child(entry, "oauth_server_to_server")
    fields: dict[str, object] = {_FIELD_OF[key]: value for key, value in _by_preference(details)}
    fields.setdefault("org_id", org)
    found = _credentials(fields, "project-json")
    name, number = (entry.get(key) for key in ("name", "id"))
    migrating = entry.get("integration_type") == "oauth_server_to_server_migrate"
    found = replace(found, name=name if isinstance(name, str) else None, migrating=migrating)
    names = tuple(str(text) for text in (name, number, found.client_id) if isinstance(text, (str, int)))
    return _Candidate(
        names, f"{stranger(str(name), _LONGEST_NAME)} (id {stranger(str(number), _LONGEST_NAME)})", found
    )


def _child(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _choose(candidates: list[_Candidate], wanted: str | None) -> Credentials:
    """The one that is wanted, or the only one."""
    named = [c for c in candidates if wanted is None or wanted in c.names]
    if len(named) == 1:
        return named[0].found
    listed = "; ".join(candidate.shown for candidate in candidates)
    what = (
        "holds several OAuth Server-to-Server credentials" if wanted is None else "holds no such credential"
    )
    if len(named) > 1 and wanted is not None:
        what = "holds several credentials of this name"
    raise ChoiceNeeded(
        f"{what}: {listed}",
        rule="several-credentials",
        fix="Choose one with --credential NAME or --credential ID"
        if len(candidates) > 1
        else "Leave --credential out",
        choices=tuple(candidate.shown for candidate in candidates),
    )


# --- .env ----------------------------------------------------------------------------------------------------


def _from_env(lines: Iterable[dotenv.Line], wanted: str | None) -> Credentials:
    groups: dict[str, dict[str, object]] = {}
    for line in lines:
        group, name = _env_key(line.key)
        if name and line.value.strip():
            groups.setdefault(group, {})[name] = _env_value(line) if name != _JWT else line.key
    orgs = [fields["org_id"] for fields in groups.values() if "org_id" in fields]
    candidates = []
    for group, fields in groups.items():
        if "client_id" in fields and _JWT not in fields:
            if len(set(map(str, orgs))) == 1:
                fields.setdefault("org_id", orgs[0])
            shown = stranger(group.rstrip("_") or "without a prefix", _LONGEST_NAME)
            names = (group, group.rstrip("_"), shown, str(fields["client_id"]))
            candidates.append(_Candidate(names, shown, replace(_credentials(fields, "env"), name=shown)))
    if not candidates:
        if any(_JWT in fields for fields in groups.values()):
            raise _other_type(["jwt"])
        raise CredentialsError(
            "is an .env file without a client id (CLIENT_ID, CLIENTID, API_KEY, IMS_OAUTH_S2S_CLIENT_ID, or "
            "an aio context)",
            rule="not-a-credential",
            fix=GET_OAUTH,
        )
    return _choose(candidates, wanted)


def _env_key(key: str) -> tuple[str, str]:
    """The group that a key belongs to and the field it sets; no field when the key is something else.

    aio flattens its nested configuration with ``_`` between keys and ``__`` for an underscore in a key.
    """
    lower = key.lower()
    for prefix in _ENV_PREFIXES:
        if lower.startswith(prefix) and lower[len(prefix) :] in _JWT_MARKS:
            return prefix, _JWT
        if lower.startswith(prefix) and lower[len(prefix) :] in _FIELD_OF:
            return prefix, _FIELD_OF[lower[len(prefix) :]]
    if lower.startswith("aio_"):
        *path, last = (part.replace("__", "_") for part in _AIO_SEPARATOR.split(key))
        group = "/".join(path).removeprefix("AIO/ims/contexts/")
        return group, _JWT if last.lower() in _JWT_MARKS else _FIELD_OF.get(last.lower(), "")
    return "", ""


def _env_value(line: dotenv.Line) -> object:
    """The text, or the list when it is written as a JSON list."""
    if not line.value.lstrip().startswith("["):
        return line.value
    try:
        value = json.loads(line.value)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list):
        raise CredentialsError(
            f"line {line.number}: {stranger(line.key, _LONGEST_NAME)} starts like a JSON list and is none",
            rule="not-json",
            fix="""Write it as '["one","two"]', in single quotes""",
        )
    return value


# --- fields --------------------------------------------------------------------------------------------------


def _credentials(fields: Mapping[str, object], kind: str) -> Credentials:
    secrets = tuple(Secret(text) for text in dict.fromkeys(_texts(fields, "secret")))
    names = _texts(fields, "scopes")
    return Credentials(
        client_id=_text(fields, "client_id"),
        org_id=_text(fields, "org_id"),
        scopes=scopes.split(" ".join(names)) or None,
        secret=secrets[0] if len(secrets) == 1 else None,
        secrets=secrets,
        kind=kind,
        technical_account_id=_text(fields, "account_id"),
        technical_account_email=_text(fields, "account_email"),
    )


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise CredentialsError(
            f"has a {name.replace('_', ' ')} that is not text", rule="wrong-type", fix=GET_OAUTH
        )
    return value or None


def _texts(fields: Mapping[str, object], name: str) -> list[str]:
    value = fields.get(name)
    items = value if isinstance(value, list) else [value] if value is not None else []
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != len(items):
        what = "client secret" if name == "secret" else "list of scopes"
        raise CredentialsError(f"has a {what} that is not text", rule="wrong-type", fix=GET_OAUTH)
    return [text for text in texts if text]
