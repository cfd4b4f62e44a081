"""`.config`: Felix's text form, lossless. config.lark is the specification; how a file is read: docs/format.md.

`document` is the door, `reader` the model of both Felix readers that everything here is held to. May import the
modules directly in grammar/ and java/, nothing of the other forms.
"""
