"""A value, or a whole configuration, that the service or the Cloud does not allow; with `--schema` only."""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.described import Known, fits, items_of, number_of, properties_of, service_of
from migrate.lint.rule import WARNING


def _of_one(subject: Subject) -> Iterator[Hazard]:
    service = service_of(subject)
    if service is None:
        return
    if not service.is_allowed:
        yield Hazard(
            "", 1, 1, "this configuration is internal to the product and may not be given", "Remove the file"
        )
        return
    for found in properties_of(subject):
        message = _wrong(found)
        if message:
            yield found.hazard(message)


def _wrong(found: Known) -> str:
    described = found.described
    if described is None:
        return ""
    # What is of the wrong type is told by that rule.
    for item in filter(lambda item: fits(item, described.type), items_of(found.property)):
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if described.options and isinstance(item, (str, int)) and text not in described.options:
            return (
                f"only {', '.join(described.options)} {'are' if len(described.options) > 1 else 'is'} allowed"
            )
        number = number_of(item)
        if number is not None and described.low is not None and number < described.low:
            return f"{described.low:g} is the smallest that is allowed"
        if number is not None and described.high is not None and number > described.high:
            return f"{described.high:g} is the largest that is allowed"
    return ""


CHECK = Check(
    WARNING, "a value that is not allowed", of_one=_of_one, keys=("aemanalyser: configuration-api",)
)
