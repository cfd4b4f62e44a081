"""A property that the service does not know, by its metatype or the Cloud's configuration API; with `--schema` only."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.described import is_of_all, properties_of, service_of
from migrate.lint.rule import WARNING


def _of_one(subject: Subject) -> Iterator[Hazard]:
    service = service_of(subject)
    if service is None or service.is_open or not service.is_allowed:
        return
    for found in properties_of(subject):
        name = found.property.name
        if found.described is None and not is_of_all(name) and name not in service.internal:
            from difflib import get_close_matches

            close = get_close_matches(name, service.properties, n=1)
            fix = f"Did you mean {close[0]!r}?" if close else "Remove it, or look at the name"
            yield found.hazard(f"the service knows no property {name!r}", fix)


CHECK = Check(
    WARNING,
    "a property that the service does not know",
    of_one=_of_one,
    by_schema=True,
    keys=("aemanalyser: configuration-api",),
)
