"""What the command line may say: which `verbs` there are, and what they take.

`options` declares that for typer, which explains it (`--help`) and every mistake in it. Importing typer takes as long
as all the rest of a small job, so a plain command line is read by `plain` without it, from a table made of those very
declarations (`make options`). Options that say one thing together reach a verb as one value (`groups`).
"""
