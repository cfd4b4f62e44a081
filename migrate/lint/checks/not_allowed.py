"""A value, or a whole configuration, that the service or the Cloud does not allow; with `--schema` only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grammar.documents import Property
from grammar.hazards import Hazard
from grammar.values import Scalar, Shape
from migrate.lint.checks import Check, Subject
from migrate.lint.described import (
    Known,
    fits,
    holds_placeholder,
    items_of,
    number_of,
    properties_of,
    service_of,
)
from migrate.lint.rule import WARNING

if TYPE_CHECKING:
    from migrate.lint.schema import Described, Service

_SHOWN = 80
"""So much of a regular expression is shown; some list every text that is allowed."""


def _of_one(subject: Subject) -> Iterator[Hazard]:
    service = service_of(subject)
    if service is None:
        return
    if not service.is_allowed:
        ignored = ", and AEM leaves it out" if service.is_replaced else ""
        message = f"this configuration is the product's own and may not be given{ignored}"
        yield Hazard("", 1, 1, message, "Remove the file")
        return
    for found in properties_of(subject):
        message = _wrong(found)
        if message:
            yield found.hazard(message)
        elif found.property.name in service.internal:
            yield found.hazard("this property is the product's own and may not be given", "Remove it")
    yield from _missing(subject, service)


def _missing(subject: Subject, service: Service) -> Iterator[Hazard]:
    for name, described in service.properties.items():
        if described.is_required and name not in subject.document.names:
            among = f", with {' and '.join(described.includes)} in it" if described.includes else ""
            yield Hazard("", 1, 1, f"the property {name} has to be there{among}")


def _wrong(found: Known) -> str:
    described = found.described
    if described is None:
        return ""
    # What is of the wrong type is told by that rule.
    told = (_wrong_item(item, described) for item in items_of(found.property) if fits(item, described.type))
    message = (
        next(filter(None, told), "")
        or _wrong_placeholder(found.property, described)
        or _wrong_list(found.property, described)
    )
    return f"{message}; AEM takes {described.instead} instead" if message and described.instead else message


def _wrong_item(item: Scalar, described: Described) -> str:
    text = _text(item)
    if text is not None and described.options:
        options = described.options if described.is_exact else tuple(map(str.lower, described.options))
        if (text if described.is_exact else text.lower()) not in options:
            return (
                f"only {', '.join(described.options)} {'are' if len(described.options) > 1 else 'is'} allowed"
            )
    if text is not None and described.pattern and not _matches(described.pattern, text):
        pattern = described.pattern
        shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}..."
        return f"only texts that match {shown} are allowed"
    if text == "" and described.is_required:
        return "an empty text is not allowed"
    number = number_of(item)
    if number is not None and described.low is not None and number < described.low:
        return f"{described.low} is the smallest that is allowed"
    if number is not None and described.high is not None and number > described.high:
        return f"{described.high} is the largest that is allowed"
    return ""


def _wrong_placeholder(found: Property, described: Described) -> str:
    if described.placeholder == "DENY" and any(map(holds_placeholder, found.value.items)):
        return "a placeholder is not allowed"
    if described.placeholder == "REQUIRE" and not all(map(holds_placeholder, found.value.items)):
        return "only a placeholder is allowed"
    return ""


def _wrong_list(found: Property, described: Described) -> str:
    """What Sling's validator says of several values; it looks at no single one so."""
    items = found.value.items
    if found.value.shape is Shape.SCALAR:
        return ""
    if described.most is not None and len(items) > described.most:
        return f"no more than {described.most} values are allowed"
    missing = [text for text in described.includes if text not in map(_text, items)]
    if missing:
        return f"{' and '.join(missing)} must be among the values"
    wrong = [text for text in described.excludes if text in map(_text, items)]
    return f"{' and '.join(wrong)} must not be among the values" if wrong else ""


def _text(item: Scalar) -> str | None:
    """An item as Java's text; None for what has no single one here."""
    if isinstance(item, bool):
        return str(item).lower()
    return str(item) if isinstance(item, (str, int)) else None


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text, re.ASCII) is not None
    except re.error:
        # One of Java's that Python does not know: nobody can say.
        return True


CHECK = Check(
    WARNING,
    "a value that is not allowed",
    of_one=_of_one,
    by_schema=True,
    keys=("aemanalyser: configuration-api",),
)
