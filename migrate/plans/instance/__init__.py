"""What planning a running instance adds to planning a folder: what runs, and what is to be done there.

`standing` says which file backs what runs, `view` puts that and the new names (`plans/naming`) before a plan, and
`steps` says, as data that `runs/` can carry out, what a plan means on the instance. Reads through the reader only.
"""
