"""The download of a Service Account (JWT) credential: its config.json, and the private key beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from migrate.ims.credentials.errors import CredentialsError
from migrate.ims.credentials.files import MAX_BYTES, STDIN, limited, mode_findings, read_limited
from migrate.ims.credentials.formats import certificate_ends
from migrate.integration.findings import Finding
from migrate.integration.secret import Secret

if TYPE_CHECKING:
    import zipfile

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_MAX_ZIP_BYTES = 4 * MAX_BYTES
_MAX_ZIP_ENTRIES = 1000
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
        source: the file that says all this; of a zip archive ``ARCHIVE!/config.json``.
        key_source: likewise, of the key.
        findings: what is worth saying about the files: others can read them.
    """

    client_id: str
    org_id: str
    account_id: str
    secret: Secret
    key: bytes = field(repr=False)
    certificate_ends: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    key_source: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day of the certificate that lasts longest."""
        try:
            return max((date.fromisoformat(day) for day in self.certificate_ends.values()), default=None)
        except ValueError:
            return None


class _Part(NamedTuple):
    """A file of the download, and what to call it."""

    data: bytes
    source: str

    def __repr__(self) -> str:
        return f"_Part(<{len(self.data)} bytes>, {self.source!r})"


def load(path: Path | str | bytes, private_key: Path | str | bytes | None = None) -> JwtCredentials:
    """Read the download: its folder, its zip, or its config.json together with `private_key`.

    Args:
        path: where it is, or the bytes of the zip or of config.json, read from standard input.
        private_key: the key when it lies elsewhere, likewise.

    Raises:
        LegacyJwtError: something is missing or damaged; the error names the file.
    """
    try:
        config, key, findings = _of_stream(path) if isinstance(path, bytes) else _of_path(Path(path))
        if private_key is not None:
            key = _part(private_key)
            findings += () if isinstance(private_key, bytes) else mode_findings(private_key)
    except LegacyJwtError:
        raise
    except CredentialsError as error:
        raise LegacyJwtError(error.message, rule=error.rule, fix=error.fix, source=error.source) from None
    if key is None:
        raise LegacyJwtError(
            "there is no private.key beside the config.json",
            rule="no-private-key",
            fix="Give it with --private-key FILE (PEM or PKCS#12)",
            source=config.source,
        )
    return _credentials(_object(config), key, config.source, tuple(dict.fromkeys(findings)))


_Parts = tuple[_Part, _Part | None, tuple[Finding, ...]]


def _part(path: Path | str | bytes, limit: int = MAX_BYTES) -> _Part:
    if isinstance(path, bytes):
        return _Part(limited(path, STDIN, limit), STDIN)
    return _Part(read_limited(path, limit), str(path))


def _of_stream(data: bytes) -> _Parts:
    whole = _part(data, _MAX_ZIP_BYTES)
    return (*_zip_parts(whole), ()) if _is_zip(whole) else (whole, None, ())


def _of_path(path: Path) -> _Parts:
    """config.json and the private key, wherever they are, and what is worth saying about their files."""
    is_folder = os.path.isdir(path)
    if not is_folder:
        whole = _part(path, _MAX_ZIP_BYTES)
        if _is_zip(whole):
            return *_zip_parts(whole), mode_findings(path)
    folder = path if is_folder else path.parent
    file = path / "config.json" if is_folder else path
    found = next((folder / name for name in _KEY_NAMES if os.path.isfile(folder / name)), None)
    findings = mode_findings(file) + (mode_findings(found) if found else ())
    return _part(file), _part(found) if found else None, findings


def _is_zip(part: _Part) -> bool:
    return part.data.startswith(b"PK\x03\x04")


_DAMAGED = "is damaged, encrypted, or packed in a way that cannot be read"


def _zip_parts(part: _Part) -> tuple[_Part, _Part | None]:
    import io
    import zipfile

    config = key = None
    problem = "is a zip archive without a config.json"
    try:
        with zipfile.ZipFile(io.BytesIO(part.data)) as archive:
            entries = archive.infolist()
            named = {PurePosixPath(e.filename).name: e for e in entries[:_MAX_ZIP_ENTRIES] if not e.is_dir()}
            config = _entry(archive, named.get("config.json"), part.source)
            key = _entry(archive, next((named[n] for n in _KEY_NAMES if n in named), None), part.source)
    except LegacyJwtError:
        raise
    except Exception:  # whatever the decompressors (zlib, bz2, lzma, zstd) and the reader of headers raise
        config = None
        problem = f"is a zip archive that {_DAMAGED}"
    if config is None:
        raise LegacyJwtError(problem, rule="bad-zip", source=part.source)
    return config, key


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | None, source: str) -> _Part | None:
    """One file of a zip archive, never more than the limit, whatever its header says."""
    if entry is None:
        return None
    try:
        with archive.open(entry) as stream:
            data = stream.read(MAX_BYTES + 1)
    except Exception:  # as in _zip_parts; here the file is known that is damaged
        name = f"{source}!/{PurePosixPath(entry.filename).name}"
        raise LegacyJwtError(_DAMAGED, rule="bad-zip", source=name) from None
    if len(data) > MAX_BYTES:
        raise LegacyJwtError(
            "holds a file that is too big to be of a JWT download", rule="too-big", source=source
        )
    return _Part(data, f"{source}!/{PurePosixPath(entry.filename).name}")


def _object(config: _Part) -> Mapping[str, object]:
    try:
        # A JSON error holds the whole text, so nothing raised here may be chained to it.
        value = json.loads(config.data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise LegacyJwtError("is not the JSON of a JWT download", rule="not-json", source=config.source)
    return {key.upper(): item for key, item in value.items()}


def _credentials(
    data: Mapping[str, object], key: _Part, source: str, findings: tuple[Finding, ...]
) -> JwtCredentials:
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
        key=key.data,
        key_source=key.source,
        certificate_ends=certificate_ends(data.get("PUBLIC_KEYS_WITH_EXPIRY")),
        source=source,
        findings=findings,
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
