"""Why a credential, or what belongs to one, cannot be used."""

from __future__ import annotations

from migrate.errors import MigrateError

GET_OAUTH = (
    "In the Adobe Developer Console open the project, choose OAuth Server-to-Server under Credentials, "
    "and use its Download JSON"
)
"""The usual way out."""
GIVE_SECRET = (
    "Give it with --client-secret-env NAME, --client-secret-file FILE or --client-secret-command COMMAND"
)


class CredentialsError(MigrateError):
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
