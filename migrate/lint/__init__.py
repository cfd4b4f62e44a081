"""`slingshift lint`: hazards of configurations, what AEM loads there, the repairs that are certain.

A rule is an entry in `rules`, a page in docs/rules/ and a test; CONTRIBUTING.md has the recipe.
"""
