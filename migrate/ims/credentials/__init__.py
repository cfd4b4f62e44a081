"""The OAuth credential: read from the files that Adobe hands out, or made of options, and checked before use.

Knows certificates and the Service Account (JWT) download as well, to say what they still are good for. Reads the files
that it is named, and nothing else: no standard input, no environment, no prompt.
"""
