"""Evidence of a migration for whoever was not there: one file, as JSON, HTML or Markdown. No secret is in any of them.

`facts` is the JSON: what was planned and done, by whom, when, with which version. `given` reads what other verbs
printed (the token check, the validation, an earlier report). `pages` makes headings, tables and diffs of it, `webpage`
and `markdown` write these down.
"""
