"""One file's hazards: what the parser rejects, what it accepts with a doubt, and what the name does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from grammar import forms, hazards
from grammar.documents import Document, Loaded
from grammar.errors import ParseError
from grammar.platforms import DEFAULT, Platform
from migrate.lint import checks, inline, names
from migrate.lint.project import Element
from migrate.lint.rules import ERROR, RULES, WARNING
from migrate.masking.texts import secrets_of, without_known
from migrate.targets.nodes import node_name
from migrate.texts import choosing, loads
from migrate.texts.known import secrets_in
from migrate.texts.listing import STDIN
from migrate.texts.loads import Loads

if TYPE_CHECKING:
    from grammar.xml.document import XmlDocument
    from migrate.lint.schema import Schema

MOST_OF_A_RULE = 100
"""Of one rule in one configuration, no more hazards are named; the last one says how many there are."""


PENDING = "counts once the error that stops AEM elsewhere in this file is mended"


class Hazard(NamedTuple):
    """A hazard as it is reported.

    Attributes:
        path: the file as the user would name it.
        line: line from 1.
        column: column in code points from 1.
        rule: the rule's id.
        severity: ``error``, ``warning`` or ``info``.
        message: what AEM makes of it, and how to write it right.
        loads: what the readers load instead, by version; empty when it is no matter of the text.
        fixable: whether `--fix` repairs it.
        pending: whether an error elsewhere in the file stands in the way: it counts once that is mended.
    """

    path: str
    line: int
    column: int
    rule: str
    severity: str
    message: str
    loads: Loads
    fixable: bool
    pending: bool = False

    @property
    def notes(self) -> list[str]:
        """What is said below it, line by line."""
        return [PENDING] if self.pending else loads.text(self.loads) if self.loads else []


class Checked(NamedTuple):
    """What one file gives.

    Attributes:
        hazards: in the order of the text.
        secrets: those that stand in it: another file of the folder may repeat them.
        elements: of a folder's ``.content.xml``, the configurations in it.
    """

    hazards: list[Hazard]
    secrets: frozenset[str] = frozenset()
    elements: tuple[Element, ...] = ()

    def __repr__(self) -> str:
        return f"Checked({self.hazards!r}, <{len(self.secrets)} secrets>)"


def check(
    path: str,
    data: bytes,
    form: str,
    *,
    named: bool = True,
    platform: Platform = DEFAULT,
    schema: Schema | None = None,
) -> list[Hazard]:
    """Every hazard of a file that no comment in it lets pass, in the order of the text; without its secrets.

    Args:
        path: the file as messages name it; its last part makes the PID.
        data: its bytes, any bytes.
        form: ``"config"``, ``"cfg.json"`` or ``"xml"``.
        named: whether this file was named as a configuration; else XML without one has no hazard.
        platform: which AEM is meant.
        schema: what services say about their configurations.
    """
    found = examine(path, data, form, named=named, platform=platform, schema=schema)
    return without(found.hazards, found.secrets)


def without(hazards: Iterable[Hazard], known: frozenset[str]) -> list[Hazard]:
    """The hazards without some secrets, wherever they stand."""
    if not known:
        return list(hazards)
    return [
        hazard._replace(
            message=without_known(hazard.message, known), loads=loads.without(hazard.loads, known)
        )
        for hazard in hazards
    ]


def examine(
    path: str,
    data: bytes,
    form: str,
    *,
    named: bool = True,
    platform: Platform = DEFAULT,
    schema: Schema | None = None,
) -> Checked:
    """As `check`, with the secrets of the file beside its hazards: which of them these repeat is not looked at."""
    documents: list[tuple[str, Document]] = []
    platform = platform.by_felix()  # A first line that the installer loses is told by a rule, and repaired.
    try:
        documents = forms.parse_all(data, path, form=form, platform=platform)
        if not documents and named and b"osgiconfig" in data.lower():
            forms.parse(data, path, form=form, platform=platform)
        loaded = documents
    except ParseError as error:
        found, secrets, loaded = _of_rejected(error, path, data, form, platform, schema)
    else:
        found = list(_of_documents(path, data, form, documents, platform, schema))
        secrets = frozenset(secret for _, document in documents for secret in secrets_of(document))
    if path != STDIN:
        is_config = any(not node for node, _ in documents)
        found += _of_name(path, data, form, platform, is_config=is_config)
    if form == "config" and not data.isascii():
        from grammar.config.hazards import of_bytes

        everything = None
        for hazard in of_bytes(data):
            everything = everything or _everything(path, data, form, platform)
            found.append(of_file(path, hazard)._replace(loads=everything))
    found = inline.without_ignored(found, data, form)
    if found and form == "config":
        from migrate.lint import repairs

        repaired = repairs.proposed(data)
        found = [hazard._replace(fixable=hazard.rule in repaired.rules) for hazard in found]
    found.sort(key=lambda hazard: (hazard.line, hazard.column, hazard.rule))
    return Checked(found, secrets, tuple(_elements(loaded)) if form == "xml" else ())


def _of_rejected(
    error: ParseError, path: str, data: bytes, form: str, platform: Platform, schema: Schema | None
) -> tuple[list[Hazard], frozenset[str], list[tuple[str, Document]]]:
    """The hazards of a file with mistakes, its secrets, and what of it is loaded all the same."""
    found, secrets = [_rejected(path, data, error)], frozenset(secrets_in(data, form, path))
    if form == "config" and choosing.is_xml(data):
        return [_xml_as_config(path, found[0])], secrets, []
    beyond = forms.beyond(error, data, path, form=form, platform=platform)
    loaded = beyond.loaded
    as_they_are = {node for node, _ in loaded}
    others = [(node, document) for node, document in beyond.documents if node not in as_they_are]
    found += [_behind(path, one) for one in beyond.errors]
    found += map(_pending, _of_documents(path, data, form, others, platform, schema))
    found += _of_documents(path, data, form, loaded, platform, schema)
    known = [*beyond.documents, *loaded]
    return found, secrets.union(*(secrets_of(document) for _, document in known)), loaded


def _of_name(path: str, data: bytes, form: str, platform: Platform, *, is_config: bool) -> Iterator[Hazard]:
    for named_so in names.of_name(path, form, is_config=is_config):
        hazard = of_file(path, named_so)
        lost = named_so.rule == "xml-file-name"
        yield hazard._replace(loads=_everything(path, data, form, platform)) if lost else hazard


def _elements(documents: Sequence[tuple[str, Document]]) -> Iterator[Element]:
    for node, document in documents:
        if node:
            xml = cast("XmlDocument", document)
            yield Element(node, *xml.file.position(xml.tag.start))


def too_large(path: str, message: str) -> Hazard:
    """The hazard of a file that was not read."""
    return Hazard(path, 1, 1, "too-large", ERROR, message, {}, fixable=False)


def _of_documents(
    path: str,
    data: bytes,
    form: str,
    documents: Sequence[tuple[str, Document]],
    platform: Platform,
    schema: Schema | None,
) -> Iterator[Hazard]:
    everything: dict[str, Loaded] = {}
    for node, document in documents:
        found = _of_document(document, node, path, platform, schema)
        if not found:
            continue
        seen = inline.without_ignored(found, data, form)
        for hazard in _not_too_many(seen):
            reported = of_file(path, hazard)
            named = None if hazard.name is None else document.get(hazard.name)
            if named is not None:
                own, order = _as_it_looks(hazard.rule, form, platform), forms.versions(form, platform)
                if not everything and len(own) < len(order):
                    everything = _loaded(path, data, form, platform)
                told = loads.of_property(named, own, _at(node, everything), data)
                reported = reported._replace(loads={version: told[version] for version in order})
            yield reported


def _as_it_looks(rule: str, form: str, platform: Platform) -> list[str]:
    """The readers that load a property of an accepted text as the text says."""
    odd = "3.6.0" if rule == "xml-empty-array" else ""
    return [version for version in forms.speaking(form, platform) if version != odd]


def _at(node: str, found: Mapping[str, Loaded]) -> dict[str, Loaded]:
    """What the readers make of one configuration of a file."""
    return {
        version: loaded if not node or loaded.nodes is None else loaded.nodes.get(node, loaded)
        for version, loaded in found.items()
    }


def _not_too_many(found: list[hazards.Hazard]) -> Iterator[hazards.Hazard]:
    """Each rule once a place, and no rule more often than anybody reads; the last one says how many are left."""
    if not found:
        return
    places = {(hazard.rule, hazard.line, hazard.column): hazard for hazard in reversed(found)}
    left = Counter(rule for rule, _, _ in places)
    named: Counter[str] = Counter()
    for hazard in reversed(places.values()):
        left[hazard.rule] -= 1
        named[hazard.rule] += 1
        if named[hazard.rule] == MOST_OF_A_RULE and left[hazard.rule]:
            yield hazard._replace(message=f"{hazard.message}; {left[hazard.rule]} more of them below")
        elif named[hazard.rule] <= MOST_OF_A_RULE:
            yield hazard


def _of_document(
    document: Document, node: str, path: str, platform: Platform, schema: Schema | None
) -> list[hazards.Hazard]:
    found = list(forms.hazards(document))
    if path == STDIN:
        node = ""
    else:
        node = node or node_name(path, document.form)
        found += hazards.of_identity(document, node)
    return found + checks.of_one(checks.Subject(path, node, document, platform, schema))


def _everything(path: str, data: bytes, form: str, platform: Platform) -> Loads:
    return loads.masked(_loaded(path, data, form, platform), data)


def _loaded(path: str, data: bytes, form: str, platform: Platform) -> dict[str, Loaded]:
    name = forms.reader_name(None if path == STDIN else path, form)
    return forms.load_all(data, form=form, filename=name, platform=platform)


def _rejected(path: str, data: bytes, error: ParseError) -> Hazard:
    return _behind(path, error)._replace(loads=loads.masked(error.loads, data), pending=False)


def _behind(path: str, error: ParseError) -> Hazard:
    """A mistake behind another one: what the readers load is said of the first."""
    rule = RULES.get(error.rule)
    message = f"{error.message}. {error.fix}" if error.fix else error.message
    severity = rule.severity if rule else ERROR
    return Hazard(
        path, error.line, error.column, error.rule, severity, message, {}, fixable=False, pending=True
    )


def _pending(hazard: Hazard) -> Hazard:
    """A hazard behind an error: nothing is loaded as it would be without that one."""
    return hazard._replace(loads={}, pending=True)


def _xml_as_config(path: str, found: Hazard) -> Hazard:
    """The one thing to be said of XML that is read as a `.config`: not where that stops."""
    message = "XML in a file called .config, which AEM reads as lines of key=value. Call it .xml, in place of .config"
    return found._replace(line=1, column=1, rule="xml-as-config", severity=ERROR, message=message)


def of_file(path: str, found: hazards.Hazard) -> Hazard:
    """A hazard as it is reported, without what the readers load."""
    rule = RULES.get(found.rule)
    message = f"{found.message}. {found.fix}" if found.fix else found.message
    severity = rule.severity if rule else WARNING
    return Hazard(path, found.line, found.column, found.rule, severity, message, {}, fixable=False)
