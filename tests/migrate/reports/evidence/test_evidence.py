"""Reports for whoever was not there: what they say, and that nothing in them can do anything."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from migrate.reports.evidence import given, markdown, pages, webpage

VOID = {"meta", "col"}
TAGS = {
    *(
        "html",
        "head",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "pre",
        "span",
        "div",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "code", "a", "colgroup", *VOID),
}


class Checked(HTMLParser):
    """Takes only what the page is made of, properly nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.ids: set[str] = set()
        self.leads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= {
            "lang",
            "charset",
            "name",
            "content",
            "http-equiv",
            "class",
            "scope",
            "id",
            "href",
        }
        for name, value in attrs:
            if name == "id":
                assert value is not None
                assert value not in self.ids, "an anchor stands once"
                self.ids.add(value)
            elif name == "href":
                assert value is not None
                self.leads.add(value.removeprefix("#"))
                assert value.startswith("#"), "nothing leads out of the page"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def checked(page: str) -> str:
    """The text of a page that is whole, asks no network and runs nothing."""
    parser = Checked()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    assert parser.leads <= parser.ids
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    return "".join(parser.text)


HOSTILE = '<script>alert(1)</script> ![x](http://e) [y](http://e) | `code` \u202e "&amp;'


def report(**changes: Any) -> dict[str, Any]:
    target = {
        "target": HOSTILE,
        "name": HOSTILE,
        "state": "pending",
        "exitCode": 1,
        "runId": None,
        "error": None,
        "edits": [
            {
                "path": HOSTILE,
                "pass": "provider_oauth",
                "action": "set",
                "property": HOSTILE,
                "before": [HOSTILE],
                "after": 1.5,
                "to": None,
            }
        ],
        "refusals": [{"path": HOSTILE, "rule": "r", "message": HOSTILE}],
        "findings": [
            {"id": "f", "severity": "info", "path": "p", "line": 3, "message": HOSTILE, "fix": HOSTILE}
        ],
        "files": [{"path": HOSTILE, "to": None, "before": "0" * 64, "after": None}],
        "diff": f"diff --git a b\n-{HOSTILE}\n+```\n",
    }
    base = {
        "version": 1,
        "kind": "slingshift-report",
        "verb": "plan",
        "at": "2027-01-02T03:04:05+00:00",
        "user": HOSTILE,
        "host": "h",
        "slingshift": "0.1.0",
        "exitCode": 1,
        "summary": {"files": 1, "edits": 1, "refusals": 1, "findings": 1},
        "targets": [target],
        "evidence": [],
    }
    return {**base, **changes}


def test_what_others_wrote_stays_text() -> None:
    blocks = list(pages.blocks(report()))
    text = checked(webpage.to_text(blocks, HOSTILE))
    assert "<script>alert(1)</script>" in text
    assert "\u202e" not in text
    written = markdown.to_text(blocks)
    # Code is code, whatever stands in it.
    prose = re.sub("`[^`\n]*`", "", written.partition("````diff")[0].replace("\\`", ""))
    assert "![x](" not in prose
    assert " [y](" not in prose
    assert "<script" not in prose
    # The fence of the diff is longer than any within it.
    assert "\n````diff\n" in written


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given_examples(st.sampled_from(sorted(report())), JSON)
def test_damaged_reports_are_shown_as_far_as_they_go(key: str, value: object) -> None:
    blocks = list(pages.blocks(report(evidence=[report(**{key: value})])))
    checked(webpage.to_text(blocks, "t"))
    markdown.to_text(blocks)


@given_examples(st.fixed_dictionaries({}, optional=dict.fromkeys(report()["targets"][0], JSON)))
def test_damaged_targets_are_shown_as_far_as_they_go(target: dict[str, object]) -> None:
    blocks = list(pages.blocks(report(targets=[target])))
    checked(webpage.to_text(blocks, "t"))
    markdown.to_text(blocks)


