# Copyright: the slingshift maintainers
# SPDX-License-Identifier: Apache-2.0
"""The command `slingshift`: its options, its exit codes, its JSON."""

from __future__ import annotations

import json

SECRET = "SLINGSHIFT_ANSIBLE_SECRET"

OK, PENDING, USAGE, REFUSED, CONFLICT, TOKEN_REFUSED, UNREACHABLE = 0, 1, 2, 3, 4, 5, 6

COMMON = dict(
    executable=dict(type="path", default="slingshift"),
    state_home=dict(type="path"),
)

REQUEST = dict(
    client_id=dict(type="str"),
    org_id=dict(type="str"),
    scope=dict(type="str"),
    token_url=dict(type="str"),
    client_secret=dict(type="str", no_log=True),
    client_secret_file=dict(type="path", no_log=False),
    credentials=dict(type="path"),
    profile=dict(type="path"),
)

EXCLUSIVE = [("client_secret", "client_secret_file")]

_SAID_AS_THEY_ARE = (
    "client_id",
    "org_id",
    "scope",
    "token_url",
    "client_secret_file",
    "credentials",
    "profile",
    "prefer",
    "pick",
    "create",
    "instance_name",
    "installer",
)


def request_options(parameters):
    """The options that a module's parameters stand for. The secret is in none of them."""
    options = []
    for name in _SAID_AS_THEY_ARE:
        value = parameters.get(name)
        if value is not None:
            options.append("--%s=%s" % (name.replace("_", "-"), value))
    if parameters.get("client_secret") is not None:
        options.append("--client-secret-env=%s" % SECRET)
    for option in ("only", "skip"):
        for value in parameters.get(option) or ():
            options.append("--%s=%s" % (option, value))
    return options


class Command:
    """Runs the command on the managed host.

    Args:
        module: the AnsibleModule.
    """

    def __init__(self, module):
        self.module = module
        self.executable = module.get_bin_path(module.params["executable"], required=True)
        self.environment = {"NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        if module.params["state_home"] is not None:
            self.environment["XDG_STATE_HOME"] = module.params["state_home"]
        if module.params.get("client_secret") is not None:
            self.environment[SECRET] = module.params["client_secret"]

    def run(self, verb, *arguments):
        """Exit code, standard output, standard error."""
        return self.module.run_command(
            [self.executable, verb] + list(arguments), environ_update=self.environment
        )

    def run_json(self, verb, expected, *arguments):
        """Exit code, what standard output says, standard error; the module fails where it is no JSON."""
        code, out, err = self.run(verb, "--format=json", *arguments)
        if code not in expected:
            self.fail(verb, code, err)
        try:
            return code, json.loads(out), err
        except ValueError:
            return self.fail(verb, code, err or "it printed no JSON")

    def fail(self, verb, code, err, **facts):
        """End the module with what the command said."""
        lines = [line for line in err.splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if line.startswith("slingshift: ")), "")
        reason = reason or (lines[-1] if lines else "no reason given")
        self.module.fail_json(
            msg="slingshift %s ended with %d: %s" % (verb, code, reason), exit_code=code, stderr=err, **facts
        )
