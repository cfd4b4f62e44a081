"""`slingshift validate`: what is asked of one instance or of a fleet's, and how the answers are shown.

Above `work` and `instances`, which know how instances are reached.
"""
