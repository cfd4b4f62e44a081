"""What must not be shown: names that hold secrets, texts with secrets in them, a stranger's answer.

Everything that prints a value goes through here; there is no second rule. May import integration/, `terminal` and
grammar/.
"""
