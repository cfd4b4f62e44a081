"""The credential that a command line means: where its secret comes from, what a terminal must not show.

The only place that asks a person for a secret, or runs the command that knows it. May use cli/console.
"""
