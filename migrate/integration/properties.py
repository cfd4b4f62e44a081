"""The property names of the two factories (AEM's metatype; the first two came with the OAuth hotfixes)."""

GRANTS = "auth.token.provider.authorization.grants"
ORG_ID = "auth.token.provider.orgId"
CLAIMS = "auth.token.provider.default.claims"
SCOPE = "auth.token.provider.scope"
VALIDATOR_TYPE = "auth.token.validator.type"
CLIENT_ID = "auth.token.provider.client.id"
TOKEN_URL = "auth.access.token.request"
ENDPOINT = "auth.token.provider.endpoint"
KEY_ALIAS = "auth.token.provider.keypair.alias"
RELAXED_SSL = "auth.token.provider.relaxed.ssl"
NAME = "name"
REQUEST_CUSTOMIZER_TYPE = "token.request.customizer.type"

CUSTOMIZER_TYPE = "customizer.type"
CLIENT_SECRET = "auth.ims.client.secret"

EXACT = frozenset(
    {
        NAME,
        ORG_ID,
        SCOPE,
        VALIDATOR_TYPE,
        CLIENT_ID,
        TOKEN_URL,
        ENDPOINT,
        REQUEST_CUSTOMIZER_TYPE,
        CUSTOMIZER_TYPE,
    }
    | {CLIENT_SECRET}
)
"""Properties whose every character counts."""

ALL = EXACT | {GRANTS, CLAIMS, KEY_ALIAS, RELAXED_SSL}

CLIENT_CREDENTIALS = "client_credentials"
