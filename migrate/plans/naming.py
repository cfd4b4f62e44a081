"""Which name the migrated instance gets, so that no build of Sling's installer loses it. A pure function.

Seen on real Slings with factory configuration 1.2.0, 1.2.4, 1.3.4, 1.4.2 and 1.4.10 (docs/instance.md):

* the one way that loses nothing on any build while N is kept: the file ``F.N`` is INSTALLED, no ``F-N`` is there, and
  ``F-N`` is made in the same commit that takes ``F.N`` away;
* from 1.4.6 on, an ``F-N`` that arrives in any other way while ``F.N`` runs is *adopted*: ``F.N`` runs with the new
  values, the installer says ``F~N`` INSTALLED, and the next restart deletes ``F.N`` and brings nothing back. Posting
  the same values again does not heal that; another name does;
* before 1.4.6, what the console made outlives its file: ``F.N`` runs on with the old values. From 1.2.4 on a restart
  deletes it once the installer has an ``F~N``, and only then.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from grammar import patterns
from grammar.pids import InstallerBuild

INSTALLED, IGNORED = "INSTALLED", "IGNORED"
_DIGITS = patterns.lazy(r"[0-9]+")
_RESTARTS_DELETE = (1, 2, 4)
"""The first version that deletes ``F.N`` at a start when there is an ``F~N`` (``ConfigUpdateHandler``)."""

KEPT = "kept"
FRESH = {
    "no-file": "no file stands for it, so nothing would take the old one away with it",
    "ignored": "the installer does not count its file (IGNORED), so it would not take the old one away with it",
    "half-done": "a file with the new name is there already, beside the dotted one",
    "adopted": "the installer counts the file, but what runs is still the old one, and the next restart deletes that",
    "lost": "the installer counts the file, but nothing runs, and the same name with the same values changes nothing",
    "unknown": "what the installer makes of its file is not known",
}
"""Why N is not kept."""


class Situation(NamedTuple):
    """Everything that decides.

    Attributes:
        version: of factory configuration; None where it is not known.
        separator: what stands before N in the file's name; empty where there is no file.
        name: N.
        state: of the file in the installer; None where that does not know the file: in a folder whose run modes are not
            active, or when nobody could ask.
        is_asked: whether the installer could be asked.
        dash_beside: whether an ``F-N`` or ``F~N`` is there besides this file, in whatever folder.
        runs_dot: whether ``F.N`` runs.
        runs_tilde: whether ``F~N`` runs.
    """

    version: str | None
    separator: str
    name: str
    state: str | None
    is_asked: bool = True
    dash_beside: bool = False
    runs_dot: bool = False
    runs_tilde: bool = False


class Choice(NamedTuple):
    """The name that is safe, and what stays behind.

    Attributes:
        keeps: whether N stays; else a fresh one is needed.
        because: ``"kept"``, or the key of the reason in FRESH.
        leaves: whether ``F.N`` runs on with the old values: ``""`` no, ``"restart"`` until the next start, ``"ever"``.
    """

    keeps: bool
    because: str
    leaves: str = ""

    @property
    def reason(self) -> str:
        """Why N is not kept, for people; empty when it is."""
        return FRESH.get(self.because, "")


def choose(now: Situation) -> Choice:
    """Whether N may be kept, and whether ``F.N`` outlives the swap."""
    because = _because(now)
    keeps = because == KEPT
    return Choice(keeps, because, _leaves(now, because) if now.runs_dot else "")


def _because(now: Situation) -> str:
    if not now.separator:
        return "no-file"
    if now.separator == ".":
        return _of_dotted(now)
    if now.state is None or now.runs_tilde or _is_old(now.version):
        # Nothing runs of an inactive folder; what runs under its own name is safe; the oldest builds have no ~.
        return KEPT
    if now.runs_dot and _is_new(now.version):
        return "adopted"
    return "ignored" if now.state == IGNORED else "lost" if now.state == INSTALLED else KEPT


def _of_dotted(now: Situation) -> str:
    if not now.is_asked:
        return "unknown"
    if now.state == IGNORED:
        return "ignored"
    return "half-done" if now.dash_beside else KEPT


def left_by_deletion(now: Situation) -> str:
    """The same for a file that only goes, beside one that stays under another name: nothing makes an ``F~N``."""
    return _leaves(now._replace(dash_beside=True), "stale") if now.runs_dot else ""


def _leaves(now: Situation, because: str) -> str:
    """What becomes of a running ``F.N``. A singleton of digits is found and deleted, unless its file is not counted."""
    goes_with_file = now.separator == "." and now.state == INSTALLED
    if because == "adopted":
        return ""
    if goes_with_file and (_DIGITS.fullmatch(now.name) or _is_new(now.version)):
        return ""
    keeps = because == KEPT
    return "restart" if keeps and now.separator and _restarts_delete(now) else "ever"


def _is_new(version: str | None) -> bool:
    """Whether a build knows ``F.<uuid>``; one that nobody knows may."""
    return version is None or InstallerBuild.of(version) is InstallerBuild.V1_4_6


def _is_old(version: str | None) -> bool:
    """Whether a build makes up a PID of its own for every file of an instance."""
    return version is not None and InstallerBuild.of(version) is InstallerBuild.V1_0


def _restarts_delete(now: Situation) -> bool:
    """Whether the next start deletes ``F.N``, which is not there any more as a file, for the sake of ``F~N``."""
    if now.version is None or _DIGITS.fullmatch(now.name):
        return False
    numbers = tuple(int(part) for part in re.findall(r"\d+", now.version)[:3])
    return numbers >= _RESTARTS_DELETE


def fresh(wanted: str, taken: Collection[str]) -> str:
    """A name that nothing has yet: the integration's own, with a number when that is taken."""
    base = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-") or "oauth"
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
