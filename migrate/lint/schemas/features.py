"""A feature model's configuration API, as the `aem-author-sdk` feature of the Cloud's SDK has it.

What it means is what Sling's own validator does, which aemanalyser asks (`ConfigurationValidator`, `PropertyValidator`
of ``org.apache.sling.feature.extension.apiregions``): a configuration without properties is not allowed, unless it may
have any; what has the mode SILENT is not judged; DEFINITIVE puts something else in the place of what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.lint.schema import NUMBERS, Described, Schema, SchemaError, Service, number

_API = "configuration-api"
_SILENT = ("SILENT", "SILENT_DEFINITIVE")
_DEFINITIVE = ("DEFINITIVE", "SILENT_DEFINITIVE")
_STRICT = "STRICT"
_TEXTS = ("Url", "Email", "Path", "Password")
_INTERNAL = "INTERNAL"


def add(path: str, data: bytes, schema: Schema) -> None:
    """Add what a feature model says.

    Args:
        path: of the file, for messages.
        data: its content.
        schema: what is known already.

    Raises:
        SchemaError: it is none, or has no configuration API.
    """
    import json

    try:
        content = json.loads(data)
        # The key says how the extension is merged, too: "configuration-api:JSON|optional".
        found = [value for key, value in content.items() if key.partition(":")[0] == _API]
        for api in found:
            _add_api(api, schema)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise SchemaError(f"{path}: neither a bundle nor a feature model with a {_API}") from None
    if not found:
        raise SchemaError(f"{path}: has no {_API}; the SDK's aem-author-sdk and aem-publish-sdk have")


def _add_api(api: Mapping[str, Any], schema: Schema) -> None:
    mode = str(api.get("mode", _STRICT))
    for key, known in (("configurations", schema.singletons), ("factory-configurations", schema.factories)):
        for pid, told in api.get(key, {}).items():
            known[pid] = _service(told, mode)
    for key, known in (
        ("internal-configurations", schema.singletons),
        ("internal-factory-configurations", schema.factories),
    ):
        known.update(dict.fromkeys(api.get(key, []), Service({}, is_open=True, is_allowed=False)))


def _service(told: Mapping[str, Any], mode: str) -> Service:
    mode = str(told.get("mode", mode))
    is_open = bool(told.get("allow-additional-properties"))
    properties = {name: _described(one, mode) for name, one in told.get("properties", {}).items()}
    is_allowed = (bool(properties) or is_open) and told.get("region") != _INTERNAL
    if mode in _SILENT and mode not in _DEFINITIVE:
        is_open = is_allowed = True
    return Service(
        properties,
        is_open,
        is_allowed,
        internal=frozenset(map(str, told.get("internal-property-names", ()))),
        is_replaced=mode in _DEFINITIVE,
    )


def _described(told: Mapping[str, Any], mode: str) -> Described:
    mode = str(told.get("mode", mode))
    if mode in _SILENT and mode not in _DEFINITIVE:
        return Described("String", is_many=True)
    kind = str(told.get("type", "STRING")).title()
    bounds = told.get("range", {})
    cardinality = int(told.get("cardinality", 1))
    policy = str(told.get("placeholder-policy", ""))
    default = told.get("default")
    return Described(
        kind if kind in NUMBERS or kind in ("Boolean", "Character", *_TEXTS) else "String",
        is_many=cardinality != 1,
        most=cardinality if cardinality > 1 else None,
        options=tuple(str(option["value"]) for option in told.get("options", [])),
        is_exact=True,
        low=number(bounds.get("min")),
        high=number(bounds.get("max")),
        pattern=str(told.get("regex", "")),
        includes=tuple(map(str, told.get("includes", ()))),
        excludes=tuple(map(str, told.get("excludes", ()))),
        is_required=bool(told.get("required")),
        # A password has to be one unless that is forbidden.
        placeholder="REQUIRE" if kind == "Password" and policy != "DENY" else policy,
        instead=("nothing" if default is None else repr(default)) if mode in _DEFINITIVE else "",
    )
