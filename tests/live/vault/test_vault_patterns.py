"""`migrate.targets.vault.patterns` against java.util.regex: generated patterns, generated repository paths.

A pattern that the module accepts must be decided as Java decides it; one that it refuses may be anything.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from migrate.targets.vault.patterns import UnknownPatternError, compile_pattern, escape

pytestmark = pytest.mark.live

COUNT = 6_000


def _words(text: str) -> list[str]:
    return text.split()


PIECES = [
    *_words(
        "/ /apps /x /config com F 1 - ~ . . ä 😀 .* .* .+ /.* (/.*)? [^/]* [^/]+ [a-z] [A-Z0-9]+ [-a] [a-] [a.]"
    ),
    *_words(
        r"[\.\-] [\w-] []a] [^]] [[] [a&&b] [a[b]] [\d] [^\s] [] [z-a] [^-] [a^] [&] [\]] [\\] \. \- \/ \~"
    ),
    *_words(r"\d \D \w \W \s \S \b \B \A \z \Z \G \h \v \R \X \t \x2e \x{2e} \u002e \056 \e \cA \a \k \1"),
    *_words(
        r"\Q.\E \Q \E \p{L} ^ $ | ( ) (?: (?i) (?! (?= (?<= (?<! (?> (?<n> { } {2} {1,} {0,2} {,2} {2,1}"
    ),
    *_words(r"? * + ?? *? +? ++ *+ ?+ {2}+ {2}? # & , = ! \ "),
    "",
]
WHOLE = _words(r"""
/apps/x(/.*)? ^/apps/.*$ /apps/x/config(\.author)?(/.*)? /apps/x/config/com\.example\.F-1\.config
.*/com\.example\.(F|G)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.config /apps/(?!x).* .*(?<!x) (a|b)*c?
/apps/x/config/[^/]*/.* (.*)/config.*(F.*1)+ /apps/x/config.author|/apps/x ((((a*)*)*)*)*b
""")
NAMES = _words("apps x config config.author F F-1 com.example.F-1.config F~1 a b . ] ä 1 😀")


def _pattern(rng: random.Random) -> str:
    if rng.random() < 0.3:
        text = rng.choice(WHOLE)
        at = rng.randrange(len(text))
        return text[:at] + rng.choice(PIECES) + text[at + rng.randint(0, 2) :]
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 6)))


def _paths(rng: random.Random) -> list[str]:
    paths = ["/" + "/".join(rng.choice(NAMES) for _ in range(rng.randint(0, 5))) for _ in range(8)]
    return [*paths, rng.choice(NAMES), "", "/apps/x/config", "aa", "ab\u00a0", "\\", "F1"]


def test_accepted_patterns_match_as_in_java(vaults: Any) -> None:
    rng = random.Random(20)
    java = vaults("3.8.2")
    accepted = 0
    wrong: list[tuple[str, list[str]]] = []
    for _ in range(COUNT):
        pattern, paths = _pattern(rng), _paths(rng)
        try:
            ours = [compile_pattern(pattern).matches(path) for path in paths]
        except UnknownPatternError:
            continue
        accepted += 1
        theirs = java.matches(pattern, paths)
        if theirs is None:
            wrong.append((pattern, ["invalid in Java"]))
        elif differing := [
            p for p, a, b in zip(paths, ours, theirs, strict=True) if b is not None and a != b
        ]:
            wrong.append((pattern, differing))
    assert not wrong, f"{len(wrong)} of {accepted}: {sorted(wrong, key=lambda w: len(w[0]))[:20]}"
    assert accepted > COUNT / 4


def test_escaped_text_matches_itself_only(vaults: Any) -> None:
    rng = random.Random(21)
    for _ in range(200):
        path = "".join(rng.choice(r"/.\[]{}()*+?^$|-~&#a1 ä😀") for _ in range(rng.randint(1, 8)))
        assert vaults("3.8.2").matches(escape(path), [path, path + "x", "x" + path]) == [True, False, False]
