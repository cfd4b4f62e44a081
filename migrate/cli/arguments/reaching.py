"""The options that say how to reach instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.cli.arguments.groups import Group

if TYPE_CHECKING:
    from migrate.cli.arguments import options


class AccessOptions(Group):
    """What the command line says of it, before anything is read."""

    user: options.User = None
    password_env: options.PasswordEnv = None
    password_file: options.PasswordFile = None
    password_command: options.PasswordCommand = None
    ca_bundle: options.CaBundle = None
    fingerprint: options.Fingerprint = None
    allow_http: options.AllowHttp = False
    proxy: options.Proxy = None
    timeout: options.InstanceTimeout = 60.0
