"""The verbs that show the documentation: the pages of rules and passes, and profiles, for whom has the command alone.

The pages are those of docs/, which the package has under the name `pages`.
"""
