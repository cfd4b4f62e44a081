"""A value that cannot become what the service asks for; with `--schema` only.

Declarative Services converts (Compendium, 112.8.2): a Long or a "5" is fine for an Integer. What cannot be
converted ends in an exception in the component, or in 0 and false.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.described import fits, is_single, items_of, properties_of
from migrate.lint.rule import WARNING


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for found in properties_of(subject):
        described = found.described
        if described is None:
            continue
        if not all(fits(item, described.type) for item in items_of(found.property)):
            yield found.hazard(f"the service wants {described.type}, and this cannot become one")
        elif not described.is_many and not is_single(found.property):
            count = len(found.property.value.items)
            yield found.hazard(
                f"the service wants one {described.type}, and these are {count}: it takes the first"
            )


CHECK = Check(
    WARNING,
    "a value of the wrong type",
    of_one=_of_one,
    by_schema=True,
    keys=("aemanalyser: configuration-api",),
)
