"""A diff of two texts for people, without the secrets of the file and its folder."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.masking.lines import masked_lines
from migrate.masking.texts import masked_texts, secrets_of, without_known
from migrate.terminal import in_diff


def render(path: str, before: bytes, after: bytes, known: Iterable[str] = ()) -> str:
    """A unified diff; empty when the bytes are the same.

    Args:
        path: the file's name in the diff.
        known: secrets of other files that this one may repeat.
    """
    import difflib

    if before == after:
        return ""
    old_lines, new_lines = _by_document(path, before, after, known) or _by_line(before, after, known)
    lines = difflib.unified_diff(old_lines, new_lines, f"a/{path}", f"b/{path}", lineterm="")
    # Line ends that differ are what such a diff is about, so a carriage return is visible.
    return "".join(in_diff(line, "^M") + "\n" for line in lines)


def _by_document(
    path: str, before: bytes, after: bytes, known: Iterable[str]
) -> tuple[list[str], list[str]] | None:
    """Both texts without their secrets, where both can be read as configurations; None where not."""
    from grammar import forms
    from grammar.errors import ParseError

    form = forms.form_of(path) or "config"
    try:
        old, new = forms.parse(before, path, form=form), forms.parse(after, path, form=form)
    except ParseError:
        return None
    secrets = {*known, *secrets_of(old), *secrets_of(new)}
    old_text, new_text = (without_known(text, secrets) for text in masked_texts(old, new))
    return old_text.split("\n"), new_text.split("\n")


def _by_line(before: bytes, after: bytes, known: Iterable[str]) -> tuple[list[str], list[str]]:
    texts = (data.decode("utf-8", "backslashreplace") for data in (before, after))
    old, new = masked_lines(*texts)
    secrets = list(known)
    return [without_known(line, secrets) for line in old], [without_known(line, secrets) for line in new]
