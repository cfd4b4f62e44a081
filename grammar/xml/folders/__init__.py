"""Several configurations in one file, a folder's ``.content.xml``: what of them is loaded, and how some are changed.

Each is a document of its own; here is what they mean to each other.
"""
