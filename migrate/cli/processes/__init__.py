"""The workers that the command brings: processes, forked once a job has proved long.

Processes, not threads: what we do is Python code, which holds the interpreter's lock. Forked, not spawned: a new
interpreter takes longer to start than most parts take to do, and would need the job in a form that travels.

And `git`, the one program of others that a verb runs, apart from the command that a user names for a secret.
"""
