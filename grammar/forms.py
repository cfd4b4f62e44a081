"""The three forms of a configuration behind one door. Each form's modules load when they are first needed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import NamedTuple, cast

from grammar.documents import FORMS, Document, Loaded, Property
from grammar.errors import FormError, ParseError
from grammar.hazards import Hazard
from grammar.platforms import ANY, Platform
from grammar.values import Value

_ENDINGS = {".config": "config", ".cfg.json": "cfg.json", ".xml": "xml"}
_DOCUMENTS = {
    "config": "grammar.config.document",
    "cfg.json": "grammar.cfgjson.document",
    "xml": "grammar.xml.document",
}
_READERS = {
    "config": "grammar.config.reader",
    "cfg.json": "grammar.cfgjson.reader",
    "xml": "grammar.xml.reader",
}
_WRITERS = {"cfg.json": "grammar.cfgjson.writer", "xml": "grammar.xml.writing.writer"}
_TRAPS = {"cfg.json": "grammar.cfgjson.hazards", "xml": "grammar.xml.hazards"}


_module = functools.cache(import_module)
"""A form's module, loaded when it is first needed; a linter asks for it again and again."""


def form_of(filename: str) -> str | None:
    """``"config"``, ``"cfg.json"`` or ``"xml"`` by the end of a file name; None for anything else."""
    for ending, form in _ENDINGS.items():  # Not next() of a generator: a walk asks it of every file.
        if filename.endswith(ending):
            return form
    return None


def _form(path: str | None, form: str | None) -> str:
    """The form that is named, else the one of the path, else ``"config"``.

    Raises:
        FormError: there is none of the name.
    """
    if form in FORMS:
        return form
    if form is not None:
        raise FormError(f"{form!r} is no form of a configuration: {', '.join(FORMS)}")
    found = form_of(path) if path is not None else "config"
    if found is None:
        raise FormError(f"{path}: a configuration's name ends in {', '.join(_ENDINGS)}; else give form=")
    return found


def parse(
    data: bytes, path: str | None = None, *, form: str | None = None, platform: Platform = ANY
) -> Document:
    """Read the bytes of a configuration.

    >>> parse(b'{"port:Integer": 80}', "com.example.Server.cfg.json")["port"].value.type_name
    'Integer'
    >>> parse(b'port=I"80"')["port"].value.type_name
    'Integer'
    >>> parse(b"port=80", "server.ini")
    Traceback (most recent call last):
    ...
    grammar.errors.FormError: server.ini: a configuration's name ends in .config, .cfg.json, .xml; else give form=

    Args:
        data: the bytes, any bytes.
        path: the file's name, which tells the form and stands in error messages. A last part of ``.content.xml`` also
            says how FileVault reads XML.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``, whatever the name is; ``"config"`` without a name, too.
        platform: whose readers must agree; all of them by default.

    Raises:
        ParseError: AEM's readers do not all load what the text looks like.
        FormError: neither the name nor `form` tells the form.
    """
    form = _form(path, form)
    read = cast("Callable[..., Document]", _module(_DOCUMENTS[form]).parse)
    try:
        document = read(data, path) if form == "config" else read(data, path, _of(platform, form))
        if form == "config" and platform.installs and data.startswith(b"#"):
            from grammar.config import installer

            installer.check(data, path)
        return document
    except ParseError as error:
        raise _with_loads(error, data, path, form, platform) from None


def _of(platform: Platform, form: str) -> tuple[str, ...] | None:
    """The readers that a form's parser is to ask; None for all, without loading their models.

    Every AEM reads .config by the same two, the installer and ConfigAdmin's store: what they do not load alike is not
    what it looks like to either. What the installer does before is asked where an AEM with one is meant.
    """
    return None if form == "config" else platform.own.get(form)


def parse_all(
    data: bytes, path: str | None = None, *, form: str | None = None, platform: Platform = ANY
) -> list[tuple[str, Document]]:
    """Every configuration of a file, each with its node's path below the file's own: ``""`` for that itself.

    Only XML holds more than one, in the ``.content.xml`` of a folder; only there the list may be empty.

    Args:
        data: the bytes, any bytes.
        path: as for `parse`.
        form: as for `parse`.
        platform: as for `parse`.

    Raises:
        ParseError: as `parse`.
        FormError: as `parse`.
    """
    form = _form(path, form)
    if form != "xml":
        return [("", parse(data, path, form=form, platform=platform))]
    from grammar.xml import document as xml_document

    try:
        return list(xml_document.configurations(data, path, _of(platform, form)))
    except ParseError as error:
        raise _with_loads(error, data, path, form, platform) from None


