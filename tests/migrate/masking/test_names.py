"""Which names are masked: a table with both sides, and what holds for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.values import Value
from migrate.integration import properties
from migrate.masking import names, words


def _names(table: str) -> list[str]:
    return table.split()


SECRETS = _names("""
auth.ims.client.secret oauth.client.secret service.token.client.secret
oauth.provider.ims.service.token.client.secret clientSecret CLIENT_SECRET SECRET secret.value secretId
secret_id secretUser mySecretText webhookSecret client.secret.1 secret.hash sEcReT Auth.IMS.cLiEnT.sEcReT
aws.secret.access.key smtp.password bind.password password passwd userPassword transport.password
encryptedPassword proxy.password jdbc.password org.apache.felix.https.keystore.password
org.apache.felix.https.keystore.key.password keyStorePassword smtpPassword
com.adobe.granite.jetty.ssl.keystore.password sling.auth.anonymous.password password.prod password1
passwordOld passwordHash SMTPPassword pAssWord passphrase keyPassphrase passcode pwd db.pwd dbpwd pwd.1
db_pass smtp.pass adminPw api-key api_key apiKey apikey api.key APIKey apiKeys X-API-Key
Ocp-Apim-Subscription-Key subscriptionKey licenseKey private-key private_key privateKey private.key
privateKeys recaptcha.privateKey accountKey accountkey AccountKey encryptionKey encryption.key encrypt_key
accessKey secretKey sharedKey hmacKey signingKey masterKey storage.key accessToken access_token access.token
accessTokens authToken auth-token auth.token.prod refreshToken refresh.token sasToken azureSas sas token
token.1 apiToken oauth.provider.ims.service.token session.token idToken githubToken client.token bearerToken
oauthToken oauth_token jwt credentials credential aws.credentials host.credentials userCredentials
sharedAccessSignature connectionString azureConnectionString http.authorization authorizationHeader
bearer Bearer api.bearer bearer.value bearerHeader service.bearer.1 cookie Cookie sessionCookie session.cookie
session_cookie loginCookie auth-cookie cookie.value cookieHeader cookie1 session.cookies ssoCookies affinityCookieValue
pin PIN userPin user.pin user_pin device-pin smsPIN pinCode pin.code pin.1 card.pin.value salt hmac.salt hmacSalt
HMAC_SALT salt1 salt.value etag.salt userPasswordSalt
sessioncookie affinitycookie cOoKiE user.pIn hMaC.sAlT BeAReR
""")

PLAIN = _names("""
auth.token.provider.title auth.token.provider.default.claims auth.token.provider.endpoint
auth.token.provider.orgId auth.token.provider.keypair.alias auth.token.provider.conn.timeout
auth.token.provider.so.timeout auth.token.provider.client.id auth.token.provider.scope
auth.token.provider.reuse.access.token auth.token.provider.relaxed.ssl
auth.token.provider.authorization.grants auth.token.validator.type auth.access.token.request
token.request.customizer.type customizer.type keypair.alias keypair.id keyId key keys cacheKey primaryKey
consumerKey siteKey sse_kms_keyId accessKeyId monkey hockey.key adobeLoginClaimKey keywordTokenizer
org.apache.felix.https.keystore org.apache.felix.https.truststore spPrivateKeyAlias saml.sp.private.key.alias
idpCertAlias privateKeyPath apiKeyName hmacSharedKeyTTL passwordPolicy passwordPolicyName
passwordHashAlgorithm passwordHashIterations passwordSaltSize passwordMaxAge initialPasswordChange
passwordHistorySize passwordExpiryForAdmin omitAdminPw password.required requirePassword
passwordProvider.target passwordFile cq.accountmanager.config.requestnewpwd.mail bypass.cache bypassWhitelist
compass compassWidth passThrough passive cq.accountmanager.config.informnewpwd.mail
com.adobe.aem.screens.device.pasword.minlength transportSecretProvider.target
cqDistributionSecretProvider.target secretProvider.target secret.type form.credentials.name
supportscredentials allowCredentials trustedCredentialsAttribute credentialsProvider credentials.type
form.token.file form.token.fastseed tokenExpiration tokenLength tokenRefresh tokenCleanupThreshold
token.required.attr token.alternate.url token.encapsulated skip.token.refresh csrf.token.expires.in
oauth.access.token.expires.in oauth.access.token.persist oauth.access.token.persist.cookie
oauth.token.revocation.active token.validity jwtTimeout cq.accountmanager.token.validity.period
oauth.provider.ims.validate.token.url oauth.provider.ims.token.url tokenUrl
oauth.provider.ims.service.token.client.id accessTokenUrl accessTokenProvider.target minFoundTokens maxTokens
enhancer.engine.linking.labeltokenizer.lucene.tokenizerFactory sling.auth.requirements auth.annonymous
token.cookie.name cookie.name cookie.secure cookie.domain cookie.path cookie.maxAge cookieHttpOnly cookieSameSite
form.use.cookie useCookie ignoreCookie with.pin requirePin has.salt oauth.access.token.persist.cookie
form.default.cookie.domain auth.sudo.cookie org.eclipse.jetty.servlet.SessionCookie
httpcache.config.extension.cookie httpcache.config.extension.cookie.values httpcache.config.excluded.cookie.keys
httpcache.engine.excluded.response.cookies.global cookies trackedCookies cookieJar cookieConsentText pinned
pinnedVersion isPinned spin spinner spinnerText shipping shippingPin.enabled pingInterval ping mapping user.mapping
pint opinion pinboard pinsPerPage pinCount salted saltSize salt.length basalt assault saltlake bearerOnly
bearer.methods.supported forbearer urlPinPattern
jcr.authentication signatureMethod oauth.csrf.state.protection org.apache.felix.http.session.timeout name url
user.id
""")


@pytest.mark.parametrize("name", SECRETS)
def test_masked(name: str) -> None:
    assert names.is_secret(name)
    assert names.may_name_secret(f'a="1"\n{name}="x"\n')


@pytest.mark.parametrize("name", PLAIN)
def test_readable(name: str) -> None:
    """Documented by AEM, Sling, Felix, Oak or Stanbol, or words that only look like it."""
    assert not names.is_secret(name)


def test_of_the_two_factories_only_the_secret_is_masked() -> None:
    assert {name for name in properties.ALL if names.is_secret(name)} == {properties.CLIENT_SECRET}


PIECES = st.sampled_from(
    _names("""
