"""Content packages: zip files read without trust, rewritten beside the old one with every other byte as it was.

`target` is the package as a target, `archive` and `directory` the zip format, `nested` packages in packages.
"""
