"""Configurations in forms that no verb reads, named once so that nobody takes silence for their being right.

`.cfg` is Felix's properties form, `.osgiconfig.json` one of a build plugin, a feature model that of Sling's launcher.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check
from migrate.lint.project import Project, and_more
from migrate.lint.rule import INFO
from migrate.texts import choosing


def _of_project(project: Project) -> Iterator[tuple[str, Hazard]]:
    found = [item for item in project.others if choosing.is_other_form(item.path, item.ground)]
    if found:
        message = "a form that is not looked at" + and_more(found)
        yield (
            found[0].path,
            Hazard("", 1, 1, message, "What is read are .config, .cfg.json and sling:OsgiConfig XML"),
        )


CHECK = Check(INFO, "a form that is not looked at", of_all=_of_project)
