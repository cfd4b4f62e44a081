"""Adobe IMS: one request, what its answer means, the check of a configuration's token, the old JWT exchange.

`client` alone talks to the network. Inner rooms: credentials/ (the files that Adobe hands out), sandbox/ (a stand-in).
"""
