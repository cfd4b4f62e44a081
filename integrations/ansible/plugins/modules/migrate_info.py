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
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
extends_documentation_fragment:
  - slingshift.slingshift.command
  - slingshift.slingshift.command.targets
  - slingshift.slingshift.command.profile
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
