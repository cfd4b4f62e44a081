"""XML as text: bytes to characters, and the elements in them with the places where they stand.

Nothing here knows what a document view or a configuration is; `filter.xml` and metatypes are read by it, too.
"""
