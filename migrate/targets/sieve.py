"""What a walk through a folder leaves out: what builds make, and what the user or git says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

_NEVER = frozenset({".git", ".hg", ".svn"})
_BUILT = frozenset({"node_modules", "__pycache__"})
_MAVEN = "target"
_JCR_ROOT = "/jcr_root/"
MAY_SKIP = _NEVER | _BUILT | {_MAVEN}
"""The names of the folders that `Sieve.skips` may be true of: of all others a long walk need not ask it."""

LeftOut = Callable[[str, Sequence[str]], Collection[str]]


def _nothing(_target: str, _paths: Sequence[str]) -> Collection[str]:
    return ()


class Sieve(NamedTuple):
    """What is left out of a folder that the user named. What the user names itself never is.

    Attributes:
        everything: whether the folders of builds are read, too.
        left_out: which of some files below a target are left out; it is asked once, with all that matter.
    """

    everything: bool = False
    left_out: LeftOut = _nothing

    def skips(self, name: str, path: str) -> bool:
        """Whether a walk does not enter a folder. In a repository a folder may be called target."""
        if name in _NEVER:
            return True
        if self.everything:
            return False
        return name in _BUILT or (name == _MAVEN and _JCR_ROOT not in path)


USUAL = Sieve()
"""Without anybody's word: the folders of builds are left out."""
