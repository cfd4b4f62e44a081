"""A plan, or the check of a token, for people and programs: the masked diff, JSON, Markdown, text, the saved plan.

Reads plans and answers, never a target; every secret goes through masking/.
"""
