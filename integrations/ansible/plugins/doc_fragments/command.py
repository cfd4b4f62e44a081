# Copyright: the slingshift maintainers
# SPDX-License-Identifier: Apache-2.0
"""The documentation of what the modules have in common; `module_utils.command` has the same as argument specs."""

from __future__ import annotations


class ModuleDocFragment:
    """What every module has, and by name what only some have."""

    DOCUMENTATION = r"""
requirements:
  - slingshift on the managed host
options:
  executable:
    description: The command on the managed host.
    type: path
    default: slingshift
  state_home:
    description: The folder for the journals of the runs, instead of C(~/.local/state). They hold secrets.
    type: path
"""

    TARGETS = r"""
options:
  targets:
    description: Folders, files and content packages on the managed host.
    type: list
    elements: path
    required: true
"""

    PROFILE = r"""
options:
  profile:
    description: Another integration on the same two factories, a TOML file on the managed host.
    type: path
"""

    REQUEST = r"""
options:
  client_id:
    description: The client id of the OAuth Server-to-Server credential.
    type: str
  org_id:
    description: The organisation, C(...@AdobeOrg).
    type: str
  scope:
    description: Scopes, separated by commas; those of the profile by default.
    type: str
  token_url:
    description: The token endpoint; that of the profile by default.
    type: str
  client_secret:
    description: The client secret. It reaches the command through its environment, never as an argument.
    type: str
  client_secret_file:
    description: A file on the managed host that holds the client secret.
    type: path
  credentials:
    description: A file on the managed host as the Developer Console gives it, JSON or C(.env).
    type: path
"""
