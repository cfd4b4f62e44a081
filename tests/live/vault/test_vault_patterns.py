"""`migrate.targets.vault.patterns` against java.util.regex: patterns of real filters, and generated ones.

A pattern that the module accepts must be decided as Java decides it; one that it refuses may be anything.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.targets.vault.patterns import UnknownPatternError, compile_pattern, escape

pytestmark = pytest.mark.live

EXAMPLES = 1_500 * int(os.environ.get("LIVE_ROUNDS", "1"))

REAL = (
    r".*\.gif",
    r".*/rep:policy",
    r".*/rep:policy(/.*)?",
    r"(.*)?/jcr:content(/.*)?",
    r"/tmp(/.*)?",
    r"/apps/example",
    r"/apps/example/.*",
    r"/apps/example/config.*",
    r"/apps/example/config\.publish.*",
    r"/apps/example/(config|install)(\..*)?(/.*)?",
    r"/apps/example/install(\.[^/]+)?/.*\.jar",
    r"/apps/example/i18n/[a-z]{2}(_[A-Z]{2})?(\.json)?",
    r"/apps/example/components/[^/]+/clientlibs?(/.*)?",
    r"/content/example/(?!en)[^/]*(/.*)?",
    r"/content/example/(?!(en|de)(/|$)).*",
    r"/content/example(/.*)?/qa(/.*)?",
    r"/content/dam/example(/.*)?/renditions(/.*)?",
    r"/content/dam/example(/.*)?/renditions/original",
    r"/content/dam/example/((?!renditions).)*",
    r"^/content/experience-fragments/.*$",
    r"/conf/example/settings/wcm/(policies|templates|template-types)(/.*)?",
    r"/etc/designs/example/clientlib/css/*",
    r"/etc/clientlibs/granite/test(/.*)?",
    r"/home/users/(system/)?[^/]+/profile(/.*)?",
    r"/oak:index/(damAssetLucene|cqPageLucene)(-[0-9]+)?(-custom-[0-9]+)?(/.*)?",
    r"/apps/example/config/com\.example\.Service[-~.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.config",
    r"\Q/apps/example/config/com.example.Service-1.config\E(/.*)?",
)


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
NAMES = _words(
    "apps example config config.author com.example.F-1.config F~1 a b . ] ä 1 😀 jcr:content en de"
)
PATHS = st.one_of(
    st.builds(lambda names: "/" + "/".join(names), st.lists(st.sampled_from(NAMES), max_size=5)),
    st.sampled_from(["", "a", "aa", "ab\u00a0", "\\", "F1", "/apps/x/config", "/apps/x/config.author"]),
    st.text(st.sampled_from("ab/.1-~ä😀"), max_size=12),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A pattern as somebody writes it, with a piece put in or put in the place of others."""
    text = draw(st.sampled_from([*REAL, *WHOLE]))
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(PIECES)) + text[at + draw(st.integers(0, 2)) :]


@st.composite
def built(draw: st.DrawFn) -> str:
    """A pattern of the syntax that is accepted."""
    atoms = st.sampled_from(
        ["a", "b", "/", ".", r"\.", "[ab]", "[^/]", r"\d", r"[\w-]", r"\x61", "ä", "(?:a|b/|)"]
    )
    counts = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "*?", "??"])
    looks = st.sampled_from(["(?!a)", "(?=b)", "(?!.*b)", "^", "$", r"\Qa.b\E"])
    terms = draw(st.lists(st.one_of(st.builds(str.__add__, atoms, counts), looks), max_size=6))
    return draw(st.sampled_from(["{}", "({})", "({})*", "({})?", "{}|a", "(?:{}){{2}}"])).format(
        "".join(terms)
    )


PATTERNS = st.one_of(
    st.sampled_from(REAL),
    mutated(),
    built(),
    st.builds("".join, st.lists(st.sampled_from(PIECES), max_size=6)),
)


def verdicts(pattern: str, paths: list[str]) -> list[bool] | None:
    """Ours; None for a pattern that is refused."""
    try:
        return [compile_pattern(pattern).matches(path) for path in paths]
    except UnknownPatternError:
        return None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(PATTERNS, st.lists(PATHS, min_size=1, max_size=8))
def test_accepted_patterns_match_as_in_java(vaults: Any, pattern: str, paths: list[str]) -> None:
    ours = verdicts(pattern, paths)
    if ours is None:
        return
    theirs = vaults("3.8.2").matches(pattern, paths)
    assert theirs is not None, "invalid in Java"
    assert [a for a, b in zip(ours, theirs, strict=True) if b is not None] == [
        b for b in theirs if b is not None
    ]


@pytest.mark.parametrize("pattern", REAL)
def test_patterns_of_real_filters_are_accepted_and_match_as_in_java(vaults: Any, pattern: str) -> None:
    rng = random.Random(pattern)
    fitting = [
        "/apps/example/config.publish/x",
        "/apps/example/install.author/x.jar",
        "/apps/example/i18n/de_CH.json",
        "/apps/example/components/teaser/clientlib/css",
        "/content/example/de",
        "/content/example/fr/a",
        "/content/example/en",
        "/content/dam/example/a/b/renditions/original",
        "/content/dam/example/a/b",
        "/conf/example/settings/wcm/templates/page",
        "/home/users/system/a/profile",
        "/oak:index/damAssetLucene-8-custom-1/indexRules",
        "/apps/example/config/com.example.Service-01234567-89ab-cdef-0123-456789abcdef.config",
        "/apps/example/config/com.example.Service-1.config/jcr:content",
        "/content/x/jcr:content",
        "/a/rep:policy",
        "/a/x.gif",
    ]
    random_ones = ["/" + "/".join(rng.choice(NAMES) for _ in range(rng.randint(0, 5))) for _ in range(300)]
    paths = fitting + random_ones
    ours = verdicts(pattern, paths)
    assert ours is not None
    assert ours == vaults("3.8.2").matches(pattern, paths)


def test_enough_is_accepted() -> None:
    """The generated patterns are no test where all of them are refused."""
    rng = random.Random(20)
    texts = [rng.choice([*REAL, *WHOLE]) for _ in range(2_000)]
    mutants = [text[: (at := rng.randrange(len(text)))] + rng.choice(PIECES) + text[at:] for text in texts]
    assert sum(verdicts(text, ["/a"]) is not None for text in mutants) > 1_000


def test_escaped_text_matches_itself_only(vaults: Any) -> None:
    rng = random.Random(21)
    for _ in range(200):
        path = "".join(rng.choice(r"/.\[]{}()*+?^$|-~&#a1 ä😀") for _ in range(rng.randint(1, 8)))
        assert vaults("3.8.2").matches(escape(path), [path, path + "x", "x" + path]) == [True, False, False]
