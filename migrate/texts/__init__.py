"""What lint, fmt, convert and show share: which files, their layout, their typed values, and writing them back.

Knows single texts, no pass. May import everything below: targets/ for packages, runs/ for writing. Inner rooms:
repository/ (nodes, and which file wins), converting/ (one form into another).
"""
