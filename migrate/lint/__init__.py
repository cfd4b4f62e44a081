"""`slingshift lint`: hazards of configurations, what AEM loads there, the repairs that are certain.

A rule is a module in `checks`, or an entry in `rules` where `grammar` finds it; a page in docs/rules/; and a test.
CONTRIBUTING.md has the recipe.
"""
