#!/usr/bin/python
# Copyright: the slingshift maintainers
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
---
module: migrate_info
short_description: List the providers and customizers of AEM 6.5 and how far each has come
version_added: "0.1.0"
description:
  - Gives the inventory of the targets, as C(slingshift scan --format json) has it. Writes nothing.
author:
  - the slingshift maintainers (@slingshift)
requirements:
  - slingshift on the managed host
options:
  targets:
    description: Folders, files and content packages on the managed host.
    type: list
    elements: path
    required: true
  profile:
    description: Another integration on the same two factories, a TOML file on the managed host.
    type: path
  executable:
    description: The command on the managed host.
    type: path
    default: slingshift
  state_home:
    description: The folder for the journals of the runs, instead of C(~/.local/state).
    type: path
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
"""

EXAMPLES = r"""
- name: How far is this author?
  slingshift.slingshift.migrate_info:
    targets: [/opt/aem/crx-quickstart/install]
  register: inventory
"""

RETURN = r"""
scan:
  description: The inventory, as C(slingshift scan --format json) gives it.
  returned: success
  type: dict
  sample: {"version": 1, "targets": []}
exit_code:
  description: What the command ended with.
  returned: always
  type: int
  sample: 0
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.slingshift.slingshift.plugins.module_utils import command as commands


def main():
    spec = dict(targets=dict(type="list", elements="path", required=True), profile=dict(type="path"))
    module = AnsibleModule(argument_spec=dict(spec, **commands.COMMON), supports_check_mode=True)
    if not module.params["targets"]:
        module.fail_json(msg="targets is empty", exit_code=commands.USAGE)
    arguments = commands.request_options(module.params) + ["--"] + module.params["targets"]
    expected = (commands.OK, commands.PENDING, commands.REFUSED)
    code, scan, _err = commands.Command(module).run_json("scan", expected, *arguments)
    module.exit_json(changed=False, scan=scan, exit_code=code)


if __name__ == "__main__":
    main()
