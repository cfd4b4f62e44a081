"""The OAuth Server-to-Server credential, wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from migrate.ims.credentials.errors import GIVE_SECRET, ChoiceNeeded, CredentialsError
from migrate.integration import scopes
from migrate.integration.secret import Secret


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
            fix=GIVE_SECRET,
            source=self.source,
        )


def merge(
    file: Credentials | None = None,
    *,
    client_id: str | None = None,
    org_id: str | None = None,
    scope: str | None = None,
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
        scopes=base.scopes if scope is None else scopes.split(scope),
        secret=base.secret if secret is None else secret,
    )
