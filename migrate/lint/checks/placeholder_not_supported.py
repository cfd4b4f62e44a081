"""A placeholder on an AEM that fills none in.

AEM 6.5 has no interpolation plugin (Adobe's bundle lists of SP23 to SP25 name neither it nor Felix Configurator), so
``$[env:NAME]`` is the value. Only told where the user says that AEM 6.5 is meant: most files with placeholders are for
the Cloud Service.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import WARNING
from migrate.lint.variables import variables


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in variables(subject.document):
        message = (
            f"AEM 6.5 fills in no placeholder: the text $[{found.kind}:{found.name}] is what the service gets"
        )
        yield found.hazard(message, "Write the value, or give each run mode a file of its own")


CHECK = Check(WARNING, "a placeholder that AEM 6.5 does not fill in", of_one=_of_one, platforms=("aem65",))
