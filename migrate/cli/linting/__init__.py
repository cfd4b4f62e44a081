"""`slingshift lint`, and what it does with a report: prints it, compares it with a baseline, repairs what it names.

Written to are the files that it repairs, by `migrate.texts.writer`, and the baseline.
"""
