"""Adobe IMS: one request, what its answer means, the check of a configuration's token, the old JWT exchange.

`client` alone talks to the network. Whatever has to be asked of a person is a function that the caller gives.
Inner rooms: credentials/ (the files that Adobe hands out), sandbox/ (a stand-in).
"""
