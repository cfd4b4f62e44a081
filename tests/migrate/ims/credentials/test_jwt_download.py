"""The download of a JWT credential: its forms, its damages, its key."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from migrate.ims.credentials import jwt_download
from migrate.ims.credentials.jwt_download import LegacyJwtError
from migrate.integration.secret import Secret
from tests.migrate.ims.downloads import (
    CANARY,
    CONFIG,
    KEY,
    PASSWORD,
    config,
    fails,
    key_bytes,
    no_password,
    zipped,
)


def packed(method: int, **files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


# --- reading -----------------------------------------------------------------------------------------------------


def test_folder_file_and_zip_read_the_same(folder: Path) -> None:
    archive = folder / "download.zip"
    archive.write_bytes(zipped(sub__config_dot_json=config(), sub__private_dot_key=key_bytes()))
    for path in (folder, folder / "config.json", archive):
        found = jwt_download.load(path)
        assert (found.client_id, found.org_id) == (CONFIG["API_KEY"], "ABC@AdobeOrg")
        assert (found.account_id, found.secret) == ("T@techacct.adobe.com", Secret(CANARY))
        assert found.last_day == date(2025, 12, 31)
        assert found.key == key_bytes()
        assert CANARY not in repr(found)
        assert "PRIVATE" not in repr(found)


def test_key_given_apart(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(config(PUBLIC_KEYS_WITH_EXPIRY={"x": "02/31/2025"}))
    assert fails(lambda: jwt_download.load(tmp_path)).rule == "no-private-key"
    (tmp_path / "other.pem").write_bytes(b"k")
    found = jwt_download.load(tmp_path / "config.json", tmp_path / "other.pem")
    assert (found.key, found.last_day) == (b"k", None)


BOMB = zipped(config_dot_json=b"{}" + b" " * (2 * 1024 * 1024), private_dot_key=b"k")
ENCRYPTED = bytearray(zipped(config_dot_json=b"{}"))
ENCRYPTED[6] |= 1
ENCRYPTED[ENCRYPTED.index(b"PK\x01\x02") + 8] |= 1


@pytest.mark.parametrize(
    ("data", "rule", "text"),
    [
        (b"", "not-json", "is not the JSON"),
        (b"[]", "not-json", "is not the JSON"),
        (b'{"CLIENT_SECRET": "' + CANARY.encode(), "not-json", "is not the JSON"),
        (b"[" * 100_000, "not-json", "is not the JSON"),
        (config(API_KEY=None), "not-a-jwt-download", "has no API_KEY"),
        (config(ORG_ID=7), "not-a-jwt-download", "has no ORG_ID"),
        (config(CLIENT_SECRET=""), "not-a-jwt-download", "has no CLIENT_SECRET"),
        (b"PK\x03\x04rest", "bad-zip", "damaged"),
        (zipped(readme=b"x"), "bad-zip", "without a config.json"),
        (bytes(ENCRYPTED), "bad-zip", "encrypted"),
        (zipped(config_dot_json=config())[:60] + b"\0" * 40, "bad-zip", "damaged"),
        (BOMB, "too-big", "too big"),
        (b" " * (4 * 1024 * 1024 + 1), "too-big", "bigger than"),
    ],
    ids=range(13),
)
def test_downloads_that_cannot_be_read(tmp_path: Path, data: bytes, rule: str, text: str) -> None:
    path = tmp_path / "download"
    path.write_bytes(data)
    (tmp_path / "private.key").write_bytes(key_bytes())
    error = fails(lambda: jwt_download.load(path))
    assert error.rule == rule
    assert text in str(error)
    assert str(path) in str(error)


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
DOWNLOADS = {
    method: packed(method, **{"config.json": config() + b" " * 3000, "private.key": key_bytes()})
    for method in METHODS
}


@pytest.mark.parametrize("method", METHODS)
def test_every_packing_is_read(tmp_path: Path, method: int) -> None:
    (tmp_path / "d.zip").write_bytes(DOWNLOADS[method])
    found = jwt_download.load(tmp_path / "d.zip")
    assert (found.secret, found.key) == (Secret(CANARY), key_bytes())
    assert (found.source, found.key_source) == (
        f"{tmp_path}/d.zip!/config.json",
        f"{tmp_path}/d.zip!/private.key",
    )
    assert jwt_download.load(DOWNLOADS[method]).key_source == "<stdin>!/private.key"


@given(st.sampled_from(METHODS), st.integers(0, 10_000), st.binary(max_size=8), st.integers(0, 8))
@example(zipfile.ZIP_LZMA, 50, b"\xff\xff\xff\xff", 4)
def test_a_damaged_zip_is_read_or_refused(method: int, position: int, noise: bytes, cut: int) -> None:
    data = DOWNLOADS[method]
    position %= len(data)
    try:
        jwt_download.load(data[:position] + noise + data[position + cut :])
    except LegacyJwtError as error:
        assert "\n" not in str(error)


def test_the_damaged_file_is_named(folder: Path) -> None:
    (folder / "config.json").write_bytes(b"[]")
    assert str(fails(lambda: jwt_download.load(folder))).startswith(f"{folder}/config.json: is not the JSON")
    archive = folder / "d.zip"
    archive.write_bytes(zipped(sub__config_dot_json=b"{}", private_dot_key=b"x"))
    assert str(fails(lambda: jwt_download.load(archive))).startswith(
        f"{archive}!/config.json: has no API_KEY"
    )
    archive.write_bytes(zipped(config_dot_json=config(), private_dot_key=b"x"))
    found = jwt_download.load(archive)
    error = fails(lambda: jwt_download.private_key(found.key, no_password, source=found.key_source))
    assert str(error).startswith(f"{archive}!/private.key: the private key is neither PEM")


def test_files_that_others_can_read_are_named(folder: Path) -> None:
    for name in ("config.json", "private.key"):
        (folder / name).chmod(0o600)
    assert jwt_download.load(folder).findings == ()
    (folder / "private.key").chmod(0o644)
    assert [found.path for found in jwt_download.load(folder).findings] == [f"{folder}/private.key"]
    (folder / "config.json").chmod(0o640)
    found = jwt_download.load(folder / "config.json", folder / "private.key").findings
    assert [(finding.id, finding.path) for finding in found] == [
        ("secret-file-mode", f"{folder}/config.json"),
        ("secret-file-mode", f"{folder}/private.key"),
    ]
    archive = folder / "d.zip"
    archive.write_bytes(zipped(config_dot_json=config(), private_dot_key=key_bytes()))
    archive.chmod(0o644)
    assert [finding.path for finding in jwt_download.load(archive).findings] == [str(archive)]


@pytest.mark.parametrize("given", [config().decode(), CANARY])
def test_what_names_no_file_may_be_the_secret(given: str) -> None:
    assert fails(lambda: jwt_download.load(given)).source == ""


def test_nothing_there(tmp_path: Path) -> None:
    assert fails(lambda: jwt_download.load(tmp_path / "x")).rule == "unreadable"
    assert str(tmp_path / "config.json") in str(fails(lambda: jwt_download.load(tmp_path)))


# --- the key -----------------------------------------------------------------------------------------------------

ENCRYPTION = serialization.BestAvailableEncryption(PASSWORD.encode())
P12 = pkcs12.serialize_key_and_certificates(b"k", KEY, None, None, ENCRYPTION)
P12_PLAIN = pkcs12.serialize_key_and_certificates(b"k", KEY, None, None, serialization.NoEncryption())
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
CERTIFICATE = (
    x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 7)
    .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
    .not_valid_after(datetime(2025, 1, 1, tzinfo=UTC))
    .sign(KEY, hashes.SHA256())
)
P12_EMPTY = pkcs12.serialize_key_and_certificates(b"k", None, CERTIFICATE, None, ENCRYPTION)
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL


@pytest.mark.parametrize("data", [key_bytes(), key_bytes(TRADITIONAL), P12_PLAIN])
def test_keys_without_password(data: bytes) -> None:
    assert jwt_download.private_key(data, no_password).private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize("data", [key_bytes(password=PASSWORD), key_bytes(TRADITIONAL, PASSWORD), P12])
def test_keys_with_password(data: bytes) -> None:
    found = jwt_download.private_key(data, lambda: Secret(PASSWORD))
    assert found.private_numbers() == KEY.private_numbers()
    error = fails(lambda: jwt_download.private_key(data, lambda: Secret("wrong" + PASSWORD)))
    assert "the password is wrong" in str(error)
    assert "the private key" in str(fails(lambda: jwt_download.private_key(data, lambda: Secret("x" * 5000))))


EC = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (EC, "is not RSA"),
        (b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n", "is damaged"),
        (b"-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n", "holds a certificate only"),
        (b"-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----\n", "holds something else"),
        (b"", "is neither PEM, DER nor PKCS#12"),
        (b"\x30\x82junk", "is damaged"),
        (P12_EMPTY, "is missing from the PKCS#12 file"),
    ],
    ids=range(7),
)
def test_keys_that_cannot_be_used(data: bytes, text: str) -> None:
    assert text in str(fails(lambda: jwt_download.private_key(data, lambda: Secret(PASSWORD))))


@pytest.mark.parametrize("name", ["config.json", "private.key"])
def test_the_damaged_file_of_an_archive_is_named(name: str, tmp_path: Path) -> None:
    """Not the archive alone: the other file of it may be whole."""
    import zipfile

    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", '{"API_KEY": "%s"}' % ("x" * 500))
        archive.writestr("private.key", "y" * 500)
    data = bytearray(path.read_bytes())
    start = data.index(name.encode()) + len(name)
    data[start : start + 5] = b"\xff" * 5
    path.write_bytes(data)
    with pytest.raises(jwt_download.LegacyJwtError) as raised:
        jwt_download.load(path)
    assert str(raised.value).startswith(f"{path}!/{name}: is damaged")
