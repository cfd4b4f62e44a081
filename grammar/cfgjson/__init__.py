"""`.cfg.json`: strict JSON with comments, as four generations of Sling's installer read it (docs/format-cfg-json.md).

`document` is the door, `reader` the model of the readers. May import the modules directly in grammar/ and java/,
nothing of the other forms.
"""
