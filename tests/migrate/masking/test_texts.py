"""No secret in a diff, wherever in a file it stands and however it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grammar import forms
from grammar.documents import FORMS
from grammar.values import Shape, Value
from migrate.integration.profile import CUSTOMIZER
from migrate.masking.texts import masked_texts, may_need_masks, secrets_of, without_known
from migrate.reports import patch

CANARY = "cAnArY7f3e9d1b"
ESCAPED = "".join(f"\\u{ord(c):04x}" for c in CANARY)
PROVIDER = 'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0"'
    ' xmlns:sling="http://sling.apache.org/jcr/sling/1.0" jcr:primaryType="sling:OsgiConfig" %s/>\n'
)
TEXTS = [
    ("config", f'auth.ims.client.secret="{CANARY}"\n'),
    ("config", f'auth.ims.client.secret="{CANARY}"\na="1"\nauth.ims.client.secret="x"\n'),
    ("config", f'auth.ims.client.secret=[ \\\n  "{CANARY}", \\\n  "b", \\\n  ]\n'),
    ("config", f'auth.ims.client.secret="a\n{CANARY}\nb"\n'),
    ("config", f'auth.ims.client.secret="{ESCAPED}"\n'),
    ("config", f'auth.ims.client.s\\ecret="{CANARY}"\n'),
    ("config", f'auth.ims.client.\\u0073ecret="{CANARY}"\n'),
    ("config", f'AUTH.IMS.CLIENT.SECRET="{CANARY}"\n'),
    ("config", f'# once {CANARY}\nauth.ims.client.secret="x"\n'),
    ("config", f'a="1" # once {CANARY}\nauth.ims.client.secret="x" # {CANARY}\n# {CANARY}'),
    ("config", f'# the secret was {CANARY}\na="1"\n'),
    ("config", f'my.password="{CANARY}"\n'),
    # Readers take a Boolean that is none for false.
    ("config", f'my.password=B"{CANARY}"\n'),
    ("config", f'my.password=B["true","{CANARY}"]\n'),
    ("cfg.json", f'{{"my.password:Boolean": "{CANARY}"}}'),
    ("xml", XML % f'my.password="{{Boolean}}{CANARY}"'),
    ("config", f'url="https://me:{CANARY}@ims.example.com/"\n'),
    ("config", f'url="https://ims.example.com/?client_secret\\={CANARY}&x\\=1"\n'),
    ("cfg.json", f'{{"auth.ims.client.secret": "{CANARY}"}}'),
    ("cfg.json", f'{{"auth.ims.client.secret:String": "{CANARY}"}}'),
    ("cfg.json", f'{{"auth.ims.client.\\u0073ecret": ["{CANARY}"]}}'),
    (
        "cfg.json",
        f'{{"auth.ims.client.secret": "x", // {CANARY}\n/* {CANARY}\n {CANARY} */ "a": 1}} // {CANARY}',
    ),
    ("cfg.json", f'{{"a" /* secret {CANARY} */ : 1}}'),
    ("xml", XML % f'auth.ims.client.secret="{CANARY}"'),
    ("xml", XML % f"auth.ims.client.secret='[{CANARY},b]'"),
    ("xml", XML % f'auth.ims.client._x0073_ecret="{CANARY}"'),
    ("xml", (XML % 'auth.ims.client.secret="x"').replace("<jcr", f"<!-- {CANARY}\n{CANARY} --><jcr", 1)),
]


@pytest.mark.parametrize(("form", "text"), TEXTS)
def test_no_secret_is_left(form: str, text: str) -> None:
    document = forms.parse(text.encode(), form=form)
    shown = without_known(masked_texts(document, None)[0], [])
    assert CANARY not in shown
    assert ESCAPED not in shown
    assert "***" in shown


@pytest.mark.parametrize(("form", "text"), TEXTS)
def test_what_needs_masks_is_seen_at_a_glance(form: str, text: str) -> None:
    assert may_need_masks(text) or CANARY not in without_known(text, [])


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("config", '# Configuration created by Apache Sling JCR Installer\r\na="x # y"\r\n# plain words\r\n'),
        ("cfg.json", '// Configuration created by Apache Sling JCR Installer\n{"url": "https://x/y"}'),
        ("xml", (XML % 'a="b"').replace("<jcr", "<!-- plain words --><jcr", 1)),
    ],
)
def test_everything_else_stays(form: str, text: str) -> None:
    document = forms.parse(text.encode(), form=form)
    assert without_known(masked_texts(document, None)[0], ["other"]) == text


@pytest.mark.parametrize("name", ["note", "a"])
def test_a_known_secret_is_hidden_in_every_spelling(name: str) -> None:
    secret = 'p8e-"a b=<é>&\\'
    for form in FORMS:
        document = forms.parse(forms.write({name: _string(f"is {secret}.")}, form=form), form=form)
        shown = without_known(masked_texts(document, None)[0], [secret])
        assert "p8e" not in shown, form
        assert "is" in shown


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "secret",
    [
        f"one{mark}two-three"
        for mark in (",", "/", "\U0001f511", "\x01", "\n", "\t", "'", ">", "\u2028", "\x7f")
    ]
    + ["[one-two", "{one}-two", '<&"one,two'],
)
def test_a_known_secret_is_hidden_as_every_writer_writes_it(form: str, secret: str) -> None:
    lists = Value("String", Shape.ARRAY, (secret, f"see {secret}"))
    values = {"note": _string(secret), "a": _string(f"is {secret}."), "b": lists}
    document = forms.parse(forms.write(values, form=form), form=form)
    shown = without_known(masked_texts(document, None)[0], [secret])
    assert "two" not in shown, shown


def test_short_secrets_are_not_looked_for_elsewhere() -> None:
    document = forms.parse(b'my.secret="short"\nother.secret="long enough"\nname="x"\n')
    assert list(secrets_of(document)) == ["long enough"]


@pytest.mark.parametrize(("form", "text"), TEXTS)
def test_the_diff_of_a_layout_hides_them_too(form: str, text: str) -> None:
    changed = forms.parse(text.encode(), form=form).with_value("zz", _string("1")).source
    assert CANARY not in patch.render(f"x.{form}", text.encode(), changed)


@pytest.mark.parametrize(("form", "text"), TEXTS)
@pytest.mark.parametrize("output", ["text", "json", "markdown"])
def test_no_plan_shows_them(
    form: str,
    text: str,
    output: str,
    slingshift: Callable[..., object],
    tree: Callable[[Mapping[str, str]], Path],
    oauth_options: list[str],
) -> None:
    provider = (
        'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
        f'auth.access.token.request="https://{CANARY}@x/ims/exchange/jwt"\nnote="{CANARY}"\n'
    )
    root = tree({"config/P.1.config": provider})
    customizer = forms.parse(text.encode(), form=form).with_value("customizer.type", _string("t")).source
    (root / "config" / f"{CUSTOMIZER}.1.{form}").write_bytes(customizer)
    ended = slingshift("plan", root, *oauth_options, "--format", output, "-v")
    assert ended.code == 1, ended.err  # type: ignore[attr-defined]
    shown = ended.out + ended.err  # type: ignore[attr-defined]
    if "client.secret" in text and "\\u" not in text:
        assert CANARY not in shown.replace(f'note="{CANARY}"', "")
    if output == "json":
        json.loads(ended.out)  # type: ignore[attr-defined]
    assert f"{CANARY}@" not in shown


def _string(text: str) -> Value:
    return Value.string(text)


def test_a_comment_in_a_filter_is_looked_at_too(
    slingshift: Callable[..., object], tree: Callable[[Mapping[str, str]], Path], oauth_options: list[str]
) -> None:
    filters = (
        f'<workspaceFilter version="1.0">\n<!-- the secret: {CANARY} -->\n<!-- kept -->\n'
        f'<filter root="/apps/x/config/{CUSTOMIZER}.2.config"/>\n</workspaceFilter>\n'
    )
    root = tree(
        {
            "jcr_root/apps/x/config/P.1.config": PROVIDER,
            "jcr_root/apps/x/config/C.2.config": 'customizer.type="t"\n',
            "META-INF/vault/filter.xml": filters,
        }
    )
    ended = slingshift("plan", root, *oauth_options)
    assert ended.code in (1, 3), ended.err  # type: ignore[attr-defined]
    assert "filter.xml" in ended.out  # type: ignore[attr-defined]
    assert "<!-- kept -->" in ended.out  # type: ignore[attr-defined]
    assert CANARY not in ended.out + ended.err  # type: ignore[attr-defined]


def test_a_node_that_loses_its_last_configuration_is_not_shown_as_gone(
    slingshift: Callable[..., object], tree: Callable[[Mapping[str, str]], Path], oauth_options: list[str]
) -> None:
    stale = (
        '<jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" xmlns:sling="http://sling.apache.org/jcr/sling/1.0"'
        f' jcr:primaryType="sling:Folder">\n    <{CUSTOMIZER}.5\n        jcr:primaryType="sling:OsgiConfig"\n'
        f'        auth.ims.client.secret="{CANARY}"\n        customizer.type="t"/>\n</jcr:root>\n'
    )
    root = tree(
        {
            "config/P.1.config": PROVIDER,
            "config/C-2.config": 'customizer.type="t"\n',
            "config/.content.xml": stale,
        }
    )
    ended = slingshift("plan", root, *oauth_options, "--pick", f"{CUSTOMIZER}-2.config")
    assert ended.code == 1, ended.err  # type: ignore[attr-defined]
    assert CANARY not in ended.out  # type: ignore[attr-defined]
    assert " </jcr:root>" in ended.out  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ['B"true"', 'B"FALSE"', 'b"true"', 'B["true", \\\n  "false"]', 'B("true")'])
def test_a_switch_stays_readable(value: str) -> None:
    text = f"smtp.password={value}\n"
    assert masked_texts(forms.parse(text.encode(), form="config"), None)[0] == text
