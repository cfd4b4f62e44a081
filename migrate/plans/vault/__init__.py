"""What a content package's META-INF and folder nodes need when a configuration is renamed, edited or deleted.

A step of its own after the passes: it looks at what becomes of files, never at a pass.
"""
