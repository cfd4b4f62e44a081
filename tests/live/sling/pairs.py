"""The two configurations of an integration, before and after: as values for the console and as files."""

from __future__ import annotations

from dataclasses import dataclass

from tests.live.sling.author import CUSTOMIZER, PROVIDER, Values

NAME = "adobe-ims-similaritysearch"
UUID = "3c026e77-0a1b-4c2d-8e3f-5a6b7c8d9e0f"

JWT_PROVIDER: Values = {
    "auth.access.token.request": "https://ims-na1.adobelogin.com/ims/exchange/jwt",
    "auth.token.provider.client.id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "auth.token.provider.conn.timeout": 5000,
    "auth.token.provider.default.claims": [
        '"iss" : "5A3B1C9D5E7F81234A495E22@AdobeOrg"',
        '"sub" : "7C1D2E3F5E7F81234A495E22@techacct.adobe.com"',
    ],
    "auth.token.provider.endpoint": "ims-na1.adobelogin.com",
    "auth.token.provider.keypair.alias": "similaritysearch",
    "auth.token.provider.relaxed.ssl": False,
    "auth.token.provider.reuse.access.token": True,
    "auth.token.provider.scope": "openid",
    "auth.token.provider.so.timeout": 5000,
    "auth.token.provider.title": "Smart Tags",
    "auth.token.validator.type": "default",
    "name": NAME,
    "token.request.customizer.type": NAME,
}
JWT_CUSTOMIZER: Values = {"auth.ims.client.secret": "jwt-secret", "customizer.type": NAME}

HEADER = b"# Configuration created by Apache Sling JCR Installer\n"

JWT_FILES = {
    PROVIDER: HEADER
    + rb'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"'
    + b"\r\n"
    + rb'auth.token.provider.client.id="0f1e2d3c4b5a69788796a5b4c3d2e1f0"'
    + b"\r\n"
    + rb'name="adobe-ims-similaritysearch"'
    + b"\r\n"
    + rb'token.request.customizer.type="adobe-ims-similaritysearch"'
    + b"\r\n",
    CUSTOMIZER: HEADER
    + rb'auth.ims.client.secret="jwt-secret"'
    + b"\r\n"
    + rb'customizer.type="adobe-ims-similaritysearch"'
    + b"\r\n",
}
"""Text of the file by factory PID."""

OAUTH_FILES = {
    PROVIDER: JWT_FILES[PROVIDER].replace(b"/ims/exchange/jwt", b"/ims/token/v3")
    + rb'auth.token.provider.authorization.grants="client_credentials"'
    + b"\r\n"
    + rb'auth.token.provider.default.claims=("\"iss\"\ :\ \"5A3B1C9D5E7F81234A495E22@AdobeOrg\"")'
    + b"\r\n"
    + rb'auth.token.provider.orgId="5A3B1C9D5E7F81234A495E22@AdobeOrg"'
    + b"\r\n"
    + rb'auth.token.provider.scope="read_pc.dma_smart_content,\ openid"'
    + b"\r\n",
    CUSTOMIZER: JWT_FILES[CUSTOMIZER].replace(b"jwt-secret", b"oauth-secret"),
}

REQUEST, SECRET = "auth.access.token.request", "auth.ims.client.secret"


def is_oauth(values: Values) -> bool:
    """Whether what the console shows of one of the two has the new values; of a property without a metatype, such as
    the grants, it shows no value."""
    return "/ims/token/" in str(values.get(REQUEST)) or values.get(SECRET) == "oauth-secret"


def files(texts: dict[str, bytes], name: str, extension: str = ".config") -> dict[str, bytes]:
    """Both files; `name` is what follows the factory PID, with its separator: ``-123`` or ``.123``."""
    return {f"{factory}{name}{extension}": text for factory, text in texts.items()}


SCOPE = "read_pc.dma_smart_content, openid, AdobeID, additional_info.projectedProductContext"


def migrated(client_id: str, org_id: str, secret: str, token_url: str) -> dict[str, bytes]:
    """The two files as Adobe's page wants them in the end, written by hand."""
    quoted = SCOPE.replace(" ", "\\ ")
    lines = {
        PROVIDER: (
            f'auth.access.token.request="{token_url}"',
            'auth.token.provider.authorization.grants="client_credentials"',
            f'auth.token.provider.client.id="{client_id}"',
            f'auth.token.provider.default.claims=("\\"iss\\"\\ :\\ \\"{org_id}\\"")',
            f'auth.token.provider.orgId="{org_id}"',
            f'auth.token.provider.scope="{quoted}"',
            f'auth.token.validator.type="{NAME}"',
            f'name="{NAME}"',
            f'token.request.customizer.type="{NAME}"',
        ),
        CUSTOMIZER: (f'auth.ims.client.secret="{secret}"', f'customizer.type="{NAME}"'),
    }
    return {
        factory: HEADER + "".join(f"{one}\r\n" for one in text).encode() for factory, text in lines.items()
    }


@dataclass(frozen=True)
class Pair:
    """The two configurations of an integration, whatever it is called: several stand side by side on one instance.

    Attributes:
        name: of the provider, and its customizer's type.
        number: the name of the instances that its files stand for.
    """

    name: str = NAME
    number: str = "123456"

    @property
    def values(self) -> dict[str, Values]:
        """What people type into the console, by factory PID."""
        provider = JWT_PROVIDER | {"name": self.name, "token.request.customizer.type": self.name}
        return {PROVIDER: provider, CUSTOMIZER: JWT_CUSTOMIZER | {"customizer.type": self.name}}

    def texts(self, texts: dict[str, bytes]) -> dict[str, bytes]:
        """Texts of the usual integration with this one's name."""
        return {factory: text.replace(NAME.encode(), self.name.encode()) for factory, text in texts.items()}

    def files(self, separator: str, extension: str = ".config") -> dict[str, bytes]:
        """Both files before the migration."""
        return files(self.texts(JWT_FILES), f"{separator}{self.number}", extension)
