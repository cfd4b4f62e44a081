"""The files that `--schema` names, read: bundles with a metatype, feature models with a configuration API.

What they say is kept as `migrate.lint.schema` has it; what it means for a configuration is asked in `described`.
"""
