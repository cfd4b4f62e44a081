"""What is removed from the state folder: journals of settled runs on request (`pruning`), and what a killed run without
contents left behind (`leftovers`).

Knows journals, listing and locks; carries nothing out.
"""
