"""Under which names FileVault stores what stands in a document view under names that are not plain.

Of properties and of nodes, by version; what real imports gave (tests/live/vault).
"""
