"""`sling:OsgiConfig` in FileVault's document view: files, folder nodes, attribute texts (docs/format-xml.md).

`document` is the door, `reader` the model of FileVault and Sling's converter. May import the modules directly in
grammar/ and java/, nothing of the other forms.
"""
