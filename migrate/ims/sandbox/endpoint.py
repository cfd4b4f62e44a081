"""What the sandbox answers: the part of Adobe IMS that matters here, good and bad, without any network.

Answers follow AdobeDocs/adobe-dev-console (the Server-to-Server and JWT pages) and the bodies that Adobe's open client
code and public issues show. What an IMS does beyond that is not imitated.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.integration import scopes, token_url
from migrate.integration.secret import Secret

DEMO_CLIENT_ID = "0de0de0de0de0de0de0de0de0de0de00"
DEMO_CLIENT_SECRET = "demo-secret-of-the-slingshift-sandbox"
DEMO_ORG_ID = "DEMO0DEMO0DEMO0DEMO0DEMO@AdobeOrg"
DEMO_ACCOUNT = "DEMO0DEMO0DEMO0DEMO0ACCT@techacct.adobe.com"
LIFETIME = 86399
"""Seconds that a token lives, as Adobe's documentation shows."""
CLIENT_PREFIX = "sandbox-"
"""`sandbox-html` as client id asks for the behaviour `html`, whatever the secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        pace: ``""`` at once; ``"drip"`` the body byte by byte; ``"drip-headers"`` the headers so; ``"silent"``
            nothing at all; ``"reset"`` closes the connection without an answer.
    """

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: str = ""


_OLD_TOKEN_PATH = "/ims/token/v2"
"""Wants an org_id, too, which AEM does not send."""
_VALIDATE_PATH = "/ims/validate_token/v1"


