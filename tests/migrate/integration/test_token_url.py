"""What AEM makes of the token URL and the endpoint. tests/live/test_token_url.py asks Java the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.integration import token_url

HOST = "ims-na1.adobelogin.com"
GOOD = f"https://{HOST}/ims/token/v3"


@pytest.mark.parametrize(
    ("template", "endpoint", "url"),
    [
        (GOOD, None, GOOD),
        ("https://%s/ims/token/v3", HOST, GOOD),
        ("https://%1$s/ims/token/v3", HOST, GOOD),
        ("https://%1$s/%1$s", "h", "https://h/h"),
        ("https://%1$s/%s", "h", "https://h/h"),
        ("https://%s/%<s", "h", "https://h/h"),
        ("https://%S/x", "h", "https://H/x"),
        ("https://%.3s/x", "abcdef", "https://abc/x"),
        ("https://h/%-3sx", "a", "https://h/a  x"),
        ("https://h/%3sx", "a", "https://h/  ax"),
        ("https://h/a%%20b", None, "https://h/a%20b"),
    ],
)
def test_string_format(template: str, endpoint: str | None, url: str) -> None:
    assert token_url.address(template, endpoint).url == url


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("https://h/a%20b", "%20b"),
        ("https://%d/x", "%d"),
        ("https://h/%", "%"),
        ("%zz", "%z"),
        ("https://%s/%s", "%s"),
        ("https://%<s/", "%<s"),
        ("https://%2$s/", "%2$s"),
        ("https://%0$s/", "%0$s"),
        ("https://%-s/", "%-s"),
        ("https://%+s/", "%+s"),
        ("https://%--5s/", "%--5s"),
        ("https://%999999999s/", "%999999999s"),
        ("https://%n", "%n"),
        ("https://h/%é%s", "%é%s"),
    ],
)
def test_formats_that_break_in_aem(template: str, part: str) -> None:
    found = token_url.address(template, "h")
    assert (found.url, found.broken) == ("", part)
    assert found.error is not None
    assert (found.error.id, f" {part} breaks it" in found.error.message) == ("token-url-percent", True)


def ids(template: str, endpoint: str | None = None) -> list[str]:
    return [problem.id for problem in token_url.address(template, endpoint).problems()]


@pytest.mark.parametrize(
    ("template", "endpoint", "expected"),
    [
        (GOOD, None, []),
        (GOOD, HOST, []),
        (f"https://{HOST}:443/ims/token/v2/", None, []),
        ("https://adobeid-na1.services.adobe.com/ims/token/v3", None, []),
        ("HTTPS://IMS-NA1.adobelogin.com/ims/token/v3", None, []),
        ("https://%1$s/ims/token/v3", HOST, []),
        ("https://%s/ims/token/v3", None, ["token-url-endpoint"]),
        ("https://%1$s/ims/token/v3", "", ["token-url-endpoint"]),
        ("foo", None, ["token-url-not-https", "token-host-unknown"]),
        ("", None, ["token-url-not-https", "token-host-unknown"]),
        ("http://127.0.0.1:1/ims/token/v3", None, ["token-url-not-https", "token-host-unknown"]),
        ("https:///ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        (f"https://{HOST}/ims/token/v3 ", None, ["token-url-not-a-url", "token-url-path"]),
        (f"https://evil.example\\@{HOST}/ims/token/v3", None, ["token-url-not-a-url"]),
        (f"https://{HOST}/ims/exchange/jwt", None, ["token-url-jwt"]),
        (f"https://{HOST}/token", None, ["token-url-path"]),
        (f"https://{HOST}", None, ["token-url-path"]),
        ("https://eviladobelogin.com/ims/token/v3", None, ["token-host-unknown"]),
        ("https://adobelogin.com.evil.example/ims/token/v3", None, ["token-host-unknown"]),
        (f"https://{HOST}@evil.example/ims/token/v3", None, ["token-url-secret", "token-host-unknown"]),
        (f"https://evil.example/@{HOST}/ims/token/v3", None, ["token-url-path", "token-host-unknown"]),
        (GOOD, "ims.example", ["endpoint-differs"]),
        ("${ims.url}", None, []),
        ("https://%s/ims/token/v3", "$[env:IMS_HOST]", []),
        (f"https://{HOST}:99999/ims/token/v3", None, ["token-url-not-a-url"]),
        ("https://ims%%20/ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        ("https://ims..example/ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        (f"https://{'a' * 64}.example/ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        ("https://ims,example/ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        ("https://[::1]/ims/token/v3", None, ["token-host-unknown"]),
        ("https://ims_1.example./ims/token/v3", None, ["token-host-unknown"]),
        (f"https://{HOST}:0/ims/token/v3", None, ["token-url-not-a-url"]),
        (f"https://{HOST}:{'9' * 5000}/ims/token/v3", None, ["token-url-not-a-url"]),
        (f"https://u:p@{HOST}/ims/token/v3", None, ["token-url-secret"]),
        (f"https://u@{HOST}/ims/token/v3", None, ["token-url-secret"]),
        (f"{GOOD}?client_secret=x", None, ["token-url-secret"]),
        (f"{GOOD}?grant=x", None, []),
        ("https://[::1/ims/token/v3", None, ["token-url-not-a-url", "token-host-unknown"]),
        ("${ims.url}/%zz", None, ["token-url-percent"]),
        (f"{GOOD}\u2028", None, ["token-url-not-a-url", "token-url-path"]),
        (f"{GOOD}?a=\u3000", None, ["token-url-not-a-url"]),
        ("https://\uff49ms-na1.adobelogin.com/ims/token/v3", None, ["token-host-unknown"]),
        ("https://xn--ms-na1-yt9h.adobelogin.com/ims/token/v3", None, ["token-host-unknown"]),
    ],
)
def test_problems(template: str, endpoint: str | None, expected: list[str]) -> None:
    assert ids(template, endpoint) == expected


@pytest.mark.parametrize(
    "url",
    [
        "foo",
        "%zz",
        "http://h/ims/token/v3",
        "https://",
        f"https://{HOST}/ims/exchange/jwt",
        "",
        "https://a b/",
        "https://[::1/ims/token/v3",
        f"https://{HOST}:65536/ims/token/v3",
        f"https://u:p@{HOST}/ims/token/v3",
    ],
)
def test_what_aem_gets_no_token_from(url: str) -> None:
    assert token_url.address(url, HOST).error is not None


def test_a_look_alike_is_seen() -> None:
    found = token_url.address("https://ims-na1.\u0430dobelogin.com/ims/token/v3")
    assert found.host == "ims-na1.xn--dobelogin-zyh.com"
    (problem,) = found.problems()
    assert problem.message.startswith("ims-na1.xn--dobelogin-zyh.com is none of Adobe's")
    assert "xn--dobelogin-zyh" in token_url.shown(found.url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p8e-canary@h:1/x?y=p8e-canary#p8e-canary", "https://h:1/x?***"),
        ("https://[bad", "(not a URL)"),
        ("p8e-canary", "(not a URL)"),
        ("https://h/\x1b\u202e", "https://h/\\x1b\\u202e"),
        ("https://h/" + "x" * 500, "https://h/" + "x" * 190),
    ],
)
def test_urls_are_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert token_url.shown(url) == shown


@given(st.text(max_size=40), st.none() | st.text(max_size=20))
def test_any_texts_have_an_answer(template: str, endpoint: str | None) -> None:
    found = token_url.address(template, endpoint)
    for problem in found.problems():
        assert "\n" not in problem.message
    assert found.host.isascii()
    assert token_url.shown(template).isprintable()


@given(st.text("%s1$<-.", max_size=8), st.text(max_size=3))
def test_a_text_without_the_endpoint_is_the_same_for_any(template: str, endpoint: str) -> None:
    if not token_url.needs_endpoint(template):
        assert token_url.address(template, endpoint).url == token_url.address(template, "other").url
