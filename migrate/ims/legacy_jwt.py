"""Whether a Service Account (JWT) credential still gets a token: the old exchange, tried once.

Adobe's JWT page (AdobeDocs/adobe-dev-console, guides/authentication/JWT): an assertion signed with RS256, with exp,
iss (organization), sub (technical account), aud (``https://HOST/c/CLIENT_ID``) and at least one metascope
(``https://HOST/s/NAME: true``), is posted to ``/ims/exchange/jwt``. Its ``expires_in`` is in milliseconds.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from migrate.ims.client import Connection, exchange_jwt
from migrate.ims.credentials.credential import MAX_BYTES, CredentialsError, read_limited
from migrate.ims.credentials.formats import certificate_ends
from migrate.ims.errors import Kind, TokenError
from migrate.integration import deadlines
from migrate.integration.secret import Secret

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

DEFAULT_METASCOPE = "ent_smartcontent_sdk"
DEFAULT_HOST = "ims-na1.adobelogin.com"
_MAX_ZIP_BYTES = 4 * MAX_BYTES
_MAX_ZIP_ENTRIES = 1000
_ASSERTION_SECONDS = 300
_KEY_NAMES = ("private.key", "private_key.pem", "private.pem", "private.p12", "private.pfx")


class LegacyJwtError(CredentialsError):
    """A JWT download that cannot be tried."""


@dataclass(frozen=True, slots=True)
class JwtCredentials:
    """What the download of a JWT credential holds.

    Attributes:
        client_id: the API key.
        org_id: the organization.
        account_id: the technical account.
        secret: the client secret.
        key: the private key, as bytes of a PEM or PKCS#12 file.
        certificate_ends: fingerprint of each certificate -> its last day, ISO.
        source: the file as the caller named it.
    """

    client_id: str
    org_id: str
    account_id: str
    secret: Secret
    key: bytes = field(repr=False)
    certificate_ends: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day of the certificate that lasts longest."""
        try:
            return max((date.fromisoformat(day) for day in self.certificate_ends.values()), default=None)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class LegacyReport:
    """What the old exchange answered.

    Attributes:
        answers: whether it gave a token.
        message: the answer in one line.
        advice: what to do.
        verdict: what the deadlines say.
        expires_in: milliseconds that the token lives.
        error: why there was none.
    """

    client_id: str
    answers: bool
    message: str
    advice: str
    verdict: str
    expires_in: int | None = None
    error: TokenError | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "clientId": self.client_id,
            "answers": self.answers,
            "message": self.message,
            "advice": self.advice,
            "verdict": self.verdict,
            "expiresInMilliseconds": self.expires_in,
            "error": self.error.to_json() if self.error else None,
        }


# --- reading the download ------------------------------------------------------------------------------------


def load(path: Path | str, private_key: Path | str | None = None) -> JwtCredentials:
    """Read the download: its folder, its zip, or its config.json together with `private_key`.

    Raises:
        LegacyJwtError: something is missing or damaged.
    """
    source = str(path)
    try:
        config, key = _parts(Path(path), source)
        if private_key is not None:
            key = read_limited(private_key, str(private_key))
    except LegacyJwtError as error:
        error.source = source
        raise
    except CredentialsError as error:
        raise LegacyJwtError(error.message, rule=error.rule, source=error.source) from None
    if key is None:
        raise LegacyJwtError(
            "there is no private.key beside the config.json",
            rule="no-private-key",
            fix="Give it with --private-key FILE (PEM or PKCS#12)",
            source=source,
        )
    return _credentials(_object(config, source), key, source)


def _parts(path: Path, source: str) -> tuple[bytes, bytes | None]:
    """The bytes of config.json and of the private key, wherever they are."""
    if path.is_dir():
        config = read_limited(path / "config.json", str(path / "config.json"))
        found = next((path / name for name in _KEY_NAMES if (path / name).is_file()), None)
        return config, read_limited(found, str(found)) if found else None
    data = read_limited(path, source, _MAX_ZIP_BYTES)
    if data.startswith(b"PK\x03\x04"):
        return _zip_parts(data)
    beside = [path.parent / name for name in _KEY_NAMES]
    found = next((file for file in beside if source != "-" and file.is_file()), None)
    return data[: MAX_BYTES + 1], read_limited(found, str(found)) if found else None


