"""A running AEM or Sling, read over HTTP: what its repository holds, what its installer and ConfigAdmin make of it.

`session` is the one module that talks; `access` says who asks and whom to trust, `errors` what may come instead of an
answer. `reader` is what a plan needs, made of `installer` (which file stands for which configuration), `live` (what
runs), `files` (the bytes), `dav` (SEARCH and PROPFIND), `rights` and `versions`. docs/instance.md is about them.
"""
