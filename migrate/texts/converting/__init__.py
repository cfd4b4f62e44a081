"""One form of a configuration into another: what it becomes, what its file is called, what the Cloud Service wants.

Pure: bytes and names in, bytes and names out; `writer` and `moving` carry it out.
"""