def _zip_parts(data: bytes) -> tuple[bytes, bytes | None]:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            named = {PurePosixPath(e.filename).name: e for e in entries[:_MAX_ZIP_ENTRIES] if not e.is_dir()}
            config = named.get("config.json")
            key = next((named[name] for name in _KEY_NAMES if name in named), None)
            parts = tuple(None if e is None else _entry(archive, e) for e in (config, key))
        problem = "" if parts[0] is not None else "is a zip archive without a config.json"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        problem = "is a zip archive that is damaged, encrypted, or packed in a way that cannot be read"
    if problem or parts[0] is None:
        raise LegacyJwtError(problem, rule="bad-zip")
    return parts[0], parts[1]


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One file of a zip archive, never more than the limit, whatever its header says."""
    with archive.open(entry) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise LegacyJwtError("holds a file that is too big to be of a JWT download", rule="too-big")
    return data


def _object(data: bytes, source: str) -> Mapping[str, object]:
    try:
        # A JSON error holds the whole text, so nothing raised here may be chained to it.
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LegacyJwtError("is not the JSON of a JWT download", rule="not-json", source=source)
    return {key.upper(): item for key, item in value.items()}


def _credentials(data: Mapping[str, object], key: bytes, source: str) -> JwtCredentials:
    def text(*names: str) -> str:
        found = next((data[name] for name in names if data.get(name)), None)
        if not isinstance(found, str):
            raise LegacyJwtError(
                f"has no {names[0]}, which every JWT download has", rule="not-a-jwt-download", source=source
            )
        return found

    return JwtCredentials(
        client_id=text("API_KEY", "CLIENT_ID"),
        org_id=text("ORG_ID"),
        account_id=text("TECHNICAL_ACCOUNT_ID"),
        secret=Secret(text("CLIENT_SECRET")),
        key=key,
        certificate_ends=certificate_ends(data.get("PUBLIC_KEYS_WITH_EXPIRY")),
        source=source,
    )


# --- the private key -----------------------------------------------------------------------------------------


def private_key(data: bytes, ask_password: Callable[[], Secret], *, source: str = "") -> RSAPrivateKey:
    """The RSA key in a PEM or DER file (PKCS#1, PKCS#8, encrypted or not) or in a PKCS#12 file.

    Args:
        ask_password: called once, when the file needs one.
        source: the file, for the message.

    Raises:
        LegacyJwtError: wrong password, damaged, or not an RSA key.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    problem = _no_key(data)
    key: object = None
    if not problem:
        key, problem = _load_key(data, None)
    if problem == _PASSWORD:
        key, problem = _load_key(data, ask_password())
    if problem:
        raise LegacyJwtError(f"the private key {problem}", rule="private-key", source=source)
    if not isinstance(key, RSAPrivateKey):
        raise LegacyJwtError(
            "the private key is not RSA, and JWT credentials were signed with RS256 only",
            rule="private-key",
            source=source,
        )
    return key


_PASSWORD = "needs a password"


def _no_key(data: bytes) -> str:
    """What a file is that is no private key; empty when it may be one."""
    if b"PRIVATE KEY-----" in data:
        return ""
    if b"-----BEGIN CERTIFICATE-----" in data:
        return "is missing: the file holds a certificate only"
    if b"-----BEGIN" in data:
        return "is missing: the file holds something else"
    return "" if data.startswith(b"\x30") else "is neither PEM, DER nor PKCS#12"


def _load_key(data: bytes, password: Secret | None) -> tuple[object, str]:
    """The key, or what is wrong with it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    def from_pkcs12(data: bytes, password: bytes | None) -> object:
        return pkcs12.load_key_and_certificates(data, password)[0]

    loaders: list[Callable[[bytes, bytes | None], object]]
    given = password.reveal().encode() if password is not None else None
    if b"-----BEGIN" in data:
        loaders = [serialization.load_pem_private_key]
    else:
        loaders = [serialization.load_der_private_key, from_pkcs12]
    problem = ""
    for load in loaders:
        try:
            key = load(data, given)
        except TypeError:
            # cryptography: encrypted and no password, or a password for a key that has none.
            return None, _PASSWORD
        except UnsupportedAlgorithm:
            problem = "is of a kind that cannot be read"
        except ValueError:
            problem = problem or "is damaged, or the password is wrong"
        else:
            return key, "" if key is not None else "is missing from the PKCS#12 file"
    # Of a PKCS#12 file without a password cryptography only says that it cannot be read.
    is_pkcs12 = len(loaders) > 1 and given is None
    return None, _PASSWORD if is_pkcs12 and "damaged" in problem else problem


# --- the exchange --------------------------------------------------------------------------------------------


def assertion(
    credentials: JwtCredentials, key: RSAPrivateKey, *, host: str, metascopes: tuple[str, ...], now: float
) -> Secret:
    """The signed assertion, good for five minutes.

    Args:
        host: host (and port) of IMS; part of the audience and of the metascopes.
        now: seconds since 1970.

    Raises:
        LegacyJwtError: the key cannot sign.
    """
    import warnings

    import jwt

    claims: dict[str, object] = {
        "exp": int(now) + _ASSERTION_SECONDS,
        "iss": credentials.org_id,
        "sub": credentials.account_id,
        "aud": f"https://{host}/c/{credentials.client_id}",
    }
    claims |= {f"https://{host}/s/{name}": True for name in metascopes}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a key of 1024 bits is Adobe's to refuse
            return Secret(jwt.encode(claims, key, algorithm="RS256"))
    except (jwt.PyJWTError, ValueError, TypeError):
        pass
    raise LegacyJwtError("the private key cannot sign an assertion", rule="private-key")


def probe(
    credentials: JwtCredentials,
    key: RSAPrivateKey,
    *,
    today: date,
    scheme: str = "https",
    host: str = DEFAULT_HOST,
    metascopes: tuple[str, ...] = (DEFAULT_METASCOPE,),
    connection: Connection | None = None,
) -> LegacyReport:
    """Try the old exchange once and say what its answer means. The token is thrown away.

    Args:
        scheme: ``http`` is for loopback hosts only; audience and metascopes are https all the same.

    Raises:
        LegacyJwtError: the key cannot sign.
    """
    connection = connection or Connection()
    signed = assertion(credentials, key, host=host, metascopes=metascopes, now=connection.now())
    url = f"{scheme}://{host}/ims/exchange/jwt"
    verdict = deadlines.verdict(credentials.last_day, today)
    error = None
    try:
        answer = exchange_jwt(url, credentials.client_id, credentials.secret, signed, connection)
    except TokenError as failed:
        error = failed
    if error is not None:
        message, advice = _meaning(error)
        return LegacyReport(credentials.client_id, False, message, advice, verdict, error=error)
    return LegacyReport(
        credentials.client_id,
        True,
        "the JWT exchange still gives a token",
        "Move to OAuth Server-to-Server all the same: the client id stays when the OAuth credential is added to the "
        "same project",
        verdict,
        expires_in=answer.expires_in,
    )


_MEANINGS: dict[Kind, tuple[str, str]] = {
    Kind.INTERNAL_ERROR: (
        "the JWT exchange fails with internal_error, as it does for credentials that were converted or ended",
        "Use the OAuth Server-to-Server credential of the same project",
    ),
    Kind.INVALID_TOKEN: (
        "the assertion matches no certificate of the credential: expired, removed, or another key",
        "Certificates cannot be renewed since 2025-06-30: move to OAuth Server-to-Server",
    ),
    Kind.INVALID_SIGNATURE: (
        "the private key does not belong to a certificate of this credential",
        "Give the private.key of the same download",
    ),
    Kind.INVALID_SCOPE: (
        "the credential does not have a metascope that was asked for",
        "Give the right one with --metascope; the Smart Content Service has ent_smartcontent_sdk",
    ),
    Kind.INVALID_CLIENT: (
        "IMS knows no JWT credential of this client id and secret: converted to OAuth, deleted, or mistyped",
        "Look at the project in the Adobe Developer Console",
    ),
    Kind.INVALID_REQUEST: (
        "IMS calls the exchange malformed",
        "Check organization id and technical account in config.json",
    ),
}
_MEANINGS |= dict.fromkeys(
    (Kind.INVALID_CLIENT_ID, Kind.INVALID_CLIENT_SECRET), _MEANINGS[Kind.INVALID_CLIENT]
)


def _meaning(error: TokenError) -> tuple[str, str]:
    """What a failure means for the old exchange, which is not always what it means for the new one."""
    message, advice = _MEANINGS.get(error.kind, (error.message, error.advice))
    status = f" ({error.status} {error.error})" if error.kind in _MEANINGS and error.error else ""
    return message + status, advice
