"""Every finding of plan and scan, once where it applies and once where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Run = Callable[..., "object"]
Tree = Callable[[Mapping[str, str]], Path]

PROVIDER = (
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    'auth.access.token.request="https://ims-na1.adobelogin.com/ims/exchange/jwt"\n'
)
CUSTOMIZER = 'customizer.type="t"\n'
UUID = "3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c"


def findings(slingshift: Run, root: Path, *options: str) -> dict[str, dict[str, object]]:
    ended = slingshift("plan", root, *options, "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    return {found["id"]: found for found in target["findings"]}


def with_line(line: str) -> dict[str, str]:
    return {"config/P.1.config": PROVIDER + line + "\n", "config/C.1.config": CUSTOMIZER}


@pytest.mark.parametrize(
    ("line", "expected", "words"),
    [
        ('auth.token.provider.default.claims=["\\"sub\\":\\"x\\""]', "assertion-claims", "only iss stays"),
        ('auth.token.provider.relaxed.ssl=B"true"', "relaxed-ssl", "not checked"),
        ('auth.token.provider.keypair.alias="similaritysearch"', "key-alias-left", "does not use it"),
        ('auth.token.provider.title="<OrgID>"', "placeholder-left", "copied from a web page"),
        ('auth.token.provider.title="\u201cx\u201d"', "placeholder-left", "typographic quotes"),
        (
            'auth.token.provider.default.claims=("\\"iss\\"\\ :\\ \\"<OrgID>\\"")',
            "placeholder-left",
            "claims",
        ),
        ('auth.token.provider.client.id="abc "', "stray-blank", "every character counts"),
        ('auth.token.provider.orgId="\ufeffA@AdobeOrg"', "stray-blank", "cannot be seen"),
        ('auth.token.provider.relaxed.ssl="TRUE"', "relaxed-ssl", "not checked"),
        ('auth.token.provider.authorization.grants="client_credentials"', "half-migrated", "side by side"),
        ('auth.token.provider.endpoint="ims.example.com"', "endpoint-differs", "another host"),
    ],
)
def test_findings_about_a_property(
    line: str, expected: str, words: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    found = findings(slingshift, tree(with_line(line)), *oauth_options)
    assert words in str(found[expected]["message"])
    assert str(found[expected]["path"]).endswith("provider.1.config")


def test_a_plain_folder_has_none_of_them(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    found = findings(slingshift, tree(with_line("")), *oauth_options)
    assert set(found) == {"secret-in-clear", "secret-readable", "service-pack-path"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ims.example.com/ims/token/v3", "token-host-unknown"),
        ("https://ims-na1.adobelogin.com/ims/token", "token-url-path"),
        ("https://ims-na1.adobelogin.com", "token-url-path"),
    ],
)
def test_findings_about_the_token_url(
    url: str, expected: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    assert expected in findings(slingshift, tree(with_line("")), *oauth_options, "--token-url", url)


def test_the_placeholder_of_the_endpoint_is_filled_in(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree(with_line('auth.token.provider.endpoint="ims-na1.adobelogin.com"'))
    found = findings(slingshift, root, *oauth_options, "--token-url", "https://%s/ims/token/v3")
    assert not {name for name in found if name.startswith("token-") or name == "endpoint-differs"}


OAUTH = (
    'name="adobe-ims-similaritysearch"\ntoken.request.customizer.type="t"\n'
    'auth.token.provider.authorization.grants="client_credentials"\nauth.token.provider.orgId="A@AdobeOrg"\n'
    'auth.access.token.request="%s"\nauth.token.provider.default.claims=(%s)\n'
)
URL = "https://ims-na1.adobelogin.com/ims/token/v3"


def scanned(slingshift: Run, root: Path) -> set[str]:
    (target,) = json.loads(slingshift("scan", root, "--format", "json").out)["targets"]
    return {found["id"] for found in target["findings"]}


@pytest.mark.parametrize(
    ("url", "claims", "expected"),
    [
        (URL, '"\\"iss\\"\\ :\\ \\"A@AdobeOrg\\""', set()),
        (URL, '"\\"iss\\":\\"A@AdobeOrg\\""', set()),
        (URL, '"\\"iss\\":\\"B@AdobeOrg\\""', {"claims-odd"}),
        (URL, '"\\\\\\"iss\\\\\\":\\"A@AdobeOrg\\""', {"claims-odd"}),
        (URL, "", {"claims-odd"}),
        (
            "http://ims-na1.adobelogin.com/ims/token/v3",
            '"\\"iss\\":\\"A@AdobeOrg\\""',
            {"token-url-not-https"},
        ),
        ("https://ims-na1.adobelogin.com/x/v3", '"\\"iss\\":\\"A@AdobeOrg\\""', {"token-url-path"}),
    ],
)
def test_a_scan_looks_at_what_a_migrated_file_holds(
    url: str, claims: str, expected: set[str], slingshift: Run, tree: Tree
) -> None:
    root = tree(
        {"config/P-1.config": OAUTH % (url.replace("=", "\\="), claims), "config/C-1.config": CUSTOMIZER}
    )
    assert scanned(slingshift, root) == expected


def test_the_customizer_is_looked_at_without_quoting_its_secret(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    files = {
        "config/P.1.config": PROVIDER,
        "config/C.1.config": CUSTOMIZER + 'auth.ims.client.secret="<My-canary>"\n',
    }
    ended = slingshift("scan", tree(files), "-v")
    assert "[placeholder-left]" in ended.err
    assert "canary" not in ended.err + ended.out


def test_a_file_that_others_may_not_read_is_not_mentioned(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree(with_line(""))
    next(root.rglob("*Impl.1.config")).chmod(0o640)
    assert "secret-readable" not in findings(slingshift, root, *oauth_options)


@pytest.mark.parametrize(("value", "expected"), [("adobe-ims-similaritysearch", True), ("other", False)])
def test_who_refers_to_the_provider(value: str, expected: bool, slingshift: Run, tree: Tree) -> None:
    stock = "config/com.day.cq.dam.stock.integration.impl.configuration.StockConfigurationImpl-1.config"
    root = tree({**with_line(""), stock: f'imsConfig="{value}"\n'})
    assert ("referenced" in scanned(slingshift, root)) is expected


@pytest.mark.parametrize("name", ["adobe-ims-similaritysearch ", "Adobe-IMS-SimilaritySearch"])
def test_a_name_that_is_almost_the_integrations(
    name: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    root = tree({"config/P.1.config": f'name="{name}"\n', "config/C.1.config": CUSTOMIZER})
    assert "name-almost" in findings(slingshift, root, *oauth_options)


def test_the_legacy_cloud_service_in_the_same_source(slingshift: Run, tree: Tree) -> None:
    config = "x/jcr_root/apps/y/config"
    pair = {f"{config}/P.1.config": PROVIDER, f"{config}/C.1.config": CUSTOMIZER}
    assert "cloud-service" not in scanned(slingshift, tree(pair))
    page = {"x/jcr_root/etc/cloudservices/smarttagging/.content.xml": "<x/>"}
    assert "cloud-service" in scanned(slingshift, tree({**pair, **page}))


@pytest.mark.parametrize("host", ["ims-na1.adobelogin.com", "adobeid-na1.services.adobe.com"])
def test_known_hosts_are_not_mentioned(
    host: str, slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    url = f"https://{host}/ims/token/v3"
    assert "token-host-unknown" not in findings(
        slingshift, tree(with_line("")), *oauth_options, "--token-url", url
    )


def test_the_client_id(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    same = tree(with_line('auth.token.provider.client.id="fedcba98765432100123456789abcdef"'))
    assert "same-client-id" in findings(slingshift, same, *oauth_options)
    new = tree(with_line('auth.token.provider.client.id="00000000000000000000000000000000"'))
    assert "new-client-id" in findings(slingshift, new, *oauth_options)


def test_an_instance_of_the_web_console_leaves_an_orphan(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    files = {f"config/P.{UUID}.config": PROVIDER, "config/C.1.config": CUSTOMIZER}
    found = findings(slingshift, tree(files), *oauth_options)["orphan-instance"]
    assert UUID in str(found["message"])
    assert "web console" in str(found["fix"])


def test_the_old_secret_was_protected(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    secret = f'auth.ims.client.secret="{{{"0123456789abcdef" * 4}}}"\n'
    files = {"config/P.1.config": PROVIDER, "config/C.1.config": CUSTOMIZER + secret}
    assert "secret-was-protected" in findings(slingshift, tree(files), *oauth_options)


def test_a_protected_secret_is_passed_through(
    slingshift: Run, tree: Tree, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", "{" + "0123456789abcdef" * 4 + "}")
    found = findings(slingshift, tree(with_line("")), *oauth_options)
    assert "secret-protected" in found
    assert "secret-in-clear" not in found


@pytest.mark.parametrize("secret", ["$[secret:scs]", "$[env:SCS_SECRET]", "${scs.secret}"])
def test_a_placeholder_for_the_secret_is_passed_through(
    secret: str, slingshift: Run, tree: Tree, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLINGSHIFT_TEST_SECRET", secret)
    ended = slingshift("plan", tree(with_line("")), *oauth_options)
    assert ended.code == 1, ended.err
    assert "secret-in-clear" not in ended.err


def test_several_folders(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    pair = {"P.1.config": PROVIDER, "C.1.config": CUSTOMIZER}
    files = {f"apps/{folder}/{n}": text for folder in ("config", "config.author") for n, text in pair.items()}
    found = findings(slingshift, tree(files), *oauth_options)["several-folders"]
    assert "apps/config.author wins" in str(found["message"])


def test_several_folders_of_equal_rank(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    pair = {"P.1.config": PROVIDER, "C.1.config": CUSTOMIZER}
    equal = {f"apps/{folder}/config/{n}": text for folder in "ab" for n, text in pair.items()}
    found = findings(slingshift, tree(equal), *oauth_options)["several-folders"]
    assert "not stable" in str(found["message"])


def test_several_names_in_several_folders(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {
        f"apps/{folder}/{kind}.{number}.config": text
        for folder, number in (("config", 1), ("config.author", 2))
        for kind, text in (("P", PROVIDER), ("C", CUSTOMIZER))
    }
    found = findings(slingshift, tree(files), *oauth_options)
    assert "1 in apps/config, 2 in apps/config.author" in str(found["several-instances"]["message"])
    assert "several-folders" not in found


def test_hundreds_of_folders_are_not_all_named(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {
        f"apps/{number:02}/config/{kind}.{number}.config": text
        for number in range(12)
        for kind, text in (("P", PROVIDER), ("C", CUSTOMIZER))
    }
    message = str(findings(slingshift, tree(files), *oauth_options)["several-instances"]["message"])
    assert "stands under 12 names" in message
    assert message.count(" in apps/") == 10
    assert " and 2 more)" in message


def test_a_folder_that_aem_does_not_watch(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {"backup/P.1.config": PROVIDER, "backup/C.1.config": CUSTOMIZER}
    assert "no-config-folder" in findings(slingshift, tree(files), *oauth_options)


def test_tilde_and_an_old_installer(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {"config/P~1.config": PROVIDER, "config/C~1.config": CUSTOMIZER}
    root = tree(files)
    assert "tilde-unknown" in findings(slingshift, root, *oauth_options, "--installer", "1.1.2")
    assert "tilde-unknown" not in findings(slingshift, root, *oauth_options)


def test_packages_in_a_folder_are_mentioned(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    root = tree({**with_line(""), "x/install/a.zip": ""})
    assert "x/install/a.zip" in str(
        findings(slingshift, root, *oauth_options)["packages-not-opened"]["message"]
    )


def test_a_neighbour_that_cannot_be_read(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {**with_line(""), "config/P-2.config": 'name="other\n'}
    found = findings(slingshift, tree(files), *oauth_options)["unreadable-neighbour"]
    assert "never closed" in str(found["message"])


def test_a_broken_file_of_ours_is_refused_even_when_its_name_is_escaped(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    files = with_line("")
    files["config/P-2.config"] = 'name="adobe\\-ims-similaritysearch"\nx=[\n'
    ended = slingshift("plan", tree(files), *oauth_options)
    assert ended.code == 3
    assert "[unclosed-list]" in ended.err


def test_never_touched(slingshift: Run, tree: Tree, oauth_options: list[str]) -> None:
    files = {
        **with_line(""),
        "libs/config/P.2.config": PROVIDER,
        "crx-quickstart/launchpad/config/P.3.config": PROVIDER,
    }
    ended = slingshift("plan", tree(files), *oauth_options, "--format", "json")
    (target,) = json.loads(ended.out)["targets"]
    reasons = [f["message"] for f in target["findings"] if f["id"] == "never-touched"]
    assert len(reasons) == 2
    assert not any("P.2" in e["path"] or "launchpad" in e["path"] for e in target["edits"])


@pytest.mark.parametrize("target", ["libs", "libs/system", "jcr_root/libs/system/config", "launchpad/config"])
def test_never_touched_when_it_is_the_target(
    target: str, slingshift: Run, tree: Tree, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = target if target.endswith("config") else f"{target}/config"
    root = tree({f"{place}/P.1.config": PROVIDER, f"{place}/C.1.config": CUSTOMIZER, "apps/x": ""})
    monkeypatch.chdir(root)
    assert slingshift("plan", root / target, *oauth_options).code == 3
    ended = slingshift("plan", target, *oauth_options)
    assert (ended.code, ended.out) == (3, "")
    assert "Left alone" in ended.err


def test_an_unreadable_folder(
    slingshift: Run, tree: Tree, oauth_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    root = tree({**with_line(""), "locked/x": ""})
    monkeypatch.setattr(os, "scandir", scandir)
    found = findings(slingshift, root, *oauth_options)["unreadable-folder"]
    assert "Permission denied" in str(found["message"])


@pytest.mark.parametrize(
    ("version", "orphan", "adopted"),
    [
        (None, "below installer.factory.configuration 1.4.6", ""),
        ("1.2.0", "until it is deleted", ""),
        ("1.3.4", "until the next restart", ""),
        ("1.4.10", "", "in one go"),
    ],
)
def test_what_a_build_makes_of_the_new_name(
    slingshift: Run, tree: Tree, oauth_options: list[str], version: str | None, orphan: str, adopted: str
) -> None:
    root = tree({f"config/P.{UUID}.config": PROVIDER, f"config/C.{UUID}.config": CUSTOMIZER})
    found = findings(slingshift, root, *oauth_options, *(("--installer", version) if version else ()))
    for rule, words in (("orphan-instance", orphan), ("name-adopted", adopted)):
        assert (rule in found) is bool(words)
        if words:
            assert words in f"{found[rule]['message']}{found[rule]['fix']}"


def test_a_half_done_folder_on_a_build_that_adopts(
    slingshift: Run, tree: Tree, oauth_options: list[str]
) -> None:
    texts = {"P": PROVIDER, "C": CUSTOMIZER}
    root = tree({f"config/{one}{dash}{UUID}.config": text for one, text in texts.items() for dash in ".-"})
    found = findings(slingshift, root, *oauth_options, "--prefer", "old", "--installer", "1.4.10")
    assert "another N" in str(found["name-adopted"]["fix"])
