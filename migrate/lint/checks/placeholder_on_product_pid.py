"""A placeholder in the configuration of a service of AEM's own: Adobe promises variables to custom code only."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import INFO
from migrate.lint.variables import of_cloud

_PRODUCT = ("com.adobe.", "com.day.", "org.apache.sling.", "org.apache.felix.", "org.apache.jackrabbit.")
_CUSTOM = ("com.adobe.acs.", "com.adobe.aem.guides.", "org.apache.sling.jcr.repoinit.")


def _of_one(subject: Subject) -> Iterator[Hazard]:
    if subject.node.startswith(_PRODUCT) and not subject.node.startswith(_CUSTOM):
        for found in of_cloud(subject):
            message = "variables are promised to custom code only, and this is a service of AEM's own"
            yield found.hazard(message, "Try it before you rely on it")
            return


CHECK = Check(INFO, "a placeholder for a service of AEM's own", of_one=_of_one, platforms=("cloud",))