def _json(status: int, value: object, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(
        status, json.dumps(value).encode(), {"Content-Type": "application/json;charset=UTF-8", **named}
    )


def refusal(error: str, description: str | None = None, status: int = 400) -> Answer:
    """An OAuth error answer (RFC 6749 section 5.2)."""
    return _json(status, {"error": error} | ({"error_description": description} if description else {}))


_GOOD = {"access_token": "opaque-demo-token", "token_type": "bearer", "expires_in": LIFETIME}

BEHAVIOURS: dict[str, Answer] = {
    "access_denied": refusal("access_denied"),
    "bad_request": refusal("bad_request"),
    "forbidden": Answer(403, b"", {}),
    "huge": Answer(
        200, b'{"access_token":"' + b"x" * 1024 * 1024 + b'"}', {"Content-Type": "application/json"}
    ),
    "empty": Answer(200, b"", {}),
    "html": Answer(200, b"<!DOCTYPE html><title>Sign in</title>", {"Content-Type": "text/html"}),
    "html-400": Answer(400, b"<html>Bad Request</html>", {"Content-Type": "text/html"}),
    "internal_error": refusal("internal_error", "Please try again later", 500),
    "invalid_client": refusal("invalid_client", status=401),
    "invalid_client_id": refusal("invalid_client", "invalid client_id parameter"),
    "invalid_client_secret": refusal("invalid_client", "invalid client_secret parameter"),
    "invalid_request": refusal("invalid_request"),
    "invalid_scope": refusal("invalid_scope"),
    "milliseconds": _json(200, _GOOD | {"expires_in": LIFETIME * 1000}),
    "no-token": _json(200, {"token_type": "bearer"}),
    "not-found": Answer(404, b"", {}),
    "not-json": Answer(200, b"access_token=x", {"Content-Type": "text/plain"}),
    "opaque": _json(200, _GOOD),
    "redirect": Answer(302, b"", {"Location": "https://elsewhere.example/ims/token/v3"}),
    "reset": Answer(pace="reset"),
    "server-error": Answer(503, b"<html>Service Unavailable</html>", {"Content-Type": "text/html"}),
    "silent": Answer(pace="silent"),
    "slow": Answer(200, json.dumps(_GOOD).encode() * 20, {"Content-Type": "application/json"}, "drip"),
    "slow-headers": Answer(
        200, json.dumps(_GOOD).encode(), {"Content-Type": "application/json"}, "drip-headers"
    ),
    "throttled": _json(429, {"error": "too many requests"}, Retry_After="1"),
    "throttled-long": _json(429, {"error": "too many requests"}, Retry_After="86400"),
    "unauthorized_client": refusal("unauthorized_client"),
    "unknown-error": refusal("some_new_error"),
    "unsupported_grant_type": refusal("unsupported_grant_type"),
    "wrong-types": _json(200, {"access_token": 7, "expires_in": {}}),
}
"""Name -> the answer to every request for a token."""

_DESCRIPTIONS = {
    "invalid_scope": "The metascopes in the JWT are not a subset of the metascopes in the binding.",
    "invalid_signature": "Could not match JWT signature to any of the bindings",
}
"""What the JWT exchange says beside an `error`."""

COMPUTED = ("echo", "fewer-scopes", "flaky")
"""Behaviours that depend on the request: sends the secret back, grants one scope less, fails every first time."""


@dataclass(slots=True)
class Ims:
    """The credentials that the sandbox knows, and the tokens it has given out.

    Attributes:
        clients: client id -> client secret.
        org_id: the organization that /ims/token/v2 asks for.
        scopes: what the credentials may ask for; empty for anything.
        behave: a name of BEHAVIOURS or COMPUTED for every request, or ``""``.
        jwt_key: PEM of the public key that verifies assertions; None when no JWT credential is left.
    """

    clients: Mapping[str, Secret]
    org_id: str = DEMO_ORG_ID
    scopes: tuple[str, ...] = scopes.SMART_TAGS
    behave: str = ""
    jwt_key: bytes | None = None
    _tokens: dict[str, float] = field(default_factory=dict, repr=False)
    _seen: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, form: Mapping[str, str], bearer: str, host: str, now: float) -> Answer:
        """The answer to one POST.

        Args:
            path: without the query.
            bearer: the Bearer token of the request, or ``""``.
            host: host and port as the client wrote them; assertions are addressed to it.
            now: seconds since 1970.
        """
        if path not in (_OLD_TOKEN_PATH, token_url.TOKEN_PATH, token_url.EXCHANGE_PATH, _VALIDATE_PATH):
            return Answer(404, b"", {})
        if path == _VALIDATE_PATH:
            return self._validate(form.get("token") or bearer, now)
        behave = self._behaviour(form.get("client_id", ""))
        if behave in BEHAVIOURS:
            return BEHAVIOURS[behave]
        if behave == "echo":
            return refusal(form.get("client_secret", ""), form.get("client_secret"))
        if behave == "flaky" and self._first_time(form.get("client_id", "")):
            return BEHAVIOURS["server-error"]
        if path == token_url.EXCHANGE_PATH:
            return self._exchange(form, host, now)
        return self._token(path, form, now, fewer=behave == "fewer-scopes")

    def _behaviour(self, client_id: str) -> str:
        asked = client_id.removeprefix(CLIENT_PREFIX) if client_id.startswith(CLIENT_PREFIX) else ""
        return asked if asked in BEHAVIOURS or asked in COMPUTED else self.behave

    def _first_time(self, client_id: str) -> bool:
        with self._lock:
            self._seen[client_id] = self._seen.get(client_id, 0) + 1
            return self._seen[client_id] % 2 == 1

    def _known(self, form: Mapping[str, str]) -> Answer | None:
        """The refusal when client id or secret are wrong; a `sandbox-...` client has any secret."""
        client_id = form.get("client_id", "")
        if client_id.startswith(CLIENT_PREFIX) and client_id.removeprefix(CLIENT_PREFIX) in COMPUTED:
            return None
        if client_id not in self.clients:
            return BEHAVIOURS["invalid_client_id"]
        if self.clients[client_id] != Secret(form.get("client_secret", "")):
            return BEHAVIOURS["invalid_client_secret"]
        return None

    def _token(self, path: str, form: Mapping[str, str], now: float, *, fewer: bool) -> Answer:
        needed = ["client_id", "client_secret", "scope"] + (["org_id"] if path == _OLD_TOKEN_PATH else [])
        if form.get("grant_type") != "client_credentials":
            return BEHAVIOURS["unsupported_grant_type" if form.get("grant_type") else "invalid_request"]
        if any(not form.get(name) for name in needed):
            return BEHAVIOURS["invalid_request"]
        refused = self._known(form)
        if refused is not None:
            return refused
        asked = scopes.split(form["scope"])
        if self.scopes and not set(asked) <= set(self.scopes):
            return BEHAVIOURS["invalid_scope"]
        if path == _OLD_TOKEN_PATH and form["org_id"] != self.org_id:
            return BEHAVIOURS["access_denied"]
        token = self._issue(form["client_id"], asked[:-1] if fewer else asked, now)
        return _json(
            200, {"access_token": token, "token_type": "bearer", "expires_in": LIFETIME}, x_debug_id="sandbox"
        )

    def _exchange(self, form: Mapping[str, str], host: str, now: float) -> Answer:
        if any(not form.get(name) for name in ("client_id", "client_secret", "jwt_token")):
            return BEHAVIOURS["bad_request"]
        refused = self._known(form)
        if refused is not None:
            return refused
        if self.jwt_key is None:
            return BEHAVIOURS["internal_error"]
        error = self._assertion_error(form["jwt_token"], form["client_id"], host)
        if error is not None:
            return refusal(error, _DESCRIPTIONS.get(error))
        token = self._issue(form["client_id"], self.scopes, now)
        return _json(200, {"access_token": token, "token_type": "bearer", "expires_in": LIFETIME * 1000})

    def _assertion_error(self, assertion: str, client_id: str, host: str) -> str | None:
        """IMS's error for an assertion (AdobeDocs/adobe-dev-console, JWT: 30 s of skew, one metascope at least)."""
        import jwt

        try:
            claims = jwt.decode(
                assertion,
                self.jwt_key or b"",
                algorithms=["RS256"],
                audience=f"https://{host}/c/{client_id}",
                leeway=30,
                options={"require": ["exp", "iss", "sub", "aud"]},
            )
        except jwt.InvalidSignatureError:
            return "invalid_signature"
        except jwt.InvalidAudienceError:
            return "invalid_client"
        except jwt.PyJWTError:
            return "invalid_token"
        metascopes = [key for key, value in claims.items() if "/s/" in key and value is True]
        return None if metascopes else "invalid_scope"

    def _issue(self, client_id: str, scopes: tuple[str, ...], now: float) -> str:
        """A token that looks like one of IMS's; its signature is random."""
        token = imitation(
            {
                "id": f"{int(now * 1000)}_{secrets.token_hex(16)}_sandbox",
                "type": "access_token",
                "client_id": client_id,
                "user_id": DEMO_ACCOUNT,
                "as": "ims-na1",
                "scope": ",".join(scopes),
                "created_at": str(int(now * 1000)),
                "expires_in": str(LIFETIME * 1000),
            }
        )
        with self._lock:
            for old in [t for t, end in self._tokens.items() if end < now]:
                del self._tokens[old]
            self._tokens[token] = now + LIFETIME
        return token

    def _validate(self, token: str, now: float) -> Answer:
        with self._lock:
            end = self._tokens.get(token)
        if end is None:
            return _json(200, {"valid": False, "reason": "bad_signature"})
        return _json(200, {"valid": True} if end >= now else {"valid": False, "reason": "expired"})


def imitation(claims: Mapping[str, object]) -> str:
    """A token with IMS's header and the given claims, signed with noise."""
    header = {"alg": "RS256", "x5u": "ims_na1-key-at-1.cer", "kid": "ims_na1-key-at-1", "itt": "at"}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, claims)]
    return ".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, secrets.token_bytes(256))
    )
