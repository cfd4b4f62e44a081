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
  --plus: #0a5c2b; --plus-back: #e4f5ea; --minus: #98201f; --minus-back: #fdeaea; --at: #4a3f99; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --page: #15181c; --soft: #1f2429; --rule: #3f4751;
  --faint: #aab3be; --plus: #8be0ab; --plus-back: #12301f; --minus: #ffaeaa; --minus-back: #3c1a1b; --at: #bdb4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 76rem; color: var(--text); background: var(--page);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.9rem; margin: 0 0 1rem; }
h2 { margin: 2.2rem 0 .8rem; padding-bottom: .25rem; border-bottom: 2px solid var(--rule); }
h2, h3, h4, h5 { line-height: 1.25; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--rule);
  overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
th { color: var(--faint); font-weight: 600; }
thead th { background: var(--soft); white-space: nowrap; overflow-wrap: normal; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .86rem; }
pre { background: var(--soft); border: 1px solid var(--rule); border-radius: 4px; padding: .7rem .9rem;
  overflow-x: auto; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
pre span { display: block; min-height: 1.45em; }
.plus { color: var(--plus); background: var(--plus-back); }
.minus { color: var(--minus); background: var(--minus-back); }
.at { color: var(--at); }
.head { font-weight: 600; }
@media print { :root { color-scheme: light; --text: #000; --page: #fff; --soft: #fff; --rule: #999; --faint: #333;
  --plus: #0a5c2b; --plus-back: #fff; --minus: #98201f; --minus-back: #fff; --at: #333; }
  body { max-width: none; padding: 0; font-size: 10pt; } .wide { overflow: visible; }
  h2, h3, h4, h5 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


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
<style>{_STYLE}</style>
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
        case Heading(level, text):
            return f"<h{level}>{_text(text)}</h{level}>"
        case Line(text):
            # As in messages: what is typed stands between backticks.
            return "<p>" + re.sub("`([^`]+)`", r"<code>\1</code>", _text(text)) + "</p>"
        case Diff(text):
            return "<pre>" + "".join(map(_diff_line, text.split("\n")[:-1])) + "</pre>"
        case Table():
            return "\n".join(_table(block))


def _table(table: Table) -> Iterator[str]:
    yield '<div class="wide"><table>'
    if any(table.heads):
        heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in table.heads)
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = [f"<code>{_text(c)}</code>" if c and n in table.mono else _text(c) for n, c in enumerate(row)]
        first = "<td>{}</td>" if any(table.heads) else '<th scope="row">{}</th>'
        yield f"<tr>{first.format(cells[0])}{''.join(f'<td>{cell}</td>' for cell in cells[1:])}</tr>"
    yield "</tbody></table></div>"


_CLASSES: Mapping[str, str] = {"+": "plus", "-": "minus", "@": "at"}
_HEADS = ("diff --git", "+++", "---", "rename ", "similarity ", "deleted ", "new file", "# ")


def _diff_line(line: str) -> str:
    kind = "head" if line.startswith(_HEADS) else _CLASSES.get(line[:1], "")
    text = html.escape(in_diff(line))
    return f'<span class="{kind}">{text}</span>' if kind else f"<span>{text}</span>"


def _text(text: str) -> str:
    return html.escape(printable(text))
