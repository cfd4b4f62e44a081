"""Every parser of ours as one function of bytes, with what it may raise and texts to begin with."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from grammar import forms
from grammar.errors import ParseError
from grammar.xml.document import configurations
from migrate.ims.answers import RawAnswer, interpret
from migrate.ims.credentials import certificates, dotenv, formats, jwt_download
from migrate.ims.credentials.errors import CredentialsError
from migrate.integration import profile
from migrate.integration.secret import Secret
from migrate.lint import check, repairs, settings
from migrate.reports import saved_plan
from migrate.targets.errors import PackageError
from migrate.targets.package.archive import Archive
from migrate.targets.vault.files import definition_follow, manifest_follow, package_id
from migrate.targets.vault.filter import Filter
from tests.places import FIXTURES

OLD, NEW = "/apps/x/config/F.1.config", "/apps/x/config/F-1.config"


class Parser(NamedTuple):
    """A parser.

    Attributes:
        read: hands it the bytes of a file, and asks of the result whatever a command would.
        refuses: what it may raise.
        seeds: texts that it reads.
        hostile: pieces of text that, repeated, have made parsers slow.
    """

    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]
    hostile: tuple[bytes, ...]


def _fixtures(pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(FIXTURES.rglob(pattern)) if path.is_file())


def _form(form: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        forms.load_all(data, form=form)
        return [*check.check(f"F-1.{form}", data, form), forms.parse(data, form=form).properties]

    return read


def _in_file(load: Callable[[Path], object], name: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            return load(path)

    return read


def _archive(path: Path) -> object:
    with Archive.open(path) as archive:
        return [archive.read(entry.name) for entry in archive.entries]


def _package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("META-INF/vault/filter.xml", _FILTER)
        archive.writestr(f"jcr_root{OLD}", b'a="1"\r\n' * 30, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _jwt(path: Path) -> object:
    return jwt_download.load(path, path)


def _private_key(data: bytes) -> object:
    return jwt_download.private_key(data, lambda: Secret("password"))


def _lint_settings(path: Path) -> object:
    return settings.load(str(path.parent))


_FILTER = (
    b'<?xml version="1.0"?>\n<workspaceFilter version="1.0">\n  <filter root="/apps/x" mode="update">\n'
    b'    <include pattern="/apps/x/config(/.*)?"/>\n  </filter>\n</workspaceFilter>\n'
)
_PROPERTIES = (
    b'<?xml version="1.0"?>\n<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
    b'<properties><entry key="name">n</entry><entry key="version">1.0</entry></properties>\n'
)
_MANIFEST = b"Manifest-Version: 1.0\r\nContent-Package-Roots: /apps/x,/apps/x/config/F.1.conf\r\n ig\r\n\r\n"
_CONSOLE = json.dumps(
    {"CLIENT_ID": "a" * 32, "CLIENT_SECRETS": ["s"], "ORG_ID": "A@AdobeOrg", "SCOPES": ["openid"]}
).encode()
_PROJECT = json.dumps(
    {"project": {"org": {"ims_org_id": "A@AdobeOrg"}, "workspace": {"details": {"credentials": []}}}}
).encode()
_JWT = json.dumps({"API_KEY": "k", "CLIENT_SECRET": "s", "ORG_ID": "o", "TECHNICAL_ACCOUNT_ID": "t"}).encode()
_PEM = b"-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEA\n-----END PRIVATE KEY-----\n"
_TOKEN = json.dumps({"access_token": "a.b.c", "token_type": "bearer", "expires_in": 86399}).encode()
_JSON_BOMBS = (b"[", b'{"a":', b'"\\u0000', b"//\n", b"/*", b"9", b" ")
_XML_BOMBS = (b"<a>", b"<!--", b"&amp;", b"<a b='", b' x="\\', b"[", b"{", b"\r")

PARSERS: dict[str, Parser] = {
    "config": Parser(
        _form("config"),
        (ParseError,),
        _fixtures("*.config"),
        (b'"', b"\\", b"a=[", b"#", b'a="1\\', b"=", b"\r", b" "),
    ),
    "config repairs": Parser(
        repairs.repair, (), _fixtures("*.config"), (b'a="x=y"\n', b"\xef\xbb\xbf", b'a="1";\n', b'"', b"\\\n")
    ),
    "cfg.json": Parser(_form("cfg.json"), (ParseError,), _fixtures("*.cfg.json"), _JSON_BOMBS),
    "xml": Parser(_form("xml"), (ParseError,), _fixtures("*.xml"), _XML_BOMBS),
    "folder node": Parser(
        lambda data: configurations(data, "config/.content.xml"),
        (ParseError,),
        _fixtures(".content.xml"),
        _XML_BOMBS,
    ),
    "filter.xml": Parser(Filter.parse, (PackageError,), (_FILTER, *_fixtures("filter.xml")), _XML_BOMBS),
    "properties.xml": Parser(package_id, (PackageError,), (_PROPERTIES,), _XML_BOMBS),
    "definition": Parser(
        lambda data: definition_follow(data, OLD, NEW), (PackageError,), _fixtures(".content.xml"), _XML_BOMBS
    ),
    "MANIFEST.MF": Parser(
        lambda data: manifest_follow(data, OLD, NEW),
        (PackageError,),
        (_MANIFEST,),
        (b"\r\n ", b"a: b\n", b",", b":"),
    ),
    "package": Parser(
        _in_file(_archive, "p.zip"),
        (PackageError,),
        (_package(),),
        (b"PK\x05\x06", b"PK\x01\x02", b"\0", b"PK"),
    ),
    "credentials": Parser(
        lambda data: formats.parse(formats.decode(data)[0]),
        (CredentialsError,),
        (_CONSOLE, _PROJECT, _JWT, b"CLIENT_ID=a\nCLIENT_SECRET='b'\n"),
        (*_JSON_BOMBS, b"A=b\n", b"A='", b'A="\\'),
    ),
    "dotenv": Parser(
        lambda data: dotenv.parse(data.decode("latin-1")),
        (CredentialsError,),
        (b"export A=b\nC='d e' # f\n",),
        (b"A=b\n", b"'", b"\\", b"#"),
    ),
    "JWT download": Parser(_in_file(_jwt, "config.json"), (CredentialsError,), (_JWT,), _JSON_BOMBS),
    "private key": Parser(_private_key, (CredentialsError,), (_PEM,), (b"-----BEGIN ", b"\x30\x80", b"A")),
    "certificate": Parser(
        lambda data: certificates.inspect(data, date(2026, 1, 1)),
        (CredentialsError,),
        (_PEM.replace(b"PRIVATE KEY", b"CERTIFICATE"),),
        (b"-----BEGIN CERTIFICATE-----\n", b"\x30\x80", b"A"),
    ),
    "profile": Parser(
        _in_file(profile.load, "p.toml"),
        (profile.ProfileError,),
        tuple(path.read_bytes() for path in Path(profile.__file__).with_name("profiles").glob("*.toml")),
        (b"[a]\n", b"a=[", b'"""', b"a.", b"#"),
    ),
    "lint settings": Parser(
        _in_file(_lint_settings, "slingshift.toml"),
        (settings.SettingsError,),
        (b'select = ["bom"]\nexclude = ["a/*"]\n',),
        (b"[a]\n", b"a=[", b'"""', b"#"),
    ),
    "saved plan": Parser(
        _in_file(saved_plan.load, "plan.json"),
        (saved_plan.SavedPlanError,),
        (b'{"kind":"slingshift-plan","version":1,"inputs":{},"targets":[]}',),
        _JSON_BOMBS,
    ),
    "token answer": Parser(
        lambda data: interpret(RawAnswer(200, {"content-type": "application/json"}, data), (Secret("q"),), 1),
        (),
        (_TOKEN, b'{"error":"invalid_client","error_description":"x"}', b"<html>"),
        (*_JSON_BOMBS, b"<"),
    ),
}
