"""The OAuth Server-to-Server credential: read from the files that Adobe's tools hand out, or from options.

Files read here (samples in docs/credentials.md):

* the Developer Console's "Download JSON" of an OAuth Server-to-Server credential,
* the JSON of a project or workspace (schema: adobe/aio-cli-plugin-app, schema/config.schema.json),
* `.env` files: aio's flattened keys, App Builder's, ``IMS_OAUTH_S2S_*``, or plain names.

Everything else is refused by name, with what to do instead: most people who arrive here hold a JWT download.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from migrate.integration.secret import Secret

MAX_BYTES = 1024 * 1024
"""A credential file has a few hundred bytes; a project JSON a few thousand."""


class CredentialsError(Exception):
    """A credential that cannot be used. The text is one line and never holds a value from the file.

    Attributes:
        rule: stable id, for example ``jwt-download``.
        source: the file as the caller named it; empty for options.
        message: what it is and why it does not do.
        fix: what to do instead; may be empty.
    """

    def __init__(self, message: str, *, rule: str, fix: str = "", source: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.fix = fix
        self.source = source

    def at(self, source: str) -> CredentialsError:
        """The same error, naming the file it came from."""
        self.source = source
        return self

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        return f"{where}{self.message}" + (f". {self.fix}" if self.fix else "")


class ChoiceNeeded(CredentialsError):  # noqa: N818 - it names what the caller has to do
    """Several credentials, or several secrets, and nothing says which.

    Attributes:
        choices: how each can be asked for (`NAME (id ID)`, or `1` and `2`).
    """

    def __init__(self, message: str, *, rule: str, fix: str, choices: tuple[str, ...]) -> None:
        super().__init__(message, rule=rule, fix=fix)
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Credentials:
    """What AEM needs to ask IMS for a token, as far as it is known.

    Attributes:
        client_id: the API key.
        org_id: the IMS organization, ``...@AdobeOrg``; None when the source does not say.
        scopes: the scopes in the source's order; None when the source does not say.
        secret: the client secret to use; None when there is none, or two and none was chosen.
        secrets: every client secret of the credential (Adobe allows two).
        kind: ``"oauth-json"``, ``"project-json"``, ``"env"`` or ``"options"``.
        source: the file as the caller named it; empty for options.
        token_url: the token endpoint, when given; None for the default.
        technical_account_id: ``...@techacct.adobe.com``, when known.
        technical_account_email: its e-mail address, when known.
        name: the credential's name in the project, when known.
        migrating: the project still holds the JWT credential beside this one; same client id for both.
        decoding: notes on the file itself (a byte order mark), for the findings.
    """

    client_id: str | None
    org_id: str | None = None
    scopes: tuple[str, ...] | None = None
    secret: Secret | None = None
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    kind: str = "options"
    source: str = ""
    token_url: str | None = None
    technical_account_id: str | None = None
    technical_account_email: str | None = None
    name: str | None = None
    migrating: bool = False
    decoding: tuple[str, ...] = ()

    def with_secret(self, number: int) -> Credentials:
        """The same credential with the first or second of its secrets chosen.

        Args:
            number: counted from 1, in the order of the file.

        Raises:
            CredentialsError: there is no such secret.
        """
        if not 1 <= number <= len(self.secrets):
            has = {0: "no client secret", 1: "one client secret"}.get(len(self.secrets), "two client secrets")
            raise CredentialsError(
                f"there is no client secret number {number}: the credential has {has}",
                rule="secret-index",
                source=self.source,
            )
        return replace(self, secret=self.secrets[number - 1])

    def need_secret(self) -> Secret:
        """The secret to use.

        Raises:
            ChoiceNeeded: there are several and none was chosen.
            CredentialsError: there is none.
        """
        if self.secret is not None:
            return self.secret
        if self.secrets:
            count = len(self.secrets)
            raise ChoiceNeeded(
                f"the credential has {count} client secrets, and only you know which one stays",
                rule="two-secrets",
                fix=f"Choose with --secret-index 1{'|2' if count == 2 else f'..{count}'}, counted as in the file",
                choices=tuple(str(n + 1) for n in range(count)),
            ).at(self.source)
        raise CredentialsError(
            "no client secret",
            rule="secret-missing",
            fix="Give it with --client-secret-env NAME or --client-secret-file FILE",
            source=self.source,
        )


def load(path: Path | str, *, credential: str | None = None, secret_index: int | None = None) -> Credentials:
    """Read a credential file.

    Args:
        path: the file; ``-`` is standard input. Pipes work, so ``<(vault read ...)`` does too.
        credential: name, id or client id of the wanted credential, when the file holds several.
        secret_index: which of two secrets, from 1. Without it `secret` stays None when there are two.

    Raises:
        ChoiceNeeded: several credentials and `credential` names none of them.
        CredentialsError: unreadable, too big, or not an OAuth Server-to-Server credential.
    """
    from migrate.ims.credentials import formats

    source = "<stdin>" if str(path) == "-" else str(path)
    try:
        text, decoding = formats.decode(read_limited(path, source))
        found = formats.parse(text, credential)
        found = replace(found, source=source, decoding=decoding)
        return found.with_secret(secret_index) if secret_index is not None else found
    except CredentialsError as error:
        raise error.at(source)  # noqa: B904 - the very same error


def read_limited(path: Path | str, source: str, limit: int = MAX_BYTES) -> bytes:
    """At most `limit` bytes of a file or of standard input (``-``).

    Raises:
        CredentialsError: cannot be read, is a folder, or is bigger.
    """
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with open(path, "rb") as stream:
                data = stream.read(limit + 1)
        problem = None
    except IsADirectoryError:
        problem = "is a folder; name the file in it"
    except (OSError, ValueError) as error:
        problem = f"cannot be read: {getattr(error, 'strerror', None) or 'not a file name'}"
    if problem:
        raise CredentialsError(problem, rule="unreadable", source=source)
    if len(data) > limit:
        raise CredentialsError(
            f"is bigger than {limit // 1024} KiB, which no credential file is",
            rule="too-big",
            fix="Check that this is the file you meant",
            source=source,
        )
    return data


def merge(
    file: Credentials | None = None,
    *,
    client_id: str | None = None,
    org_id: str | None = None,
    scope: str | None = None,
    token_url: str | None = None,
    secret: Secret | None = None,
) -> Credentials:
    """The credential of the options laid over the one of the file; an option that is given wins.

    Args:
        scope: scopes separated by commas or blanks.
    """
    base = file or Credentials(client_id=None)
    keep: Callable[[str | None, str | None], str | None] = lambda new, old: old if new is None else new  # noqa: E731
    return replace(
        base,
        client_id=keep(client_id, base.client_id),
        org_id=keep(org_id, base.org_id),
        scopes=base.scopes if scope is None else split_scopes(scope),
        token_url=keep(token_url, base.token_url),
        secret=base.secret if secret is None else secret,
    )


def split_scopes(text: str) -> tuple[str, ...]:
    """Scopes from a list separated by commas, blanks or both, as Adobe's samples mix them."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
