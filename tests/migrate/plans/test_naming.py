"""The new name that no build loses: everything that was seen on real Slings, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.plans.naming import FRESH, Situation, choose, fresh

U, N = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d", "123456"
S11, S65O, AEM65, S12, NEW = "1.2.0", "1.2.4", "1.3.4", "1.4.2", "1.4.10"


def dotted(version: str | None, name: str = U, state: str | None = "INSTALLED", **more: bool) -> Situation:
    return Situation(version, ".", name, state, **{"runs_dot": True, **more})


def dashed(version: str | None, state: str | None = "INSTALLED", **runs: bool) -> Situation:
    return Situation(version, "-", U, state, **runs)


TABLE = [
    # Console-made and untouched, both halves in one POST: N is kept; before 1.4.6 the old one stays.
    ("s11 console-made", dotted(S11), "kept", "ever"),
    ("s65o console-made", dotted(S65O), "kept", "restart"),
    ("aem65 console-made", dotted(AEM65), "kept", "restart"),
    ("s12 console-made", dotted(S12), "kept", "restart"),
    ("new console-made", dotted(NEW), "kept", ""),
    ("1.4.5 console-made", dotted("1.4.5"), "kept", "restart"),
    ("1.4.6 console-made", dotted("1.4.6"), "kept", ""),
    # Digits leave nothing while their file counts.
    ("s11 digits", dotted(S11, N), "kept", ""),
    ("aem65 digits", dotted(AEM65, N), "kept", ""),
    ("new digits", dotted(NEW, N), "kept", ""),
    # IGNORED: adopted on new builds, a singleton left for digits; a fresh name everywhere, which no restart clears up.
    ("aem65 ignored", dotted(AEM65, state="IGNORED"), "ignored", "ever"),
    ("new ignored", dotted(NEW, state="IGNORED"), "ignored", "ever"),
    ("aem65 digits ignored", dotted(AEM65, N, "IGNORED"), "ignored", "ever"),
    ("new digits ignored", dotted(NEW, N, "IGNORED"), "ignored", "ever"),
    ("ignored, nothing runs", dotted(AEM65, state="IGNORED", runs_dot=False), "ignored", ""),
    # Half done by hand: the dashed file beside the dotted one.
    ("aem65 half-done", dotted(AEM65, dash_beside=True), "half-done", "ever"),
    ("new half-done", dotted(NEW, dash_beside=True), "half-done", ""),
    # Edited in place before 1.4.6: a bogus factory has the file, the old one runs on.
    ("aem65 edited in place", dotted(AEM65), "kept", "restart"),
    # A twin that waits, and a folder that is not active, follow the one that counts.
    ("aem65 waiting twin", dotted(AEM65, state="INSTALL", runs_dot=False), "kept", ""),
    ("aem65 inactive", dotted(AEM65, state=None, runs_dot=False), "kept", ""),
    ("nobody could ask", dotted(None, state=None, is_asked=False, runs_dot=False), "unknown", ""),
    # What runs without a file.
    ("s11 no file", Situation(S11, "", U, None, runs_dot=True), "no-file", "ever"),
    ("aem65 no file", Situation(AEM65, "", U, None, runs_dot=True), "no-file", "ever"),
    ("new no file", Situation(NEW, "", U, None, runs_dot=True), "no-file", "ever"),
    # Migrated already.
    ("aem65 migrated", dashed(AEM65, runs_tilde=True), "kept", ""),
    ("new migrated", dashed(NEW, runs_tilde=True), "kept", ""),
    ("aem65 migrated, orphan left", dashed(AEM65, runs_tilde=True, runs_dot=True), "kept", "restart"),
    ("s11 migrated, orphan left", dashed(S11, runs_tilde=True, runs_dot=True), "kept", "ever"),
    ("migrated, edited in the console", dashed(AEM65, "IGNORED", runs_tilde=True), "kept", ""),
    ("migrated, inactive folder", dashed(AEM65, None), "kept", ""),
    # Adopted, before the restart that loses it, and lost after it.
    ("new adopted", dashed(NEW, runs_dot=True), "adopted", ""),
    ("unknown build adopted", dashed(None, runs_dot=True), "adopted", ""),
    ("new adopted and restarted", dashed(NEW), "lost", ""),
    ("aem65 lost", dashed(AEM65), "lost", ""),
    ("aem65 old one runs alone", dashed(AEM65, runs_dot=True), "lost", "ever"),
    ("dashed, the installer failed at it", dashed(AEM65, "IGNORED"), "ignored", ""),
    ("1.1.2 migrated: its PIDs have no ~", dashed("1.1.2"), "kept", ""),
    ("dashed twin that waits", dashed(AEM65, "INSTALL"), "kept", ""),
]


@pytest.mark.parametrize(
    ("now", "because", "leaves"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_every_state_that_was_seen(now: Situation, because: str, leaves: str) -> None:
    found = choose(now)
    assert (found.because, found.leaves) == (because, leaves)
    assert found.keeps is (because == "kept")
    assert bool(found.reason) is not found.keeps


SITUATIONS = st.builds(
    Situation,
    st.sampled_from([None, "1.1.2", S11, S65O, AEM65, S12, "1.4.6", NEW]),
    st.sampled_from(["", ".", "-", "~"]),
    st.sampled_from([U, N, "smart-tags"]),
    st.sampled_from([None, "INSTALLED", "IGNORED", "INSTALL"]),
    *[st.booleans()] * 4,
)


@given(SITUATIONS)
def test_what_holds_of_every_state(now: Situation) -> None:
    found = choose(now)
    assert found.because == "kept" or found.because in FRESH
    if not now.runs_dot:
        assert not found.leaves
    is_new = now.version in (None, "1.4.6", NEW)
    if (
        found.keeps
        and is_new
        and now.runs_dot
        and not now.runs_tilde
        and now.state in ("INSTALLED", "IGNORED")
    ):
        # Nothing that a new build would adopt: only the dotted file that goes in the same POST.
        assert (now.separator, now.state, now.dash_beside) == (".", "INSTALLED", False)


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("adobe-ims-similaritysearch", set(), "adobe-ims-similaritysearch"),
        ("adobe-ims-x", {"adobe-ims-x", "adobe-ims-x-2"}, "adobe-ims-x-3"),
        ("a b/c~d", set(), "a-b-c-d"),
        ("~~", set(), "oauth"),
    ],
)
def test_a_fresh_name(wanted: str, taken: set[str], name: str) -> None:
    assert fresh(wanted, taken) == name
