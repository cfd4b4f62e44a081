"""One reading of a file for the models of all versions of FileVault: what it says, before they differ.

`texts` is how they read an attribute, `shared` the file with what has been read.
"""
