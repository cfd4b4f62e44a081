"""The OAuth credential: read from Adobe's files or options, checked before use; where a secret may come from.

Knows certificates and the Service Account (JWT) download as well, to say what they still are good for.
"""
