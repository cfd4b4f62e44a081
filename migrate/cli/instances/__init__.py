"""The verbs that only running instances know.

What they share with the verbs that take files and instances alike stays in the room around this one.
"""
