"""Filter patterns, decided as java.util.regex decides them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets.vault.patterns import UnknownPatternError, compile_pattern, escape

MATCHES = [
    (r"/foo", "/foo", True),
    (r"/foo", "/foo/a", False),
    (r"/foo(/.*)?", "/foo", True),
    (r"/foo(/.*)?", "/foo/a/b", True),
    (r"/foo(/.*)?", "/foobar", False),
    (r"^.*/foo[^/]*$", "/a/foobar", True),
    (r"^.*/foo[^/]*$", "/a/foo/bar", False),
    (r"/a\.b", "/a.b", True),
    (r"/a\.b", "/axb", False),
    (r"/a.b", "/axb", True),
    (r"/a[.]b", "/a.b", True),
    (r"/(?:a|b|)/c", "/b/c", True),
    (r"/(?:a|b|)/c", "//c", True),
    (r"/apps/(?!x).*", "/apps/y", True),
    (r"/apps/(?!x).*", "/apps/x", False),
    (r"/apps/(?=x)[a-z]+", "/apps/xy", True),
    (r"/apps/(?=x)[a-z]+", "/apps/yx", False),
    (r"((?!b).)*", "aaca", True),
    (r"((?!b).)*", "aaba", False),
    (r"(?=(a(?=[ab]))*b)(aab|aac)b?", "aabb", True),
    (r"(?=(a(?=[ab]))*b)(aab|aac)b?", "aac", False),
    (r"\Q/a.b\E.*", "/a.bc", True),
    (r"\Q/a.b\E.*", "/axbc", False),
    (r"\Qab", "ab", True),
    (r"\Qab\E+", "abbb", True),
    (r"\Qab\E+", "abab", False),
    (r"a{2}", "aa", True),
    (r"a{2}", "aaa", False),
    (r"a{2,}", "aaaa", True),
    (r"a{1,2}", "aaa", False),
    (r"a{0}b", "b", True),
    (r"a*?b+?c??", "aabb", True),
    (r"\d\w\s\D\W\S", "1_ x-y", True),
    (r"\d", "٣", False),
    (r"\w", "é", False),
    (r"[\d.-]+", "1-2.3", True),
    (r"[^\d]", "1", False),
    (r"[a\-z]+", "a-z", True),
    (r"[a\-z]+", "b", False),
    (r"[\x41-\u0043]", "B", True),
    (r"\t\x20\u00e9", "\t é", True),
    (r"[-a]", "-", True),
    (r"[a-]", "-", True),
    (r"[a^]", "^", True),
    (r"a]b}", "a]b}", True),
    (r"\/\-\_\ ", "/-_ ", True),
    (r"(a*)?", "aaa", True),
    (r"(|a){2,3}", "", True),
    (r"([0-9a-f]{4}-){3}x", "01ab-23cd-45ef-x", True),
    (r"()*b", "b", True),
    (r"[--/]", ".", True),
    (r"[a~~|&b]", "~", True),
    (r"[a~~|&b]", "c", False),
    (r"[#\]-]+", "]-#", True),
    (r"\u002e", ".", True),
    (r"a{5000}b", "ab", False),
    ("", "", True),
    (".", "😀", True),
    ("a|b", "b", True),
    ("^a$", "a", True),
    ("a$b", "ab", False),
    ("a^b", "ab", False),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), MATCHES)
def test_matches(pattern: str, text: str, expected: bool) -> None:
    assert compile_pattern(pattern).matches(text) is expected


REFUSED = {
    "a++": "a possessive quantifier",
    "a**": "a quantifier of a quantifier",
    "*a": "a * with nothing before it to repeat",
    "{2}": "a { with nothing before it to repeat",
    "^*": "a quantifier after something that has no width",
    "(?=a)*": "a quantifier after something that has no width",
    r"\Q\E*": "a quantifier after an empty quotation",
    "(?i)a": "a group that starts with (?i)",
    "(?<=a)b": "a group that starts with (?<=",
    "(?<n>a)": "a group that starts with (?<n",
    "(?>a)": "a group that starts with (?>a",
    "(a": "a ( without its )",
    "a)": "a ) without its (",
    "[a": "the pattern ends too early",
    "a\\": "the pattern ends too early",
    "[]a]": "a class that starts with ]",
    "[a[b]]": "a union or intersection of classes",
    "[a&&b]": "a union or intersection of classes",
    "[z-a]": "a range whose ends are the wrong way round",
    r"[a-\d]": "a range that ends in a class",
    r"[\Qa\E]": "a quotation inside a class",
    "a{": "a { that starts no repetition",
    "a{,2}": "a { that starts no repetition",
    "a{x}": "a { that starts no repetition",
    "a{999999}": "a { that starts no repetition",
    "a{3,2}": "a repetition whose bounds are the wrong way round",
    r"\1": r"\1",
    r"\pL": r"\p",
    r"\b": r"\b",
    r"\xg0": r"\x without 2 hexadecimal digits",
    r"\u12": r"\u without 4 hexadecimal digits",
    r"\ud800": "a surrogate",
    r"[a\q]": r"\q",
    "[^]": "a class that starts with ]",
    "(" * 200: "groups nested deeper than 100",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_java_reads_otherwise_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(UnknownPatternError) as caught:
        compile_pattern(pattern)
    assert str(caught.value) == REFUSED[pattern]


def test_a_line_break_in_the_path_is_refused() -> None:
    with pytest.raises(UnknownPatternError, match="the path contains a line break"):
        compile_pattern("a$").matches("a\n")


SEVERAL_WAYS = "a repetition without an end of what matches in several ways; it could take too long"
RUNAWAYS = {
    "(a|a)*b": SEVERAL_WAYS,
    "((a*)*)*b": SEVERAL_WAYS,
    "(a+)+$": SEVERAL_WAYS,
    "(a?)*b": SEVERAL_WAYS,
    "(a{1,2}){2,}b": SEVERAL_WAYS,
    "((?=a*b)a)*": SEVERAL_WAYS,
    "(?:.*){40}b": "more than 3 repetitions without an end; it could take too long",
    "(.*a){20}": "more than 3 repetitions without an end; it could take too long",
    ".*/.*/(.*)?/.*": "more than 3 repetitions without an end; it could take too long",
    "((.*){0,2}){2}": "more than 3 repetitions without an end; it could take too long",
    "a?" * 40 + "a" * 40: "too many ways to match; it could take too long",
    "(a|a)" * 40 + "b": "too many ways to match; it could take too long",
    "(a{0,99}){0,99999}b": "too many ways to match; it could take too long",
}


@pytest.mark.parametrize("pattern", RUNAWAYS)
def test_patterns_that_could_run_away_are_refused_by_name(pattern: str) -> None:
    with pytest.raises(UnknownPatternError) as caught:
        compile_pattern(pattern)
    assert str(caught.value) == RUNAWAYS[pattern]


@pytest.mark.parametrize(("pattern", "longest"), [(".*a.*b.*c", 380), (".*a.*b", 4_000), (".*c", 60_000)])
def test_three_repetitions_without_an_end_are_decided_for_paths_of_a_usual_length(
    pattern: str, longest: int
) -> None:
    compiled = compile_pattern(pattern)
    assert not compiled.matches("a" * longest)
    assert not compile_pattern("([^/]*/){3}x").matches("/" * 380)


def test_a_pattern_that_could_take_too_long_on_this_path() -> None:
    compiled = compile_pattern(".*a.*b.*c")
    with pytest.raises(UnknownPatternError, match="could take too long on a path of 5000 characters"):
        compiled.matches("a" * 5_000)


@given(st.text(max_size=40))
def test_an_escaped_text_matches_itself_only(text: str) -> None:
    pattern = compile_pattern(escape(text))
    if any(char in "\n\r\x85\u2028\u2029" for char in text):
        return
    assert pattern.matches(text)
    assert not pattern.matches(f"{text}x")


_ATOMS = st.sampled_from(["a", "b", "/", ".", r"\.", "[ab]", "[^/]", r"\d", "(?:a|b/)", "(?!a)", "(?=b)"])
_COUNTS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "*?"])


@st.composite
def _patterns(draw: st.DrawFn) -> str:
    terms = draw(st.lists(st.tuples(_ATOMS, _COUNTS), max_size=6))
    text = "".join(atom + (count if not atom.startswith(("(?!", "(?=")) else "") for atom, count in terms)
    return draw(st.sampled_from(["{}", "({})*", "{}|a", "(?:{}){{2}}"])).format(text)


@settings(max_examples=200)
@given(_patterns(), st.text("ab/.1", max_size=8))
def test_common_syntax_is_decided_as_python_decides_it(pattern: str, text: str) -> None:
    try:
        matched = compile_pattern(pattern).matches(text)
    except UnknownPatternError as error:
        assert "too long" in str(error)
        return
    assert matched is (re.fullmatch(pattern, text) is not None)


@given(st.text(st.sampled_from("ab/.[]{}()*+?^$|\\-&,0Q:E!=<x"), max_size=30))
def test_any_text_is_compiled_or_refused(pattern: str) -> None:
    try:
        compile_pattern(pattern).matches("/a/b")
    except UnknownPatternError:
        return
