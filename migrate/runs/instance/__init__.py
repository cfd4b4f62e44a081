"""Carrying a plan out on a running instance, and taking it back: one Sling POST, and what the console is needed for.

The journal is that of all runs: its entries are the paths of the repository below the instance's address. `recording`
writes what else an instance needs, `survey` tells by reading how far a run has come, `swap` sends the one POST and
compares what it took away, `settling` waits, `aftermath` deletes what outlives its file, by evidence only; `apply` and
`undo` put these in their order. Whatever cut a run off, reading decides how it goes on.
"""
