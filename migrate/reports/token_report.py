"""What came of `check-token`, as text, Markdown and JSON; neither secret nor token is in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.integration import scopes, token_url
from migrate.terminal import in_cell, printable, stranger

if TYPE_CHECKING:
    from migrate.ims.check import TokenReport
    from migrate.ims.claims import TokenClaims
    from migrate.ims.credentials.certificates import CertificateInfo
    from migrate.ims.errors import TokenError
    from migrate.ims.legacy_jwt import LegacyReport
    from migrate.integration.findings import Finding

VERSION = 1


@dataclass(slots=True)
class Checked:
    """Everything that was asked for, and what came of it.

    Attributes:
        token: the request for a token.
        legacy: the old exchange.
        certificates: those of a file.
        findings: what is worth saying of the values that were sent, or kept anything from being sent.
    """

    token: TokenReport | None = None
    legacy: LegacyReport | None = None
    certificates: tuple[CertificateInfo, ...] | None = None
    findings: list[Finding] = field(default_factory=list)


_Rows = Iterator[tuple[str, str]]


def to_text(checked: Checked) -> str:
    """A block of aligned lines for each thing that was asked for."""
    return "\n\n".join(
        "\n".join(f"{label:<12} {printable(text)}" for label, text in rows) for rows in _blocks(checked)
    )


def to_markdown(checked: Checked) -> str:
    """A table for each."""
    tables = (
        "\n".join(["| | |", "|---|---|", *(f"| {label} | {_cell(text)} |" for label, text in rows)])
        for rows in _blocks(checked)
    )
    return "\n\n".join(tables)


def _cell(text: str) -> str:
    """A cell that is neither link nor emphasis, whatever IMS, or who answers in its place, puts into it."""
    return re.sub(r"([*_\[\]])", r"\\\1", in_cell(text))


def dumps(checked: Checked, exit_code: int) -> str:
    """JSON in the shape of docs/schema/check-token.schema.json: indented, and ASCII only."""
    return json.dumps(to_json(checked, exit_code), indent=2)


# --- for people --------------------------------------------------------------------------------------------------


def _blocks(checked: Checked) -> Iterator[_Rows]:
    """Pairs of a label and a text of one line each."""
    if checked.token is not None:
        yield _token_rows(checked.token)
    if checked.legacy is not None:
        yield _legacy_rows(checked.legacy)
    yield from map(_certificate_rows, checked.certificates or ())


def _token_rows(report: TokenReport) -> _Rows:
    answer, granted = report.answer, report.granted_scopes
    yield "values from", report.source
    yield "endpoint", token_url.shown(report.request.token_url)
    yield "client id", report.request.client_id
    if report.error is not None:
        yield "result", f"no token: {report.error}"
    if answer is not None:
        yield "result", f"token granted (status {answer.status}, type {answer.token_type or 'not said'})"
        if report.lifetime is not None and report.expires_at is not None:
            yield "expires", f"in {report.lifetime} s, at {report.expires_at:%Y-%m-%d %H:%M} UTC"
    yield "requested", scopes.join(report.requested_scopes)
    if granted is not None:
        yield "granted", scopes.join(granted)
        yield "missing", scopes.join(report.missing_scopes) or "none"
    if report.claims is not None:
        yield "token says", _claims_text(report.claims) + " (not verified)"


def _claims_text(claims: TokenClaims) -> str:
    named = (("client id", claims.client_id), ("organization", claims.org_id), ("account", claims.user_id))
    return ", ".join(f"{label} {text}" for label, text in named if text) or "nothing about itself"


def _legacy_rows(report: LegacyReport) -> _Rows:
    yield "old exchange", report.message
    yield "client id", stranger(report.client_id)
    if report.expires_in is not None:
        yield "expires", f"in {report.expires_in} ms"
    yield "what to do", report.advice
    yield "deadline", report.verdict


def _certificate_rows(info: CertificateInfo) -> _Rows:
    yield "certificate", info.subject
    yield "issuer", info.issuer
    yield "sha1", info.sha1
    yield "sha256", info.sha256
    days = f"{info.days_left} days left" if info.days_left >= 0 else f"ended {-info.days_left} days ago"
    yield "valid", f"{info.not_before:%Y-%m-%d} to {info.not_after:%Y-%m-%d} UTC ({days})"
    yield "deadline", info.verdict


# --- for programs ------------------------------------------------------------------------------------------------


def to_json(checked: Checked, exit_code: int) -> dict[str, object]:
    """The whole report."""
    certificates = checked.certificates
    return {
        "version": VERSION,
        "token": _token_json(checked.token) if checked.token else None,
        "legacyJwt": _legacy_json(checked.legacy) if checked.legacy else None,
        "certificates": None if certificates is None else [_certificate_json(info) for info in certificates],
        "findings": _findings_json(checked.findings),
        "exitCode": exit_code,
    }


def _findings_json(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [finding.to_json() for finding in findings]


def _token_json(report: TokenReport) -> dict[str, object]:
    answer, error, granted = report.answer, report.error, report.granted_scopes
    came = answer or error
    return {
        "ok": report.ok,
        "source": report.source,
        "tokenUrl": token_url.shown(report.request.token_url),
        "clientId": report.request.client_id,
        "scopes": {
            "requested": list(report.requested_scopes),
            "granted": None if granted is None else list(granted),
            "missing": list(report.missing_scopes),
        },
        "status": came.status if came else None,
        "tokenType": answer.token_type if answer else None,
        "expiresIn": report.lifetime,
        "expiresAt": report.expires_at.isoformat() if report.expires_at else None,
        "debugId": came.debug_id if came else None,
        "attempts": came.attempts if came else 0,
        "unverifiedClaims": _claims_json(report.claims) if report.claims else None,
        "error": _error_json(error) if error else None,
        "findings": _findings_json(report.findings),
    }


def _claims_json(claims: TokenClaims) -> dict[str, object]:
    return {
        "clientId": claims.client_id,
        "orgId": claims.org_id,
        "technicalAccount": claims.user_id,
        "environment": claims.environment,
        "createdAt": claims.created_at,
        "expiresIn": claims.expires_in,
    }


def _error_json(error: TokenError) -> dict[str, object]:
    return {
        "kind": error.kind.value,
        "message": error.message,
        "advice": error.advice,
        "status": error.status,
        "error": error.error,
        "debugId": error.debug_id,
        "attempts": error.attempts,
    }


def _legacy_json(report: LegacyReport) -> dict[str, object]:
    return {
        "clientId": report.client_id,
        "answers": report.answers,
        "message": report.message,
        "advice": report.advice,
        "verdict": report.verdict,
        "expiresInMilliseconds": report.expires_in,
        "error": _error_json(report.error) if report.error else None,
    }


def _certificate_json(info: CertificateInfo) -> dict[str, object]:
    return {
        "subject": info.subject,
        "issuer": info.issuer,
        "sha1": info.sha1,
        "sha256": info.sha256,
        "notBefore": info.not_before.isoformat(),
        "notAfter": info.not_after.isoformat(),
        "daysLeft": info.days_left,
        "verdict": info.verdict,
    }
