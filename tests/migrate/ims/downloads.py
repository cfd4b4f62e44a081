"""What the tests of the JWT download and of the old exchange share: a download, and the look for its secrets."""

from __future__ import annotations

import io
import json
import traceback
import zipfile
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from migrate.ims.credentials.jwt_download import LegacyJwtError
from migrate.integration.secret import Secret

CANARY = "p8e-canary-jwt-DO-NOT-SHOW"
PASSWORD = "password-canary-DO-NOT-SHOW"
CONFIG = {
    "CLIENT_SECRET": CANARY,
    "ORG_ID": "ABC@AdobeOrg",
    "API_KEY": "0123456789abcdef0123456789abcdef",
    "TECHNICAL_ACCOUNT_ID": "T@techacct.adobe.com",
    "PUBLIC_KEYS_WITH_EXPIRY": {"ab": "12/31/2025", "cd": "06/01/2025"},
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_bytes(
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8, password: str | None = None
) -> bytes:
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        protection = serialization.BestAvailableEncryption(password.encode())
    return KEY.private_bytes(serialization.Encoding.PEM, form, protection)


def no_password() -> Secret:
    raise AssertionError("no password should be asked for")


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return stream.getvalue()


def config(**changes: object) -> bytes:
    return json.dumps(CONFIG | changes).encode()


def fails(call: Callable[[], object]) -> LegacyJwtError:
    with pytest.raises(LegacyJwtError) as caught:
        call()
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    for secret in (CANARY, PASSWORD, "PRIVATE KEY-----"):
        assert secret not in shown
    assert "\n" not in str(caught.value)
    return caught.value
