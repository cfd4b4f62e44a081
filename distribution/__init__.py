"""What is carried to a machine: `make dist` builds it, the manual and the completions among it.

None of this is installed with the command; tests/distribution tries what it makes.
"""
