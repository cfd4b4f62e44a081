"""A plan for people and programs: the masked diff, JSON, Markdown, text, the saved plan.

Reads plans, never a target; every secret goes through masking/.
"""
