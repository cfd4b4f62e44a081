"""What is worth knowing of a target and its plan, as findings (docs/findings.md).

Of the whole and of its folders, of names on an instance, of a provider's values. Pure but for what a reader is asked;
nothing here changes a plan.
"""
