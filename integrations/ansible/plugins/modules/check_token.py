#!/usr/bin/python
# Copyright: the slingshift maintainers
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
---
module: check_token
short_description: Ask Adobe IMS for a token with exactly the values that AEM would send
version_added: "0.1.0"
description:
  - Sends one client-credentials request, from the managed host, and says what was granted. The token is never shown.
  - It works in check mode, too, since it changes nothing.
author:
  - the slingshift maintainers (@slingshift)
options:
  target:
    description: A folder, a file or a content package whose values are used; without it, those of the other options.
    type: path
  ca_bundle:
    description: The authorities to trust instead of the system's, a PEM file on the managed host.
    type: path
  fail_on_refusal:
    description: Whether a token that is refused fails the task. One that cannot be asked for always does.
    type: bool
    default: true
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
extends_documentation_fragment:
  - slingshift.slingshift.command
  - slingshift.slingshift.command.profile
  - slingshift.slingshift.command.request
"""

EXAMPLES = r"""
- name: Prove that the migrated configuration gets a token
  slingshift.slingshift.check_token:
    target: /opt/aem/crx-quickstart/install

- name: Try a new credential before anything is changed
  slingshift.slingshift.check_token:
    client_id: 0f1e2d3c4b5a69788796a5b4c3d2e1f0
    org_id: 5A3B1C9D5E7F81234A495E22@AdobeOrg
    client_secret: "{{ vault_scs_client_secret }}"
"""

RETURN = r"""
check:
  description: What was asked and answered, as C(slingshift check-token --format json) gives it; never the token.
  returned: when IMS answered
  type: dict
  sample: {"version": 1}
granted:
  description: Whether a token was given.
  returned: when IMS answered
  type: bool
  sample: true
exit_code:
  description: What the command ended with.
  returned: always
  type: int
  sample: 0
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.slingshift.slingshift.plugins.module_utils import command as commands


def main():
    spec = dict(
        target=dict(type="path"),
        ca_bundle=dict(type="path"),
        fail_on_refusal=dict(type="bool", default=True),
    )
    module = AnsibleModule(
        argument_spec=dict(spec, **dict(commands.COMMON, **commands.REQUEST)),
        mutually_exclusive=commands.EXCLUSIVE,
        supports_check_mode=True,
    )
    arguments = commands.request_options(module.params)
    if module.params["ca_bundle"] is not None:
        arguments.append("--ca-bundle=%s" % module.params["ca_bundle"])
    if module.params["target"] is not None:
        arguments += ["--", module.params["target"]]
    command = commands.Command(module)
    code, check, err = command.run_json("check-token", (commands.OK, commands.TOKEN_REFUSED), *arguments)
    granted = code == commands.OK
    if not granted and module.params["fail_on_refusal"]:
        command.fail("check-token", code, err, check=check, granted=False)
    module.exit_json(changed=False, check=check, granted=granted, exit_code=code)


if __name__ == "__main__":
    main()