def test_the_token_check_and_the_validation_are_in_it() -> None:
    token = {
        "version": 1,
        "file": "token.json",
        "token": {
            "ok": True,
            "source": "tree",
            "tokenUrl": "https://ims-na1.adobelogin.com/ims/token/v3",
            "clientId": "c",
            "scopes": {"requested": ["openid", "AdobeID"], "granted": ["openid"], "missing": ["AdobeID"]},
            "status": 200,
            "error": None,
            "findings": [],
        },
        "legacyJwt": None,
        "certificates": None,
        "findings": [],
        "exitCode": 0,
    }
    refused = {**token, "token": {"ok": False, "error": {"message": "IMS does not know the client"}}}
    validation = {
        "version": 1,
        "file": "v.json",
        "target": "https://author.example:4502",
        "at": "2027-01-02T03:04:05+00:00",
        "ok": False,
        "exitCode": 1,
        "checks": [
            {"point": "jmx", "verdict": "wrong", "path": "", "message": "two rows failed", "fix": "look"}
        ],
    }
    text = checked(webpage.to_text(pages.blocks(report(evidence=[token, refused, validation])), "t"))
    for part in (
        "token granted",
        "openid, AdobeID",
        "no token: IMS does not know the client",
        "not all right",
    ):
        assert part in text
    assert "two rows failed" in text
    assert "Not part of this report" not in text
    assert "Not part of this report" in checked(webpage.to_text(pages.blocks(report()), "t"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "[" * 100_000,
        '{"CLIENT_ID": "x", "CLIENT_SECRETS": ["s3cr3t-canary"]}',
        '{"version": 2, "kind": "slingshift-report"}',
    ],
)
def test_what_is_no_evidence_is_named_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(text)
    with pytest.raises(given.EvidenceError) as caught:
        given.load(path)
    assert str(path) in str(caught.value)
    assert "canary" not in str(caught.value)


def test_an_earlier_report_is_evidence(tmp_path: Path) -> None:
    path = tmp_path / "apply.json"
    path.write_text(json.dumps(report(verb="apply")))
    text = checked(webpage.to_text(pages.blocks(report(evidence=[given.load(path)])), "t"))
    assert "slingshift apply" in text


def test_two_earlier_reports_have_anchors_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "apply.json"
    path.write_text(json.dumps(report(verb="apply")))
    earlier = [given.load(path), given.load(path)]
    page = webpage.to_text(pages.blocks(report(evidence=earlier)), "t")
    checked(page)
    assert [f'id="target-{part}-1"' in page for part in (1, 2, 3, 4)] == [True, True, True, False]


def test_what_is_open_stands_before_the_targets_and_leads_to_them() -> None:
    one = report()["targets"][0]
    two = {"path": "p", "rule": "r", "message": "two of them"}
    targets = [
        {**one, "name": "sound", "state": "applied", "exitCode": 0, "refusals": []},
        {**one, "name": "lost", "state": "failed", "exitCode": 4, "error": "lost: no such folder", "edits": [],
         "refusals": []},
        {**one, "name": "odd", "state": "refused", "exitCode": 3, "refusals": [two]},
    ]  # fmt: skip
    made = report(targets=targets, summary={"states": {"applied": 1, "failed": 1, "refused": 1}})
    blocks = list(pages.blocks(made))
    text = checked(webpage.to_text(blocks, "x"))
    page = webpage.to_text(blocks, "x")
    assert "1 applied, 1 failed, 1 refused" in text
    start = page.index("Failed and refused")
    assert start < page.index('<h2 id="target-1-1">')
    open_points = page[start : page.index('<h2 id="target-1-1">')]
    assert '<a href="#target-1-2">lost</a></td><td>lost: no such folder</td>' in open_points
    assert '<a href="#target-1-3">odd</a></td><td>refused: two of them</td>' in open_points
    assert "sound" not in open_points
    assert '<span class="word bad">failed</span>' in page
    table = next(block for block in blocks if isinstance(block, pages.Table) and "state" in block.heads)
    assert [row[2:4] for row in table.rows] == [("1", "0"), ("-", "-"), ("1", "1")]
    markdown_text = markdown.to_text(blocks)
    assert "## Failed and refused" in markdown_text
    assert not [
        block for block in pages.blocks(report()) if getattr(block, "text", "") == "Failed and refused"
    ]
