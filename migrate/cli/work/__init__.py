"""The work on targets as the command has it: one task for each that is named, what is printed of their outcomes and the
exit codes that they deserve, and what is written down so that work on many can be stopped.
"""
