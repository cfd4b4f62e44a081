"""What planning a running instance adds to planning a folder: what runs, the new names, and what is to be done there.

`standing` says which file backs what runs, `naming` which new name no build loses, `view` puts both before a plan, and
`steps` says, as data that `runs/` can carry out, what a plan means on the instance. Reads through the reader only.
"""
