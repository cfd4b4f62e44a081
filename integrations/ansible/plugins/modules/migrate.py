#!/usr/bin/python
# Copyright: the slingshift maintainers
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
---
module: migrate
short_description: Move AEM 6.5 configurations from JWT to OAuth Server-to-Server
version_added: "0.1.0"
description:
  - Plans the migration of the targets and carries exactly this plan out, each target as a run of its own that
    C(slingshift undo) takes back byte for byte.
  - Running it again changes nothing.
author:
  - the slingshift maintainers (@slingshift)
options:
  prefer:
    description: Which file wins when C(F.N) and C(F-N) both stand.
    type: str
    choices: [old, new]
  pick:
    description: The file to take where several could be meant.
    type: str
  create:
    description: Make the pair in this folder of the target, for a new integration.
    type: str
  instance_name:
    description: The name of the pair that O(create) makes.
    type: str
  installer:
    description: Version of C(installer.factory.configuration) on the instance.
    type: str
  only:
    description: Run only these passes.
    type: list
    elements: str
  skip:
    description: Leave these passes out.
    type: list
    elements: str
  allow_refusals:
    description:
      - Whether files that slingshift refuses to touch are no failure.
      - The other files are migrated either way.
    type: bool
    default: false
attributes:
  check_mode:
    description: Can run in check mode and say whether it would change anything.
    support: full
  diff_mode:
    description: Gives the diff of the plan, in which secrets are masked.
    support: full
extends_documentation_fragment:
  - slingshift.slingshift.command
  - slingshift.slingshift.command.targets
  - slingshift.slingshift.command.profile
  - slingshift.slingshift.command.request
"""

EXAMPLES = r"""
- name: Move the Smart Content Service of an author to OAuth
  slingshift.slingshift.migrate:
    targets:
      - /opt/aem/crx-quickstart/install
    client_id: 0f1e2d3c4b5a69788796a5b4c3d2e1f0
    org_id: 5A3B1C9D5E7F81234A495E22@AdobeOrg
    client_secret: "{{ vault_scs_client_secret }}"
  register: migration

- name: Say how to take it back
  ansible.builtin.debug:
    msg: "slingshift undo {{ item }}"
  loop: "{{ migration.runs }}"

- name: Migrate packages with the file of the Developer Console, and go on where some files are refused
  slingshift.slingshift.migrate:
    targets: [/srv/packages/author-config.zip, /srv/packages/publish-config.zip]
    credentials: /root/oauth.json
    allow_refusals: true
"""

RETURN = r"""
plan:
  description: What was planned, as C(slingshift plan --format json) gives it; secrets are masked.
  returned: when a plan was made
  type: dict
  sample: {"version": 1, "targets": [], "summary": {}}
summary:
  description: The counts of the plan.
  returned: when a plan was made
  type: dict
refusals:
  description: Files that are not touched, with the reason.
  returned: when a plan was made
  type: list
  elements: dict
  sample: [{"target": "/srv/x", "path": "F.config", "rule": "unescaped-equals", "message": "..."}]
runs:
  description: The ids of the runs that were recorded; C(slingshift undo ID) takes one back.
  returned: when something was changed
  type: list
  elements: str
  sample: ["20270102T030405.000000Z-abcdef"]
targets:
  description: What became of each target, where the command says so.
  returned: when something was changed
  type: list
  elements: dict
exit_code:
  description: What the command ended with.
  returned: always
  type: int
  sample: 0
"""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.slingshift.slingshift.plugins.module_utils import command as commands


def main():
    spec = dict(
        targets=dict(type="list", elements="path", required=True),
        prefer=dict(type="str", choices=["old", "new"]),
        pick=dict(type="str"),
        create=dict(type="str"),
        instance_name=dict(type="str"),
        installer=dict(type="str"),
        only=dict(type="list", elements="str"),
        skip=dict(type="list", elements="str"),
        allow_refusals=dict(type="bool", default=False),
    )
    module = AnsibleModule(
        argument_spec=dict(spec, **dict(commands.COMMON, **commands.REQUEST)),
        mutually_exclusive=commands.EXCLUSIVE,
        supports_check_mode=True,
    )
    if not module.params["targets"]:
        module.fail_json(msg="targets is empty", exit_code=commands.USAGE)
    with tempfile.TemporaryDirectory(dir=module.tmpdir) as folder:
        module.exit_json(**migrate(module, os.path.join(folder, "plan.json")))


def migrate(module, saved):
    """Plan, and unless this is a check, carry this very plan out. Gives the result; leaves where something failed."""
    command = commands.Command(module)
    arguments = commands.request_options(module.params) + ["--"] + module.params["targets"]
    expected = (commands.OK, commands.PENDING, commands.REFUSED)
    code, plan, err = command.run_json("plan", expected, "--out=%s" % saved, *arguments)
    edits = sum(len(target["edits"]) for target in plan["targets"])
    refusals = [
        dict(one, target=target["target"]) for target in plan["targets"] for one in target["refusals"]
    ]
    result = dict(changed=bool(edits), plan=plan, summary=plan["summary"], refusals=refusals, exit_code=code)
    if edits and module._diff:
        result["diff"] = dict(prepared=command.run("plan", "--quiet", "--color=never", *arguments)[1])
    if edits and not module.check_mode:
        result.update(carry_out(command, saved))
    if result["exit_code"] == commands.REFUSED and not module.params["allow_refusals"]:
        command.fail(
            "plan" if module.check_mode else "apply", commands.REFUSED, refused(refusals, err), **keep(result)
        )
    return result


def carry_out(command, saved):
    """Apply a saved plan. Gives what is to be added to the result."""
    before = runs(command)
    secret = ["--client-secret-env=%s" % commands.SECRET] if commands.SECRET in command.environment else []
    code, out, err = command.run("apply", "--yes", "--format=json", "--plan=%s" % saved, *secret)
    found = [run for run in runs(command) if run not in before]
    if code not in (commands.OK, commands.REFUSED):
        command.fail("apply", code, err, runs=found, changed=bool(found))
    return dict(runs=found, exit_code=code, targets=told(command.module, out))


def told(module, out):
    """What became of each target, as far as the command says so."""
    try:
        targets = module.from_json(out)["targets"]
    except (ValueError, KeyError, TypeError):
        return []
    kept = ("target", "state", "exitCode", "runId", "error")
    return [{name: target[name] for name in kept if name in target} for target in targets]


def runs(command):
    """The ids of the runs that the journals know."""
    return [run["id"] for run in command.run_json("undo", (commands.OK,), "--list")[1]["runs"]]


def refused(refusals, err):
    """What to say where files were refused."""
    first = refusals[0] if refusals else None
    if first is None:
        return err
    return "slingshift: %d refused, the first: %s: %s" % (len(refusals), first["path"], first["message"])


def keep(result):
    """What of a result goes along with a failure."""
    return {name: value for name, value in result.items() if name != "exit_code"}


if __name__ == "__main__":
    main()