class Beyond(NamedTuple):
    """What stands behind the first mistake of a file that is rejected.

    Attributes:
        errors: the other mistakes that nobody can doubt, in the order of the text.
        documents: what would be accepted if each mistake were mended, by the node's path below the file's own, without
            what has a mistake.
        loaded: what is accepted as it is: a folder's ``.content.xml`` may hold other configurations than the one that
            is wrong.
    """

    errors: list[ParseError]
    documents: list[tuple[str, Document]]
    loaded: list[tuple[str, Document]]


def beyond(
    error: ParseError,
    data: bytes,
    path: str | None = None,
    *,
    form: str | None = None,
    platform: Platform = ANY,
) -> Beyond:
    """What comes next in a file, once the error that it is rejected with is mended.

    Args:
        error: what `parse` or `parse_all` raised.
        data: the bytes that it raised it for.
        path: as for `parse`.
        form: as for `parse`.
        platform: as for `parse`.
    """
    form = _form(path, form)
    errors, documents, loaded = _beyond(data, path, form, _of(platform, form))
    first = (error.line, error.column, error.rule)
    others = [found for found in errors if (found.line, found.column, found.rule) != first]
    if path is not None:
        others = [found.at(path) for found in others]
    others.sort(key=lambda found: (found.line, found.column))
    return Beyond(others, documents, loaded)


def _beyond(data: bytes, path: str | None, form: str, versions: tuple[str, ...] | None) -> Beyond:
    if form == "xml":
        from grammar.xml.folders import beyond as xml_beyond

        found = xml_beyond.beyond(data, path, versions)
        return Beyond(found.mistakes, [*found.mended], [*found.loaded])
    document: Document | None
    if form == "config":
        from grammar.config import beyond as config_beyond

        errors, document = config_beyond.beyond(data)
    else:
        from grammar.cfgjson import beyond as cfgjson_beyond

        errors, document = cfgjson_beyond.beyond(data, path, versions)
    return Beyond(errors, [] if document is None else [("", document)], [])


def _with_loads(
    error: ParseError, data: bytes, path: str | None, form: str, platform: Platform
) -> ParseError:
    if error.rule.endswith(("too-large", "too-deep")):
        return error
    name = reader_name(path, form)
    return error.loaded_by(partial(load_all, data, form=form, filename=name, platform=platform))


def reader_name(path: str | None, form: str) -> str | None:
    """The part of a path that the readers go by: ``F/.content.xml`` needs its folder; None for none."""
    if path is None:
        return None
    return "/".join(path.split("/")[-2 if form == "xml" else -1 :]) or path


def load_all(
    data: bytes, *, form: str | None = None, filename: str | None = None, platform: Platform = ANY
) -> dict[str, Loaded]:
    """What each real reader of the form loads from the bytes, by the reader's version.

    Args:
        data: the bytes, any bytes.
        form: as for `parse`.
        filename: the file's name, which decides with some readers of ``cfg.json`` and XML; None when there is none.
        platform: whose readers come first.

    Raises:
        FormError: as `parse`.
    """
    form = _form(filename, form)
    reader = _module(_READERS[form])
    load = cast("Callable[..., Loaded]", reader.load)
    found = versions(form, platform)
    if form == "config":
        loads = {version: load(data, version) for version in found}
        return {**loads, reader.INSTALLER: _installed(data)} if platform.installs else loads
    if form == "xml":
        read_once = cast("Callable[..., dict[str, Loaded]]", reader.load_all)
        return read_once(data, found, filename or "X.xml")
    return {version: load(data, version, filename or "X.cfg.json") for version in found}


def _installed(data: bytes) -> Loaded:
    from grammar.config import installer

    return installer.load(data)


def versions(form: str, platform: Platform = ANY) -> tuple[str, ...]:
    """The versions of the form's real readers; those of the platform first."""
    return platform.first(form, tuple(_module(_READERS[form]).VERSIONS))


def speaking(form: str, platform: Platform = ANY) -> tuple[str, ...]:
    """The versions that load an accepted text alike: all, or those of the platform that is meant."""
    return _of(platform, form) or versions(form, platform)


def write(values: Mapping[str, Value], *, form: str = "config") -> bytes:
    """The canonical text: what Felix, the installer (``cfg.json``) or FileVault (XML) writes for some properties.

    Raises:
        EditError: a name or value that the form cannot express.
    """
    if form == "config":
        from grammar.config.writer import write_config

        return write_config(values)
    return cast("Callable[[Mapping[str, Value]], bytes]", _module(_WRITERS[form]).write)(values)


def hazards(document: Document) -> Iterator[Hazard]:
    """What an accepted document makes AEM load otherwise than the text suggests, in the order of the text."""
    if document.form == "config":
        yield from _module("grammar.config.hazards").of_config(document)
        return
    traps = cast(
        "Callable[[Document], Iterator[tuple[str, Property, str]]]",
        _module(_TRAPS[document.form]).traps,
    )
    for rule, found, message in traps(document):
        yield Hazard(rule, found.line, found.column, message, "", found.name)