secret passw password pwd pass pw credential credentials token tokens key keys sas jwt signature private api access
account shared auth authorization connection string header request reuse url provider validator type name 1 x client_
grants bearer cookie cookies pin salt code value sso
""")
)
SEPARATORS = st.sampled_from(["", ".", "-", "_", " ", "/", ":"])
CASES = st.sampled_from([str.lower, str.upper, str.title])
NAMES = st.lists(st.tuples(PIECES, SEPARATORS, CASES), min_size=1, max_size=5).map(
    lambda parts: "".join(case(piece) + separator for piece, separator, case in parts)
)


@given(NAMES)
def test_the_quick_look_at_a_text_misses_no_name(name: str) -> None:
    if names.is_secret(name):
        assert names.may_name_secret(f'a="1"\r\n{name}="x"\r\n')
        assert names.may_name_secret(f'{{"{name}": "x"}}')
        assert names.may_name_secret(f"<jcr:root {name}='x'/>")
        assert names.may_name_secret(f'{{"{name}"\n: "x"}}')
        assert names.may_name_secret(f"<jcr:root {name}\r\n='x'/>")
        assert names.name_a_secret(["a", name])


@given(st.from_regex(words._SECRET) | st.from_regex(words._SECRET_AT_ALL))
def test_what_the_words_take_has_a_stem(joined: str) -> None:
    """The stems are looked for first: a word that has none of them would never be asked about."""
    assert names._has_stem(joined)
    assert names._has_stem(
        joined.replace(".", "")
    )  # the dots stand for what is between words, if anything is


@given(st.lists(NAMES, max_size=4))
def test_some_names_at_once_are_each_of_them(some: list[str]) -> None:
    assert names.name_a_secret(some) == any(map(names.is_secret, some))


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        (Value.string("hunter2"), True),
        (Value.string(""), True),
        (Value.string("$[secret:scs]"), False),
        (Value.string("${smtp.password}"), False),
        (Value.string("$[secret:scs;default=hunter2]"), True),
        (Value.string("prefix-${smtp.password}"), True),
        (Value.string("true"), False),
        (Value.boolean(True), False),
        (Value.array(["$[secret:a]", "${b}"]), False),
        (Value.array(["$[secret:a]", "hunter2"]), True),
        (Value.array([]), True),
    ],
)
def test_what_a_value_can_be(value: Value, hidden: bool) -> None:
    assert names.hides("smtp.password", value) is hidden
    assert not names.hides("smtp.host", value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pw@h/x", "https://***@h/x"),
        ("https://me:p@w@h/x", "https://***@h/x"),
        ("https://me:p/w@h/x", "https://***@h/x"),
        (r"https:\/\/me:pw@h\/x", r"https:\/\/***@h\/x"),
        (r"https:\/\/h\/@me", r"https:\/\/h\/@me"),
        (
            r"https://h/?x\u003d1\u0026api_key\u003dabc\u0026y",
            r"https://h/?x\u003d1\u0026api_key\u003d***\u0026y",
        ),
        (r"https://h/?api_key\u003Dabc", r"https://h/?api_key\u003D***"),
        ("https://h:4502/a@2x.png", "https://h:4502/a@2x.png"),
        ("https://h/@me", "https://h/@me"),
        ("https://h/?to=https://g/?api_key=abc&x=1", "https://h/?to=https://g/?api_key=***&x=1"),
        ("https://h/a=b?api_key=abc", "https://h/a=b?api_key=***"),
        ("https://h/?x=1#access_token=abc", "https://h/?x=1#access_token=***"),
        ("https://h/?client_secret=abc&x=1", "https://h/?client_secret=***&x=1"),
        ("https://h/?access_token=abc", "https://h/?access_token=***"),
        ("https://h/?sv=1&sig=%2Babc&se=1", "https://h/?sv=1&sig=***&se=1"),
        (
            "DefaultEndpointsProtocol=https;AccountKey=abc;EndpointSuffix=x",
            "DefaultEndpointsProtocol=https;AccountKey=***;EndpointSuffix=x",
        ),
        (r'url="https://h/?client_secret\=abc"', r'url="https://h/?client_secret\=***"'),
        ("https://h/?client_secret=${scs.secret}&x", "https://h/?client_secret=${scs.secret}&x"),
        ("https://h/?client_secret=$[secret:scs]&x", "https://h/?client_secret=$[secret:scs]&x"),
        ('passwordRequired=B"true"', 'passwordRequired=B"true"'),
        ('auth.access.token.request="https://x"', 'auth.access.token.request="https://x"'),
        ("https://h/?design=1&tokenUrl=x", "https://h/?design=1&tokenUrl=x"),
    ],
)
def test_secrets_in_urls(text: str, shown: str) -> None:
    assert names.without_url_credentials(text) == shown


def test_a_chain_of_parameters_is_no_burden() -> None:
    chain = "a=" * 50_000
    assert names.without_url_credentials(f"{chain}token=abc") == f"{chain}token=***"


def test_many_addresses_without_an_end_are_no_burden() -> None:
    assert names.without_url_credentials("://a:" * 100_000) == "://a:" * 100_000
