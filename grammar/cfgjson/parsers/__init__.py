"""What the readers of `.cfg.json` do with a text before there are values.

They take the comments out, each in its own way, and give the rest to Apache Johnzon; what that says of no JSON is here.
"""
