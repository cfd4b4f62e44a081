"""The workers that the command brings: processes, forked once a job has proved long.

Processes, not threads: what we do is Python code, which holds the interpreter's lock. Forked, not spawned: a new
interpreter takes longer to start than most parts take to do, and would need the job in a form that travels.

And the programs of others that verbs run, apart from the commands that a user names: `git`, and `ssh-keygen` for the
signatures of `approval`.
"""
