"""What `convert` does about each file: what becomes of it (`results`), and what is written and said (`work`).

Knows the verb's wishes, not its options; what a conversion is, is a matter of `texts`.
"""
