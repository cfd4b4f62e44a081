"""Secrets in clear."""

from __future__ import annotations

import pytest

from migrate.lint import check


def rules(text: str, form: str = "config") -> list[tuple[str, int]]:
    found = check.check(f"com.example.F.{form}", text.encode(), form)
    assert not any("CANARY" in str(hazard) for hazard in found)
    return [(hazard.rule, hazard.line) for hazard in found]


@pytest.mark.parametrize(
    "text",
    [
        'smtp.user="x"\n',
        'password=""\n',
        'password="$[secret:SMTP]"\n',
        'password="$[env:SMTP;default\\=abcdef]"\n',
        'password="${smtp.password}"\n',
        'password="{0123456789abcdef0123456789abcdef}"\n',
        'password="<password>"\n',
        'password="your-password"\n',
        'password="********"\n',
        'password="none"\n',
        'require.password=B"true"\n',
        'token.request.customizer.type="adobe-ims"\n',
        'credentials.target="(name\\=x)"\n',
        'privateKeyPath="/etc/keys/a.key"\n',
        'passwordFile="CANARY"\n',
        'tokenExpiration=I"60"\n',
        'secretName="site-credentials"\n',
        'password.property="rep:password"\n',
        'apiKeyHeader="X-Api-Key"\n',
        'api.key.header.name="X-Api-Key"\n',
        'secret.manager.region="eu-west-1"\n',
        'passwordFields=["a-field", "b-field"]\n',
        'token.cookie.name="login-token"\n',
        'auth.sudo.cookie="sling.sudo"\n',
        'user.pin=I"42"\n',
        'pin.count=I"4242"\n',
        'session.cookie=B"true"\n',
    ],
)
def test_no_secret(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'a="1"\nsmtp.password="CANARY"\n',
        'a="1"\nauth.ims.client.secret="CANARY"\n',
        'a="1"\napiKey=["CANARY"]\n',
        'a="1"\nsecretId="CANARY"\n',
        'a="1"\nusername.password="CANARY"\n',
        'a="1"\nsessionCookie="CANARY"\n',
        'a="1"\nuser.pin=I"4242"\n',
        'a="1"\nhmac.salt="CANARY"\n',
    ],
)
def test_a_secret_in_clear_is_named_and_not_shown(text: str) -> None:
    assert rules(text) == [("plain-secret", 2)]


def test_every_form() -> None:
    assert rules('{\n"client.secret": "CANARY"}', "cfg.json") == [("plain-secret", 2)]
    xml = '<jcr:root xmlns:sling="http://sling.apache.org/jcr/sling/1.0" xmlns:jcr="http://www.jcp.org/jcr/1.0"\n'
    xml += '    jcr:primaryType="sling:OsgiConfig"\n    client.secret="CANARY"/>\n'
    assert rules(xml, "xml") == [("plain-secret", 3)]


def test_a_comment_lets_it_pass() -> None:
    assert rules('# slingshift: ignore plain-secret\npassword="CANARY"\n') == []
