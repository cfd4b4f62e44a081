"""A ``service.ranking`` that is no Integer: the framework takes it for 0 (OSGi Core; Felix: ``instanceof Integer``).

aemanalyser has the same rule, in ``configurations-basic``.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar import patterns
from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import WARNING

_NAME = "service.ranking"
_INTEGER = patterns.lazy(r"-?[1-9][0-9]{0,8}|0")
_RIGHT = {
    "config": f'Write {_NAME}=I"{{}}"',
    "cfg.json": f'Write "{_NAME}:Integer": {{}}',
    "xml": "XML has no Integer; write a .cfg.json or a .config",
}


def _of_one(subject: Subject) -> Iterator[Hazard]:
    document = subject.document
    if _NAME not in document.names:
        return
    found = document.get(_NAME)
    # What a placeholder becomes, and of which type, is not known here.
    if found is not None and found.value.type_name != "Integer" and "$[" not in (found.value.text or ""):
        message = f"{found.value.type_name} is no type for {_NAME}; the framework ranks the service as 0"
        text = str(found.value.items[0]) if found.value.items else ""
        number = text if _INTEGER.fullmatch(text) else "5"
        yield Hazard("", found.line, found.column, message, _RIGHT[document.form].format(number), _NAME)


CHECK = Check(
    WARNING,
    "a service ranking that is no Integer",
    of_one=_of_one,
    keys=("aemanalyser: configurations-basic",),
)
