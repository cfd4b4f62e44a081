"""The verbs that ask Adobe IMS for a token, or stand in for it.

`check-token` on many targets is work on targets, so that part is in :mod:`migrate.cli.work.tokens`.
"""
