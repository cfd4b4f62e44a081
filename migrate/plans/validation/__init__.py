"""Whether a running instance is as it should be after the migration: each thing looked at, and what came of it.

`reading` looks, and gives everything that it saw as data (`seen`); the other modules, one for each point of
docs/validate.md, are pure over that and give a `Check` for each thing. `verdict` puts them together.
"""
