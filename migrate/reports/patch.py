"""The diff of one text, without the secrets of the file and its folder; `git apply` takes it where none is in it."""

from __future__ import annotations

import os
from collections.abc import Iterable

from migrate.masking.lines import masked_lines, secrets_of_lines
from migrate.masking.texts import masked_texts, secrets_of, without_known
from migrate.reports import diff
from migrate.targets import system


def render(
    path: str,
    before: bytes,
    after: bytes,
    known: Iterable[str] = (),
    *,
    form: str | None = None,
    carriage_return: str = "\r",
) -> str:
    """A diff as git writes it; empty when the bytes are the same.

    Args:
        path: the file, as the user named it.
        known: secrets of other files that this one may repeat.
        form: of the text, where its name does not say it.
        carriage_return: what stands for one at the end of a line.
    """
    if before == after:
        return ""
    texts = _by_document(path, before, after, known, form) or _by_line(before, after, known)
    name = _from_here(path)
    lines = [diff.head(name, name), *diff.names(name), *diff.hunks(*texts, carriage_return=carriage_return)]
    return "".join(f"{line}\n" for line in lines)


def _from_here(path: str) -> str:
    """The path as git wants it: from the working folder on, where the file is below that."""
    folder, full = os.path.join(os.getcwd(), ""), os.path.abspath(path)
    return system.slashed(full.removeprefix(folder))


def _by_document(
    path: str, before: bytes, after: bytes, known: Iterable[str], form: str | None
) -> tuple[str, str] | None:
    """Both texts without their secrets, where both can be read as configurations; None where not."""
    from grammar import forms
    from grammar.errors import ParseError

    form = form or forms.form_of(path) or "config"
    try:
        old, new = forms.parse(before, path, form=form), forms.parse(after, path, form=form)
    except ParseError:
        return None
    secrets = {*known, *secrets_of(old), *secrets_of(new)}
    old_text, new_text = (without_known(text, secrets) for text in masked_texts(old, new))
    return old_text, new_text


def _by_line(before: bytes, after: bytes, known: Iterable[str]) -> tuple[str, str]:
    texts = [data.decode("utf-8", "backslashreplace") for data in (before, after)]
    old, new = masked_lines(*texts)
    secrets = {*known, *(secret for text in texts for secret in secrets_of_lines(text))}
    return "\n".join(without_known(line, secrets) for line in old), "\n".join(
        without_known(line, secrets) for line in new
    )
