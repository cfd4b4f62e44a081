"""How instances are reached, and what the verbs that change or show files add for them.

Below `work` and the verbs; `validating` has the verb that only instances know.
"""
