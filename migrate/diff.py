"""A plan as a git-style diff, with every secret masked and every rename shown as a rename."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from grammar import forms
from grammar.documents import Document
from grammar.errors import EditError, ParseError
from grammar.values import Value
from migrate.masking import is_secret, masked
from migrate.plans import TargetPlan
from migrate.secret import Secret
from migrate.sources import Outcome
from migrate.targets.names import identify, identify_element

_MARK = "SLINGSHIFT-MASKED"
_MARKED = re.compile(rf'"?{_MARK}-(before|after|same)"?')
_SECRET_COMMENT = re.compile(r"(?i)((?:secret|passw\w*)[^=:\n]*[=:]).*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NO_NEWLINE = "\\ No newline at end of file"
_HEADS = ("+++", "---")


def render(plan: TargetPlan, secrets: Iterable[Secret] = (), *, show_secrets: bool = False) -> str:
    """The diff of a target's plan; empty when nothing is pending.

    Args:
        plan: the plan.
        secrets: further texts that must not appear, whatever property they stand in.
        show_secrets: leave everything readable; for a terminal only.
    """
    hidden = [secret.reveal() for secret in secrets if secret]
    parts = [part for outcome in plan.outcomes for part in _file(outcome, show_secrets=show_secrets)]
    text = "\n".join(parts)
    if not show_secrets:
        for plain in sorted(hidden, key=len, reverse=True):
            text = text.replace(plain, "***")
    return text + "\n" if text else ""


def colored(diff: str) -> str:
    """The diff with the colours that git uses."""
    return "".join(
        f"{_color(line)}{line}\x1b[0m\n" if _color(line) else f"{line}\n" for line in diff.split("\n")[:-1]
    )


def _color(line: str) -> str:
    if line.startswith(("diff --git", "rename ", "similarity ", "deleted ", "new file", *_HEADS)):
        return "\x1b[1m"
    return {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}.get(line[:1], "")


def _file(outcome: Outcome, *, show_secrets: bool) -> Iterator[str]:
    old_path, new_path = outcome.path, outcome.moved_to or outcome.path
    before, after = _texts(outcome, show_secrets=show_secrets)
    yield f"diff --git {_quoted('a/' + old_path)} {_quoted('b/' + new_path)}"
    if outcome.before is None:
        yield "new file mode 100644"
    elif outcome.after is None:
        yield "deleted file mode 100644"
    elif outcome.moved_to is not None:
        yield f"similarity index {_similarity(before, after)}%"
        yield f"rename from {_quoted(old_path)}"
        yield f"rename to {_quoted(new_path)}"
    if before == after:
        return
    yield "--- " + ("/dev/null" if outcome.before is None else _quoted("a/" + old_path))
    yield "+++ " + ("/dev/null" if outcome.after is None else _quoted("b/" + new_path))
    yield from _hunks(before, after)


def _texts(outcome: Outcome, *, show_secrets: bool) -> tuple[str, str]:
    path = outcome.path
    plain = _text(outcome.before), _text(outcome.after)
    if show_secrets or not any(map(_may_name_a_secret, plain)):
        return plain
    before, after = _documents(path, outcome.before), _documents(path, outcome.after)
    was = {_instance(path, node): document for node, document in before.items()}
    will = {_instance(path, node): document for node, document in after.items()}
    old = {n: _sides(document, will.get(_instance(path, n)), "before") for n, document in before.items()}
    new = {n: _sides(document, was.get(_instance(path, n)), "after") for n, document in after.items()}
    return _masked(path, outcome.before, before, old), _masked(path, outcome.after, after, new)


def _instance(path: str, node: str) -> tuple[str, str]:
    """What stays the same when an element of a folder's ``.content.xml`` is renamed."""
    identity = identify_element(path, node) if node else None
    return (identity.factory_pid, identity.name) if identity else ("", node)


def _may_name_a_secret(text: str) -> bool:
    """Quick and over-careful: most files name no secret, and then nothing has to be parsed again."""
    return "\\u" in text or "&#" in text or is_secret(text.replace("\\", ""))


def _documents(path: str, data: bytes | None) -> dict[str, Document]:
    """The configurations of a file by their nodes' names in it; empty when it is none."""
    if data is None:
        return {}
    identity = identify(path)
    form = identity.form if identity else forms.form_of(path)
    if form is None:
        return {}
    try:
        # A folder's .content.xml holds several.
        return dict(forms.parse_all(data, path, form=form))
    except ParseError:
        return {}


def _sides(document: Document, other: Document | None, side: str) -> dict[str, str]:
    """For each secret property, what its mask says: ``same``, or before or after the change."""
    sides = {}
    for found in document.properties:
        if is_secret(found.name):
            counterpart = other.get(found.name) if other is not None else None
            is_same = counterpart is not None and counterpart.value == found.value
            sides[found.name] = "same" if is_same else side
    return sides


def _masked(
    path: str, data: bytes | None, documents: Mapping[str, Document], sides: Mapping[str, Mapping[str, str]]
) -> str:
    marked = {node: _marked(documents[node], sides[node]) for node in documents if sides[node]}
    if data is None or not marked:
        text = _text(data)
    elif "" in marked:
        text = _text(marked[""].source)
    else:
        text = _text(_put_back(data, path, marked))
    return _MARKED.sub(lambda found: masked("" if found[1] == "same" else found[1]), _without_comments(text))


def _put_back(data: bytes, path: str, elements: Mapping[str, Document]) -> bytes:
    from grammar.xml_document import XmlDocument
    from grammar.xml_nodes import Node, rewritten

    nodes = {
        node: Node(document, node.rpartition("/")[2])
        for node, document in elements.items()
        if isinstance(document, XmlDocument)
    }
    return rewritten(data, path, nodes)


def _marked(document: Document, sides: Mapping[str, str]) -> Document:
    marks = {name: Value.string(f"{_MARK}-{side}") for name, side in sides.items()}
    try:
        return document.with_values(marks)
    except EditError:
        return document.with_values(dict.fromkeys(marks))


def _without_comments(text: str) -> str:
    """Comments may repeat a secret that once stood in the line."""
    lines = text.split("\n")
    return "\n".join(
        _SECRET_COMMENT.sub(r"\1 ***", line) if line.lstrip().startswith(("#", "//")) else line
        for line in lines
    )


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")


def _similarity(before: str, after: str) -> int:
    """How much of the longer text the lines that both have make up, in percent, as git counts it."""
    old, new = Counter(_lines(before)), Counter(_lines(after))
    common = sum(len(line) * count for line, count in (old & new).items())
    return int(100 * common / max(len(before), len(after), 1))


def _hunks(before: str, after: str) -> Iterator[str]:
    old, new = _lines(before), _lines(after)
    for number, line in enumerate(difflib.unified_diff(old, new, n=3, lineterm="\n")):
        if number < 2:
            continue
        shown = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line.removesuffix("\n"))
        yield shown
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _lines(text: str) -> list[str]:
    """Lines as git has them: LF ends a line, a CR before it belongs to it."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes with escapes when it holds anything unusual."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path
    escaped = "".join(
        {"\t": "\\t", "\n": "\\n", '"': '\\"', "\\": "\\\\"}.get(c)
        or (c if c.isprintable() else "".join(f"\\{b:03o}" for b in c.encode("utf-8", "surrogateescape")))
        for c in path
    )
    return f'"{escaped}"'
