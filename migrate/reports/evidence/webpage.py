"""A report as HTML: one file that asks no network and runs no script, for a screen, light or dark, and for paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

from migrate.reports.evidence.pages import Block, Diff, Heading, Line, Table
from migrate.terminal import in_diff, printable

MARK = '<meta name="generator" content="slingshift report">'

_STYLE = """
:root { color-scheme: light dark; --text: #1c1e21; --page: #ffffff; --soft: #f3f4f6; --rule: #c9ced6; --faint: #4b5563;
  --plus: #0a5c2b; --plus-back: #e4f5ea; --minus: #98201f; --minus-back: #fdeaea; --at: #4a3f99; --odd: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --page: #15181c; --soft: #1f2429; --rule: #3f4751;
  --faint: #aab3be; --plus: #8be0ab; --plus-back: #12301f; --minus: #ffaeaa; --minus-back: #3c1a1b; --at: #bdb4ff;
  --odd: #f2c46d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 76rem; color: var(--text); background: var(--page);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.9rem; margin: 0 0 1rem; }
h2 { margin: 2.2rem 0 .8rem; padding-bottom: .25rem; border-bottom: 2px solid var(--rule); }
h2, h3, h4, h5 { line-height: 1.25; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
table.fixed { table-layout: fixed; min-width: 46rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--rule);
  overflow-wrap: break-word; }
td code, .fixed td { overflow-wrap: anywhere; }
th { color: var(--faint); font-weight: 600; }
thead th { background: var(--soft); white-space: nowrap; overflow-wrap: normal; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .86rem; }
pre { background: var(--soft); border: 1px solid var(--rule); border-radius: 4px; padding: .7rem .9rem;
  overflow-x: auto; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
pre span { display: block; min-height: 1.45em; }
.plus { color: var(--plus); background: var(--plus-back); }
.minus { color: var(--minus); background: var(--minus-back); }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:target { scroll-margin-top: 1rem; background: var(--soft); }
.number { text-align: right; }
.word { font-weight: 600; white-space: nowrap; }
.word::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-right: .45em;
  border-radius: 50%; background: currentColor; }
.good { color: var(--plus); }
.bad { color: var(--minus); }
.odd { color: var(--odd); }
.at { color: var(--at); }
.head { font-weight: 600; }
@page { margin: 1.4cm; }
@media print { :root { color-scheme: light; --text: #000; --page: #fff; --soft: #fff; --rule: #999; --faint: #333;
  --plus: #0a5c2b; --plus-back: #fff; --minus: #98201f; --minus-back: #fff; --at: #333; --odd: #5c3900; }
  table.fixed { min-width: 0; } body { max-width: none; padding: 0; font-size: 10pt; } .wide { overflow: visible; }
  h2, h3, h4, h5 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


_SHARES = "".join(f".w{share} {{ width: {share}%; }}\n" for share in range(1, 101))
"""The widths that columns may have: an attribute of style would be one more thing that a policy must allow."""


def to_text(blocks: Iterable[Block], title: str) -> str:
    """The page."""
    body = "\n".join(map(_block, blocks))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{MARK}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(title)}</title>
<style>{_STYLE}{_SHARES}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            named = f' id="{anchor}"' if anchor else ""
            return f"<h{level}{named}>{_text(text)}</h{level}>"
        case Line(text):
            # As in messages: what is typed stands between backticks.
            return "<p>" + re.sub("`([^`]+)`", r"<code>\1</code>", _text(text)) + "</p>"
        case Diff(text):
            return "<pre>" + "".join(map(_diff_line, text.split("\n")[:-1])) + "</pre>"
        case Table():
            return "\n".join(_table(block))


def _table(table: Table) -> Iterator[str]:
    columns = "".join(f'<col class="w{share}">' for share in table.shares)
    if columns:
        yield f'<div class="wide"><table class="fixed"><colgroup>{columns}</colgroup>'
    else:
        yield '<div class="wide"><table>'
    if any(table.heads):
        heads = "".join(
            f'<th scope="col"{_class(table, number)}>{_text(head)}</th>'
            for number, head in enumerate(table.heads)
        )
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for number, row in enumerate(table.rows):
        anchor = table.anchors[number] if number < len(table.anchors) else ""
        cells = [_cell(table, at, cell) for at, cell in enumerate(row)]
        if anchor:
            cells[0] = f'<a href="#{anchor}">{cells[0]}</a>'
        first = "<td>{}</td>" if any(table.heads) else '<th scope="row">{}</th>'
        others = "".join(f"<td{_class(table, at)}>{cell}</td>" for at, cell in enumerate(cells[1:], start=1))
        yield f"<tr>{first.format(cells[0])}{others}</tr>"
    yield "</tbody></table></div>"


def _class(table: Table, number: int) -> str:
    return ' class="number"' if number in table.numbers else ""


_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("applied", "unchanged", "valid", "right"), "good"),
    **dict.fromkeys(("failed", "invalid", "error", "wrong"), "bad"),
    **dict.fromkeys(("pending", "refused", "skipped", "warning", "unclear"), "odd"),
}


def _cell(table: Table, number: int, text: str) -> str:
    shown = _text(text)
    if text and number in table.mono:
        return f"<code>{shown}</code>"
    if number in table.words and text in _WORDS:
        return f'<span class="word {_WORDS[text]}">{shown}</span>'
    return shown


_CLASSES: Mapping[str, str] = {"+": "plus", "-": "minus", "@": "at"}
_HEADS = ("diff --git", "+++", "---", "rename ", "similarity ", "deleted ", "new file", "# ")


def _diff_line(line: str) -> str:
    kind = "head" if line.startswith(_HEADS) else _CLASSES.get(line[:1], "")
    text = html.escape(in_diff(line))
    return f'<span class="{kind}">{text}</span>' if kind else f"<span>{text}</span>"


def _text(text: str) -> str:
    return html.escape(printable(text))
