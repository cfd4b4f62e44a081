"""Profiles: which integration is migrated, and to what. Data, in TOML (docs/profiles.md)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from migrate.errors import MigrateError
from migrate.integration import scopes, token_url

PROVIDER = "com.adobe.granite.auth.oauth.accesstoken.provider"
"""Factory PID of the access token providers, shared by every IMS integration of an instance."""

CUSTOMIZER = "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl"
"""Factory PID of the request customizers, which hold the client secrets."""

REFERRERS = ("StockConfigurationImpl", "AccessTokenDistributionTransportSecretProvider")
"""In the names of configurations of AEM that name a provider (`imsConfig`, `accessTokenProvider.target`)."""

SERVICE_USER = "dam-update-service"
"""Whose access tokens and keys AEM keeps for smart tags."""

_REQUIRED = ("provider-name", "scopes", "token-url")
_OPTIONAL = ("title", "validator-type", "customizer-type")
_MAX_BYTES = 64 * 1024


class ProfileError(MigrateError):
    """A profile that cannot be used; the message names the file and the key."""


class Profile(NamedTuple):
    """The desired state of one integration.

    Attributes:
        provider_name: the property ``name`` of the provider to migrate.
        scopes: the scopes to request.
        token_url: the IMS token endpoint; https.
        validator_type: ``auth.token.validator.type``; None leaves it as it is.
        customizer_type: ``customizer.type`` for pairs that `--create` makes.
        title: how people call the integration.
    """

    provider_name: str
    scopes: tuple[str, ...]
    token_url: str
    validator_type: str | None = None
    customizer_type: str = ""
    title: str = ""

    @property
    def scope(self) -> str:
        """The scopes as Adobe's page writes them: comma and blank between."""
        return scopes.join(self.scopes)

    @property
    def is_smart_tags(self) -> bool:
        """Whether it is the Smart Content Service's, to which a part of the advice is about."""
        return self.provider_name == SMART_TAGS.provider_name


SMART_TAGS = Profile(
    provider_name="adobe-ims-similaritysearch",
    scopes=scopes.SMART_TAGS,
    token_url=token_url.DEFAULT,
    validator_type="adobe-ims-similaritysearch",
    customizer_type="adobe-ims-similaritysearch",
    title="Smart Content Service (smart tags)",
)
"""The built-in profile. profiles/smart-tags.toml, the copy to start one's own from, says the same; a test compares.
Here it spares every command the import of a TOML parser."""


def load(path: Path | None = None) -> Profile:
    """The built-in profile, or the one in a TOML file.

    Raises:
        ProfileError: unreadable, not TOML, or a key is missing, unknown or of the wrong type.
    """
    if path is None:
        return SMART_TAGS
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ProfileError(f"{path}: larger than {_MAX_BYTES} bytes, so no profile")
        return _from_toml(data.decode("utf-8"), str(path))
    except OSError as error:
        raise ProfileError(f"{path}: cannot read the profile: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProfileError(f"{path}: a profile is a UTF-8 text in TOML") from None


def _from_toml(text: str, where: str) -> Profile:
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError(f"{where}: not TOML: {error}") from None
    known = (*_REQUIRED, *_OPTIONAL)
    for key in table:
        if key not in known:
            raise ProfileError(f'{where}: unknown key "{key}"; a profile has {", ".join(known)}')
    for key in _REQUIRED:
        if key not in table:
            raise ProfileError(f'{where}: the key "{key}" is missing')
    names = table.pop("scopes")
    if (
        not isinstance(names, list)
        or not names
        or not all(isinstance(scope, str) and scope.strip() for scope in names)
    ):
        raise ProfileError(f'{where}: "scopes" must be a list of scope names')
    for key, value in table.items():
        if not isinstance(value, str) or not value.strip():
            raise ProfileError(f'{where}: "{key}" must be a text that is not empty')
    name = table["provider-name"]
    return Profile(
        provider_name=name,
        scopes=tuple(scope.strip() for scope in names),
        token_url=table["token-url"],
        validator_type=table.get("validator-type"),
        customizer_type=table.get("customizer-type", name),
        title=table.get("title", name),
    )
